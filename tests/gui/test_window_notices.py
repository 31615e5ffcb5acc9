"""Toasts come, go, and are never many."""

from tcpipclient.gui.shown import Toast
from tests.support.client_windows import ShownWindow


def test_no_more_than_three_are_shown(client_window: ShownWindow) -> None:
    """The oldest makes room."""
    for number in range(5):
        client_window.window.show_toast(Toast(f"toast {number}", "text"))
    client_window.until(lambda: "toast 4" in client_window.texts())
    assert {text for text in client_window.texts() if "toast" in text} == {"toast 2", "toast 3", "toast 4"}


def test_a_click_takes_one_away(client_window: ShownWindow) -> None:
    """Before its time."""
    window = client_window.window
    window.show_toast(Toast("hello", ""))
    client_window.until(lambda: "hello" in client_window.texts())
    frame = window.winfo_children()[-1]
    frame.event_generate("<Button-1>")
    client_window.until(lambda: "hello" not in client_window.texts())
