"""The connection as the window shows it: the light and its words, connecting again, what is remembered."""

import pytest

from tcpipclient.core.events import ClockDiffered, HubExited, Loss, PersonJoined, Registered
from tcpipclient.gui.model import ConnectFailed, NotDone
from tcpipclient.gui.presenter_connection import PAUSES
from tcpipclient.gui.settings import Settings
from tcpipclient.gui.shown import ConnectionShown, Light, Severity
from tests.support.client_window import ANN, BOB, ClientWindow, files


def shown(window: ClientWindow) -> tuple[Light, str]:
    """The light and its words."""
    return window.view.connection.light, window.view.connection.words


def test_a_window_begins_with_what_it_was_used_for_last() -> None:
    """Host, port, name and the hosts used before; the system's name where there is none; and a red light."""
    window = ClientWindow(Settings("hub.lan", 8000, "Ann", ("hub.lan:8000",)))
    assert window.view.fields == ("hub.lan", "8000", "Ann", ("hub.lan:8000",))
    assert window.view.connection == ConnectionShown(Light.RED, "Not connected", "Connect", can_edit=True)
    assert ClientWindow(user_name="eve").view.fields == ("", "9999", "eve", ())


def test_the_light_follows_the_connection() -> None:
    """Purple while connecting, green when the hub has taken us in, blue while sending, red after Disconnect."""
    window = ClientWindow()
    window.actions.connect_clicked("hub", "9999", " me ", window.now)
    assert window.view.connection == ConnectionShown(Light.PURPLE, "Connecting…", "Disconnect", can_edit=False)
    (target,) = window.model.of("connect")[0]
    assert (target.host, target.port, target.name, target.downloads) == ("hub", 9999, "me", "")
    window.arrive(Registered(7, (1, 0, 0), (ANN,)))
    assert shown(window) == (Light.GREEN, "Connected as me (7)")
    window.select("Ann")
    message = window.say("hello")
    assert shown(window) == (Light.BLUE, "Sending a text")
    window.sent(message, 1)
    window.tick()
    assert shown(window) == (Light.GREEN, "Connected as me (7)")
    window.send_files(*files(1))
    window.tick()
    assert shown(window) == (Light.BLUE, "Sending 1 file")
    window.send_files(*files(1))
    window.tick()
    assert shown(window) == (Light.BLUE, "Sending 2 files")
    window.actions.connect_clicked("", "", "", window.now)
    window.actions.leave_answered(yes=True)
    assert shown(window) == (Light.RED, "Not connected")
    assert window.model.of("close") == [(1,)]


def test_the_same_is_not_shown_twice() -> None:
    """Ticks without news draw nothing."""
    window = ClientWindow().connect()
    before = len(window.view.connections)
    for _ in range(10):
        window.tick()
    assert len(window.view.connections) == before


@pytest.mark.parametrize(
    ("host", "port", "place"),
    [
        ("hub", "", ("hub", 9999)),
        ("hub", " 8000 ", ("hub", 8000)),
        ("hub:7000", "8000", ("hub", 7000)),
        ("[fe80::1]:7000", "", ("fe80::1", 7000)),
    ],
)
def test_the_place_is_read_from_both_fields(host: str, port: str, place: tuple[str, int]) -> None:
    """A port in the host's field counts before the one in the other."""
    window = ClientWindow()
    window.actions.connect_clicked(host, port, "me", window.now)
    (target,) = window.model.of("connect")[0]
    assert (target.host, target.port) == place


@pytest.mark.parametrize(
    ("host", "port", "name", "word"),
    [("", "", "me", "host"), ("hub", "many", "me", "port"), ("hub", "0", "me", "port"), ("hub", "", "  ", "name")],
)
def test_what_cannot_be_meant_is_told_and_nothing_tried(host: str, port: str, name: str, word: str) -> None:
    """The banner names the field; closing it takes it away."""
    window = ClientWindow()
    window.actions.connect_clicked(host, port, name, window.now)
    assert window.model.of("connect") == []
    assert window.view.banner is not None
    assert window.view.banner.severity is Severity.TROUBLE
    assert f"setting {word} " in window.view.banner.text
    window.actions.banner_closed()
    assert window.view.banner is None


def test_the_first_try_is_the_users_to_repeat() -> None:
    """The address may be wrong: its failure is told, and nothing is tried again by itself."""
    window = ClientWindow()
    window.actions.connect_clicked("hub", "", "me", window.now)
    window.receive(ConnectFailed(1, "No computer is known as hub."))
    assert window.view.banner is not None
    assert window.view.banner.text == "No computer is known as hub."
    window.tick(100)
    assert len(window.model.of("connect")) == 1
    assert window.view.connection.button == "Connect"


def test_a_lost_connection_is_tried_again_with_growing_pauses() -> None:
    """Each pause is counted down in words; the last one is for all further tries; then all is as before."""
    window = ClientWindow().connect(ANN)
    window.lose()
    assert window.view.banner is not None
    assert window.view.banner.text == "The connection to the hub was lost. This window connects again by itself."
    for number, pause in enumerate((*PAUSES, PAUSES[-1]), start=1):
        assert shown(window)[0] is Light.PURPLE
        assert f"again in {pause:.0f} s (try {number})" in shown(window)[1]
        window.tick(pause - 0.5)
        assert "again in 1 s" in shown(window)[1]
        assert len(window.model.of("connect")) == number
        window.tick(0.6)
        assert shown(window) == (Light.PURPLE, f"Connecting again (try {number})…")
        assert window.number == number + 1
        window.receive(ConnectFailed(window.number, "Nothing listens there."))
    window.tick(PAUSES[-1] + 1)
    window.arrive(Registered(9, (0, 1, 0), ()))
    assert shown(window) == (Light.GREEN, "Connected as me (9)")


@pytest.mark.parametrize(
    ("loss", "begins"),
    [
        (Loss.HUB_EXITED, "The hub was stopped. "),
        (Loss.SILENT, "Nothing was heard of the hub for five minutes"),
        (Loss.NOT_READING, "The hub takes nothing from us"),
        (Loss.DEFECT, "It has ended. "),
    ],
)
def test_a_stopped_hub_is_waited_for_too(loss: Loss, begins: str) -> None:
    """Whatever ended it: the reason is told, and the next try comes by itself."""
    window = ClientWindow().connect()
    window.arrive(HubExited())
    window.lose(loss)
    assert window.view.banner is not None
    assert window.view.banner.text.startswith(begins)
    assert window.view.banner.text.endswith("This window connects again by itself.")
    window.tick(PAUSES[0])
    assert len(window.model.of("connect")) == 2


def test_connecting_again_is_told_when_it_has_worked() -> None:
    """And the next loss begins with the shortest pause."""
    window = ClientWindow().connect()
    window.lose()
    window.tick(PAUSES[0])
    window.arrive(Registered(2, (0, 1, 0), ()))
    assert window.view.banner is not None
    assert (window.view.banner.severity, window.view.banner.text) == (Severity.NOTE, "Connected again.")
    window.lose()
    assert f"in {PAUSES[0]:.0f} s" in shown(window)[1]


def test_disconnect_ends_the_tries_too() -> None:
    """While it pauses and while it connects; what goes on without a connection is closed, too."""
    window = ClientWindow().connect()
    window.lose()
    window.actions.connect_clicked("hub", "", "me", window.now)
    assert shown(window) == (Light.RED, "Not connected")
    window.tick(100)
    assert len(window.model.of("connect")) == 1
    assert window.model.of("close") == [(1,)]
    window.actions.connect_clicked("hub", "", "me", window.now)
    window.actions.connect_clicked("hub", "", "me", window.now)
    assert window.model.of("close") == [(1,), (2,)]


def test_a_setting_that_is_wrong_is_not_tried_again() -> None:
    """The next try would fail as well."""
    window = ClientWindow().connect()
    window.lose()
    window.tick(PAUSES[0])
    window.receive(ConnectFailed(2, "The setting host cannot be used.", lasting=True))
    assert shown(window) == (Light.RED, "Not connected")
    assert window.view.banner is not None
    assert "setting host" in window.view.banner.text


def test_what_an_old_connection_still_tells_changes_nothing() -> None:
    """Events carry the number of their connection."""
    window = ClientWindow().connect(ANN)
    window.actions.connect_clicked("", "", "", window.now)
    window.arrive(PersonJoined(BOB))
    window.receive(ConnectFailed(1, "It was closed."))
    assert window.view.names == []
    assert window.view.banner is None


def test_hosts_and_name_are_remembered_when_they_have_worked() -> None:
    """Not before: an address that leads nowhere is not offered."""
    window = ClientWindow(Settings(hosts=("old",)))
    window.actions.connect_clicked("hub:8000", "", "me", window.now)
    assert window.model.of("save_settings") == []
    window.arrive(Registered(1, (0, 1, 0), ()))
    ((saved,),) = window.model.of("save_settings")
    assert (saved.host, saved.port, saved.name, saved.hosts) == ("hub", 8000, "me", ("hub:8000", "old"))
    assert window.view.fields == ("hub", "8000", "me", ("hub:8000", "old"))


def test_a_wrong_clock_and_what_fails_here_are_told() -> None:
    """As a warning and as trouble."""
    window = ClientWindow().connect()
    window.arrive(ClockDiffered(1234.5))
    assert window.view.banner is not None
    assert window.view.banner.severity is Severity.WARNING
    assert "21 minutes ahead" in window.view.banner.text
    window.receive(NotDone("a.txt is not there any more."))
    assert window.view.banner is not None
    assert window.view.banner.text == "a.txt is not there any more."


def test_what_the_hub_is_called_stands_beside_the_light() -> None:
    """Made harmless; a hub without a name is not called anything."""
    window = ClientWindow()
    window.actions.connect_clicked("hub", "", "me", window.now)
    window.arrive(Registered(1, (0, 1, 0), (), hub_name=" Office\x1b "))
    assert window.view.connections[-1].words == "Connected to Office\\x1b as me (1)"
