"""Who is here: the members, those who have been greeted and are still arriving, and those who wait for the operator.

Owns the tables, the ids in them and the ids of files on their way. Must never decide what anybody is told. Pure: run by
the dispatcher thread alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from commonlib.classic.keepalive import KeepAlive
from commonlib.identity import Fingerprint
from tcpipserver.hub.identifiers import ClientIds, FileIds
from tcpipserver.hub.inputs import Joined
from tcpipserver.hub.people import Member, Person, Traffic, Wire
from tcpipserver.hub.ways import WayBook


@dataclass(frozen=True, slots=True)
class Arriving:
    """Somebody who has been greeted and has not introduced himself yet; id 0 where none was left for him."""

    client_id: int
    address: str


@dataclass(slots=True)
class Awaiting:
    """Somebody who has proved a key that the operator is asked about.

    Attributes:
        since: Monotonic seconds; asked_at the same moment in Unix seconds.
    """

    key: Fingerprint
    arriving: Arriving
    joined: Joined
    keepalive: KeepAlive
    since: float
    asked_at: float


class Roster:
    """Every connection is in at most one of the three tables.

    Attributes:
        file_ids: The numbers of the files that members are sending.
        ways: The ways between two members that one of them wants.
        passed: What all members together have sent, those who have left too.
    """

    def __init__(self, ids: ClientIds) -> None:
        self._ids = ids
        self._arriving: dict[int, Arriving] = {}
        self._awaiting: dict[int, Awaiting] = {}
        self._by_connection: dict[int, Member] = {}
        self._by_wire: dict[Wire, dict[int, Member]] = {wire: {} for wire in Wire}
        self._by_id: dict[int, Member] = {}
        self._by_key: dict[Fingerprint, dict[int, Member]] = {}
        # All members as the others see them, where nothing has changed since they were put together.
        self._people: tuple[Person, ...] | None = ()
        self.file_ids = FileIds()
        self.ways = WayBook()
        self.passed = Traffic()

    def knows(self, connection: int) -> bool:
        """Whether somebody is behind a connection, or arriving on it."""
        return connection in self._by_connection or connection in self._arriving or connection in self._awaiting

    # Coming

    def maybe_greet(self, connection: int, address: str, now: float, *, needs_id: bool = True) -> Arriving | None:
        """Give a newcomer an id that any wire has room for; None where there is none left and he needs one."""
        client_id = self._ids.maybe_take(now)
        if client_id is None and needs_id:
            return None
        arriving = Arriving(client_id or 0, address)
        self._arriving[connection] = arriving
        return arriving

    def maybe_take_arriving(self, connection: int) -> Arriving | None:
        """Take somebody out of the arriving, to add him."""
        return self._arriving.pop(connection, None)

    def maybe_wide_id(self) -> int | None:
        """An id that only the modern wire has room for; None where even those are used up."""
        return self._ids.maybe_take_wide()

    def maybe_forget_arriving(self, connection: int) -> Arriving | None:
        """Somebody will not register; his id is free at once."""
        arriving = self.maybe_take_arriving(connection)
        if arriving is not None:
            self.let_go(arriving)
        return arriving

    def let_go(self, arriving: Arriving) -> None:
        """Somebody whom maybe_take_arriving or maybe_take_awaiting gave will not register; his id is free at once."""
        if arriving.client_id:
            self._ids.free_at_once(arriving.client_id)

    def await_operator(self, awaiting: Awaiting) -> None:
        """Somebody waits until the operator has decided about his key."""
        self._awaiting[awaiting.joined.connection] = awaiting

    def maybe_awaiting(self, connection: int) -> Awaiting | None:
        """The one who waits for the operator behind a connection."""
        return self._awaiting.get(connection)

    def maybe_take_awaiting(self, connection: int) -> Awaiting | None:
        """Take somebody out of those who wait for the operator."""
        return self._awaiting.pop(connection, None)

    def all_awaiting(self) -> tuple[Awaiting, ...]:
        """All who wait for the operator, in the order in which they came."""
        return tuple(self._awaiting.values())

    def free_session(self, key: Fingerprint) -> int:
        """The lowest number that none of the members with this key has, from 1."""
        taken = self._by_key.get(key, {})
        return next(number for number in range(1, len(taken) + 2) if number not in taken)

    def add(self, member: Member) -> None:
        """Somebody has registered."""
        self._by_connection[member.connection] = member
        self._by_wire[member.wire][member.connection] = member
        self._by_id[member.id] = member
        if self._people is not None:
            self._people += (member.person,)
        if member.person.key is not None:
            self._by_key.setdefault(member.person.key, {})[member.person.session] = member

    def remove(self, member: Member, now: float) -> None:
        """Somebody has left."""
        self._people = None
        del self._by_connection[member.connection]
        del self._by_wire[member.wire][member.connection]
        del self._by_id[member.id]
        key = member.person.key
        if key is not None:
            del self._by_key[key][member.person.session]
            if not self._by_key[key]:
                del self._by_key[key]
        self.file_ids.forget_sender(member.id)
        self.ways.forget(member.id)
        self._ids.free(member.id, now)

    def change(self, member: Member, person: Person) -> None:
        """A member is seen differently from now on."""
        member.person = person
        self._people = None

    # Who is here

    def maybe_member(self, connection: int) -> Member | None:
        """The member behind a connection."""
        return self._by_connection.get(connection)

    def maybe_member_by_id(self, client_id: int) -> Member | None:
        """The member with an id."""
        return self._by_id.get(client_id)

    def people(self) -> tuple[Person, ...]:
        """All members as the others see them, in the order in which they registered."""
        if self._people is None:
            self._people = tuple([member.person for member in self])
        return self._people

    def members_with(self, key: Fingerprint) -> tuple[Member, ...]:
        """All sessions of a key."""
        return tuple(self._by_key.get(key, {}).values())

    def chosen(self, to: tuple[int, ...] | None) -> list[Member]:
        """The members with these ids, each once; None is everyone."""
        if to is None:
            return list(self)
        found = (self.maybe_member_by_id(client_id) for client_id in dict.fromkeys(to))
        return [member for member in found if member is not None]

    def count_passed(self, member: Member, size: int, texts: int = 0) -> None:
        """So many bytes from a member, or so many texts, have been passed on."""
        for traffic in (member.sent, self.passed):
            traffic.size += size
            traffic.texts += texts

    def connections(self) -> tuple[int, ...]:
        """The connections of all members, in the order in which they registered."""
        return tuple(self._by_connection)

    def connections_on(self, wire: Wire) -> tuple[int, ...]:
        """Likewise, of one wire."""
        return tuple(self._by_wire[wire])

    def count_on(self, wire: Wire) -> int:
        """How many members there are of one wire."""
        return len(self._by_wire[wire])

    def arriving_connections(self) -> tuple[int, ...]:
        """The connections of all who are arriving, in the order in which they came."""
        return tuple(self._arriving)

    def __iter__(self) -> Iterator[Member]:
        """All members, in the order in which they registered."""
        return iter(self._by_connection.values())

    def __len__(self) -> int:
        return len(self._by_connection)
