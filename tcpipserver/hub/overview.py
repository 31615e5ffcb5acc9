"""The hub at one moment, for whoever shows it: everybody who is here with all that a list of them says.

Owns the values and their making. Must never hold a Member: what leaves the dispatcher thread is frozen. Pure: made by
the dispatcher thread, read on any.
"""

from dataclasses import dataclass

from commonlib.classic.keepalive import PingStatistics
from commonlib.identity import Fingerprint
from tcpipserver.hub.admission import AT_FIRST, Policy
from tcpipserver.hub.people import KnownKey, Person
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
class WaitingKey:
    """Somebody who waits for the operator, as he introduced himself. `since` is in Unix seconds."""

    key: Fingerprint
    name: str
    computer: str
    address: str
    since: float


@dataclass(frozen=True, slots=True)
class Overview:
    """The whole hub.

    Attributes:
        people: In the order in which they came.
        arriving: How many have connected and not introduced themselves yet.
        passed_bytes, passed_texts: What has passed since the start, from those who have left too.
        waiting: Those about whom the operator is asked, in the order in which they came.
        banned: The keys that are kept out.
        policy: Who may join.
    """

    people: tuple[ListedPerson, ...] = ()
    arriving: int = 0
    passed_bytes: int = 0
    passed_texts: int = 0
    waiting: tuple[WaitingKey, ...] = ()
    banned: tuple[KnownKey, ...] = ()
    policy: Policy = AT_FIRST


@dataclass(frozen=True, slots=True)
class Relayed:
    """What goes from client to client through the hub, which cannot read it.

    Attributes:
        ways: How many there are now.
        size: Bytes by all of them since the start, those too that have ended.
    """

    ways: int = 0
    size: int = 0


NOT_RELAYED = Relayed()


def overview_of(roster: Roster, banned: tuple[KnownKey, ...], policy: Policy) -> Overview:
    """What the roster holds now."""
    people = tuple(
        ListedPerson(member.person, member.since, member.keepalive.statistics, member.sent.size, member.sent.texts)
        for member in roster
    )
    waiting = tuple(
        WaitingKey(
            awaiting.key,
            awaiting.joined.credentials.name,
            awaiting.joined.credentials.computer,
            awaiting.arriving.address,
            awaiting.asked_at,
        )
        for awaiting in roster.all_awaiting()
    )
    arriving, passed = len(roster.arriving_connections()), roster.passed
    return Overview(people, arriving, passed.size, passed.texts, waiting, banned, policy)
