"""Keys that hold wherever the keyboard is."""

import pytest

from tests.support.client_windows import ShownWindow


@pytest.mark.parametrize(("keys", "steps"), [("plus", 1), ("equal", 1), ("minus", -1), ("0", 0)])
def test_the_text_grows_and_shrinks(client_window: ShownWindow, keys: str, steps: int) -> None:
    """From within any field."""
    client_window.press(client_window.window.conversation.composer, f"<Control-Key-{keys}>")
    assert client_window.told.of("text_size_changed") == [(steps,)]


def test_search_and_composer_are_a_key_away(client_window: ShownWindow) -> None:
    """Ctrl+F and Ctrl+M."""
    window = client_window.window
    client_window.press(window.conversation.composer, "<Control-f>")
    assert window.focus_get() is window.people.search
    client_window.press(window.people.search, "<Control-m>")
    assert window.focus_get() is window.conversation.composer


def test_f6_goes_round_the_parts(client_window: ShownWindow) -> None:
    """All six are reached, and Shift goes back."""
    window = client_window.window
    start = window.connection.host
    seen = [str(start)]
    client_window.press(start, "<F6>")
    while (here := window.focus_get()) is not None and str(here) not in seen:
        seen.append(str(here))
        client_window.press(here, "<F6>")
    assert len(seen) == 6
    client_window.press(window.people.tree, "<Shift-F6>")
    assert window.focus_get() is start
