"""A card keeps its field and buttons in sight, has the keyboard where it should, and lets nothing behind it."""

from tcpipclient.gui.shown_hub import KeyCode
from tcpipclient.gui.window_keycard import CardButton, KeyCard
from tests.support.client_windows import ShownWindow

LONG = "Something that has to be read to the end. " * 60
CODE = KeyCode("amber river stone kettle falcon", "482 193")


def test_the_field_and_the_buttons_keep_their_room(client_window: ShownWindow) -> None:
    """However much is said, in the smallest window; the text scrolls."""
    window = client_window.window
    window.geometry("600x440")
    client_window.until(lambda: window.winfo_width() == 600)
    card = KeyCard(window, window._look, "Heading", lambda: None, is_alarm=True)
    card.add_body(LONG, CODE, LONG)
    card.add_entry("Six digits", None)
    card.add_buttons([CardButton("No", "light", lambda: None), CardButton("Yes", "danger", lambda: None)])
    card.show_problem("That is wrong.")
    low = window.winfo_rooty() + window.winfo_height()
    for widget in (card.entry, *card.buttons.values()):
        client_window.until(lambda widget=widget: bool(widget.winfo_viewable()))  # type: ignore[misc]
        assert window.winfo_rooty() < widget.winfo_rooty() < low - widget.winfo_height()
    card.close()


def test_a_short_card_is_small(client_window: ShownWindow) -> None:
    """All of it is seen without scrolling; the problem comes and goes."""
    window = client_window.window
    card = KeyCard(window, window._look, "Heading", lambda: None, is_alarm=False)
    card.add_body("One line.", CODE, "Another one.")
    card.add_buttons([CardButton("Close", "primary", lambda: None)], "Close")
    client_window.until(lambda: card._body.yview() == (0.0, 1.0))
    assert card._card.winfo_height() < window.winfo_height() / 2
    card.show_problem("That is wrong.")
    client_window.until(lambda: "That is wrong." in client_window.texts())
    card.show_problem("")
    client_window.until(lambda: "That is wrong." not in client_window.texts())
    assert "amber river stone kettle falcon\n482 193" in str(card._body.get("1.0", "end"))
    card.close()
