"""What a caller holds while something is on its way.

Thread: pytest's main thread, and one that waits where a test says so.
"""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tcpipclient.core.events import Direction, FileNotSent, FileProgressed, FileSent, TextDelivered, TextNotDelivered
from tcpipclient.handles import Books, SentText, Transfer, TransferState


def progressed(done: int, transfer: int = 1) -> FileProgressed:
    """Progress of a file of ours."""
    return FileProgressed(transfer, Direction.OUTGOING, 2, "a", done, 10)


def kept_books() -> tuple[Books, Transfer, SentText]:
    """Books with a file (number 1) and a text to 2 and 3 (number 5) in them."""
    books = Books(lambda: False)
    transfer, text = Transfer(1, 2, "a", 10, books), SentText(5, (2, 3), books)
    books.add_transfer(transfer)
    books.add_text(text)
    return books, transfer, text


def test_a_file_goes_from_waiting_to_sent() -> None:
    """With its progress; waiting for it ends at once when it is over."""
    books, transfer, _ = kept_books()
    assert (transfer.state, transfer.done) == (TransferState.WAITING, 0)
    books.receive_event(progressed(4))
    assert (transfer.state, transfer.done) == (TransferState.SENDING, 4)
    assert transfer.wait(0.01) is TransferState.SENDING
    books.receive_event(FileSent(1, 2, "a", 10))
    assert transfer.wait() is TransferState.SENT
    assert (transfer.done, transfer.reason) == (10, "")


def test_a_file_that_was_not_sent_says_why() -> None:
    """And what is told after its end changes nothing."""
    books, transfer, _ = kept_books()
    books.receive_event(progressed(4))
    books.receive_event(FileNotSent(1, 2, "a", "The recipient left."))
    books.receive_event(FileSent(1, 2, "a", 10))
    assert transfer.wait() is TransferState.NOT_SENT
    assert (transfer.done, transfer.reason) == (4, "The recipient left.")


def test_an_unconfirmed_file_may_still_be_sent() -> None:
    """A late word of the recipient counts."""
    books, transfer, _ = kept_books()
    books.receive_event(FileNotSent(1, 2, "a", "No answer.", timed_out=True))
    assert transfer.wait() is TransferState.UNCONFIRMED
    books.receive_event(progressed(10))
    assert transfer.state is TransferState.UNCONFIRMED
    books.receive_event(FileSent(1, 2, "a", 10))
    assert transfer.state is TransferState.SENT
    assert transfer.reason == ""


def test_a_text_is_delivered_when_all_have_it() -> None:
    """Each recipient counts once."""
    books, _, text = kept_books()
    books.receive_event(TextDelivered(5, 2))
    books.receive_event(TextDelivered(5, 2))
    assert (text.delivered, text.waiting) == ({2}, {3})
    assert not text.wait(0.01)
    books.receive_event(TextDelivered(5, 3))
    assert text.wait()


def test_a_text_that_somebody_did_not_get_is_not_delivered() -> None:
    """But it is waited for no longer."""
    books, _, text = kept_books()
    books.receive_event(TextNotDelivered(5, 2, "left"))
    books.receive_event(TextDelivered(5, 3))
    assert not text.wait()
    assert (text.delivered, text.waiting) == ({3}, set())


def test_a_text_to_nobody_has_arrived() -> None:
    """EVERYONE may be nobody."""
    assert SentText(1, (), Books(lambda: False)).wait()


def test_who_waits_is_woken_by_the_event() -> None:
    """On whatever thread it is told."""
    books, transfer, _ = kept_books()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(transfer.wait, 10.0)
        books.receive_event(FileSent(1, 2, "a", 10))
        assert waiting.result() is TransferState.SENT


def test_a_handler_cannot_wait_for_itself() -> None:
    """It is told so instead of waiting for ever."""
    books = Books(lambda: True)
    with pytest.raises(RuntimeError, match="handler"):
        SentText(1, (2,), books).wait()


def test_what_was_not_sent_after_all_is_forgotten() -> None:
    """The books hold only what events may still concern."""
    books, transfer, text = kept_books()
    books.forget(1)
    books.forget(5)
    books.receive_event(FileSent(1, 2, "a", 10))
    books.receive_event(TextDelivered(5, 2))
    assert transfer.state is TransferState.WAITING
    assert text.delivered == set()
    assert books._texts == {}
    assert books._transfers == {}
