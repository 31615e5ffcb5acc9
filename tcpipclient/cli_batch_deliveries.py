"""The waiting of `send-file` for the last word on each batch: how long, and what comes of it.

Owns each batch's patience and which end counts as done. Must never say that something arrived without its recipient's
word. Thread: the program's main thread.
"""

from collections.abc import Iterable

from commonlib.values import dataclass, replace
from tcpipclient.cli_answers import Answers
from tcpipclient.cli_batch_wording import ended_item, sent_report, unsent_complaint
from tcpipclient.cli_batches import Batches, Followed, Row
from tcpipclient.cli_inbox import Item
from tcpipclient.cli_recipients import shown_name
from tcpipclient.cli_wording import Report
from tcpipclient.core.batch_events import BatchChanged, BatchEnded, BatchProgressed, BatchState
from tcpipclient.core.events import ConnectionLost, Direction

AGAIN = "What has arrived is kept there: the same command goes on where it stopped."


@dataclass(frozen=True, slots=True)
class BatchSending:
    """One batch on its way to one person.

    Attributes:
        number: Of the transfer.
        label: What is sent, safe for a terminal.
    """

    number: int
    recipient: int
    recipient_name: str
    label: str


class BatchDeliveries(Answers[BatchSending]):
    """Which of our batches have been saved, as events tell it.

    Args:
        seconds: How long a batch may stand still, its user's answer included. While others of ours go first it waits
            for them, and while somebody has paused it for him.
        now: When the waiting begins.
    """

    def __init__(self, sendings: Iterable[BatchSending], seconds: float, now: float) -> None:
        super().__init__({sending.number: sending for sending in sendings})
        self._batches = Batches()
        self._seconds = seconds
        self._moved = dict.fromkeys(self.waiting, now)
        self._loss: str | None = None
        for number, sending in self.waiting.items():
            who = shown_name(sending.recipient_name, sending.recipient)
            self._batches.follow(number, Followed(f"{sending.label} to {who}", sending.recipient_name))

    @property
    def deadline(self) -> float | None:
        """When the first of them will have stood still for too long; None where none can."""
        return min((self._late_at(number) for number in self.waiting if self._may_be_late(number)), default=None)

    def rows(self) -> Iterable[Row]:
        """The bars of those whose word is missing."""
        return self._batches.rows()

    def receive(self, item: Item, now: float) -> list[Report]:
        """Take an event; what is to be told of it."""
        match item:
            case BatchChanged() | BatchProgressed():
                return self._follow(item, now)
            case BatchEnded(transfer=number, direction=Direction.OUTGOING) if number in self.waiting:
                return [self._end(item)]
            case ConnectionLost(_, reason):
                self._loss = reason
                return [report for number in list(self.waiting) for report in self._check_alone(number)]
            case _:
                return []

    def expire(self, now: float) -> list[tuple[int, Report]]:
        """Nobody waits any longer for those that stand still; their numbers, to be cancelled, and what is told."""
        late = [number for number in self.waiting if self._may_be_late(number) and self._late_at(number) <= now]
        self._timed_out = self._timed_out or bool(late)
        reasons = {number: self._silence(number, self._seconds) for number in late}
        return [(number, self._missing(number, reason, timed_out=True)) for number, reason in reasons.items()]

    def _follow(self, event: BatchChanged | BatchProgressed, now: float) -> list[Report]:
        batch = self._batches.maybe(event.transfer)
        if batch is None:
            return []
        is_resumed = batch.state is BatchState.PAUSED and isinstance(event, BatchChanged)
        if is_resumed or batch.is_moved_by(event):
            self._moved[event.transfer] = now
        return [*self._batches.receive(event, now), *self._check_alone(event.transfer)]

    def _check_alone(self, number: int) -> list[Report]:
        """Without the hub, only what has a way can go on."""
        batch = self._batches.maybe(number)
        if self._loss is None or batch is None or batch.way is not None:
            return []
        return [self._fail(number, f"{self._loss} {AGAIN}")]

    def _end(self, event: BatchEnded) -> Report:
        event = self._as_addressed(event)
        if event.state is not BatchState.SAVED:
            self._failed = True
            return self._take_out(event, timed_out=False)
        self._batches.forget(event.transfer)
        return sent_report(event, self.waiting.pop(event.transfer).label)

    def _as_addressed(self, event: BatchEnded) -> BatchEnded:
        """Told of the one it was sent to, whatever he is called or numbered by now."""
        sending = self.waiting[event.transfer]
        return replace(event, peer=sending.recipient, peer_name=sending.recipient_name)

    def _missing(self, number: int, reason: str, *, timed_out: bool) -> Report:
        state = BatchState.CANCELLED if timed_out else BatchState.FAILED
        ended = BatchEnded(number, Direction.OUTGOING, 0, "", state, reason=reason)
        return self._take_out(self._as_addressed(ended), timed_out=timed_out)

    def _take_out(self, event: BatchEnded, *, timed_out: bool) -> Report:
        self._batches.forget(event.transfer)
        self.complaints.append(unsent_complaint(event, self.waiting.pop(event.transfer).label))
        return Report("", ended_item(event, timed_out=timed_out))

    def _silence(self, number: int, seconds: float) -> str:
        batch = self._batches.maybe(number)
        state = BatchState.WAITING if batch is None else batch.state
        told = {
            BatchState.OFFERED: f"Nobody answered within {seconds:g} seconds. Ask, and run the same command again.",
            BatchState.CONNECTING: f"For {seconds:g} seconds no connection came about. {AGAIN}",
        }
        return told.get(state, f"For {seconds:g} seconds nothing moved. {AGAIN}")

    def _late_at(self, number: int) -> float:
        return self._moved[number] + self._seconds

    def _may_be_late(self, number: int) -> bool:
        batch = self._batches.maybe(number)
        return batch is not None and batch.state not in (BatchState.WAITING, BatchState.PAUSED)
