"""The limit on the speed is typed on a card."""

from tcpipclient.gui.shown_files import LimitQuestion
from tcpipclient.gui.window_limit import CANCEL, NONE, SET
from tests.support.client_windows import ShownWindow


def test_what_is_typed_is_told(client_window: ShownWindow) -> None:
    """By Enter or the button; the card stays until the presenter closes it."""
    window = client_window.window
    window.ask_limit(LimitQuestion("1.5", ""))
    card = window.cards.limit.card
    assert card.typed == "1.5"
    card.entry.insert("end", "0")
    client_window.press(card.entry, "<Return>")
    client_window.button(SET).invoke()
    client_window.button(NONE).invoke()
    assert client_window.told.of("speed_limit_typed") == [("1.50",), ("1.50",), ("",)]
    window.ask_limit(LimitQuestion("1.50", "Type a number."))
    client_window.until(lambda: "Type a number." in client_window.texts())
    window.close_limit()
    window.close_limit()
    assert not window.questions.is_open


def test_it_can_be_left_alone(client_window: ShownWindow) -> None:
    """By the button or by Escape; nothing is told, and it covers no other question."""
    window = client_window.window
    for leave in ("button", "key"):
        window.ask_limit(LimitQuestion("", ""))
        if leave == "button":
            client_window.button(CANCEL).invoke()
        else:
            client_window.press(client_window.button(CANCEL), "<Escape>")
        assert not window.questions.is_open
    window.show_keys()
    window.ask_limit(LimitQuestion("", ""))
    assert window.cards.limit.card is None
    assert client_window.told.of("speed_limit_typed") == []
