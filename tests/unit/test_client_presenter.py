"""The client window's presenter as a whole: what belongs to no part alone."""

from commonlib.classic.layouts import DataPacket
from tcpipclient.core.events import CommandArrived, HubExited, PacketIgnored, TextArrived
from tcpipclient.gui.actions import Actions
from tcpipclient.gui.model import FileStarted, TextSent
from tests.support.client_window import ANN, BOB, ClientWindow


def test_every_action_is_there() -> None:
    """The window finds a method for each."""
    names = [name for name in vars(Actions) if not name.startswith("_")]
    assert len(names) > 20
    assert all(callable(getattr(ClientWindow().presenter, name)) for name in names)


def test_what_is_not_for_people_is_passed_over() -> None:
    """Commands of one's own, what the protocol does not allow, a goodbye that is followed by the loss."""
    window = ClientWindow().connect(ANN)
    before = (window.view.people, window.view.banner, window.view.connection)
    window.arrive(CommandArrived(100, 2, DataPacket(100)), PacketIgnored("rubbish"), HubExited())
    assert (window.view.people, window.view.banner, window.view.connection) == before


def test_answers_of_an_old_connection_are_passed_over() -> None:
    """They carry its number."""
    window = ClientWindow().connect(ANN)
    window.select("Ann")
    message = window.say("hello")
    window.receive(TextSent(window.number + 1, message, 70), FileStarted(window.number + 1, 1, 71))
    assert window.view.messages[-1].detail == "sending"


def test_a_batch_is_drawn_once() -> None:
    """Two hundred texts are one call of the view."""
    window = ClientWindow().connect(ANN, BOB)
    window.select("Ann")
    window.arrive(*(TextArrived(2, "Ann", str(number), (0, 0)) for number in range(200)))
    assert [row.text for row in window.view.messages] == [str(number) for number in range(200)]


def test_selecting_the_same_again_does_not_draw_it_again() -> None:
    """Toolkits tell of a selection more than once."""
    window = ClientWindow().connect(ANN)
    window.select("Ann")
    shown = window.view.conversation
    window.select("Ann")
    assert window.view.conversation is shown
