"""Tips: what is pressed or filled in says what it is for when the pointer rests on it."""

from tests.support.client_windows import ShownWindow


def test_resting_on_a_part_says_what_it_is_for(client_window: ShownWindow) -> None:
    """And leaving it takes that away."""
    window = client_window.window
    sentence = "Write to whoever runs the hub."
    client_window.until(lambda: bool(window.people.server.bind("<Enter>")))  # Once the window is drawn.
    window.people.server.event_generate("<Enter>")
    client_window.until(lambda: sentence in client_window.texts())
    window.people.server.event_generate("<Leave>")
    client_window.until(lambda: sentence not in client_window.texts())
