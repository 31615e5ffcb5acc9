"""The books of the files that we send.

Thread: pytest's main thread.
"""

import pytest

from commonlib.classic.file_sending import FileTooLargeError
from tcpipclient.core.events import FileNotSent, FileSent
from tcpipclient.core.outgoing import CONFIRM_SECONDS, MOST_UNCONFIRMED, OutgoingFiles
from tests.support.hub_packets import DATE

NOW = 50.0


def begun(files: OutgoingFiles, transfer: int, recipient: int = 2, name: str = "a.txt", own_id: int = 1) -> int:
    """Offer and begin a file of one byte; returns its FileID."""
    files.offer(transfer, recipient, name, 1)
    sending = files.maybe_begin(transfer, own_id, DATE, DATE)
    assert sending is not None
    return sending.file_id


def ended(files: OutgoingFiles, transfer: int, recipient: int = 2, name: str = "a.txt") -> None:
    """As begun, and its end is written."""
    begun(files, transfer, recipient, name)
    files.end_file(transfer)
    files.end_written(transfer, NOW)


def test_a_file_is_sent_when_its_recipient_says_so() -> None:
    """By its name, from him, after its end went out, and once."""
    files = OutgoingFiles()
    begun(files, 1)
    assert files.confirm(2, "a.txt") == []
    files.end_file(1)
    assert files.confirm(3, "a.txt") == []
    assert files.confirm(2, "b.txt") == []
    assert files.confirm(2, "a.txt") == [FileSent(1, 2, "a.txt", 1)]
    assert files.confirm(2, "a.txt") == []
    assert not files.is_going(1)


def test_the_name_is_compared_as_the_wire_says_it() -> None:
    """The recipient knows the file by what the code page left of its name."""
    files = OutgoingFiles()
    ended(files, 1, name="Łódź.txt")
    assert files.confirm(2, "_ód_.txt") == [FileSent(1, 2, "Łódź.txt", 1)]


def test_two_files_of_one_name_are_confirmed_in_their_order() -> None:
    """One that was given up waiting for comes last: it may have been sent again."""
    files = OutgoingFiles()
    ended(files, 1)
    ended(files, 2)
    assert files.confirm(2, "a.txt") == [FileSent(1, 2, "a.txt", 1)]
    ended(files, 3)
    files.receive_tick(NOW + CONFIRM_SECONDS)
    ended(files, 4)
    assert files.confirm(2, "a.txt") == [FileSent(4, 2, "a.txt", 1)]
    assert files.confirm(2, "a.txt") == [FileSent(2, 2, "a.txt", 1)]


def test_a_silent_recipient_is_waited_for_a_minute() -> None:
    """From the moment the end was written; it is told once, and a late word is still heard."""
    files = OutgoingFiles()
    begun(files, 1)
    files.end_file(1)
    assert files.receive_tick(NOW + 1000) == []
    files.end_written(1, NOW)
    assert files.receive_tick(NOW + CONFIRM_SECONDS - 0.1) == []
    (late,) = files.receive_tick(NOW + CONFIRM_SECONDS)
    assert isinstance(late, FileNotSent)
    assert late.timed_out
    assert files.receive_tick(NOW + 1000) == []
    assert files.confirm(2, "a.txt") == [FileSent(1, 2, "a.txt", 1)]


def test_a_recipient_who_leaves_fails_his_files_and_no_others() -> None:
    """At any stage but when it was told as unconfirmed before: that is told only once."""
    files = OutgoingFiles()
    ended(files, 1)
    files.receive_tick(NOW + CONFIRM_SECONDS)
    files.offer(2, 2, "b.txt", 1)
    begun(files, 3, name="c.txt")
    ended(files, 4, name="d.txt")
    begun(files, 5, recipient=3)
    told = files.receive_departure(2)
    assert [event.transfer for event in told] == [2, 3, 4]
    assert all(isinstance(event, FileNotSent) and not event.timed_out for event in told)
    assert "recipient left" in told[0].reason  # type: ignore[union-attr]
    assert files.is_going(5)
    assert files.maybe_begin(2, 1, DATE, DATE) is None
    assert [event.transfer for event in files.receive_eof()] == [5]


def test_a_file_that_cannot_be_read_is_told_with_the_reason() -> None:
    """Once; what is over cannot fail."""
    files = OutgoingFiles()
    files.offer(1, 2, "a.txt", 1)
    assert files.fail(1, "It cannot be read.") == [FileNotSent(1, 2, "a.txt", "It cannot be read.")]
    assert files.fail(1, "It cannot be read.") == []


def test_files_over_4_gib_are_refused_before_anything() -> None:
    """With a sentence that says what to do."""
    files = OutgoingFiles()
    files.offer(1, 2, "fits.bin", 0xFFFF_FFFF)
    with pytest.raises(FileTooLargeError, match="split it"):
        files.offer(2, 2, "big.bin", 0x1_0000_0000)
    assert not files.is_going(2)


def test_file_ids_count_on_from_a_place_of_our_own() -> None:
    """Two clients of an original hub, which passes ids on as they are, do not begin alike."""
    files = OutgoingFiles()
    first = begun(files, 1, own_id=1)
    assert begun(files, 2, own_id=1) == first + 1
    starts = {begun(OutgoingFiles(), 1, own_id=own_id) for own_id in range(1, 1000)}
    assert len(starts) == 999


def test_no_file_id_is_used_twice_at_once() -> None:
    """Counting round 65,535 ids, those in use are stepped over, and 0 is never one."""
    files = OutgoingFiles()
    kept = begun(files, 1, name="kept")
    seen = set()
    for transfer in range(2, 65537):
        seen.add(begun(files, transfer))
        files.fail(transfer, "")
    assert kept not in seen
    assert seen == set(range(1, 65536)) - {kept}


def test_unconfirmed_files_do_not_fill_the_memory() -> None:
    """Only the latest can still be confirmed."""
    files = OutgoingFiles()
    for transfer in range(1, MOST_UNCONFIRMED + 2):
        ended(files, transfer, name=f"{transfer}.txt")
    files.receive_tick(NOW + CONFIRM_SECONDS)
    assert files.confirm(2, "1.txt") == []
    assert files.confirm(2, "2.txt") != []


def test_a_cancelled_file_goes_no_further() -> None:
    """Before its turn, on its way or at its end: it is told once, in words that say what its recipient has of it."""
    files = OutgoingFiles()
    files.offer(1, 2, "waits.txt", 1)
    begun(files, 2)
    ended(files, 3)
    told = [event for transfer in (1, 2, 3, 1) for event in files.cancel(transfer)]
    assert [event.transfer for event in told] == [1, 2, 3]
    assert all(isinstance(event, FileNotSent) and event.cancelled and not event.timed_out for event in told)
    words = [event.reason for event in told if isinstance(event, FileNotSent)]
    assert words[0] == '"waits.txt" was cancelled before anything of it was sent.'
    assert "not told" in words[1]
    assert "may have saved it" in words[2]
    assert not any(files.is_going(transfer) for transfer in (1, 2, 3))
    assert files.maybe_begin(1, 1, DATE, DATE) is None


def test_a_file_that_was_given_up_waiting_for_is_not_cancelled() -> None:
    """It is with its recipient, and a late word still confirms it."""
    files = OutgoingFiles()
    ended(files, 1)
    files.receive_tick(NOW + CONFIRM_SECONDS)
    assert files.cancel(1) == []
    assert files.confirm(2, "a.txt") == [FileSent(1, 2, "a.txt", 1)]
