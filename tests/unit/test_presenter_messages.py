"""The books of messages: bounded, whatever is said."""

from tcpipclient.gui.presenter_messages import MOST_MESSAGES, MessageBook
from tcpipclient.gui.shown import MessageKind


def test_the_oldest_of_all_falls_off() -> None:
    """Whichever conversation it is in; one that has nothing left is forgotten, unless a draft is in it."""
    book = MessageBook()
    book.add((1,), MessageKind.THEIRS, "Ann", 0.0, "first")
    book.add((2,), MessageKind.THEIRS, "Bob", 0.0, "second")
    book.conversation((2,)).draft = "kept"
    for number in range(MOST_MESSAGES):
        book.add((3,), MessageKind.THEIRS, "Eve", 0.0, str(number))
    assert not book.has_messages((1,))
    assert not book.has_messages((2,))
    assert book.conversation((2,)).draft == "kept"
    assert len(book.conversation((3,)).messages) == MOST_MESSAGES


def test_an_empty_conversation_is_not_kept() -> None:
    """Looking at somebody leaves nothing behind."""
    book = MessageBook()
    looked_at = book.conversation((1,))
    book.forget_empty((1,))
    book.forget_empty((1,))
    assert book.conversation((1,)) is not looked_at
    assert not book.has_messages((9,))
