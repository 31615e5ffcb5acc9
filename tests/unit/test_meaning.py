"""meaning: the levels of the event log fit between those of logging."""

import logging

from commonlib.meaning import Meaning


def test_every_meaning_is_shown_where_information_is() -> None:
    """A logger at INFO shows all lines, and none is taken for an error."""
    assert all(logging.INFO <= meaning < logging.ERROR for meaning in Meaning)
    assert len({int(meaning) for meaning in Meaning}) == 5


def test_only_trouble_is_a_warning() -> None:
    """Who wants to hear of trouble alone sets the level WARNING."""
    assert [meaning for meaning in Meaning if meaning >= logging.WARNING] == [Meaning.TROUBLE]
    assert Meaning.TROUBLE == logging.WARNING


def test_a_plain_note_is_information() -> None:
    """The plain meaning is logging's own level, so that foreign lines look like notes."""
    assert Meaning.NOTE == logging.INFO
