"""The hub at one moment, as the operator's command line sees it.

Owns the value that requests are decided upon, and its making. Must never hold anything that changes. Pure: any thread.
"""

from dataclasses import dataclass

from commonlib.identity import Fingerprint
from tcpipserver.control.answers import Client, Status, WaitingKey
from tcpipserver.hub.overview import ListedPerson, Overview
from tcpipserver.hub.overview import WaitingKey as Asking
from tcpipserver.hub.people import KnownKey


@dataclass(frozen=True, slots=True)
class Picture:
    """The whole hub.

    Attributes:
        clients, waiting: In the order in which they came.
        known: All keys that the hub remembers, whether their owners are here or not.
    """

    status: Status
    clients: tuple[Client, ...] = ()
    waiting: tuple[WaitingKey, ...] = ()
    known: tuple[KnownKey, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """What the brain does not know of its hub.

    Attributes:
        started, now: Unix seconds.
        relays: Ways between two clients that go through the hub now; relayed_bytes by all since the start.
    """

    version: str
    pid: int
    port: int
    fingerprint: Fingerprint
    started: float
    now: float
    relays: int = 0
    relayed_bytes: int = 0


def picture_of(overview: Overview, known: tuple[KnownKey, ...], facts: Facts) -> Picture:
    """The picture of a hub that looks so."""
    clients = tuple(map(_client, overview.people))
    classic = sum(client.key is None for client in clients)
    status = Status(
        version=facts.version,
        pid=facts.pid,
        port=facts.port,
        fingerprint=facts.fingerprint,
        policy=overview.policy.joining.value,
        takes_classic=overview.policy.admits_classic,
        started=facts.started,
        now=facts.now,
        encrypted=len(clients) - classic,
        classic=classic,
        arriving=overview.arriving,
        waiting=len(overview.waiting),
        banned=len(overview.banned),
        passed_bytes=overview.passed_bytes,
        passed_texts=overview.passed_texts,
        relays=facts.relays,
        relayed_bytes=facts.relayed_bytes,
    )
    return Picture(status, clients, tuple(map(_waiting, overview.waiting)), known)


def _client(listed: ListedPerson) -> Client:
    person = listed.person
    return Client(
        id=person.id,
        name=person.name,
        computer=person.credentials.computer,
        address=person.address,
        key=person.key,
        session=person.session,
        since=listed.since,
        ping=listed.ping.last if listed.ping.count else None,
    )


def _waiting(asking: Asking) -> WaitingKey:
    return WaitingKey(
        key=asking.key, name=asking.name, computer=asking.computer, address=asking.address, since=asking.since
    )
