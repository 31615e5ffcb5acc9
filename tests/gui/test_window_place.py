"""Size and place of the client's window."""

from tcpipclient.gui.settings import Settings
from tcpipclient.gui.window_place import SMALLEST, is_maximised, place
from tests.support.client_windows import ShownWindow


def test_a_remembered_place_is_taken_within_the_screen(client_window: ShownWindow) -> None:
    """One that lies outside is moved to where it can be seen."""
    window = client_window.window
    window.withdraw()
    window.show_settings(Settings(geometry="900x640+99999+99999"))
    window.deiconify()
    client_window.until(lambda: window.winfo_width() == 900)
    assert window.winfo_rootx() < window.winfo_screenwidth()
    assert window.winfo_rooty() < window.winfo_screenheight()


def test_a_size_that_is_too_small_is_not_taken(client_window: ShownWindow) -> None:
    """Nor is one that is no size at all."""
    window = client_window.window
    for remembered, width in (("10x10", SMALLEST[0]), ("wide", 1100)):
        place(window, window._look, remembered)
        client_window.until(lambda width=width: window.winfo_width() == width)  # type: ignore[misc]
    assert not is_maximised(window)
