"""Brains with people in them, and what their effects come to.

Owns what the tests of the hub's brain have in common. It must never go through a dialect: bytes are for memory_hub.py.
Thread: the test's own.
"""

from collections.abc import Iterable

from commonlib.meaning import Meaning
from tcpipserver.hub import effects, inputs
from tcpipserver.hub.brain import Hub
from tcpipserver.hub.effects import Deliver, Dismiss, Effect, Item, Record
from tcpipserver.hub.people import Credentials, Person

NOW = 1000.0
"""Monotonic seconds at which hub_with lets people come."""
WALL = 1_795_404_767.25
"""The same moment in Unix seconds; in ticks it is a whole number."""
WALL_TICKS = 639_310_015_672_500_000
ADDRESS = "192.0.2.7"


def hub_with(*names: str, hub: Hub | None = None) -> Hub:
    """A hub with these people, on connections 1, 2, 3 …, which are also their ids in a new hub."""
    hub = hub or Hub()
    for connection, name in enumerate(names, start=1):
        hub.receive(inputs.Arrived(connection, ADDRESS), NOW, WALL)
        hub.receive(inputs.Joined(connection, Credentials(name)), NOW, WALL)
    return hub


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


def text(sender: int, recipient: int, said: str, numbers: tuple[int, int] = (0, 0)) -> effects.Text:
    """A text as the one who reads it is told."""
    return effects.Text(sender, recipient, said, numbers, b"")
