"""The hub's key and who may join, at the head of the server window: nothing changes before it is confirmed."""

from dataclasses import dataclass, field

import pytest

from commonlib.identity import Fingerprint, key_code
from tcpipserver.gui.events import HubStarted, JoinCodeKnown, PolicySet
from tcpipserver.gui.presenter_door import HINT, NO_KEY_YET, DoorPresenter
from tcpipserver.gui.views_door import DoorForm, ShownDoor
from tcpipserver.hub.admission import AT_FIRST, Joining, Policy
from tests.support.hubs import WALL
from tests.support.recording_server_view import RecordingHubControl, RecordingServerView

KEY = Fingerprint(bytes(range(32)))
CODE = JoinCodeKnown("amber-river-stone-123")
ASKING = Policy(Joining.CODE)


@dataclass(slots=True)
class Desk:
    """The door of a window that has just been opened."""

    view: RecordingServerView = field(default_factory=RecordingServerView)
    control: RecordingHubControl = field(default_factory=RecordingHubControl)
    presenter: DoorPresenter = field(init=False)

    def __post_init__(self) -> None:
        self.presenter = DoorPresenter(self.view, self.view, self.control, AT_FIRST)
        self.presenter.opened()

    @property
    def shown(self) -> ShownDoor:
        assert self.view.door is not None
        return self.view.door

    @property
    def form(self) -> DoorForm:
        assert self.view.form is not None
        return self.view.form


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_the_key_code_is_shown_from_the_first_start_on(desk: Desk) -> None:
    """With what it is for; Copy takes all of it."""
    assert desk.shown == ShownDoor("", NO_KEY_YET, AT_FIRST.sentence, "")
    desk.presenter.receive_started(HubStarted(9999, WALL, KEY))
    assert desk.shown == ShownDoor(key_code(KEY), HINT, AT_FIRST.sentence, "")
    desk.presenter.key_copied()
    assert desk.view.copied == [key_code(KEY)]


def test_the_join_code_is_shown_while_it_is_asked_for(desk: Desk) -> None:
    """Not before, and not afterwards."""
    desk.presenter.receive_code(CODE)
    assert desk.shown.join_code == ""
    desk.presenter.receive_policy(PolicySet(ASKING))
    assert (desk.shown.who, desk.shown.join_code) == (ASKING.sentence, CODE.code)
    assert desk.view.remembered == ASKING
    desk.presenter.code_copied()
    assert desk.view.copied == [CODE.code]
    desk.presenter.receive_policy(PolicySet(AT_FIRST))
    assert desk.shown.join_code == ""


def test_what_is_chosen_counts_when_it_is_confirmed_and_the_hub_has_taken_it(desk: Desk) -> None:
    """Each choice says plainly what it would mean."""
    desk.presenter.settings_clicked()
    assert desk.form == DoorForm(AT_FIRST, AT_FIRST.sentence, can_take_classic=True, shows_code=False, join_code="")
    desk.presenter.classic_chosen(False)
    assert desk.form.who == Policy(takes_classic=False).sentence
    desk.presenter.joining_chosen(Joining.CODE)
    assert (desk.form.can_take_classic, desk.form.shows_code) == (False, True)
    assert desk.control.orders == []
    desk.presenter.door_confirmed()
    assert desk.control.orders == [("policy", Policy(Joining.CODE, takes_classic=False))]
    assert desk.shown.who == AT_FIRST.sentence
    assert desk.view.remembered is None


def test_cancelling_changes_nothing(desk: Desk) -> None:
    """Nor does anything that is clicked after the settings are closed."""
    desk.presenter.settings_clicked()
    desk.presenter.joining_chosen(Joining.APPROVAL)
    desk.presenter.door_cancelled()
    shown = desk.form
    desk.presenter.joining_chosen(Joining.CODE)
    desk.presenter.classic_chosen(False)
    desk.presenter.door_confirmed()
    assert desk.control.orders == []
    assert desk.form is shown
    desk.presenter.settings_clicked()
    assert desk.form.policy == AT_FIRST


def test_a_new_code_is_shown_as_soon_as_it_is_made(desk: Desk) -> None:
    """In the open settings too."""
    desk.presenter.settings_clicked()
    desk.presenter.new_code_clicked()
    assert desk.control.orders == [("renew",)]
    desk.presenter.receive_code(CODE)
    assert desk.form.join_code == CODE.code
    assert "amber" not in repr(CODE)
