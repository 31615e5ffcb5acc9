"""The hub at one moment, for whoever shows it: everybody who is here with all that a list of them says.

Owns the values and their making. Must never hold a Member: what leaves the dispatcher thread is frozen. Pure: made by
the dispatcher thread, read on any.
"""

from dataclasses import dataclass

from commonlib.classic.keepalive import PingStatistics
from tcpipserver.hub.people import Person
from tcpipserver.hub.roster import Roster


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """One registered client.

    Attributes:
        since: When he registered, Unix seconds.
        sent_bytes, sent_texts: What he sent and the hub passed on.
    """

    person: Person
    since: float
    ping: PingStatistics
    sent_bytes: int
    sent_texts: int


@dataclass(frozen=True, slots=True)
class Overview:
    """The whole hub.

    Attributes:
        people: In the order in which they came.
        arriving: How many have connected and not introduced themselves yet.
        passed_bytes, passed_texts: What has passed since the start, from those who have left too.
    """

    people: tuple[ListedPerson, ...] = ()
    arriving: int = 0
    passed_bytes: int = 0
    passed_texts: int = 0


def overview_of(roster: Roster) -> Overview:
    """What the roster holds now."""
    people = tuple(
        ListedPerson(member.person, member.since, member.keepalive.statistics, member.sent.size, member.sent.texts)
        for member in roster
    )
    return Overview(people, len(roster.arriving_connections()), roster.passed.size, roster.passed.texts)
