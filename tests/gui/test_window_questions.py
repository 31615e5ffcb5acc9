"""Questions have the keyboard, can always be answered, and hide nothing."""

from tcpipclient.gui.shown import LeaveQuestion
from tests.support.client_windows import ShownWindow
from tests.support.send_questions import SEND

LEAVE = LeaveQuestion("Leave?", "A file is on its way.", "Stay", "Leave")


def test_a_question_that_takes_the_place_of_another_can_be_escaped(client_window: ShownWindow) -> None:
    """The one before is gone without an answer, and the keyboard returns to where it was before both."""
    window = client_window.window
    window.conversation.composer.focus_force()
    client_window.until(lambda: window.focus_get() is window.conversation.composer)
    window.ask_send(SEND)
    window.ask_leave(LEAVE)
    client_window.press(client_window.button("Stay"), "<Escape>")
    assert client_window.told.of("leave_answered") == [(False,)]
    assert client_window.told.of("send_answered") == []
    client_window.until(lambda: window.focus_get() is window.conversation.composer)


def test_leaving_is_dangerous_so_staying_has_the_keyboard(client_window: ShownWindow) -> None:
    """Enter stays."""
    window = client_window.window
    window.focus_force()
    window.ask_leave(LEAVE)
    stay = client_window.button("Stay")
    client_window.until(lambda: window.focus_get() is stay)
    client_window.press(stay, "<Return>")
    assert client_window.told.of("leave_answered") == [(False,)]


def test_the_keyboard_stays_within_the_question(client_window: ShownWindow) -> None:
    """It comes back from wherever Tab leads, and goes to where it was afterwards."""
    window = client_window.window
    window.conversation.composer.focus_force()
    client_window.until(lambda: window.focus_get() is window.conversation.composer)
    window.ask_leave(LEAVE)
    stay = client_window.button("Stay")
    window.people.search.focus_force()
    client_window.until(lambda: window.focus_get() is stay)
    client_window.button("Leave").invoke()
    client_window.until(lambda: window.focus_get() is window.conversation.composer)
    assert client_window.told.of("leave_answered") == [(True,)]


def test_the_keys_are_listed(client_window: ShownWindow) -> None:
    """F1 opens the list, Escape closes it."""
    window = client_window.window
    client_window.press(window.people.search, "<F1>")
    assert window.questions.is_open
    client_window.press(client_window.button("Close"), "<Escape>")
    assert not window.questions.is_open
