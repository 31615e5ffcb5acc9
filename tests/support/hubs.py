"""Brains with people in them, and what their effects come to.

Owns what the tests of the hub's brain have in common. It must never go through a dialect: bytes are for memory_hub.py.
Thread: the test's own.
"""

from collections.abc import Iterable

from commonlib.identity import Fingerprint
from commonlib.meaning import Meaning
from tcpipserver.hub import effects, inputs
from tcpipserver.hub.brain import Hub
from tcpipserver.hub.effects import Deliver, Dismiss, Effect, Item, Record
from tcpipserver.hub.people import Credentials, Details, Person

NOW = 1000.0
"""Monotonic seconds at which hub_with lets people come."""
WALL = 1_795_404_767.25
"""The same moment in Unix seconds; in ticks it is a whole number."""
WALL_TICKS = 639_310_015_672_500_000
ADDRESS = "192.0.2.7"
NONCE = bytes(range(32))


def hub_with(*names: str, hub: Hub | None = None) -> Hub:
    """A hub with these people, on connections 1, 2, 3 …, which are also their ids in a new hub."""
    hub = hub or Hub()
    for connection, name in enumerate(names, start=1):
        hub.receive(inputs.Arrived(connection, ADDRESS), NOW, WALL)
        hub.receive(inputs.Joined(connection, Credentials(name)), NOW, WALL)
    return hub


def key(number: int) -> Fingerprint:
    """Somebody's key; each number is another's."""
    return Fingerprint(number.to_bytes(32, "big"))


def come(
    hub: Hub,
    connection: int,
    name: str = "",
    whose: int | None = None,
    *,
    now: float = NOW,
    has_joined_by_code: bool = False,
    details: Details | None = None,
) -> list[Effect]:
    """Somebody connects and introduces himself, on the modern wire if he has a key; what that comes to."""
    hub.receive(inputs.Arrived(connection, ADDRESS, NONCE), now, WALL)
    fingerprint = None if whose is None else key(whose)
    joined = inputs.Joined(connection, Credentials(name), fingerprint, details, has_joined_by_code)
    return hub.receive(joined, now, WALL)


def mixed_hub(hub: Hub | None = None) -> Hub:
    """Alice and Bob on the modern wire, with keys 1 and 2, Carol on the classic one, on connections and ids 1 to 3.

    All know of each other.
    """
    hub = hub or Hub()
    come(hub, 1, "Alice", 1)
    come(hub, 2, "Bob", 2)
    come(hub, 3, "Carol")
    hub.receive(inputs.AnnouncementsDue(), NOW, WALL)
    return hub


def heard_by(told: Iterable[Effect], connection: int) -> list[Item]:
    """What one of them is told, in order."""
    return [effect.item for effect in told if isinstance(effect, Deliver) and connection in effect.connections]


def tell(hub: Hub, happened: inputs.Input, now: float = NOW, wall: float = WALL) -> list[Effect]:
    """Give a hub an input, at the moment of hub_with unless told otherwise."""
    return hub.receive(happened, now, wall)


def deliveries(told: Iterable[Effect]) -> list[tuple[tuple[int, ...], Item]]:
    """Who is told what, in order."""
    return [(effect.connections, effect.item) for effect in told if isinstance(effect, Deliver)]


def dismissed(told: Iterable[Effect]) -> list[int]:
    """Whose connections are to be ended, in order."""
    return [effect.connection for effect in told if isinstance(effect, Dismiss)]


def lines(told: Iterable[Effect], meaning: Meaning | None = None) -> list[str]:
    """The lines for the event log, all or those of one meaning."""
    records = [effect for effect in told if isinstance(effect, Record)]
    return [record.text for record in records if meaning in (None, record.meaning)]


def person(hub: Hub, client_id: int) -> Person:
    """The person with an id."""
    return next(person for person in hub.people() if person.id == client_id)


def text(sender: int, recipient: int, said: str, numbers: tuple[int, int] = (0, 0), number: int = 0) -> effects.Text:
    """A text as the one who reads it is told."""
    return effects.Text(sender, recipient, said, numbers, b"", number)
