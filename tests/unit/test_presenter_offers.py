"""The strip of offers: the oldest first, shown once."""

from tcpipclient.gui.presenter_always import ALWAYS_NOTE, AlwaysTaken
from tcpipclient.gui.presenter_offers import BATCH, SINGLE_FILE, Offers, Waiting
from tcpipclient.gui.presenter_settings import SettingsPresenter
from tcpipclient.gui.settings import Settings
from tcpipclient.gui.shown import OfferShown
from tests.support.client_window import FakeModel
from tests.support.recording_client_view import RecordingView


class CountingView(RecordingView):
    """Counts how often the strip is drawn."""

    drawn = 0

    def show_offer(self, offer: OfferShown | None) -> None:
        super().show_offer(offer)
        self.drawn += 1


def waiting(person: int, taken: list[str], name: str = "a.txt") -> Waiting:
    """Something of this name that waits for an answer."""
    return Waiting(person, lambda: f"Somebody sends you {name}.", lambda: taken.append(name))


def no_always() -> AlwaysTaken:
    """Nobody's files are taken without asking, and nobody has a key."""
    return AlwaysTaken(SettingsPresenter(RecordingView(), FakeModel(), Settings()), lambda _: None)


def test_the_strip_is_drawn_only_when_it_changes() -> None:
    """Showing the same again is nothing; an empty strip is taken away."""
    view = CountingView()
    offers = Offers(view, no_always())
    offers.show()
    assert view.drawn == 0
    offers.add(1, waiting(1, []))
    offers.show()
    offers.show()
    assert view.drawn == 1
    assert view.offer == OfferShown(1, "Somebody sends you a.txt.", ALWAYS_NOTE, "", SINGLE_FILE)
    offers.remove(1)
    offers.remove(1)
    offers.show()
    assert (view.drawn, view.offer) == (2, None)


def test_the_oldest_is_shown_and_the_others_counted() -> None:
    """Of a batch the strip says nothing about Always: the question before accepting does."""
    view = RecordingView()
    offers = Offers(view, no_always())
    offers.add(1, Waiting(1, lambda: "Files.", lambda: None, BATCH))
    offers.add(2, waiting(1, []))
    offers.show()
    assert view.offer == OfferShown(1, "Files.", "", "1 more offer waits for an answer", BATCH)
    offers.add(3, waiting(1, []))
    offers.show()
    assert view.offer is not None
    assert view.offer.more == "2 more offers wait for an answer"


def test_what_waits_is_taken_where_all_of_somebody_is() -> None:
    """Of those whose files are, and nothing of the others."""
    taken: list[str] = []
    always = no_always()
    offers = Offers(RecordingView(), always)
    offers.add(1, waiting(1, taken, "Ann's"))
    offers.add(2, waiting(7, taken, "Bob's"))
    offers.accept_always()
    assert taken == []
    always.choose(7, wanted=True)
    offers.accept_always()
    assert taken == ["Bob's"]
