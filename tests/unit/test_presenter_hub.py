"""The head of the server window: start and stop, ports that cannot be had, addresses, the firewall, and closing."""

import pytest

from commonlib.meaning import Meaning
from tcpipserver.gui.events import HubStarted, HubStopped, ListenRefused, MachineLooked
from tcpipserver.gui.firewall import Firewall, FirewallKind
from tcpipserver.gui.presenter_hub import HubPresenter, RunState
from tcpipserver.hub.overview import Relayed
from tests.support.hubs import WALL
from tests.support.overviews import listed, overview
from tests.support.recording_server_view import RecordingHubControl, RecordingServerView

QUIET = Firewall(FirewallKind.NONE_FOUND)
BLOCKING = Firewall(FirewallKind.UFW, is_active=True)


class Head:
    """The head with its view; the hub is asked to start on 9999 as the window opens."""

    def __init__(self, host: str = "") -> None:
        self.view = RecordingServerView()
        self.control = RecordingHubControl()
        self.presenter = HubPresenter(self.view, self.view, self.control, 9999, host)
        self.presenter.opened()

    def start(self, port: int = 9999) -> None:
        self.presenter.receive_started(HubStarted(port, WALL))

    def know_machine(self, *addresses: str, firewall: Firewall = QUIET, is_dark: bool | None = None) -> None:
        self.presenter.receive_machine(MachineLooked(addresses, firewall, is_dark))

    @property
    def said(self) -> str:
        return "" if self.view.notice is None else self.view.notice.text


@pytest.fixture
def head() -> Head:
    return Head()


def test_the_hub_starts_with_the_window(head: Head) -> None:
    """Until it listens, the switch cannot be used."""
    assert head.control.orders == [("start", 9999)]
    assert head.view.states[-1].is_busy
    assert head.view.port == 9999
    head.start()
    assert head.view.states[-1].title == "Listening"
    assert head.view.states[-1].meaning is Meaning.GOOD
    assert head.presenter.is_running


def test_the_switch_stops_and_starts(head: Head) -> None:
    """On the port that was typed; while something is under way it does nothing."""
    head.presenter.start_stop_clicked("9999")
    head.start()
    head.presenter.start_stop_clicked("9999")
    head.presenter.start_stop_clicked("9999")
    head.presenter.receive_stopped(HubStopped())
    assert head.view.states[-1].can_edit_port
    head.presenter.start_stop_clicked(" 10001 ")
    assert head.control.orders == [("start", 9999), ("stop",), ("start", 10001)]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "The port is missing"),
        ("x1", "“x1” is no port"),
        ("65536", "“65536” is no port"),
        ("123456", "“123456” is no port"),
        ("-1", "“-1” is no port"),
        ("٣", "“٣” is no port"),
    ],
)
def test_a_port_that_is_none_is_told(head: Head, typed: str, said: str) -> None:
    """With what to type instead; nothing is started."""
    head.start()
    head.presenter.receive_stopped(HubStopped())
    head.presenter.start_stop_clicked(typed)
    assert head.said == f"{said}: type a number from 1 to 65535, or 0 for any free one."
    assert head.control.orders == [("start", 9999)]


def test_a_taken_port_is_told_with_a_free_one(head: Head) -> None:
    """One click uses it; while the hub starts, a second click does nothing."""
    head.presenter.receive_refused(ListenRefused(9999, "Port 9999 is already in use.", 10000))
    assert head.view.notice is not None
    assert head.view.notice.text == "Port 9999 is already in use. Port 10000 is free."
    assert head.view.notice.action == "Use port 10000"
    head.presenter.notice_action_clicked()
    head.presenter.notice_action_clicked()
    assert head.control.orders[1:] == [("start", 10000)]
    assert head.view.port == 10000
    assert head.view.notice is None


def test_where_no_port_helps_none_is_offered(head: Head) -> None:
    """The address is not of this machine: the sentence stands alone, and its button does nothing."""
    head.presenter.receive_refused(ListenRefused(9999, "The hub cannot listen.", None))
    assert head.view.notice is not None
    assert head.view.notice.action == ""
    head.presenter.notice_action_clicked()
    assert len(head.control.orders) == 1


def test_a_hub_that_broke_can_be_started_again(head: Head) -> None:
    """The window stays, and says what happened."""
    head.start()
    head.presenter.receive_stopped(HubStopped("The hub's reader-1 thread broke."))
    assert head.said == "The hub's reader-1 thread broke."
    head.presenter.notice_action_clicked()
    assert head.control.orders[-1] == ("start", 9999)


def test_any_free_port_is_shown_once_it_is_known() -> None:
    """Before that, addresses are shown without a port."""
    view, control = RecordingServerView(), RecordingHubControl()
    presenter = HubPresenter(view, view, control, 0)
    presenter.opened()
    presenter.receive_machine(MachineLooked(("192.0.2.7",), QUIET, None))
    assert view.addresses is not None
    assert view.addresses.main == "192.0.2.7"
    presenter.receive_started(HubStarted(43817, WALL))
    assert (view.port, view.addresses.main) == (43817, "192.0.2.7:43817")


def test_addresses_are_shown_likeliest_first(head: Head) -> None:
    """The big one is copied by its button, another by its own entry."""
    head.start()
    head.know_machine("2001:db8::7", "127.0.0.1", "192.168.1.7")
    assert head.view.addresses is not None
    assert head.view.addresses.main == "192.168.1.7:9999"
    assert head.view.addresses.others == ("[2001:db8::7]:9999",)
    head.presenter.address_copied()
    head.presenter.address_copied("[2001:db8::7]:9999")
    assert head.view.copied == ["192.168.1.7:9999", "[2001:db8::7]:9999"]


def test_a_hub_on_one_address_shows_that_one() -> None:
    """It cannot be reached on the others."""
    head = Head("127.0.0.1")
    head.know_machine("192.168.1.7")
    assert head.view.addresses is not None
    assert (head.view.addresses.main, head.view.addresses.others) == ("127.0.0.1:9999", ())


def test_a_machine_without_an_address_is_told_so(head: Head) -> None:
    """With what to do."""
    head.know_machine("127.0.0.1")
    assert head.view.addresses is not None
    assert head.view.addresses.main == ""
    assert head.view.addresses.hint == "This machine has no network address: connect it to a network."


def test_a_firewall_that_blocks_is_told_once(head: Head) -> None:
    """With the command, which can be copied; once the operator has read it, it does not come back by itself."""
    head.know_machine("192.0.2.7", firewall=BLOCKING)
    assert head.view.notice is None
    head.start()
    assert head.view.notice is not None
    assert head.view.notice.command == "sudo ufw allow 9999/tcp"
    head.presenter.notice_command_clicked()
    assert head.view.copied == ["sudo ufw allow 9999/tcp"]
    head.presenter.notice_closed()
    head.know_machine("192.0.2.7", firewall=BLOCKING)
    assert head.view.notice is None


def test_a_firewall_that_may_block_is_told_when_asked(head: Head) -> None:
    """By the menu."""
    head.start()
    head.know_machine("192.0.2.7", firewall=Firewall(FirewallKind.WINDOWS))
    assert head.view.notice is None
    head.presenter.firewall_clicked()
    assert "netsh advfirewall" in str(head.view.notice)


def test_the_colours_of_the_system_are_passed_on_where_they_are_known(head: Head) -> None:
    """Where they are not, nothing changes."""
    for is_dark in (None, True, False):
        head.know_machine(is_dark=is_dark)
    assert head.view.darkness == [True, False]


def test_the_totals_say_since_when(head: Head) -> None:
    """As long as it listens."""
    head.start()
    head.presenter.receive_overview(overview(listed(1)), Relayed(), WALL)
    assert "1 client  ·  " in head.view.totals
    assert "listening since " in head.view.totals
    head.presenter.receive_stopped(HubStopped())
    head.presenter.receive_overview(overview(), Relayed(), WALL)
    assert "since" not in head.view.totals


def test_closing_stops_the_hub_first(head: Head) -> None:
    """The window goes when it has stopped."""
    head.start()
    head.presenter.close_clicked()
    assert head.control.orders[-1] == ("stop",)
    assert head.presenter.state is RunState.STOPPING
    assert not head.view.is_closed
    head.presenter.close_confirmed()
    head.presenter.receive_stopped(HubStopped())
    assert head.view.is_closed
    assert head.control.orders.count(("stop",)) == 1


def test_closing_asks_while_people_are_connected(head: Head) -> None:
    """They would lose their hub."""
    head.start()
    head.presenter.receive_overview(overview(listed(1), listed(2)), Relayed(), WALL)
    head.presenter.close_clicked()
    assert head.view.closings_asked == ["2 clients are connected. Stop the hub and close the window?"]
    assert ("stop",) not in head.control.orders
    head.presenter.close_confirmed()
    assert head.control.orders[-1] == ("stop",)


def test_a_window_without_a_hub_closes_at_once(head: Head) -> None:
    """There is nothing to wait for."""
    head.presenter.receive_refused(ListenRefused(9999, "Port 9999 is already in use.", None))
    head.presenter.close_clicked()
    assert head.view.is_closed


def test_closing_while_the_hub_starts_waits_for_it(head: Head) -> None:
    """It is stopped as soon as it listens; where it cannot listen, the window goes at once."""
    head.presenter.close_clicked()
    assert not head.view.is_closed
    head.start()
    assert head.control.orders == [("start", 9999), ("stop",)]
    other = Head()
    other.presenter.close_clicked()
    other.presenter.receive_refused(ListenRefused(9999, "Port 9999 is already in use.", 10000))
    assert other.view.is_closed
