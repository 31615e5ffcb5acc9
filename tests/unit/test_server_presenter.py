"""The server window as a whole: every event reaches the part whom it concerns."""

import typing

import pytest

from commonlib.exceptions import ChatError
from commonlib.meaning import Meaning
from tcpipserver.gui import events
from tcpipserver.gui.firewall import Firewall, FirewallKind
from tcpipserver.gui.presenter import Presenter
from tcpipserver.gui.presenter_people import NOBODY_YET, NOT_RUNNING
from tcpipserver.hub.admission import Joining, Policy
from tcpipserver.hub.overview import Relayed
from tcpipserver.hub.people import Credentials, Person
from tests.support.hubs import WALL
from tests.support.overviews import listed, overview
from tests.support.recording_server_view import RecordingHubControl, RecordingServerView

ANN = Person(1, "192.0.2.7", Credentials("Ann"))


class Desk:
    """A presenter of a window that has just been opened."""

    def __init__(self) -> None:
        self.view = RecordingServerView()
        self.control = RecordingHubControl()
        self.presenter = Presenter(self.view, self.control, 9999)
        self.presenter.opened()

    def take(self, *happened: events.Event) -> None:
        self.presenter.receive(happened, WALL)
        for _ in range(3):
            self.presenter.tick()

    @property
    def said(self) -> str:
        return "" if self.view.notice is None else self.view.notice.text


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_an_opened_window_says_where_things_stand(desk: Desk) -> None:
    """It starts the hub, and says that it does not run yet."""
    assert desk.control.orders == [("start", 9999)]
    assert desk.view.empty == NOT_RUNNING
    assert desk.view.recipient == ("everybody", True)


def test_a_day_of_a_hub(desk: Desk) -> None:
    """It starts, somebody comes and talks, and it stops: every part of the window follows."""
    desk.take(events.HubStarted(9999, WALL))
    assert desk.view.empty == NOBODY_YET
    desk.take(
        events.LineLogged(WALL, Meaning.GOOD, "Ann (1) registered"),
        events.HubLooked(overview(listed(1, "Ann")), Relayed(3, 0)),
        events.TextSaid(WALL, ANN, "hello", (1, 2)),
    )
    assert list(desk.view.rows) == [1]
    assert "1 client" in desk.view.totals
    assert "3 relays now" in desk.view.totals
    assert [line.text for line in desk.view.lines] == ["Ann (1) registered"]
    assert [text.text for text in desk.view.texts] == ["hello"]
    desk.take(events.HubStopped())
    assert desk.view.rows == {}
    assert desk.view.empty == NOT_RUNNING


def test_every_event_has_its_taker(desk: Desk) -> None:
    """Each changes something that can be seen."""
    seen: list[str] = []
    for event in (
        events.LineLogged(WALL, Meaning.NOTE, "x"),
        events.TextSaid(WALL, ANN, "x", (0, 0)),
        events.Lost(3),
        events.HubStarted(1234, WALL),
        events.HubLooked(overview(listed(1))),
        events.HubStopped("It broke."),
        events.ListenRefused(9999, "Taken.", None),
        events.MachineLooked(("192.0.2.7",), Firewall(FirewallKind.NONE_FOUND), True),
        events.PolicySet(Policy(Joining.CODE)),
        events.JoinCodeKnown("amber-river-stone-123"),
        events.LogSaved("/log.txt"),
        events.WorkFailed("It failed."),
    ):
        before = repr(desk.view)
        desk.take(event)
        assert repr(desk.view) != before, event
        seen.append(type(event).__name__)
    assert sorted(seen) == sorted(kind.__name__ for kind in typing.get_args(events.Event))


def test_a_saved_log_is_told_and_so_is_one_that_was_not(desk: Desk) -> None:
    """In green and in red."""
    desk.take(events.LogSaved("/log.txt"))
    assert (desk.said, desk.view.notice and desk.view.notice.meaning) == (
        "The event log was saved as /log.txt.",
        Meaning.GOOD,
    )
    desk.take(events.WorkFailed("The disk is full."))
    assert (desk.said, desk.view.notice and desk.view.notice.meaning) == ("The disk is full.", Meaning.TROUBLE)


def test_the_client_list_leads_to_the_texts(desk: Desk) -> None:
    """Who is chosen there is written to here, as long as he is connected."""
    desk.take(events.HubStarted(9999, WALL), events.HubLooked(overview(listed(1, "Ann"))))
    desk.presenter.people.selected((1,))
    desk.presenter.people.message_clicked()
    desk.presenter.texts.send_clicked("hi", "", "", WALL)
    assert desk.control.orders[-1] == ("say", (1,), "hi", (0, 0))


def test_whoever_talks_before_he_is_listed_can_be_answered(desk: Desk) -> None:
    """The list is a second behind at most; after two looks without him he has left."""
    desk.take(events.HubStarted(9999, WALL), events.TextSaid(WALL, ANN, "hello", (0, 0)))
    desk.presenter.texts.text_chosen(1)
    for orders in (1, 2, 2):
        desk.presenter.texts.send_clicked("hi", "", "", WALL)
        assert desk.control.orders.count(("say", (1,), "hi", (0, 0))) == orders
        desk.take(events.HubLooked(overview()))
    assert desk.view.problem == "Ann (1) left: choose somebody else, or everybody."


def test_sending_somebody_away_without_a_hub_is_told(desk: Desk) -> None:
    """It stopped while the operator was being asked."""
    desk.presenter.kick_confirmed((1,), "too loud")
    assert desk.control.orders[-1] == ("kick", (1,), "too loud")
    desk.control.refusal = ChatError("The hub is not running: start it first.")
    desk.presenter.kick_confirmed((1,), "")
    assert desk.said == "The hub is not running: start it first."


def test_what_needs_a_hub_is_told_where_there_is_none(desk: Desk) -> None:
    """Each order reaches the hub, or the operator learns that there is none."""
    key = bytes(32).hex()
    orders = (
        lambda: desk.presenter.ban_confirmed((key,), "spam"),
        lambda: desk.presenter.approve_clicked((key,)),
        lambda: desk.presenter.denial_confirmed((key,), "no"),
        lambda: desk.presenter.unban_clicked((key,)),
    )
    for order in orders:
        order()
    assert desk.control.orders[1:] == [
        ("ban", (bytes(32),), "spam"),
        ("approve", bytes(32)),
        ("deny", bytes(32), "no"),
        ("unban", bytes(32)),
    ]
    desk.control.refusal = ChatError("The hub is not running: start it first.")
    for order in orders:
        desk.presenter.hub.notice_closed()
        order()
        assert desk.said == "The hub is not running: start it first."
