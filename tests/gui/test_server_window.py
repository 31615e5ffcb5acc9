"""The server window as a whole: everything in it is reached by the keyboard."""

from tests.support.programs import Program
from tests.support.server_windows import port_of


def test_everything_is_reached_by_the_keyboard(server_window: Program) -> None:
    """Tab leads round all that can be used, and Ctrl+F into the search."""
    reached = set()
    for _ in range(25):
        server_window.hand.press("Tab")
        reached |= {seen.text for seen in server_window.seen() if seen.has_focus}
    assert {"Copy", "Stop", "Menu", "Kinds", "Pause", "Save …", str(port_of(server_window))} <= reached
    server_window.hand.press("ctrl+f")
    server_window.hand.write("no such line")
    server_window.wait_for("0 of 1 line")
