"""The question before files are sent: its answers, and what comes into its place while it is open."""

from dataclasses import replace

from tcpipclient.gui.shown import FileItem, SendQuestion
from tests.support.client_windows import ShownWindow
from tests.support.send_questions import LONG, SEND


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


def test_what_is_found_out_comes_into_its_place(client_window: ShownWindow) -> None:
    """What is in folders has been counted meanwhile; what was switched stays."""
    window = client_window.window
    window.ask_send(replace(SEND, note="Counting…", links="Send 3 links, too"))
    client_window.until(lambda: "Counting…" in client_window.texts())
    client_window.switch("Send 3 links, too").invoke()
    found = replace(SEND, heading="Send 1 folder?", button="Send 1 folder", links="Send 3 links, too")
    window.ask_send(replace(found, items=(FileItem("Photos", "folder, 3 kB"),), note="2 files in 1 folder."))
    assert client_window.list_text().startswith("Photos   folder, 3 kB\n")
    assert {"Send 1 folder?", "2 files in 1 folder."} <= set(client_window.texts())
    client_window.button("Send 1 folder").invoke()
    assert client_window.told.of("send_answered") == [(4, True, True)]
    assert not window.questions.is_open
    window.ask_send(SEND)
    assert window.questions.is_open


def test_a_click_while_folders_are_counted_is_not_lost(client_window: ShownWindow) -> None:
    """The button is where it was pressed when it is let go, whatever has come meanwhile: links, what is left out."""
    window = client_window.window
    folder = replace(SEND, heading="Send 1 folder to Ann?", items=(FileItem("Photos", "folder"),), recipients=("Ann",))
    folder = replace(folder, refused=(), more_items="", button="Send 1 folder", note="Counting…")
    window.ask_send(folder)
    button = client_window.button("Send 1 folder")
    client_window.until(lambda: button.winfo_rooty() > 0)
    place = button.winfo_rootx(), button.winfo_rooty()
    button.event_generate("<Enter>")
    button.event_generate("<ButtonPress-1>", x=5, y=5)
    left_out = tuple(FileItem(f"Photos/{number}", "is a device") for number in range(9))
    counted = replace(folder, heading=f"Send 1 folder (3 kB) to {LONG[:60]}?", links="Send 3 links, too", note="")
    window.ask_send(replace(counted, refused=left_out, items=(FileItem("Photos", "folder, 3 kB"),)))
    window.update()
    assert (button.winfo_rootx(), button.winfo_rooty()) == place
    assert client_window.switch("Send 3 links, too").winfo_viewable()
    button.event_generate("<ButtonRelease-1>", x=5, y=5)
    window.update()
    assert client_window.told.of("send_answered") == [(4, True, False)]


def test_what_turns_out_not_to_be_sendable_is_not_sent(client_window: ShownWindow) -> None:
    """Only Close is left, with the keyboard."""
    window = client_window.window
    window.ask_send(replace(SEND, note="Counting…"))
    send = client_window.button("Send 200 files")
    window.ask_send(replace(SEND, button="", heading="These are too many files."))
    close = client_window.button("Close")
    client_window.until(lambda: not send.winfo_viewable() and window.focus_get() is close)
    client_window.press(close, "<Return>")
    assert client_window.told.of("send_answered") == [(4, False, False)]
