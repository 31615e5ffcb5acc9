"""Where the batches of one client stand: those that go on, and those of ours that may be tried again.

Owns how they are found, and how many that are over are kept. Must never change a batch. Pure: used by the book of
batches.
"""

from commonlib.wire.way_messages import Role
from tcpipclient.core.batch_events import BatchState
from tcpipclient.core.transfers.incoming import IncomingBatch
from tcpipclient.core.transfers.ongoing import OngoingBatch
from tcpipclient.core.transfers.outgoing import OutgoingBatch

MOST_OVER = 100
"""Batches of ours that are over and may be tried again."""
MOST_GIVEN_UP = 256
"""Batches for us of which it is remembered that they were cancelled."""


class Shelf:
    """All of them."""

    def __init__(self) -> None:
        self._batches: dict[int, OngoingBatch] = {}
        self._by_transfer: dict[tuple[bytes, bytes, Role], OngoingBatch] = {}
        self._over: dict[int, OutgoingBatch] = {}
        self._given_up: dict[tuple[bytes, bytes], None] = {}

    def put(self, batch: OngoingBatch) -> None:
        """One more that goes on."""
        self._batches[batch.number] = batch
        self._by_transfer[batch.peer.key, batch.transfer, batch.role] = batch

    def all(self) -> list[OngoingBatch]:
        """All that go on."""
        return list(self._batches.values())

    def incoming(self) -> list[IncomingBatch]:
        """All that are for us and go on."""
        return [batch for batch in self._batches.values() if isinstance(batch, IncomingBatch)]

    def maybe(self, number: int) -> OngoingBatch | None:
        """The one of this number; None where none goes on."""
        return self._batches.get(number)

    def maybe_outgoing(self, number: int) -> OutgoingBatch | None:
        """The one of this number, if it is ours and goes on."""
        batch = self._batches.get(number)
        return batch if isinstance(batch, OutgoingBatch) else None

    def maybe_incoming(self, number: int) -> IncomingBatch | None:
        """The one of this number, if it is for us and goes on."""
        batch = self._batches.get(number)
        return batch if isinstance(batch, IncomingBatch) else None

    def maybe_with(self, key: bytes, transfer: bytes, role: Role) -> OngoingBatch | None:
        """The one of this name in which somebody with this key is the other end, and we have this role."""
        return self._by_transfer.get((key, transfer, role))

    def maybe_opening(self, token: bytes) -> OngoingBatch | None:
        """The one for which a connection is being made with this token."""
        return next((batch for batch in self._batches.values() if batch.search.is_of(token)), None)

    def maybe_take_over(self, number: int) -> OutgoingBatch | None:
        """The one of this number that is over and may be tried again; it is kept no longer."""
        return self._over.pop(number, None)

    def was_given_up(self, key: bytes, transfer: bytes) -> bool:
        """Whether we have had this batch of somebody's, and it was cancelled: its sender may not have heard that."""
        return (key, transfer) in self._given_up

    def clear_up(self) -> list[int]:
        """Put away what is over by now; the numbers of which nothing is kept any more."""
        forgotten = []
        for batch in [batch for batch in self._batches.values() if batch.state.is_over]:
            del self._batches[batch.number]
            del self._by_transfer[batch.peer.key, batch.transfer, batch.role]
            if isinstance(batch, OutgoingBatch) and batch.state is not BatchState.SAVED:
                self._over[batch.number] = batch
            else:
                forgotten.append(batch.number)
            if isinstance(batch, IncomingBatch) and batch.state is BatchState.CANCELLED:
                self._given_up[batch.peer.key, batch.transfer] = None
        while len(self._given_up) > MOST_GIVEN_UP:
            del self._given_up[next(iter(self._given_up))]
        while len(self._over) > MOST_OVER:
            oldest = next(iter(self._over))
            del self._over[oldest]
            forgotten.append(oldest)
        return forgotten
