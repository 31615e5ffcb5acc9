"""Who is here: the members, by connection and by id, and those who have been greeted and are still arriving.

Owns the tables, the ids in them and the ids of files on their way. Must never decide what anybody is told. Pure: run by
the dispatcher thread alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from tcpipserver.hub.identifiers import ClientIds, FileIds
from tcpipserver.hub.people import Member, Traffic


@dataclass(frozen=True, slots=True)
class Arriving:
    """Somebody who has been greeted and has not introduced himself yet."""

    client_id: int
    address: str


class Roster:
    """Every connection is in at most one of the two tables.

    Attributes:
        file_ids: The numbers of the files that members are sending.
        passed: What all members together have sent, those who have left too.
    """

    def __init__(self, ids: ClientIds) -> None:
        self._ids = ids
        self._arriving: dict[int, Arriving] = {}
        self._by_connection: dict[int, Member] = {}
        self._by_id: dict[int, Member] = {}
        self.file_ids = FileIds()
        self.passed = Traffic()

    def knows(self, connection: int) -> bool:
        """Whether somebody is behind a connection, or arriving on it."""
        return connection in self._by_connection or connection in self._arriving

    def maybe_greet(self, connection: int, address: str, now: float) -> Arriving | None:
        """Give a newcomer an id; None where there is none left."""
        client_id = self._ids.maybe_take(now)
        if client_id is None:
            return None
        arriving = Arriving(client_id, address)
        self._arriving[connection] = arriving
        return arriving

    def maybe_take_arriving(self, connection: int) -> Arriving | None:
        """Take somebody out of the arriving, to add him."""
        return self._arriving.pop(connection, None)

    def maybe_forget_arriving(self, connection: int) -> Arriving | None:
        """Somebody will not register; his id is free at once."""
        arriving = self.maybe_take_arriving(connection)
        if arriving is not None:
            self._ids.free_at_once(arriving.client_id)
        return arriving

    def add(self, member: Member) -> None:
        """Somebody has registered."""
        self._by_connection[member.connection] = member
        self._by_id[member.id] = member

    def remove(self, member: Member, now: float) -> None:
        """Somebody has left."""
        del self._by_connection[member.connection]
        del self._by_id[member.id]
        self.file_ids.forget_sender(member.id)
        self._ids.free(member.id, now)

    def maybe_member(self, connection: int) -> Member | None:
        """The member behind a connection."""
        return self._by_connection.get(connection)

    def maybe_member_by_id(self, client_id: int) -> Member | None:
        """The member with an id."""
        return self._by_id.get(client_id)

    def count_passed(self, member: Member, size: int, texts: int = 0) -> None:
        """So many bytes from a member, or so many texts, have been passed on."""
        for traffic in (member.sent, self.passed):
            traffic.size += size
            traffic.texts += texts

    def connections(self) -> tuple[int, ...]:
        """The connections of all members, in the order in which they registered."""
        return tuple(self._by_connection)

    def arriving_connections(self) -> tuple[int, ...]:
        """The connections of all who are arriving, in the order in which they came."""
        return tuple(self._arriving)

    def __iter__(self) -> Iterator[Member]:
        """All members, in the order in which they registered."""
        return iter(self._by_connection.values())

    def __len__(self) -> int:
        return len(self._by_connection)
