"""A card keeps its answers within the window."""

from tests.support.client_windows import ShownWindow
from tests.support.send_questions import SEND


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
