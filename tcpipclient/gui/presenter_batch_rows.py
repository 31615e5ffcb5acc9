"""The batches of the transfers panel, all of them: which there are, which have changed, which are over.

Owns the records, in which order rows are shown, and that open details follow their row. Must never call the model.
Pure: the Tk thread's.
"""

from tcpipclient.core.batch_events import BatchState
from tcpipclient.gui.presenter_batch import Batch
from tcpipclient.gui.presenter_totals import Counts
from tcpipclient.gui.shown_files import DetailsShown
from tcpipclient.gui.view import TransfersView

MOST_BATCHES = 1_000
"""Batches in the panel; of those that are over the oldest falls off."""


class BatchRows:
    """The batches of one window."""

    def __init__(self, view: TransfersView) -> None:
        self._view = view
        self._all: dict[int, Batch] = {}
        self._over: dict[int, None] = {}
        self._by_number: dict[int, Batch] = {}
        self._changed: dict[int, Batch] = {}
        self._moving: dict[int, Batch] = {}
        self._queue: tuple[int, ...] = ()
        self._details: DetailsShown | None = None

    @property
    def all(self) -> list[Batch]:
        """All that have a row."""
        return list(self._all.values())

    @property
    def alive(self) -> list[Batch]:
        """All that are not over."""
        return [batch for batch in self._all.values() if not batch.is_over]

    @property
    def counts(self) -> Counts:
        """How many are in which state."""
        alive = self.alive
        offered = sum(batch.offered is not None for batch in alive)
        waiting = sum(batch.state is BatchState.WAITING for batch in alive)
        asked = sum(batch.offered is not None and batch.state is BatchState.OFFERED for batch in alive)
        return Counts(len(alive) - waiting - asked, waiting, 0, offered, len(self._over))

    @property
    def room(self) -> int:
        """How many batches more there can be."""
        return MOST_BATCHES - (len(self._all) - len(self._over))

    def maybe(self, key: int) -> Batch | None:
        """The one of this row."""
        return self._all.get(key)

    def maybe_numbered(self, number: int) -> Batch | None:
        """The one to which the client has given this number, and which it has still."""
        return self._by_number.get(number)

    def add(self, batch: Batch) -> None:
        """One more; where there are too many the oldest that is over falls off."""
        self._all[batch.key] = self._changed[batch.key] = batch
        if len(self._all) > MOST_BATCHES and self._over:
            self.remove([next(iter(self._over))])

    def give_number(self, batch: Batch, number: int) -> None:
        """The client has one for it."""
        batch.number = number
        self._by_number[number] = self._changed[batch.key] = batch

    def take_number(self, batch: Batch) -> None:
        """The client knows nothing of it any more."""
        self._by_number.pop(batch.number, None)
        batch.number = 0

    def change(self, batch: Batch) -> None:
        """It is to be shown as it is now; it may go on that was over."""
        if not batch.is_over:
            self._over.pop(batch.key, None)
        self._changed[batch.key] = batch

    def move(self, batch: Batch) -> None:
        """So is this one, with the next tick."""
        self._moving[batch.key] = batch

    def finish(self, batch: Batch) -> None:
        """It is over."""
        self._moving.pop(batch.key, None)
        self._over[batch.key] = None
        self._changed[batch.key] = batch

    def begin_again(self, batch: Batch, who: str) -> None:
        """It is over no longer, and new to the client."""
        self.take_number(batch)
        batch.begin_again(who)
        self.change(batch)

    def remove(self, keys: list[int]) -> None:
        """Take these, which are over, from the panel."""
        for key in keys:
            batch = self._all.pop(key)
            self._by_number.pop(batch.number, None)
            self._changed.pop(key, None)
            del self._over[key]
        if keys:
            self._view.remove_transfers(keys)

    def clear(self) -> None:
        """Take all that are over from the panel."""
        self.remove(list(self._over))

    def show_details(self, batch: Batch) -> None:
        """Tell all that is known of it, from now on."""
        self._details = batch.details()
        self._view.show_details(self._details)

    def flush(self) -> None:
        """Show what has changed since the last time; what only moved waits for the next tick."""
        if not self._changed:
            return
        waiting = [batch for batch in self._all.values() if batch.state is BatchState.WAITING and batch.place]
        for batch in waiting:
            if batch.waiting_count != len(waiting):
                batch.waiting_count = len(waiting)
                self._changed[batch.key] = batch
        self._view.put_transfers([batch.row() for batch in self._changed.values()])
        self._follow_details()
        self._changed = {}
        queue = tuple(batch.key for batch in sorted(waiting, key=lambda batch: batch.place))
        if queue != self._queue:
            self._queue = queue
            self._view.order_transfers(queue)

    def ticked(self) -> None:
        """Time has passed."""
        self._changed.update(self._moving)
        self._moving = {}

    def _follow_details(self) -> None:
        batch = self._changed.get(self._details.key) if self._details is not None else None
        if batch is not None and (details := batch.details()) != self._details:
            self._details = details
            self._view.change_details(details)
