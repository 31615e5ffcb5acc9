"""Conversations as the window shows them: what is on show, what is sent, how far each message is."""

import pytest

from tcpipclient.core.events import Person, PersonChanged, PersonJoined, PersonLeft, TextArrived, TextDelivered
from tcpipclient.core.events import TextNotDelivered as NotDelivered
from tcpipclient.gui.model import TextRefused, TextSent
from tcpipclient.gui.shown import MOST_SHOWN, Delivery, MessageKind
from tests.support.client_window import ANN, BOB, EVE, ClientWindow


def states(window: ClientWindow) -> list[tuple[Delivery, str]]:
    """Delivery and detail of each message on show."""
    return [(row.delivery, row.detail) for row in window.view.messages]


def test_a_text_goes_to_whoever_is_selected() -> None:
    """One, or several as one named set; the composer is empty then."""
    window = ClientWindow().connect(ANN, BOB, EVE)
    window.select("Ann")
    window.say("for one\n\n")
    assert window.view.draft == ""
    window.select("Bob", "Eve", "Ann")
    assert window.view.conversation is not None
    assert window.view.conversation.title == "Ann (2), Bob (3), Eve (4)"
    assert "answers arrive in the conversation with whoever writes" in window.view.conversation.note
    assert window.view.messages == []
    window.say("for all\r\nof you")
    assert [call[1:] for call in window.model.of("send_text")] == [
        ("for one", (2,), (0, 0)),
        ("for all\nof you", (2, 3, 4), (0, 0)),
    ]
    (row,) = window.view.messages
    assert (row.kind, row.sender, row.time, row.text) == (MessageKind.MINE, "You", "03:32", "for all\nof you")


def test_a_large_set_is_named_by_its_first() -> None:
    """Three names and a number."""
    window = ClientWindow().connect(*(Person(number, f"P{number}") for number in range(2, 9)))
    window.actions.all_people_clicked()
    assert window.view.conversation is not None
    assert window.view.conversation.title == "P2 (2), P3 (3), P4 (4) and 4 more"


def test_one_recipients_word_settles_a_message() -> None:
    """Sending, sent, received; a second word changes nothing."""
    window = ClientWindow().connect(ANN)
    window.select("Ann")
    message = window.say("hello")
    assert states(window) == [(Delivery.SENDING, "sending")]
    window.sent(message, 70)
    assert states(window) == [(Delivery.SENT, "sent")]
    window.arrive(TextDelivered(70, 2))
    assert states(window) == [(Delivery.RECEIVED, "received")]
    window.arrive(TextDelivered(70, 2), NotDelivered(99, 2, "nobody's"))
    window.receive(TextSent(window.number, 999, 71), TextRefused(window.number, 999, "nobody's"))
    assert states(window) == [(Delivery.RECEIVED, "received")]


def test_several_recipients_are_counted() -> None:
    """And the first reason says why one has it not."""
    window = ClientWindow().connect(ANN, BOB, EVE)
    window.select("Ann", "Bob", "Eve")
    window.sent(window.say("hello"), 70)
    assert states(window) == [(Delivery.SENT, "received by 0 of 3")]
    window.arrive(TextDelivered(70, 2))
    assert states(window) == [(Delivery.SENT, "received by 1 of 3")]
    window.arrive(NotDelivered(70, 3, "Bob left."))
    window.arrive(NotDelivered(70, 4, "Eve left."))
    assert states(window) == [(Delivery.NOT_RECEIVED, "received by 1 of 3: Bob left.")]
    window.sent(window.say("again"), 71)
    window.arrive(*(TextDelivered(71, number) for number in (2, 3, 4)))
    assert states(window)[1] == (Delivery.RECEIVED, "received by all 3")


def test_a_message_is_settled_while_another_conversation_is_on_show() -> None:
    """Looking away loses nothing."""
    window = ClientWindow().connect(ANN, BOB)
    window.select("Ann")
    window.sent(window.say("hello"), 70)
    window.select("Bob")
    window.arrive(TextDelivered(70, 2))
    assert window.view.messages == []
    window.select("Ann")
    assert states(window) == [(Delivery.RECEIVED, "received")]


def test_a_batch_of_words_is_drawn_once() -> None:
    """Thousands may confirm one message."""
    crowd = [Person(number, f"P{number}") for number in range(2, 202)]
    window = ClientWindow().connect(*crowd)
    window.actions.all_people_clicked()
    window.sent(window.say("hello"), 70)
    before = window.view.changed_messages
    window.arrive(*(TextDelivered(70, person.id) for person in crowd))
    assert window.view.changed_messages == before + 1
    assert states(window) == [(Delivery.RECEIVED, "received by all 200")]


def test_a_text_that_the_client_refuses_says_why() -> None:
    """And does not stay "sending"."""
    window = ClientWindow().connect(ANN)
    window.select("Ann")
    window.receive(TextRefused(window.number, window.say("hello"), "The hub took nothing."))
    assert states(window) == [(Delivery.NOT_RECEIVED, "not received: The hub took nothing.")]


def test_who_is_not_there_gets_nothing_and_it_is_said() -> None:
    """The others of the set get it; with nobody there, nothing is sent and the draft stays."""
    window = ClientWindow().connect(ANN, BOB)
    window.select("Ann", "Bob")
    window.arrive(PersonLeft(BOB))
    window.sent(window.say("hello"), 70)
    window.arrive(TextDelivered(70, 2))
    assert window.model.of("send_text")[0][2] == (2,)
    assert states(window) == [(Delivery.NOT_RECEIVED, "received by 1 of 2: who is not there gets nothing")]
    window.arrive(PersonLeft(ANN))
    window.actions.draft_typed("nobody hears")
    window.actions.send_clicked("nobody hears", window.now, 0.0)
    assert len(window.model.of("send_text")) == 1
    assert window.view.composer is not None
    assert not window.view.composer.can_send
    assert window.view.composer.hint.startswith("Nobody of this conversation is there")


def test_the_end_of_the_connection_settles_what_is_open() -> None:
    """What was not taken, and what was not confirmed; what was stays as it is."""
    window = ClientWindow().connect(ANN)
    window.select("Ann")
    window.sent(window.say("one"), 70)
    window.arrive(TextDelivered(70, 2))
    window.sent(window.say("two"), 71)
    window.say("three")
    window.lose()
    lost = (Delivery.NOT_RECEIVED, "not received: the connection ended before it was confirmed")
    assert states(window) == [(Delivery.RECEIVED, "received"), lost, lost]
    window.arrive(TextDelivered(71, 2))
    assert states(window)[1] == lost


def test_texts_arrive_in_the_conversation_with_whoever_writes() -> None:
    """With name and id, in lines, with their links and numbers."""
    window = ClientWindow().connect(ANN, BOB)
    window.select("Ann")
    window.arrive(TextArrived(2, "Ann", "see\r\nhttps://example.org/x.", (3, -7)), TextArrived(3, "Bob", "hi", (0, 0)))
    (row,) = window.view.messages
    assert (row.kind, row.sender, row.text) == (MessageKind.THEIRS, "Ann (2)", "see\nhttps://example.org/x.")
    assert [row.text[link.start : link.end] for link in row.links] == ["https://example.org/x"]
    assert (row.delivery, row.detail) == (Delivery.NONE, "numbers 3 and -7")
    window.actions.link_clicked(row.links[0].url)
    assert window.model.of("open_link") == [("https://example.org/x",)]
    window.select("Bob")
    assert [row.text for row in window.view.messages] == ["hi"]


def test_the_server_has_a_conversation_with_two_numbers() -> None:
    """As the article has it; whoever was selected is not any more."""
    window = ClientWindow().connect(ANN)
    window.select("Ann")
    window.actions.server_clicked()
    window.actions.people_selected([])
    assert window.view.selected == ()
    assert window.view.server == (0, True)
    assert window.view.conversation is not None
    assert (window.view.conversation.title, window.view.conversation.is_server) == ("The server", True)
    assert window.view.composer is not None
    assert (window.view.composer.can_send, window.view.composer.can_attach) == (True, False)
    window.say("help", (" 5", "-2147483648"))
    assert window.model.of("send_text")[0][1:] == ("help", (0,), (5, -2147483648))
    assert states(window) == [(Delivery.SENDING, "numbers 5 and -2147483648, sending")]
    window.arrive(TextArrived(0, "", "yes?", (0, 0)))
    assert window.view.messages[-1].sender == "The server"
    window.select("Ann")
    assert window.view.server == (0, False)
    window.arrive(TextArrived(0, "", "hello?", (0, 0)))
    assert window.view.server == (1, False)
    window.actions.server_clicked()
    assert window.view.server == (0, True)


@pytest.mark.parametrize("numbers", [("x", ""), ("", "2147483648"), ("1.5", "0"), ("٣", "")])
def test_numbers_that_are_none_are_told(numbers: tuple[str, str]) -> None:
    """And nothing is sent."""
    window = ClientWindow().connect()
    window.actions.server_clicked()
    window.actions.send_clicked("help", window.now, 0.0, numbers)
    assert window.model.of("send_text") == []
    assert window.view.banner is not None
    assert "two numbers" in window.view.banner.text


def test_nothing_is_sent_where_there_is_nothing_to_send() -> None:
    """Without a conversation, without a text, without a connection."""
    window = ClientWindow().connect(ANN)
    window.actions.draft_typed("x")
    window.actions.send_clicked("x", window.now, 0.0)
    window.actions.earlier_clicked()
    window.select("Ann")
    window.actions.send_clicked(" \n", window.now, 0.0)
    window.lose()
    window.actions.send_clicked("x", window.now, 0.0)
    window.actions.earlier_clicked()
    assert window.model.of("send_text") == []


def test_a_draft_stays_with_its_conversation() -> None:
    """Whoever looks elsewhere for a moment finds it again."""
    window = ClientWindow().connect(ANN, BOB)
    window.select("Ann")
    window.actions.draft_typed("half a sen")
    window.select("Bob")
    assert window.view.draft == ""
    window.select("Ann")
    assert window.view.draft == "half a sen"
    window.actions.people_selected([])
    assert window.view.conversation is not None
    assert window.view.conversation.note.startswith("Select somebody")


def test_of_a_long_conversation_the_newest_are_shown() -> None:
    """The earlier ones in steps, as far as there are some."""
    window = ClientWindow().connect(ANN)
    for number in range(MOST_SHOWN + 20):
        window.hear(ANN, str(number))
    window.select("Ann")
    assert (len(window.view.messages), window.view.has_earlier) == (MOST_SHOWN, True)
    window.hear(ANN, "newest")
    assert [window.view.messages[0].text, window.view.messages[-1].text] == ["21", "newest"]
    window.actions.earlier_clicked()
    assert (window.view.messages[0].text, window.view.has_earlier) == ("0", False)
    assert len(window.view.messages) == MOST_SHOWN + 21


def test_a_long_conversation_can_be_paged_more_than_once() -> None:
    """Each step is as long as what is shown at a time."""
    window = ClientWindow().connect(ANN)
    window.arrive(*(TextArrived(2, "Ann", str(number), (0, 0)) for number in range(2 * MOST_SHOWN + 1)))
    window.select("Ann")
    window.actions.earlier_clicked()
    assert (window.view.messages[0].text, window.view.has_earlier) == ("1", True)
    window.actions.earlier_clicked()
    assert (window.view.messages[0].text, window.view.has_earlier) == ("0", False)


def test_coming_and_going_is_noted_where_something_was_said() -> None:
    """A conversation that is on show has its title and its composer renewed."""
    window = ClientWindow().connect(ANN, BOB)
    window.hear(ANN, "hi")
    window.select("Ann")
    window.arrive(PersonLeft(ANN))
    assert (window.view.messages[-1].kind, window.view.messages[-1].text) == (MessageKind.NOTE, "Ann (2) left.")
    assert window.view.composer is not None
    assert not window.view.composer.can_send
    window.arrive(PersonJoined(Person(9, "Ann", "desk")))
    assert window.view.composer is not None
    assert window.view.composer.can_send
    assert window.view.conversation is not None
    assert window.view.conversation.title == "Ann (9)"
    window.arrive(PersonChanged(Person(9, "Anna", "desk"), Person(9, "Ann", "desk")))
    assert window.view.conversation.title == "Anna (9)"
    window.select("Bob")
    window.arrive(PersonLeft(BOB), PersonJoined(BOB))
    assert window.view.messages == []
    assert window.view.conversation.note.startswith("Nothing was said yet.")


def test_the_composer_says_why_nothing_can_be_sent() -> None:
    """Not connected, nobody selected; else how to send."""
    window = ClientWindow()
    assert window.view.composer is not None
    assert window.view.composer.hint.startswith("Connect first")
    window.connect(ANN)
    assert window.view.composer.hint == "Select somebody first."
    window.select("Ann")
    assert window.view.composer.hint.startswith("Enter sends")
    assert (window.view.composer.can_send, window.view.composer.can_attach) == (True, True)


def test_what_the_wire_cannot_carry_is_said_before_sending() -> None:
    """And goes away with the draft; the message shows what was written."""
    window = ClientWindow().connect(ANN)
    window.select("Ann")
    window.actions.draft_typed("hi 😀")
    assert window.view.composer is not None
    assert window.view.composer.warning == 'This hub\'s wire cannot carry 😀: others get "?" in its place.'
    window.say("hi 😀")
    assert window.view.messages[-1].text == "hi 😀"
    assert window.view.composer.warning == ""
