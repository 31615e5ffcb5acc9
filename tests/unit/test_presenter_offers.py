"""The strip of offers: the oldest first, shown once."""

from tcpipclient.core.events import Direction
from tcpipclient.gui.presenter_offers import ALWAYS_KEY_NOTE, ALWAYS_NOTE, Offers
from tcpipclient.gui.presenter_transfer import Transfer
from tcpipclient.gui.shown import OfferShown, TransferShown
from tests.support.recording_client_view import RecordingView


class CountingView(RecordingView):
    """Counts how often the strip is drawn."""

    drawn = 0

    def show_offer(self, offer: OfferShown | None) -> None:
        super().show_offer(offer)
        self.drawn += 1


def offered(key: int, person: int = 1) -> Transfer:
    """A file that waits for an answer."""
    return Transfer(key, Direction.INCOMING, person, "from Ann (2)", "a.txt", 5, TransferShown.OFFERED)


def test_the_strip_is_drawn_only_when_it_changes() -> None:
    """Showing the same again is nothing; an empty strip is taken away."""
    view = CountingView()
    offers = Offers(view, lambda _: None)
    offers.show()
    assert view.drawn == 0
    offers.add(offered(1), "Ann (2)", "a.txt")
    offers.show()
    offers.show()
    assert view.drawn == 1
    assert view.offer is not None
    assert view.offer.text == 'Ann (2) sends you "a.txt" (5 bytes).'
    offers.remove(1)
    offers.remove(1)
    offers.show()
    assert (view.drawn, view.offer) == (2, None)


def test_always_is_of_one_person() -> None:
    """Until he leaves, or the connection ends, which also takes all offers away."""
    offers = Offers(RecordingView(), lambda _: None)
    first, second = offered(1), offered(2, person=7)
    offers.add(first, "Ann (2)", "a.txt")
    offers.add(second, "Bob (3)", "a.txt")
    assert offers.take_always(7) == [second]
    assert (offers.is_always(7), offers.is_always(1)) == (True, False)
    offers.person_left(7)
    assert not offers.is_always(7)
    offers.take_always(7)
    offers.connection_ended()
    assert (offers.is_always(7), len(offers)) == (False, 0)


def test_always_is_of_a_key_where_there_is_one() -> None:
    """Whoever has it, in whatever row, also after both were gone; the note says which of the two it is."""
    view = RecordingView()
    keys = {1: (b"hub", b"ann"), 2: (b"hub", b"ann"), 3: (b"hub", b"bob")}
    offers = Offers(view, keys.get)
    first, second, third, fourth = (offered(number, person=number) for number in (1, 2, 3, 4))
    for transfer in (first, second, third, fourth):
        offers.add(transfer, "Ann (2)", "a.txt")
    offers.show()
    assert view.offer is not None
    assert view.offer.always_note == ALWAYS_KEY_NOTE
    assert offers.take_always(1) == [first, second]
    for number in (1, 2, 3):
        offers.remove(number)
    offers.show()
    assert view.offer.always_note == ALWAYS_NOTE
    offers.person_left(1)
    offers.connection_ended()
    assert [offers.is_always(person) for person in (1, 2, 3)] == [True, True, False]
    keys[1] = (b"another hub", b"ann")
    assert not offers.is_always(1)
