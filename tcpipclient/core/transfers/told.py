"""What the user is told of a batch: where it stands, how far it is, and how it ended.

Owns the state, and that nothing is told twice or behind the end. Must never know why a state changes. Pure: used by the
book of batches; times are monotonic seconds.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import PurePath

from commonlib.printable import printable
from tcpipclient.core.batch_events import (
    BatchChanged,
    BatchEnded,
    BatchProblem,
    BatchProgressed,
    BatchState,
    WayKind,
)
from tcpipclient.core.events import Direction
from tcpipclient.core.transfers.ledger import Ledger
from tcpipclient.core.transfers.orders import Order, Tell
from tcpipclient.core.transfers.peers import Peer
from tcpipclient.core.transfers.progress import Progress
from tcpipclient.core.transfers.pump_news import MOST_PROBLEMS, MOST_TOP_PATHS

STALE_SECONDS = 1.0


class ToldBatch(ABC):
    """One batch as the user sees it.

    Attributes:
        state: As the user is told.
        since: When it came into its state.
        peer: The other end, by the connection to the hub that he was last seen on.
        pump: The number of the pump that runs; 0 for none.
        paused_here: Whether it is we who want no data to flow.
        stale_at: When the speed that was told last is true no more, unless something moves; None where nothing does.
    """

    direction: Direction

    def __init__(self, number: int, peer: Peer, state: BatchState, order: Callable[[Order], None], now: float) -> None:
        self.number = number
        self.peer = peer
        self.state = state
        self.since = now
        self.pump = 0
        self.paused_here = False
        self.progress = Progress()
        self._ledger = Ledger()
        self._way: WayKind | None = None
        self._began: float | None = None
        self._order = order
        self._problems: list[BatchProblem] = []
        self._paths: list[PurePath] = []
        self._told: BatchChanged | None = None
        self.stale_at: float | None = None

    @property
    @abstractmethod
    def totals(self) -> tuple[int, int]:
        """Bytes and files of all that is not declined."""

    @property
    def name(self) -> str:
        """The other end's name, fit to be shown."""
        return printable(self.peer.name) or "the other end"

    def show(self, state: BatchState, now: float, *, detail: str = "", place: int = 0) -> None:
        """Be in a state, and tell of it where anything of it is new; nothing after the end."""
        if self.state.is_over:
            return
        if state is not self.state:
            self.state, self.since = state, now
        way = self._way if self.pump else None
        changed = BatchChanged(self.number, self.direction, self.peer.id, state, way, place, self.paused_here, detail)
        if changed != self._told:
            self._told = changed
            self._order(Tell(changed))

    def tell_progress(self, now: float) -> None:
        """Tell how far it is."""
        size, files = self.totals
        progress = self.progress
        told = BatchProgressed(
            self.number,
            self.direction,
            self.peer.id,
            min(progress.done, size),
            size,
            min(progress.files_done, files),
            files,
            progress.current,
            progress.speed(now),
            progress.maybe_seconds_left(size, now),
        )
        self.stale_at = now + STALE_SECONDS if told.speed > 0 and not self.state.is_over else None
        self._order(Tell(told))

    def tick_progress(self, now: float) -> None:
        """Tell again how fast it goes, where nothing has moved since: nobody is to read a speed that was."""
        if self.stale_at is not None and now >= self.stale_at:
            self.tell_progress(now)

    def add_problem(self, problem: BatchProblem) -> None:
        """An entry was not simply saved; the same again, and what is too much, is passed over."""
        if problem not in self._problems and len(self._problems) < MOST_PROBLEMS:
            self._problems.append(problem)

    def add_path(self, path: PurePath) -> None:
        """Something that stands at the top is there; the same again, and what is too much, is passed over."""
        if path not in self._paths and len(self._paths) < MOST_TOP_PATHS:
            self._paths.append(path)

    def tell_end(self, state: BatchState, reason: str, now: float) -> None:
        """It is over."""
        self.state, self.since, self.stale_at = state, now, None
        outcome = self._ledger.outcome
        ended = BatchEnded(
            self.number,
            self.direction,
            self.peer.id,
            self.peer.name,
            state,
            outcome.saved,
            outcome.unchanged,
            outcome.skipped,
            outcome.failed,
            outcome.size,
            tuple(self._problems),
            tuple(self._paths),
            0.0 if self._began is None else now - self._began,
            reason,
        )
        self._order(Tell(ended))
