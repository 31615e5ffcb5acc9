"""The menu tells what is chosen and marks what holds."""

from tcpipclient.gui.settings import Settings, Theme
from tcpipclient.gui.window_menu import LISTENING
from tests.support.client_windows import ShownWindow


def test_its_entries_are_told(client_window: ShownWindow) -> None:
    """Theme, text size and folder."""
    menu = client_window.window.menu.menu
    for label in ("Dark", "Larger text", "Smaller text", "Normal text", "Usual folder for received files"):
        menu.invoke(label)
    assert client_window.told.of("theme_chosen") == [(Theme.DARK,)]
    assert client_window.told.of("text_size_changed") == [(1,), (-1,), (0,)]
    assert client_window.told.of("downloads_chosen") == [("",)]


def test_the_limits_of_files_are_chosen(client_window: ShownWindow) -> None:
    """And what holds is marked."""
    menu = client_window.window.menu
    menu.menu.invoke("Speed limit…")
    menu.sizes.invoke("1 GB")
    menu.menu.invoke(LISTENING)
    assert client_window.told.of("speed_limit_clicked") == [()]
    assert client_window.told.of("largest_unasked_chosen") == [(10**9,)]
    assert client_window.told.of("listening_chosen") == [(True,)]
    client_window.window.show_settings(Settings(largest_unasked=10**7, listening=False))
    assert str(menu.button.getvar(str(menu.sizes.entrycget("10 MB", "variable")))) == str(10**7)
    assert str(menu.button.getvar(str(menu.menu.entrycget(LISTENING, "variable")))) == "0"


def test_the_theme_that_holds_is_marked(client_window: ShownWindow) -> None:
    """Whoever chose it."""
    menu = client_window.window.menu
    client_window.window.show_settings(Settings(theme=Theme.LIGHT))
    assert menu.button.getvar(str(menu.menu.entrycget("Light", "variable"))) == "light"
