"""What the server window's parts say while the pointer rests on them."""

from tests.support.leaks import wait_until
from tests.support.programs import Program

WORDS = "Stop showing new lines; none is lost meanwhile."
SECONDS_TO_REST = 3.0


def test_resting_on_a_button_says_what_it_does(server_window: Program) -> None:
    """And the words go with the pointer."""
    rest, elsewhere = server_window.button("Pause").place, server_window.field("Find").place

    def is_told() -> bool:
        # The window adds its tips once it is drawn, which cannot be seen: a user would point again, too.
        server_window.hand.point(elsewhere)
        server_window.hand.point(rest)
        return wait_until(lambda: bool(server_window.all_of(WORDS)), SECONDS_TO_REST)

    server_window.until(is_told, "the button does not say what it does")
    server_window.hand.point(elsewhere)
    server_window.wait_until_gone(WORDS)
