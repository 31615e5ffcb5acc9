"""Lines of the event log: how a person is called in them, and how often somebody's troubles are told.

Owns their common wording. Must never let a peer write a line of its own: what a peer chose passes `printable`.
Pure: run by the dispatcher thread alone.
"""

from commonlib.identity import short_key_code
from commonlib.meaning import Meaning
from commonlib.printable import printable
from tcpipserver.hub.effects import Effect, Record
from tcpipserver.hub.people import Member, Person

LONGEST_SHOWN_TEXT = 1000
"""Characters of a text to or from the server that are shown."""
LONGEST_REASON = 200
"""Characters of the reason for an end, whoever gave it."""
_LONGEST_SHOWN_NAME = 50
_TOLD_ONE_BY_ONE = 5


def shown_name(name: str) -> str:
    """A name that a peer chose, made safe."""
    return printable(name, _LONGEST_SHOWN_NAME)


def named(person: Person) -> str:
    """What a person is called in a line: his name, made safe, and his id."""
    return f"{shown_name(person.name)} ({person.id})"


def equipment(person: Person) -> str:
    """What somebody came with."""
    computer = printable(person.credentials.computer, 50) or "not given"
    version = printable(person.credentials.version, 30)
    return f" (computer {computer}, version {version})" if version else f" (computer {computer})"


def secrecy(person: Person) -> str:
    """Whether others on the network can read along with somebody, and by what he is known."""
    return "not encrypted" if person.key is None else f"encrypted, with the key {short_key_code(person.key)}"


def shown_reason(reason: str) -> str:
    """What an operator wrote as the reason, to go behind what happened; nothing where he wrote nothing."""
    shown = printable(reason.strip(), LONGEST_REASON)
    return f" ({shown})" if shown else ""


def talk(writer: str, reader: str, text: str, numbers: tuple[int, int]) -> Record:
    """A text to or from the server, with the two numbers that were typed."""
    first, second = numbers
    return Record(
        Meaning.TALK, f"{writer} to {reader}, with {first} and {second}: {printable(text, LONGEST_SHOWN_TEXT)}"
    )


def trouble(member: Member, what: str) -> list[Effect]:
    """Count a trouble with a member and tell of it; `what` goes on where his name ends, without a full stop.

    The first few are told one by one, then only the 10th, 100th, 1000th …, so that nobody can flood the log.
    """
    member.troubles += 1
    count = member.troubles
    if count <= _TOLD_ONE_BY_ONE:
        return [Record(Meaning.TROUBLE, f"{named(member.person)} {what}.")]
    if str(count).strip("0") == "1":
        return [Record(Meaning.TROUBLE, f"{named(member.person)} {what} (the {count}th trouble with this client).")]
    return []
