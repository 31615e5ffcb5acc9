"""Messages are drawn in order, bounded, and their links open."""

from dataclasses import replace

from tcpipclient.gui.shown import MOST_SHOWN, Delivery, Link, MessageKind
from tests.support.client_windows import ShownWindow, conversation, message


def read(shown: ShownWindow) -> str:
    """All that stands in the messages."""
    return str(shown.window.conversation.messages.text.get("1.0", "end"))


def test_messages_stand_in_order_with_their_lines(client_window: ShownWindow) -> None:
    """Earlier ones above, later ones below, each with its sender and time."""
    pane = client_window.window.conversation
    pane.show_conversation(conversation(message(5, "five\nlines 👋")))
    pane.add_messages([message(6, "six"), message(7, "Ann left.", MessageKind.NOTE)])
    pane.add_earlier([message(3, "three"), message(4, "four")], has_earlier=False)
    client_window.until(lambda: "three" in read(client_window))
    places = [read(client_window).index(word) for word in ("three", "four", "five\nlines 👋", "six", "Ann left.")]
    assert places == sorted(places)
    assert read(client_window).count("Ann (3)   12:04") == 4


def test_no_more_are_shown_than_may_be(client_window: ShownWindow) -> None:
    """The oldest fall off above, and Show earlier is offered."""
    pane = client_window.window.conversation
    pane.show_conversation(conversation(*(message(number, f"<{number}>") for number in range(MOST_SHOWN))))
    client_window.until(lambda: f"<{MOST_SHOWN - 1}>" in read(client_window))
    pane.add_messages([message(number, f"<{number}>") for number in range(MOST_SHOWN, 2 * MOST_SHOWN + 50)])
    client_window.until(lambda: f"<{2 * MOST_SHOWN + 49}>" in read(client_window))
    assert read(client_window).count("<") == MOST_SHOWN
    client_window.until(lambda: "Show earlier" in client_window.texts())


def test_a_delivery_state_is_drawn_anew(client_window: ShownWindow) -> None:
    """In its place, also behind characters that are two in the toolkit; one not on show is passed over."""
    pane = client_window.window.conversation
    mine = replace(message(1, "hello", MessageKind.MINE, detail="sending"), sender="You 👋", delivery=Delivery.SENDING)
    pane.show_conversation(conversation(mine, message(2, "next")))
    client_window.until(lambda: "next" in read(client_window))
    received = replace(mine, delivery=Delivery.RECEIVED, detail="received by Ann (3)")
    pane.change_messages([received, message(99, "not on show")])
    assert "You 👋   12:04   ✓✓ received by Ann (3)\nhello\n" in read(client_window)
    assert "sending" not in read(client_window)


def test_a_link_is_chosen_and_opened_by_the_keyboard(client_window: ShownWindow) -> None:
    """Right goes to it, Enter opens it."""
    text = "line\n👋 see https://example.org/a here"
    start = text.index("https")
    link = Link(start, text.index(" here"), "https://example.org/a")
    window = client_window.window
    window.conversation.show_conversation(conversation(message(1, text, links=(link,))))
    client_window.until(lambda: "https" in read(client_window))
    widget = window.conversation.messages.text
    widget.mark_set("insert", "1.0")
    client_window.press(widget, "<Right>")
    assert widget.get("sel.first", "sel.last") == "https://example.org/a"
    client_window.press(widget, "<Return>")
    assert client_window.told.of("link_clicked") == [("https://example.org/a",)]


def test_messages_cannot_be_edited(client_window: ShownWindow) -> None:
    """What is typed into them goes nowhere."""
    pane = client_window.window.conversation
    pane.show_conversation(conversation(message(1, "hello")))
    before = read(client_window)
    client_window.press(pane.messages.text, "<Key-x>")
    assert read(client_window) == before
