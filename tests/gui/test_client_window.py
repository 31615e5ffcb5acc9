"""The client's window as a whole: keys, drops, sizes, looks, and what happens when a callback fails."""

import logging
import threading
from types import SimpleNamespace
from typing import Any

import pytest

from tcpipclient.gui.model import NotDone
from tcpipclient.gui.settings import Settings, Theme
from tcpipclient.gui.shown import ComposerShown, LeaveQuestion
from tcpipclient.gui.window import ClientWindow
from tests.support.client_windows import ShownWindow, person


def test_the_presenter_begins_before_anything_else(client_window: ShownWindow) -> None:
    """It is told that the window is drawn, then that time passes."""
    client_window.until(lambda: bool(client_window.told.of("ticked")))
    assert client_window.told.calls[0][0] == "started"


def test_events_of_other_threads_reach_the_presenter_in_order(client_window: ShownWindow) -> None:
    """At most 200 at a time."""
    events = [NotDone(str(number)) for number in range(450)]
    thread = threading.Thread(target=lambda: [client_window.events.put(event) for event in events])
    thread.start()
    thread.join()
    client_window.until(lambda: sum(len(call[0]) for call in client_window.told.of("received")) == len(events))
    batches = [call[0] for call in client_window.told.of("received")]
    assert [event for batch in batches for event in batch] == events
    assert max(map(len, batches)) <= 200


@pytest.mark.parametrize("where", ["list", "elsewhere"])
def test_a_drop_is_taken_as_it_comes(client_window: ShownWindow, where: str) -> None:
    """Whatever the names are; the row it fell on is told with it, and the answer is always COPY."""
    window = client_window.window
    window.people.show_people([person(7, "Ann")])
    client_window.until(lambda: bool(window.people.tree.bbox("7")))
    x, y, _, _ = window.people.tree.bbox("7")
    tree = window.people.tree
    place = (tree.winfo_rootx() + x + 5, tree.winfo_rooty() + y + 5) if where == "list" else (0, 0)
    names = ("/tmp/a b.txt", "/tmp/{braces}", "/tmp/[exit] $HOME", "/tmp/ünï 👋")
    data = str(window.tk.call("format", "%s", names))
    event: Any = SimpleNamespace(data=data, x_root=place[0], y_root=place[1])
    assert window.drops.drop(event) == "copy"
    assert client_window.told.of("files_dropped") == [(names, 7 if where == "list" else None)]


def test_the_window_fits_a_small_screen(client_window: ShownWindow) -> None:
    """At 800 by 600 the files stand below the conversation, and everything is still there."""
    window = client_window.window
    window.geometry("800x600")
    client_window.until(lambda: window.winfo_width() == 800)
    client_window.until(lambda: window.transfers.winfo_rooty() > window.conversation.winfo_rooty())
    for widget in (window.drop_area, window.conversation.composer, window.people.tree, window.transfers.canvas):
        assert widget.winfo_viewable()
        assert widget.winfo_rootx() + widget.winfo_width() <= window.winfo_rootx() + 800
    window.geometry("1100x720")
    client_window.until(lambda: window.drop_area.winfo_rootx() > window.conversation.winfo_rootx() + 300)


def test_theme_and_text_size_change_while_it_is_open(client_window: ShownWindow) -> None:
    """Dark colours and larger text, and back."""
    window = client_window.window
    text = window.conversation.messages.text
    before, height = text.cget("background"), window.transfers.canvas.winfo_height()
    assert height > 0
    window.show_settings(Settings(theme=Theme.DARK, text_percent=150))
    assert text.cget("background") != before
    assert window.style.theme_use() == "bootstrap-dark"
    window.show_settings(Settings(theme=Theme.LIGHT))
    assert text.cget("background") == before


def test_closing_tells_size_and_place(client_window: ShownWindow) -> None:
    """And the window stays until the presenter closes it."""
    window = client_window.window
    window.tk.call(window.protocol("WM_DELETE_WINDOW"))
    ((geometry, maximised),) = client_window.told.of("close_clicked")
    assert "x" in geometry
    assert maximised is False
    assert window.winfo_viewable()


def test_an_error_in_a_callback_is_logged_and_said(
    client_window: ShownWindow, caplog: pytest.LogCaptureFixture
) -> None:
    """The window goes on."""
    window = client_window.window
    error = ValueError("broken")
    with caplog.at_level(logging.ERROR):
        ClientWindow.report_callback_exception(window, ValueError, error, None)
    assert "broken" in caplog.text
    client_window.until(lambda: any("Something went wrong" in text for text in client_window.texts()))


def test_an_interrupt_ends_the_window(client_window: ShownWindow) -> None:
    """The program is told by `is_interrupted`."""
    window = client_window.window
    ended: list[bool] = []
    window.end = lambda: ended.append(True)  # type: ignore[method-assign]
    ClientWindow.report_callback_exception(window, KeyboardInterrupt, KeyboardInterrupt(), None)
    client_window.until(lambda: bool(ended))
    assert window.is_interrupted
    del window.end


def test_nothing_is_dropped_while_a_question_is_open(client_window: ShownWindow) -> None:
    """It has to be answered first."""
    window = client_window.window
    window.conversation.show_composer(ComposerShown(can_send=True, can_attach=True, hint="", warning=""))
    window.ask_leave(LeaveQuestion("Leave?", "A file is on its way.", "Stay", "Leave"))
    window.dropped("/tmp/a", 0, 0)
    assert client_window.told.of("files_dropped") == []
