"""People and hubs as values, for the tests of the server window.

Owns their making. It must never start a hub. Thread: the test's own.
"""

from commonlib.classic.keepalive import PingStatistics
from commonlib.identity import Fingerprint
from tcpipserver.hub.overview import ListedPerson, Overview
from tcpipserver.hub.people import Credentials, Person
from tests.support.hubs import WALL


def listed(
    client_id: int,
    name: str = "Ann",
    *,
    address: str = "192.0.2.7",
    computer: str = "PC",
    ping: PingStatistics | None = None,
    since: float = WALL,
    sent: tuple[int, int] = (0, 0),
    key: Fingerprint | None = None,
    session: int = 1,
) -> ListedPerson:
    """One registered client; `sent` are bytes and texts."""
    person = Person(client_id, address, Credentials(name, computer, "1.0.0"), key=key, session=session)
    return ListedPerson(person, since, ping or PingStatistics(), *sent)


def overview(*people: ListedPerson, arriving: int = 0, passed: tuple[int, int] = (0, 0)) -> Overview:
    """A hub with these; `passed` are bytes and texts."""
    return Overview(people, arriving, *passed)
