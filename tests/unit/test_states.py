"""states: where an offer stands follows from what was said, and from nothing else."""

import pytest

from commonlib.transfer.messages import EntryKind, Offer, Outcome, TopEntry, Totals
from commonlib.transfer.states import OfferRecord, OfferState, Tally


def new_record() -> OfferRecord:
    """An offer that was just made."""
    return OfferRecord(Offer(offer=0, totals=Totals(files=2, size=9), top=[TopEntry(EntryKind.FILE, "a")]))


def state(record: OfferRecord, *, paused: bool = False) -> str:
    """Where it stands."""
    return record.state(paused=paused).value


def test_an_offer_goes_its_way_in_order() -> None:
    """Offered, accepted, running, paused, verified, saved."""
    record = new_record()
    assert state(record) == state(record, paused=True) == "offered"
    record.accept()
    assert state(record) == "accepted"
    record.listed(5, 2, last=False)
    assert state(record) == "running"
    assert state(record, paused=True) == "paused"
    record.listed(7, 0, last=True)
    assert state(record) == "running"
    record.tally.verified = 2
    assert state(record) == "verified"
    record.tally.verified = 1
    record.tally.count(Outcome.SAVED, 4)
    assert state(record) == "verified"
    assert not record.has_ended
    record.tally.verified = 0
    record.tally.count(Outcome.SAVED, 5)
    assert state(record) == "saved"
    assert record.has_ended
    assert record.tally == Tally(listed=2, saved=2, size=9)


@pytest.mark.parametrize(
    ("outcome", "end"),
    [
        (Outcome.SAVED, "saved"),
        (Outcome.UNCHANGED, "saved"),
        (Outcome.KEPT, "saved"),
        (Outcome.SKIPPED, "saved"),
        (Outcome.FAILED, "failed"),
    ],
)
def test_one_failure_is_a_failed_offer(outcome: Outcome, end: str) -> None:
    """Whatever else was saved; what was left out by choice is no failure."""
    record = new_record()
    record.accept()
    record.listed(0, 2, last=True)
    record.tally.count(Outcome.SAVED, 1)
    assert state(record) == "running"
    record.tally.count(outcome, 1)
    assert state(record) == end


def test_nothing_is_saved_before_the_manifest_is_complete() -> None:
    """All entries so far are settled, and more may come."""
    record = new_record()
    record.accept()
    record.listed(0, 1, last=False)
    record.tally.count(Outcome.SAVED, 1)
    assert state(record) == "running"


def test_declined_and_cancelled_are_ends() -> None:
    """What was settled whole before the word of cancelling came stays what it is."""
    declined, cancelled, saved = new_record(), new_record(), new_record()
    declined.decline()
    declined.cancel()
    cancelled.cancel()
    saved.accept()
    saved.listed(0, 0, last=True)
    saved.cancel()
    assert [state(record) for record in (declined, cancelled, saved)] == ["declined", "cancelled", "saved"]
    assert all(record.has_ended and record.is_answered for record in (declined, cancelled, saved))


def test_an_offer_covers_the_entries_that_were_listed_of_it() -> None:
    """None before, none behind, none at all while none were."""
    record = new_record()
    assert not record.covers(0)
    record.listed(5, 0, last=False)
    assert not record.covers(5)
    record.listed(5, 2, last=False)
    assert [record.covers(number) for number in (4, 5, 6, 7)] == [False, True, True, False]


def test_the_tally_counts_bytes_that_are_there() -> None:
    """Saved, or unchanged; not those of what is missing."""
    tally = Tally()
    for outcome, size in [(Outcome.SAVED, 1), (Outcome.UNCHANGED, 10), (Outcome.SKIPPED, 100), (Outcome.FAILED, 1000)]:
        tally.count(outcome, size)
    assert tally.size == 11
    assert tally.settled == 4
    assert (tally.saved, tally.unchanged, tally.skipped, tally.failed) == (1, 1, 1, 1)
    tally.count(Outcome.KEPT, 10_000)
    assert (tally.saved, tally.settled, tally.size) == (2, 5, 10_011)


def test_states_are_words_that_can_be_shown() -> None:
    """The names that users read."""
    assert [str(member) for member in OfferState][:3] == ["offered", "declined", "accepted"]
