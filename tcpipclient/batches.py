"""What a caller holds while a batch of his is on its way to one person.

Owns the handles, and where events find them. Must never send anything. Threads: handles are made by whoever
sends and looked at by any thread; events reach them on the thread on which handlers run.
"""

import threading
import time
from collections.abc import Callable

from tcpipclient.core.batch_events import BatchChanged, BatchEnded, BatchEvent, BatchProgressed, BatchState
from tcpipclient.core.events import PacketIgnored
from tcpipclient.handles import Transfer, TransferState

MOST_ENDED = 1000
"""Batches that are over and not saved whose handles still follow what becomes of them: they may be tried again."""

_NO_END: tuple[TransferState, ...] = (TransferState.WAITING, TransferState.SENDING)


class Batch:
    """Files and folders to one person; made by `Client.send_files`. All properties may be read on any thread.

    Attributes:
        number: As in the events; 0 where each file goes by itself, for somebody on the classic wire.
        transfers: Those files, else nothing.
    """

    def __init__(
        self, number: int, recipient: int, handles: "BatchHandles | None" = None, transfers: tuple[Transfer, ...] = ()
    ) -> None:
        self.number = number
        self.recipient = recipient
        self.transfers = transfers
        self._handles = handles
        self._state = BatchState.WAITING
        self._done = self._size = 0
        self._ended: BatchEnded | None = None

    @property
    def state(self) -> BatchState:
        """Where it stands."""
        if not self.transfers:
            return self._state
        states = {transfer.state for transfer in self.transfers}
        if states <= {TransferState.WAITING}:
            return BatchState.WAITING
        if states.intersection(_NO_END):
            return BatchState.RUNNING
        return BatchState.SAVED if states == {TransferState.SENT} else BatchState.FAILED

    @property
    def done(self) -> int:
        """Bytes that need not be sent any more, 0 to `size`."""
        return sum(transfer.done for transfer in self.transfers) if self.transfers else self._done

    @property
    def size(self) -> int:
        """Bytes in all; 0 until they are counted."""
        return sum(transfer.size for transfer in self.transfers) if self.transfers else self._size

    @property
    def ended(self) -> BatchEnded | None:
        """How it ended; None before, and where each file goes by itself."""
        return self._ended

    def wait(self, timeout: float | None = None) -> BatchState:
        """Wait until it is over, at most `timeout` seconds; returns the state then.

        Raises:
            RuntimeError: Called by a handler, which would wait for itself.
        """
        if self._handles is not None:
            self._handles.wait_for(lambda: self._state.is_over, timeout)
            return self._state
        deadline = None if timeout is None else time.monotonic() + timeout
        for transfer in self.transfers:
            transfer.wait(None if deadline is None else max(0.0, deadline - time.monotonic()))
        return self.state

    def changed_locked(self, event: BatchEvent) -> None:
        """Something is new. For BatchHandles alone."""
        match event:
            case BatchChanged(state=state):
                self._state = state
            case BatchProgressed(done=done, size=size):
                self._done, self._size = done, size
            case BatchEnded(state=state):
                self._state = state
                self._ended = event


class BatchHandles:
    """All handles of one exchange, which events find here.

    Args:
        is_handling: Whether the calling thread is one that would bring what is waited for.
    """

    def __init__(self, is_handling: Callable[[], bool]) -> None:
        self._is_handling = is_handling
        self._changed = threading.Condition()
        self._batches: dict[int, Batch] = {}
        self._ended: dict[int, None] = {}  # In the order in which they ended.

    def add(self, batch: Batch) -> None:
        """Follow a batch from before it is sent."""
        with self._changed:
            self._batches[batch.number] = batch

    def wait_for(self, condition: Callable[[], bool], timeout: float | None) -> None:
        """Wait until the condition holds, at most `timeout` seconds."""
        if self._is_handling():
            raise RuntimeError("a handler cannot wait for what only comes after it has returned")
        with self._changed:
            self._changed.wait_for(condition, timeout)

    def receive_event(self, event: BatchEvent | PacketIgnored) -> None:
        """Bring the handles up to date. One that is over is followed on, as it may be tried again, but not for ever."""
        if not isinstance(event, BatchChanged | BatchProgressed | BatchEnded):
            return
        with self._changed:
            batch = self._batches.get(event.transfer)
            if batch is not None:
                batch.changed_locked(event)
                self._changed.notify_all()
            self._ended.pop(event.transfer, None)
            if isinstance(event, BatchEnded) and batch is not None:
                self._ended[event.transfer] = None
                if event.state is BatchState.SAVED:
                    self._forget_locked(event.transfer)
                elif len(self._ended) > MOST_ENDED:
                    self._forget_locked(next(iter(self._ended)))

    def _forget_locked(self, number: int) -> None:
        """Its handle keeps what it was told last."""
        del self._ended[number], self._batches[number]
