"""Questions have the keyboard, can always be answered, and hide nothing."""

from dataclasses import replace

from tcpipclient.gui.shown import FileItem, LeaveQuestion, SendQuestion
from tcpipclient.gui.shown_files import DetailsShown
from tests.support.client_windows import ShownWindow

LONG = "W" * 120
SEND = SendQuestion(
    number=4,
    heading=f"Send 200 files to {LONG}?",
    recipients=(LONG, "Bob (4)"),
    items=tuple(FileItem(f"{LONG}{number}", "3 kB") for number in range(200)),
    more_items="and 9,800 more",
    refused=(FileItem("folder", "is a folder"),),
    more_refused="",
    button="Send 200 files",
)
LEAVE = LeaveQuestion("Leave?", "A file is on its way.", "Stay", "Leave")


def test_no_name_hides_a_button(client_window: ShownWindow) -> None:
    """Also in the smallest window both answers lie within it."""
    window = client_window.window
    window.geometry("600x440")
    client_window.until(lambda: window.winfo_width() == 600)
    window.ask_send(SEND)
    for label in ("Send 200 files", "Cancel"):
        button = client_window.button(label)
        client_window.until(lambda button=button: button.winfo_rooty() > 0)  # type: ignore[misc]
        assert button.winfo_rooty() + button.winfo_height() <= window.winfo_rooty() + window.winfo_height()
        assert button.winfo_rootx() + button.winfo_width() <= window.winfo_rootx() + window.winfo_width()


def test_enter_says_yes_and_escape_no(client_window: ShownWindow) -> None:
    """The question is gone afterwards."""
    window = client_window.window
    window.ask_send(SEND)
    client_window.press(client_window.button("Send 200 files"), "<Return>")
    assert client_window.told.of("send_answered") == [(4, True, False)]
    window.ask_send(SEND)
    client_window.press(client_window.button("Cancel"), "<Escape>")
    assert client_window.told.of("send_answered")[-1] == (4, False, False)
    assert not window.questions.is_open


def test_with_nothing_to_send_there_is_close_alone(client_window: ShownWindow) -> None:
    """What was refused is told."""
    window = client_window.window
    window.ask_send(SendQuestion(5, "Nothing can be sent", (), (), "", (FileItem("x", "is a folder"),), "", ""))
    client_window.button("Close").invoke()
    assert client_window.told.of("send_answered") == [(5, False, False)]


def test_a_question_is_shown_anew_in_its_place(client_window: ShownWindow) -> None:
    """What is in folders has been counted meanwhile; what was switched stays."""
    window = client_window.window
    window.ask_send(replace(SEND, note="Counting…", links="Send 3 links, too"))
    client_window.until(lambda: "Counting…" in client_window.texts())
    client_window.switch("Send 3 links, too").invoke()
    window.ask_send(replace(SEND, heading="Send 1 folder?", button="Send 1 folder", links="Send 3 links, too"))
    client_window.button("Send 1 folder").invoke()
    assert client_window.told.of("send_answered") == [(4, True, True)]
    assert not window.questions.is_open
    window.ask_send(SEND)
    assert window.questions.is_open


def test_details_are_listed(client_window: ShownWindow) -> None:
    """What is known, and what went wrong; they cover no question."""
    window = client_window.window
    shown = DetailsShown("Photos", (("State", "Failed"),), "Not simply saved:", (FileItem("a.jpg", "no"),))
    window.show_details(shown)
    client_window.until(lambda: "Photos" in client_window.texts())
    assert client_window.list_text() == "State\tFailed\nNot simply saved:\na.jpg   no"
    window.show_details(replace(shown, title="Others"))
    assert "Others" not in client_window.texts()
    client_window.press(client_window.button("Close"), "<Escape>")
    assert not window.questions.is_open


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
