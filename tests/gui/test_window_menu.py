"""The menu tells what is chosen and marks what holds."""

from tcpipclient.gui.settings import Settings, Theme
from tests.support.client_windows import ShownWindow


def test_its_entries_are_told(client_window: ShownWindow) -> None:
    """Theme, text size and folder."""
    menu = client_window.window.menu.menu
    for label in ("Dark", "Larger text", "Smaller text", "Normal text", "Usual folder for received files"):
        menu.invoke(label)
    assert client_window.told.of("theme_chosen") == [(Theme.DARK,)]
    assert client_window.told.of("text_size_changed") == [(1,), (-1,), (0,)]
    assert client_window.told.of("downloads_chosen") == [("",)]


def test_the_theme_that_holds_is_marked(client_window: ShownWindow) -> None:
    """Whoever chose it."""
    menu = client_window.window.menu
    client_window.window.show_settings(Settings(theme=Theme.LIGHT))
    assert menu.button.getvar(str(menu.menu.entrycget("Light", "variable"))) == "light"
