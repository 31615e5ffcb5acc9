"""The sender's offers: each is answered once, and each cancellation confirmed once."""

import pytest

from commonlib.exceptions import FieldError
from commonlib.transfer.messages import MOST_OFFERS, WINDOW, EntryKind, TopEntry, Totals
from commonlib.transfer.offering import Offering
from commonlib.transfer.states import OfferState
from commonlib.transfer.stream import TransferError


def offering(count: int = 1) -> Offering:
    """So many offers of one file."""
    offers = Offering()
    for _ in range(count):
        offers.add(offers.make(Totals(files=1, size=1), [TopEntry(EntryKind.FILE, "file", 1)], 0))
    return offers


def test_offers_are_numbered_and_there_are_not_too_many() -> None:
    """What is asked about another one is a lie."""
    offers = offering(MOST_OFFERS)
    assert offers.asked(MOST_OFFERS - 1).offer.offer == MOST_OFFERS - 1
    with pytest.raises(TransferError, match="not made"):
        offers.asked(MOST_OFFERS)
    with pytest.raises(FieldError, match="no more offers"):
        offers.make(Totals(files=1), [TopEntry(EntryKind.FILE, "file", 0)], 0)


def test_an_offer_is_answered_once() -> None:
    """Whichever way it was, and whichever way it is said again."""
    for answer in (Offering.receive_accept, Offering.receive_decline):
        for again in (Offering.receive_accept, Offering.receive_decline):
            offers = offering()
            answer(offers, offers[0])
            with pytest.raises(TransferError, match="answered twice"):
                again(offers, offers[0])


@pytest.mark.parametrize("says", ["accept", "decline", "cancel"])
def test_what_we_gave_up_is_over_when_the_other_end_has_said_so(says: str) -> None:
    """His acceptance may have crossed our word, and says nothing then."""
    offers = offering()
    offers.give_up(offers[0])
    offers[0].cancel()
    assert not offers.are_over
    if says == "accept":
        assert not offers.receive_accept(offers[0])
        assert not offers.are_over
    if says == "decline":
        offers.receive_decline(offers[0])
    else:
        assert not offers.receive_cancel(offers[0])
    assert offers.are_over


def test_he_may_give_up_what_has_not_ended() -> None:
    """And not a second time."""
    offers = offering()
    assert offers.receive_accept(offers[0])
    assert offers.receive_cancel(offers[0])
    offers[0].cancel()
    assert offers[0].state(paused=False) is OfferState.CANCELLED
    with pytest.raises(TransferError, match="had ended"):
        offers.receive_cancel(offers[0])


def test_entries_belong_to_one_offer_all_together() -> None:
    """Those that were not listed, reach over its end or are more than can be on their way belong to none."""
    offers = offering(2)
    offers[0].listed(0, 10, last=True)
    offers[1].listed(10, WINDOW + 10, last=False)
    assert offers.of_run(3, 7) is offers[0]
    assert offers.of_run(10, WINDOW) is offers[1]
    for first, count in ((9, 2), (10, WINDOW + 1), (WINDOW + 20, 1)):
        with pytest.raises(TransferError, match="not listed, or are of several"):
            offers.of_run(first, count)
