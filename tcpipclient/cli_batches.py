"""Batches that a command follows: where each stands, what is told of it, and the bar that shows it.

Owns what is remembered of each batch from one event to the next. Must never decide how a command ends.
Thread: the program's main thread.
"""

from collections.abc import Iterable

from commonlib.values import dataclass, field
from tcpipclient.cli_batch_wording import bar_note, batch_progress_report, changed_report
from tcpipclient.cli_output import Throttle
from tcpipclient.cli_wording import Report
from tcpipclient.core.batch_events import BatchChanged, BatchProgressed, BatchState, WayKind


@dataclass(frozen=True, slots=True)
class Row:
    """A bar.

    Attributes:
        label: What goes from whom or to whom; safe for a terminal.
        note: What stands behind the bar.
    """

    number: int
    label: str
    done: int
    size: int
    note: str


@dataclass(slots=True)
class Followed:
    """One batch.

    Attributes:
        label: What goes from whom or to whom; safe for a terminal.
        peer: His name, as he chose it.
        size: Bytes in all, as far as they are known.
        seen: States that it has been in.
    """

    label: str
    peer: str
    size: int = 0
    state: BatchState = BatchState.WAITING
    way: WayKind | None = None
    progress: BatchProgressed | None = None
    seen: set[BatchState] = field(default_factory=set)

    def is_moved_by(self, event: BatchChanged | BatchProgressed) -> bool:
        """Whether an event, about to be received, brings it further than it has been: new ways by themselves do not."""
        if isinstance(event, BatchChanged):
            return event.state not in self.seen
        before = self.progress
        return before is None or event.done > before.done or event.files_done > before.files_done


class Batches:
    """All batches that a command follows, by the numbers of their transfers."""

    def __init__(self) -> None:
        self._followed: dict[int, Followed] = {}
        self._throttle = Throttle()

    def follow(self, number: int, batch: Followed) -> None:
        """One more, from now on; nothing new where it is followed already."""
        self._followed.setdefault(number, batch)

    def forget(self, number: int) -> None:
        """It is over."""
        self._followed.pop(number, None)
        self._throttle.forget(number)

    def maybe(self, number: int) -> Followed | None:
        """What is known of one; None where it is not followed."""
        return self._followed.get(number)

    def receive(self, event: BatchChanged | BatchProgressed, now: float) -> list[Report]:
        """Take an event; what is to be told of it."""
        batch = self._followed.get(event.transfer)
        if batch is None:
            return []
        if isinstance(event, BatchChanged):
            batch.state, batch.way = event.state, event.way
            batch.seen.add(event.state)
            return [changed_report(event, batch.peer)]
        batch.progress, batch.size = event, event.size
        if self._throttle.lets_through(event.transfer, now):
            return [batch_progress_report(event, batch.peer)]
        return []

    @property
    def are_carried(self) -> bool:
        """Whether one of them has a way: it needs the hub only where it goes through it."""
        return any(batch.way is not None for batch in self._followed.values())

    def rows(self) -> Iterable[Row]:
        """The bars, in the order of the transfers."""
        for number, batch in self._followed.items():
            done = batch.progress.done if batch.progress is not None else 0
            yield Row(number, batch.label, done, batch.size, bar_note(batch.state, batch.way, batch.progress))
