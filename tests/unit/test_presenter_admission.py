"""Those who wait and those who are kept out, as the server window lists them, and the operator's answers."""

from dataclasses import replace

from commonlib.identity import Fingerprint, key_code
from tcpipserver.gui.presenter_admission import MOST_BANNED_SHOWN, AdmissionPresenter
from tcpipserver.hub.overview import Overview, WaitingKey
from tcpipserver.hub.people import KnownKey
from tests.support.hubs import WALL
from tests.support.recording_server_view import RecordingHubControl, RecordingServerView

ANN, BOB = (Fingerprint(bytes([number]) * 32) for number in (1, 2))
ANN_WAITS = WaitingKey(ANN, "Ann\n", "desk", "192.0.2.7", WALL)
BOB_WAITS = WaitingKey(BOB, "", "", "192.0.2.8", WALL)
BOB_IS_OUT = KnownKey(BOB, "Bob", "lap", WALL, WALL, banned_for="too loud\x1b")


class Desk:
    """Both tables."""

    def __init__(self) -> None:
        self.view = RecordingServerView()
        self.control = RecordingHubControl()
        self.presenter = AdmissionPresenter(self.view, self.control)

    def look(self, overview: Overview) -> None:
        self.presenter.receive_overview(overview, WALL)


def test_who_waits_is_listed_with_what_is_to_be_compared() -> None:
    """The whole key code; one key is one row, however often it is connected; the bell rings for the new alone."""
    desk = Desk()
    desk.look(Overview(waiting=(ANN_WAITS, BOB_WAITS, replace(ANN_WAITS, since=WALL + 60))))
    assert [row.key for row in desk.view.waiting] == [ANN.hex(), BOB.hex()]
    cells = {row.key: row.cells for row in desk.view.waiting}
    assert cells[ANN.hex()] == ("Ann\\n", key_code(ANN), "192.0.2.7", "desk", "03:32")
    assert cells[BOB.hex()][0] == "–"
    assert desk.view.alarms == 1
    desk.look(Overview(waiting=(BOB_WAITS,)))
    assert (len(desk.view.waiting), desk.view.alarms) == (1, 1)
    desk.look(Overview())
    assert desk.view.waiting == ()


def test_the_same_is_not_drawn_twice() -> None:
    """A look every second draws nothing where nothing has changed."""
    desk = Desk()
    seen = Overview(waiting=(ANN_WAITS,), banned=(BOB_IS_OUT,))
    desk.look(seen)
    desk.view.waiting, desk.view.banned = (), ()
    desk.look(seen)
    assert (desk.view.waiting, desk.view.banned) == ((), ())


def test_the_chosen_are_let_in_or_turned_away() -> None:
    """Turning away asks first, and takes a reason along; who is gone meanwhile is not asked about."""
    desk = Desk()
    desk.look(Overview(waiting=(ANN_WAITS, BOB_WAITS)))
    desk.presenter.approve_clicked((ANN.hex(),))
    desk.presenter.deny_clicked(())
    desk.presenter.deny_clicked((BOB.hex(),))
    desk.presenter.deny_clicked((ANN.hex(), BOB.hex()))
    assert [question for question, _ in desk.view.denials_asked] == ["Turn – away?", "Turn 2 clients away?"]
    desk.presenter.denial_confirmed((BOB.hex(),), "who are you?")
    assert desk.control.orders == [("approve", ANN), ("deny", BOB, "who are you?")]


def test_who_is_kept_out_is_listed_and_let_in_again() -> None:
    """With the reason; the newest first, where there are very many only those."""
    desk = Desk()
    desk.look(Overview(banned=(BOB_IS_OUT, KnownKey(ANN, banned_for=""))))
    assert desk.view.banned_count == 2
    assert [row.cells for row in desk.view.banned] == [
        ("Bob", key_code(BOB), "too loud\\x1b", "03:32"),
        ("–", key_code(ANN), "–", "–"),
    ]
    desk.presenter.unban_clicked((BOB.hex(),))
    assert desk.control.orders == [("unban", BOB)]
    crowd = tuple(
        KnownKey(Fingerprint(number.to_bytes(32)), last_seen=number, banned_for="")
        for number in range(MOST_BANNED_SHOWN + 1)
    )
    desk.look(Overview(banned=crowd))
    assert (len(desk.view.banned), desk.view.banned_count) == (MOST_BANNED_SHOWN, MOST_BANNED_SHOWN + 1)
    assert desk.view.banned[0].key == crowd[-1].key.hex()
