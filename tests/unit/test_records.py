"""The lines of the event log about people, whatever they call themselves."""

import pytest

from commonlib.meaning import Meaning
from tcpipserver.hub.effects import Record
from tcpipserver.hub.people import Credentials, Person
from tcpipserver.hub.records import named, talk, trouble
from tests.support.hubs import hub_with


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Alice", "Alice (7)"),
        ("two\r\nlines", "two\\r\\nlines (7)"),
        ("\x1b[31mred", "\\x1b[31mred (7)"),
        ("\u202egpj.exe", "\\u202egpj.exe (7)"),
        ("\x00" * 50, "\\x00" * 12 + "\\… (7)"),
        ("n" * 300, "n" * 49 + "… (7)"),
    ],
)
def test_a_name_cannot_forge_a_line(name: str, shown: str) -> None:
    """Control characters, line breaks and changes of direction are shown as escapes, and no name is long."""
    assert named(Person(7, "192.0.2.7", Credentials(name))) == shown


def test_a_text_is_shown_on_one_line_of_bounded_length() -> None:
    """With both ends and the two numbers; a line break in it is an escape."""
    assert talk("Alice (1)", "the server", "a\nb", (3, -4)) == Record(
        Meaning.TALK, "Alice (1) to the server, with 3 and -4: a\\nb"
    )
    assert len(talk("A", "B", "\n" * 1_000_000, (0, 0)).text) < 1100


def test_troubles_are_told_less_and_less_often() -> None:
    """The first five, then the 10th, 100th, 1000th: nobody can flood the log."""
    (member,) = hub_with("Mallory").members()
    told = {count: trouble(member, "did it") for count in range(1, 10_001)}
    assert [count for count, effects in told.items() if effects] == [1, 2, 3, 4, 5, 10, 100, 1000, 10_000]
    assert told[5] == [Record(Meaning.TROUBLE, "Mallory (1) did it.")]
    assert told[10] == [Record(Meaning.TROUBLE, "Mallory (1) did it (the 10th trouble with this client).")]
    assert member.troubles == 10_000
