"""The server window as a whole: everything in it is reached by the keyboard."""

from tests.support.classic_client import ClassicClient
from tests.support.programs import Program
from tests.support.server_windows import port_of


def test_everything_is_reached_by_the_keyboard(server_window: Program) -> None:
    """Tab leads round all that can be used, with a row chosen where there are any; Ctrl+F leads into the search."""
    reached = set()
    for _ in range(25):
        server_window.hand.press("Tab")
        reached |= {seen.text.strip() for seen in server_window.seen() if seen.has_focus}
    assert {"Copy", "Stop", "Menu", "Kinds", "Pause", "Save …", str(port_of(server_window))} <= reached
    with ClassicClient(port_of(server_window)).register("Ann"):
        server_window.wait_for("| Ann |", "row")
        server_window.hand.press("ctrl+f", "shift+Tab", "shift+Tab", "shift+Tab")
        server_window.until(lambda: server_window.wait_for("| Ann |", "row").is_chosen, "no row shows the focus")
        server_window.hand.press("Delete")
        server_window.wait_for("Send Ann (1) away?")
        server_window.hand.press("Escape")
    server_window.hand.press("ctrl+f")
    server_window.hand.write("no such line")
    server_window.wait_for("0 of ")
