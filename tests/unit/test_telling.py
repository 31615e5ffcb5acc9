"""The queue of what handlers are to be told of batches.

Thread: pytest's main thread.
"""

from tcpipclient.core.batch_events import BatchChanged, BatchEvent, BatchProgressed, BatchState
from tcpipclient.core.events import Direction, PacketIgnored
from tcpipclient.net.exchange.telling import Telling


def progressed(transfer: int, done: int) -> BatchProgressed:
    """So much is done."""
    return BatchProgressed(transfer, Direction.OUTGOING, 2, done, 100, 0, 1)


def test_events_are_told_in_their_order_and_progress_that_is_old_is_not() -> None:
    """The newest of each batch comes where it was put."""
    telling = Telling()
    running = BatchChanged(1, Direction.OUTGOING, 2, BatchState.RUNNING)
    for event in (progressed(1, 1), progressed(2, 1), running, progressed(1, 2), PacketIgnored("x"), progressed(1, 3)):
        telling.put(event)
    told: list[BatchEvent | PacketIgnored] = []
    telling.tell(told.append)
    assert told == [progressed(2, 1), running, PacketIgnored("x"), progressed(1, 3)]
    telling.put(progressed(1, 4))
    telling.tell(told.append)
    telling.tell(told.append)
    assert told[4:] == [progressed(1, 4)]
