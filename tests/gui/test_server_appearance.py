"""How the server window looks: the size of its text and its colours."""

from tests.support.hand import Hand
from tests.support.programs import Program


def height(window: Program) -> int:
    """Of a word that is always there."""
    return window.wait_for("Listening", "TLabel").box[3]


def test_the_text_grows_and_shrinks(server_window: Program) -> None:
    """Ctrl with plus, minus and 0."""
    usual = height(server_window)
    server_window.hand.press("ctrl+plus", "ctrl+plus", "ctrl+plus", "ctrl+plus")
    server_window.until(lambda: height(server_window) > usual, "the text does not grow")
    server_window.hand.press("ctrl+0")
    server_window.until(lambda: height(server_window) == usual, "the text does not become usual again")
    server_window.hand.press("ctrl+minus", "ctrl+minus", "ctrl+minus")
    server_window.until(lambda: height(server_window) < usual, "the text does not shrink")


def test_colours_are_chosen_in_the_menu(server_window: Program, hand: Hand) -> None:
    """Dark and light: what lies behind the words, and the words themselves, change places."""
    left, top, width, _ = server_window.wait_for("Listening", "TLabel").box

    def brightness() -> int:
        return max(hand.screen.picture().convert("RGB").getpixel((left + width + 40, top)))

    for entry, is_right in (
        ("Dark colours", lambda: brightness() < 80),
        ("Colours of the system", lambda: brightness() > 200),
        ("Dark colours", lambda: brightness() < 80),
        ("Light colours", lambda: brightness() > 200),
    ):
        server_window.click("Menu")
        server_window.choose_in_menu(entry)
        server_window.until(is_right, f"{entry} are not put on")
