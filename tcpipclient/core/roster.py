"""Who is on the hub besides us, as the hub has told.

Owns the roster, its bound, and the reading of what a wire says of a person; every text of a person is as short as its
field. Must never believe that a person said something about another. Pure: used under the session's lock.
"""

from commonlib.classic.layouts import ClientDataPacket
from commonlib.ticks import unix_from_ticks
from commonlib.wire import messages
from tcpipclient.core.events import Person, PersonChanged, PersonJoined

MOST_PEOPLE = 100_000
"""The classic wire can tell of no more than 65,535; the other could go on until the memory is full."""


class Roster:
    """Everybody but ourselves, by id."""

    def __init__(self) -> None:
        self._people: dict[int, Person] = {}

    def __contains__(self, person_id: object) -> bool:
        return person_id in self._people

    def put(self, person: Person) -> PersonJoined | PersonChanged | None:
        """Take what is said about somebody; None where it is nothing new."""
        before = self._people.get(person.id)
        self._people[person.id] = person
        if before is None:
            return PersonJoined(person)
        return PersonChanged(person, before) if person != before else None

    @property
    def is_full(self) -> bool:
        """Whether nobody new should be put in."""
        return len(self._people) >= MOST_PEOPLE

    def maybe_get(self, person_id: int) -> Person | None:
        """Who has this id; None where nobody has."""
        return self._people.get(person_id)

    def maybe_remove(self, person_id: int) -> Person | None:
        """Forget somebody; None where nobody has the id."""
        return self._people.pop(person_id, None)

    def name_of(self, person_id: int) -> str:
        """His name as he sent it; empty where nobody has the id."""
        person = self._people.get(person_id)
        return person.name if person else ""

    def snapshot(self) -> tuple[Person, ...]:
        """Everybody, by id."""
        return tuple(self._people[person_id] for person_id in sorted(self._people))


def read_person(packet: ClientDataPacket) -> Person | None:
    """Whom a ClientData packet is about; None where it has no name or no id, as originals pass over it too.

    Nor is it believed where somebody says it about another: an original passes ClientData from anybody to everybody,
    with idFrom telling who it is from; its own have 0 there.
    """
    if not packet.user_name or not packet.client_id or packet.id_from not in (0, packet.client_id):
        return None
    return Person(
        id=packet.client_id,
        name=packet.user_name,
        computer=packet.station_name,
        address=packet.address,
        alternate_address=packet.alternate_address,
        version=packet.client_version,
        colour=packet.colour,
        status=packet.status,
        status_since=unix_from_ticks(packet.status_ticks) if packet.status_ticks else None,
        listening_port=packet.listening_port,
    )


def person_of(told: messages.Person) -> Person:
    """Whom a frame of the roster tells of."""
    return Person(
        id=told.id,
        name=told.name,
        computer=told.computer,
        address=told.address,
        alternate_address=told.alternate_address,
        version=told.program,
        colour=told.colour,
        status=told.status,
        status_since=unix_from_ticks(told.status_ticks) if told.status_ticks else None,
        listening_port=told.listening_port,
        key=told.key,
        session=told.session,
    )
