"""Whatever is said about files in any order: nobody is led to one who does not want him, and no half gets in twice.

Two machines: the brain, which brings people together, and the book of the relays. Thread: pytest's main thread.
"""

from dataclasses import dataclass, field

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from commonlib.wire.relay_join import RelayJoin, relay_proof
from commonlib.wire.way_messages import FilesAnswered, FilesCancelled, Role, WayRefused, WayWanted
from tcpipserver.hub import effects, inputs
from tcpipserver.hub.effects import Deliver, OpenWay
from tcpipserver.hub.relaybook import MOST_PER_TRANSFER, RelayBook, UsedTokenError, WrongTokenError
from tests.support.hub_model import HubModel, deliveries_in, talk_in, who
from tests.support.hubs import key
from tests.support.relay_ways import way

LIFE = 30.0
transfers = st.integers(0, 1).map(lambda number: bytes([number]) * 16)
roles = st.sampled_from(list(Role))


class FilesMachine(HubModel):
    """People of both wires; those of the modern one speak of files."""

    def __init__(self) -> None:
        super().__init__()
        self.wishes: dict[tuple[int, int, bytes, Role], tuple[float, int]] = {}

    def forget(self, connection: int) -> None:
        self.wishes = {place: wish for place, wish in self.wishes.items() if place[0] != self.members[connection]}
        super().forget(connection)

    @rule(someone=who, other=who, transfer=transfers, accepts=st.none() | st.booleans())
    def say(self, someone: int, other: int, transfer: bytes, accepts: bool | None) -> None:
        """An answer to an offer, or the end of a transfer."""
        said: FilesAnswered | FilesCancelled = FilesCancelled(transfer=transfer)
        if accepts is not None:
            said = FilesAnswered(transfer=transfer, accepted=accepts)
        connection, to = self.connection_of(someone), self.id_of(other)
        if self.speaks_of_files(connection):
            told = self.tell(inputs.FilesSaid(connection, to, said))
            unheard = None if accepts is None else FilesCancelled
            self.check_passed(told, connection, to, said, unheard)

    @rule(someone=who, other=who, transfer=transfers, role=roles, port=st.integers(0, 65535))
    def want_way(self, someone: int, other: int, transfer: bytes, role: Role, port: int) -> None:
        """A way is opened if, and only if, the other end has said that it wants this one, a moment ago."""
        connection, to = self.connection_of(someone), self.id_of(other)
        if not self.speaks_of_files(connection):
            return
        wanted = WayWanted(transfer=transfer, role=role, port=port)
        told = self.tell(inputs.FilesSaid(connection, to, wanted))
        opened = [effect for effect in told if isinstance(effect, OpenWay)]
        if not self.check_passed(told, connection, to, wanted, WayRefused):
            assert opened == []
            return
        own_id = self.members[connection]
        asked_at, other_port = self.wishes.pop((to, own_id, transfer, role.other), (-LIFE, 0))
        if self.now - asked_at >= LIFE:
            self.wishes[own_id, to, transfer, role] = self.now, port
            assert opened == []
            return
        self.wishes.pop((own_id, to, transfer, role), None)
        (one,) = opened
        ends = {Role.SENDER: one.sender, Role.RECEIVER: one.receiver}
        assert one.transfer == transfer
        assert (ends[role].person.id, ends[role].port) == (own_id, port)
        assert (ends[role.other].person.id, ends[role.other].port) == (to, other_port)
        assert all(end.person.key is not None and end.connection in self.members for end in ends.values())

    def speaks_of_files(self, connection: int) -> bool:
        """Nobody else does: the classic wire has no word for it."""
        return connection in self.members and self.is_modern(connection)

    def check_passed(
        self,
        told: list[effects.Effect],
        connection: int,
        to: int,
        said: FilesAnswered | FilesCancelled | WayWanted,
        unheard: type[FilesCancelled] | type[WayRefused] | None,
    ) -> bool:
        """Whether it went to the one who is named, and to nobody else; if to nobody, its sender is told so."""
        self.let_hear(told)
        reader, own_id = self.maybe_member(to), self.members[connection]
        if reader is not None and self.is_modern(reader):
            assert talk_in(told) == [Deliver((reader,), effects.Files(own_id, to, said), paced=connection)]
            return True
        answers = deliveries_in(told)
        assert [one.connections for one in answers] == ([(connection,)] if unheard else [])
        for one in answers:
            assert isinstance(one.item, effects.Files)
            assert unheard is not None
            assert isinstance(one.item.said, unheard)
            assert (one.item.sender, one.item.said.transfer) == (0, said.transfer)
        return False


@dataclass(slots=True)
class Opened:
    """A way that the book was told of."""

    token: bytes
    people: tuple[int, int]
    deadline: float
    used: set[Role] = field(default_factory=set)


class RelayBookMachine(RuleBasedStateMachine):
    """Tokens are given out and shown, by their owners and by others."""

    def __init__(self) -> None:
        super().__init__()
        self.book = RelayBook()
        self.now = 0.0
        self.count = 0
        self.opened: dict[bytes, list[Opened]] = {}

    @rule(transfer=transfers, people=st.sampled_from([(1, 2), (2, 3), (4, 5)]))
    def open(self, transfer: bytes, people: tuple[int, int]) -> None:
        """Another token each time."""
        self.count += 1
        token = self.count.to_bytes(32, "big")
        self.book.expect(token, way(transfer, *people), self.now)
        ways = self.opened.setdefault(transfer, [])
        ways.append(Opened(token, people, self.now + LIFE))
        del ways[:-MOST_PER_TRANSFER]

    @rule(number=st.integers(0, 40), transfer=transfers, role=roles, shown=roles, is_own_nonce=st.booleans())
    def show(self, number: int, transfer: bytes, role: Role, shown: Role, is_own_nonce: bool) -> None:
        """Somebody shows a token that was given out, or one that was not: for this end, or as if for the other."""
        token = max(self.count - number, 0).to_bytes(32, "big")
        nonce = bytes(32) if is_own_nonce else bytes(31) + b"x"
        join = RelayJoin(transfer, role, relay_proof(token, nonce, transfer, shown))
        known = next((one for one in self.opened.get(transfer, []) if one.token == token), None)
        if known is None or self.now >= known.deadline or role is not shown or not is_own_nonce:
            assert self.taken(join) is WrongTokenError
        elif role in known.used:
            assert self.taken(join) is UsedTokenError
        else:
            known.used.add(role)
            assert self.taken(join) == (token, known.people)

    def taken(self, join: RelayJoin) -> object:
        """Whose way the half belongs to, or why it belongs to none."""
        try:
            opened = self.book.take(join, bytes(32), self.now)
        except (WrongTokenError, UsedTokenError) as error:
            return type(error)
        return opened.token, (opened.way.sender.person.id, opened.way.receiver.person.id)

    @rule(whose=st.integers(1, 6))
    def keep_out(self, whose: int) -> None:
        """Somebody is sent away; a transfer is between two people, so nobody else has it."""
        self.book.forget(key(whose))
        for transfer, ways in tuple(self.opened.items()):
            if any(whose in one.people for one in ways):
                del self.opened[transfer]

    @rule(seconds=st.sampled_from([0.5, 10.0, 29.9, 30.0]))
    def pass_time(self, seconds: float) -> None:
        """Nothing else happens."""
        self.now += seconds

    @invariant()
    def little_is_kept(self) -> None:
        """However many were given out."""
        assert len(self.book._opened) <= 2


TestFiles = FilesMachine.TestCase
TestRelayBook = RelayBookMachine.TestCase
