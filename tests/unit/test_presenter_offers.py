"""The strip of offers: the oldest first, shown once."""

from tcpipclient.core.events import Direction
from tcpipclient.gui.presenter_always import AlwaysTaken
from tcpipclient.gui.presenter_offers import Offers
from tcpipclient.gui.presenter_settings import SettingsPresenter
from tcpipclient.gui.presenter_transfer import Transfer
from tcpipclient.gui.settings import Settings
from tcpipclient.gui.shown import OfferShown, TransferShown
from tests.support.client_window import FakeModel
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


def no_always() -> AlwaysTaken:
    """Nobody's files are taken without asking, and nobody has a key."""
    return AlwaysTaken(SettingsPresenter(RecordingView(), FakeModel(), Settings()), lambda _: None)


def test_the_strip_is_drawn_only_when_it_changes() -> None:
    """Showing the same again is nothing; an empty strip is taken away."""
    view = CountingView()
    offers = Offers(view, no_always())
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


def test_those_of_always_are_found_among_those_that_wait() -> None:
    """And the end of the connection takes all offers away."""
    always = no_always()
    offers = Offers(RecordingView(), always)
    first, second = offered(1), offered(2, person=7)
    offers.add(first, "Ann (2)", "a.txt")
    offers.add(second, "Bob (3)", "a.txt")
    assert offers.of_always() == []
    always.choose(7, wanted=True)
    assert offers.of_always() == [second]
    offers.connection_ended()
    assert (offers.of_always(), len(offers)) == ([], 0)
