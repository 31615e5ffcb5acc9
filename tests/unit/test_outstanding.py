"""outstanding: what was asked for ends once, and the receiver cannot tell of what did not happen."""

import pytest
from blake3 import blake3

from commonlib.transfer.events import Source
from commonlib.transfer.manifest import make_offer
from commonlib.transfer.messages import MOST_TRIES, Entry, EntryKind, Mark, Outcome, TopEntry, Totals, Want
from commonlib.transfer.outstanding import Outstanding
from commonlib.transfer.states import OfferRecord
from commonlib.transfer.stream import TransferError

FOLDER, FIRST, SECOND = 10, 11, 12
SAVED, VERIFIED, FAILED, SKIPPED = Outcome.SAVED, Outcome.VERIFIED, Outcome.FAILED, Outcome.SKIPPED


def listed(record: OfferRecord | None = None) -> Outstanding:
    """A folder and two files of 5 bytes, numbered from 10."""
    outstanding = Outstanding()
    entries = [Entry(0, EntryKind.FOLDER, "d"), Entry(1, EntryKind.FILE, "a", 5), Entry(1, EntryKind.FILE, "b", 5)]
    outstanding.add(FOLDER, [Source(entry, entry.name) for entry in entries], record or new_record())
    return outstanding


def new_record() -> OfferRecord:
    """The offer that they belong to."""
    record = OfferRecord(make_offer(0, Totals(files=2, folders=1), [TopEntry(EntryKind.FOLDER, "d")]))
    record.accept()
    record.listed(FOLDER, 3, last=True)
    return record


def send_next(outstanding: Outstanding) -> int:
    """Send the next file that is asked for; returns its number."""
    reading = outstanding.maybe_next()
    assert reading is not None
    outstanding.finish_reading()
    assert outstanding.reading is None
    return reading.entry


def test_files_are_sent_in_the_order_in_which_they_are_asked_for() -> None:
    """Whatever their numbers."""
    outstanding = listed()
    outstanding.want(Want(SECOND))
    outstanding.want(Want(FIRST))
    assert [send_next(outstanding), send_next(outstanding)] == [SECOND, FIRST]
    assert outstanding.maybe_next() is None


@pytest.mark.parametrize(
    "want",
    [
        Want(FOLDER),
        Want(9),
        Want(13),
        Want(FIRST, 3),
        Want(FIRST, 2, [Mark(1, bytes(32))]),
        Want(FIRST, 1, [Mark(6, bytes(32))]),
        Want(FIRST, 1, [Mark(2, bytes(32)), Mark(1, bytes(32))]),
        Want(FIRST, 1, [Mark(2, bytes(32)), Mark(2, bytes(32))]),
    ],
)
def test_what_makes_no_sense_cannot_be_asked_for(want: Want) -> None:
    """A folder, what was not listed, marks of two files, behind the end, or out of order."""
    with pytest.raises(TransferError):
        listed().want(want)


def test_a_file_is_not_asked_for_twice_at_a_time() -> None:
    """Waiting, or being sent; afterwards it may be, for it may have been damaged, but not for ever."""
    outstanding = listed()
    outstanding.want(Want(FIRST))
    with pytest.raises(TransferError):
        outstanding.want(Want(FIRST))
    outstanding.maybe_next()
    with pytest.raises(TransferError):
        outstanding.want(Want(FIRST))
    outstanding.finish_reading()
    for _ in range(MOST_TRIES - 1):
        outstanding.want(Want(FIRST))
        send_next(outstanding)
    with pytest.raises(TransferError, match=str(MOST_TRIES)):
        outstanding.want(Want(FIRST))


@pytest.mark.parametrize("outcome", [SAVED, VERIFIED])
def test_what_was_not_sent_whole_cannot_be_saved(outcome: Outcome) -> None:
    """Listed, waiting, being sent, or given up; a folder needs no sending."""
    outstanding = listed()
    outstanding.want(Want(FIRST, 2))
    for number in (FIRST, SECOND):
        with pytest.raises(TransferError):
            outstanding.settle(number, outcome)
    outstanding.maybe_next()
    with pytest.raises(TransferError):
        outstanding.settle(FIRST, outcome)
    outstanding.fail_reading("gone")
    with pytest.raises(TransferError):
        outstanding.settle(FIRST, outcome)
    outstanding.settle(FOLDER, SAVED)


def test_an_entry_is_settled_once_and_counted() -> None:
    """Verified before, at most once; then its source is given back and it is forgotten."""
    record = new_record()
    outstanding = listed(record)
    outstanding.want(Want(FIRST))
    send_next(outstanding)
    assert outstanding.settle(FIRST, VERIFIED).origin == "a"
    assert (record.tally.verified, len(outstanding)) == (1, 3)
    with pytest.raises(TransferError):
        outstanding.settle(FIRST, VERIFIED)
    assert outstanding.settle(FIRST, SAVED).origin == "a"
    assert (record.tally.verified, record.tally.saved, record.tally.size, len(outstanding)) == (0, 1, 5, 2)
    with pytest.raises(TransferError):
        outstanding.settle(FIRST, SAVED)


def test_what_was_saved_on_an_earlier_connection_was_never_asked_for_on_this_one() -> None:
    """It counts as saved without having been sent; one that was asked for cannot have been kept."""
    record = new_record()
    outstanding = listed(record)
    assert outstanding.settle(FIRST, Outcome.KEPT).origin == "a"
    outstanding.settle(FOLDER, Outcome.KEPT)
    assert (record.tally.saved, record.tally.unchanged, record.tally.size) == (2, 0, 5)
    outstanding.want(Want(SECOND))
    with pytest.raises(TransferError):
        outstanding.settle(SECOND, Outcome.KEPT)
    send_next(outstanding)
    with pytest.raises(TransferError):
        outstanding.settle(SECOND, Outcome.KEPT)


def test_what_is_settled_while_it_is_asked_for_is_given_up() -> None:
    """Waiting or being sent: its end still has to stand in the stream, once."""
    outstanding = listed()
    outstanding.want(Want(FIRST, 2))
    outstanding.maybe_next()
    outstanding.settle(SECOND, SKIPPED)
    outstanding.settle(FIRST, FAILED)
    assert outstanding.reading is None
    assert outstanding.maybe_next() is None
    assert list(outstanding.given_up) == [(SECOND, ""), (FIRST, "")]


def test_what_was_sent_or_not_asked_for_has_no_end_to_come() -> None:
    """Its end stands in the stream already, or was never promised."""
    outstanding = listed()
    outstanding.want(Want(FIRST))
    send_next(outstanding)
    outstanding.settle(FIRST, FAILED)
    outstanding.settle(SECOND, SKIPPED)
    assert not outstanding.given_up


def test_a_file_that_cannot_be_read_is_given_up_with_its_reason() -> None:
    """And can be settled then."""
    outstanding = listed()
    outstanding.want(Want(FIRST))
    outstanding.maybe_next()
    outstanding.fail_reading("it is gone")
    assert list(outstanding.given_up) == [(FIRST, "it is gone")]
    outstanding.settle(FIRST, FAILED)
    assert len(outstanding.given_up) == 1


def test_a_stopped_offer_sends_nothing_more_and_may_still_be_told_of() -> None:
    """Until the receiver has told all; another offer's files go on."""
    record, other = new_record(), new_record()
    outstanding = listed(record)
    outstanding.add(20, [Source(Entry(0, EntryKind.FILE, "c", 5), "c")], other)
    outstanding.want(Want(FIRST))
    outstanding.want(Want(20))
    outstanding.want(Want(SECOND))
    send_next(outstanding)
    outstanding.stop(record)
    outstanding.settle(FIRST, SAVED)
    assert send_next(outstanding) == 20
    assert outstanding.maybe_next() is None
    assert not outstanding.given_up
    outstanding.forget(record)
    assert len(outstanding) == 1


def test_marks_reach_the_reading() -> None:
    """The file is compared before it is sent."""
    outstanding = listed()
    outstanding.want(Want(FIRST, 1, [Mark(3, blake3(b"abc").digest())]))
    reading = outstanding.maybe_next()
    assert reading is not None
    assert reading.is_comparing
    assert reading.due == 3
