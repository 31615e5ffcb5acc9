"""Questions about hubs: nothing is trusted by habit, what is typed stays, and the presenter has the last word."""

from dataclasses import replace

import pytest

from tcpipclient.gui.shown_hub import HubQuestion, HubQuestionKind, IdentityShown, KeyCode
from tests.support.client_windows import ShownWindow

CODE = KeyCode("amber river stone kettle falcon", "482 193")
NO = "Do not connect"
TRUST = HubQuestion(1, HubQuestionKind.TRUST, "Right?", "It shows:", CODE, "Compare.", "", "", "Trust", NO)
CHANGED = HubQuestion(
    2, HubQuestionKind.CHANGED, "Not it", "Another key:", KeyCode(CODE.words, ""), "Ask.", "Digits", "", "Trust it", NO
)
JOIN = HubQuestion(3, HubQuestionKind.JOIN_CODE, "Code?", "It asks.", None, "Ask.", "Join code", "", "Join", NO)
IDENTITY = IdentityShown("Ann (3)", "This is Ann.", CODE, "amber river stone kettle falcon 482 193")


def answers(window: ShownWindow) -> list[tuple[int, str, bool]]:
    """Number, what was typed, and yes or no of each answer."""
    return [(number, typed, yes) for number, typed, _, yes in window.told.of("hub_answered")]


def test_enter_does_not_trust_a_new_hub(client_window: ShownWindow) -> None:
    """The keyboard is on the button that does not connect; the other one has to be meant."""
    client_window.window.focus_force()
    client_window.window.ask_hub(TRUST)
    no = client_window.button(NO)
    client_window.until(lambda: client_window.window.focus_get() is no)
    client_window.press(no, "<Return>")
    assert answers(client_window) == [(1, "", False)]
    client_window.button("Trust").invoke()
    assert answers(client_window)[-1] == (1, "", True)


@pytest.mark.parametrize("key", ["<Return>", "<KP_Enter>"])
def test_nothing_on_the_red_page_trusts_on_enter(client_window: ShownWindow, key: str) -> None:
    """Neither in the field nor on the button; Escape and the other button do not connect."""
    window = client_window.window
    window.ask_hub(CHANGED)
    card = window.hub_questions._card
    assert card is not None
    card.entry.insert(0, "482193")
    client_window.press(card.entry, key)
    client_window.press(client_window.button("Trust it"), key)
    assert answers(client_window) == []
    client_window.button("Trust it").invoke()
    client_window.press(card.entry, "<Escape>")
    assert answers(client_window) == [(2, "482193", True), (2, "482193", False)]


def test_the_whole_window_is_red(client_window: ShownWindow) -> None:
    """Cover and card; a usual question is not."""
    window = client_window.window
    window.ask_hub(CHANGED)
    card = window.hub_questions._card
    assert card is not None
    assert str(card.cover.cget("background")) == str(card._card.cget("background")) == window._look.palette.alarm
    window.ask_hub(TRUST)
    assert window.hub_questions._card is not None
    assert str(window.hub_questions._card.cover.cget("background")) != window._look.palette.alarm


def test_what_is_typed_stays_while_the_question_does(client_window: ShownWindow) -> None:
    """The problem and the button follow; Enter sends a join code."""
    window = client_window.window
    window.ask_hub(JOIN)
    card = window.hub_questions._card
    assert card is not None
    card.entry.insert(0, "amber")
    window.ask_hub(replace(JOIN, problem="Wait 3 s.", is_yes_enabled=False))
    assert window.hub_questions._card is card
    assert "Wait 3 s." in client_window.texts()
    assert str(client_window.button("Join").cget("state")) == "disabled"
    window.ask_hub(replace(JOIN, problem="", is_yes_enabled=True))
    client_window.press(card.entry, "<Return>")
    assert answers(client_window) == [(3, "amber", True)]


def test_the_presenter_ends_a_question(client_window: ShownWindow) -> None:
    """Nothing else does; the keyboard goes back to where it was."""
    window = client_window.window
    window.people.search.focus_force()
    client_window.until(lambda: window.focus_get() is window.people.search)
    window.ask_hub(TRUST)
    client_window.button("Trust").invoke()
    assert window.questions.is_open
    window.close_hub_question()
    window.close_hub_question()
    assert not window.questions.is_open
    client_window.until(lambda: window.focus_get() is window.people.search)


def test_a_key_code_is_copied_and_closed(client_window: ShownWindow) -> None:
    """Copy says that it has; one without a key has nothing to copy, and none covers a question."""
    window = client_window.window
    window.show_identity(IDENTITY)
    client_window.button("Copy").invoke()
    assert window.clipboard_get() == IDENTITY.copied
    client_window.button("Copied")
    client_window.press(client_window.button("Close"), "<Return>")
    assert not window.questions.is_open
    window.show_identity(replace(IDENTITY, code=None, copied=""))
    assert "Copy" not in client_window.texts()
    client_window.press(client_window.button("Close"), "<Escape>")
    assert not window.questions.is_open
    window.ask_hub(TRUST)
    window.show_identity(IDENTITY)
    assert NO in client_window.texts()
    assert "Close" not in client_window.texts()


def test_a_hub_is_forgotten_by_a_button_of_its_card(client_window: ShownWindow) -> None:
    """Not by Enter, which closes; the cards of people have no such button."""
    window = client_window.window
    window.show_identity(replace(IDENTITY, forget="Forget this hub"))
    client_window.button("Forget this hub").invoke()
    assert client_window.told.of("forget_hub_clicked") == [()]
    assert not window.questions.is_open
    window.show_identity(IDENTITY)
    assert "Forget this hub" not in client_window.texts()
