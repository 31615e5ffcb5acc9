"""Whose files are taken without asking: by key for good, without a key until somebody leaves."""

from dataclasses import replace

from tcpipclient.core.events import PersonJoined, PersonLeft
from tcpipclient.gui.presenter_always import ALWAYS_KEY_NOTE, ALWAYS_NOTE
from tcpipclient.gui.settings import Settings
from tcpipclient.gui.shown import PersonMenuShown, TransferAction
from tests.support.client_window import ANN, BOB, ClientWindow

HUB, OTHER_HUB = bytes(range(32)), bytes(32)
KEYED = replace(ANN, key=b"a" * 32)
REMEMBERED = f"{HUB.hex()} {(b'a' * 32).hex()}"


def menu(window: ClientWindow, name: str) -> PersonMenuShown:
    """What the menu of somebody says when it is opened."""
    window.actions.person_menu_opened(window.view.person(name).key)
    assert window.view.person_menu is not None
    return window.view.person_menu


def accepted(window: ClientWindow) -> list[int]:
    """The transfers that were taken."""
    return [transfer for (transfer,) in window.model.of("accept_file")]


def always(window: ClientWindow) -> None:
    """Say Always to the oldest offer."""
    assert window.view.offer is not None
    window.actions.transfer_action(window.view.offer.key, TransferAction.ALWAYS, window.now)


def test_always_of_a_key_is_remembered_beyond_the_window() -> None:
    """In the settings; another window with them takes the file without asking, on the same hub alone."""
    window = ClientWindow().connect(KEYED, hub_key=HUB)
    window.offer(KEYED, 60)
    assert window.view.offer is not None
    assert window.view.offer.always_note == ALWAYS_KEY_NOTE
    always(window)
    (saved,) = window.model.of("save_settings")[-1]
    assert saved.always == (REMEMBERED,)
    later = ClientWindow(saved).connect(replace(KEYED, id=9, name="Anna"), hub_key=HUB)
    later.offer(replace(KEYED, id=9, name="Anna"), 70)
    assert accepted(later) == [70]
    elsewhere = ClientWindow(saved).connect(KEYED, hub_key=OTHER_HUB)
    elsewhere.offer(KEYED, 80)
    assert accepted(elsewhere) == []


def test_it_is_shown_and_taken_back_in_the_menu() -> None:
    """From then on the user is asked again; what waits is taken when it is chosen there."""
    window = ClientWindow(Settings(always=(REMEMBERED,))).connect(KEYED, hub_key=HUB)
    row = window.view.person("Ann").key
    assert menu(window, "Ann") == PersonMenuShown(takes_always=True, can_change=True)
    window.actions.always_chosen(row, wanted=False)
    assert window.model.of("save_settings")[-1][0].always == ()
    window.offer(KEYED, 60)
    assert accepted(window) == []
    assert menu(window, "Ann") == PersonMenuShown(takes_always=False, can_change=True)
    window.actions.always_chosen(row, wanted=True)
    assert accepted(window) == [60]
    assert window.view.offer is None


def test_without_a_key_it_is_neither_remembered_nor_given_in_the_menu() -> None:
    """A name proves nothing; what was said to an offer can be taken back, and ends when he leaves."""
    window = ClientWindow().connect(BOB, hub_key=HUB)
    assert menu(window, "Bob") == PersonMenuShown(takes_always=False, can_change=False)
    before = window.model.of("save_settings")
    for transfer in (60, 61):
        window.offer(BOB, transfer)
        assert window.view.offer is not None
        assert window.view.offer.always_note == ALWAYS_NOTE
        always(window)
        assert menu(window, "Bob") == PersonMenuShown(takes_always=True, can_change=True)
        if transfer == 60:
            window.actions.always_chosen(window.view.person("Bob").key, wanted=False)
    assert accepted(window) == [60, 61]
    window.arrive(PersonLeft(BOB), PersonJoined(BOB))
    window.offer(BOB, 62)
    assert accepted(window) == [60, 61]
    assert window.model.of("save_settings") == before
