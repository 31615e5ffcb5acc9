"""What a caller holds of a batch: its state, what is waited for, and single files in its place.

Thread: pytest's main thread, and one that waits beside it.
"""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tcpipclient.batches import MOST_ENDED, Batch, BatchHandles
from tcpipclient.core.batch_events import BatchChanged, BatchEnded, BatchProgressed, BatchState
from tcpipclient.core.events import Direction, FileProgressed, FileSent, PacketIgnored
from tcpipclient.handles import Books, Transfer

OUT = Direction.OUTGOING


def test_a_handle_follows_the_events_of_its_number() -> None:
    """Others change nothing; after a failure it goes on, for it may be tried again."""
    book = BatchHandles(lambda: False)
    batch = Batch(5, 2, book)
    book.add(batch)
    book.receive_event(BatchChanged(4, OUT, 2, BatchState.RUNNING))
    book.receive_event(PacketIgnored("x"))
    assert (batch.state, batch.ended) == (BatchState.WAITING, None)
    book.receive_event(BatchChanged(5, OUT, 2, BatchState.RUNNING))
    book.receive_event(BatchProgressed(5, OUT, 2, 10, 30, 0, 1))
    assert (batch.state, batch.done, batch.size) == (BatchState.RUNNING, 10, 30)
    failed = BatchEnded(5, OUT, 2, "Bob", BatchState.FAILED)
    book.receive_event(failed)
    assert (batch.wait(0), batch.ended) == (BatchState.FAILED, failed)
    book.receive_event(BatchChanged(5, OUT, 2, BatchState.WAITING))
    assert batch.wait(0) is BatchState.WAITING
    book.receive_event(BatchEnded(5, OUT, 2, "Bob", BatchState.SAVED))
    book.receive_event(BatchChanged(5, OUT, 2, BatchState.WAITING))
    assert batch.state is BatchState.SAVED


def test_what_has_failed_is_not_followed_for_ever() -> None:
    """The handle keeps its last word; those that failed last, and those that are going on, are followed."""
    book = BatchHandles(lambda: False)
    batches = [Batch(number, 2, book) for number in range(MOST_ENDED + 2)]
    for batch in batches:
        book.add(batch)
        if batch.number:
            book.receive_event(BatchEnded(batch.number, OUT, 2, "Bob", BatchState.FAILED))
    for number in (0, 1, 2):
        book.receive_event(BatchChanged(number, OUT, 2, BatchState.RUNNING))
    assert [batch.state for batch in batches[:3]] == [BatchState.RUNNING, BatchState.FAILED, BatchState.RUNNING]


def test_who_waits_is_woken_by_the_end() -> None:
    """And gets the state."""
    book = BatchHandles(lambda: False)
    batch = Batch(5, 2, book)
    book.add(batch)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(batch.wait, 10.0)
        book.receive_event(BatchEnded(5, OUT, 2, "Bob", BatchState.SAVED))
        assert waiting.result(10.0) is BatchState.SAVED


def test_a_handler_cannot_wait() -> None:
    """It would wait for itself."""
    batch = Batch(5, 2, BatchHandles(lambda: True))
    with pytest.raises(RuntimeError, match="handler"):
        batch.wait(0)


def test_single_files_stand_in_the_place_of_a_batch() -> None:
    """Its state is what has become of all of them."""
    books = Books(lambda: False)
    files = tuple(Transfer(number, 2, f"file {number}", 10, books) for number in (1, 2))
    for file in files:
        books.add_transfer(file)
    batch = Batch(0, 2, transfers=files)
    assert (batch.state, batch.size, batch.ended) == (BatchState.WAITING, 20, None)
    books.receive_event(FileProgressed(1, OUT, 2, "file 1", 4, 10))
    assert (batch.wait(0), batch.done) == (BatchState.RUNNING, 4)
    books.receive_event(FileSent(1, 2, "file 1", 10))
    assert batch.state is BatchState.RUNNING
    books.receive_event(FileSent(2, 2, "file 2", 10))
    assert (batch.wait(), batch.done) == (BatchState.SAVED, 20)
