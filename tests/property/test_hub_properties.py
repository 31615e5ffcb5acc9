"""Whatever anybody does on the hub, in any order: everybody knows exactly who is here, and hears only what is for him.

Three machines, so that each comes far in its own matter; what holds for all is in tests/support/hub_model.py.
"""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from commonlib.classic.packet import PACKET_SIZE, Layout, PacketType
from tcpipserver.hub import effects, inputs
from tcpipserver.hub.effects import Deliver, Dismiss, Record
from tcpipserver.hub.people import Credentials, Details
from tests.support.hub_model import ADDRESS, HubModel, credentials, deliveries_in, who

OPERATOR = 0
EVERYONE = 0
OWN = 100

details = st.builds(
    Details,
    st.text(max_size=40),
    colour=st.integers(0, 0xFFFFFFFF),
    status=st.integers(0, 0xFFFF),
    listening_port=st.integers(0, 0xFFFF),
    status_ticks=st.integers(-(1 << 63), (1 << 63) - 1),
    mask=st.integers(0, 0xFFFF),
)


class AttendanceMachine(HubModel):
    """People come slowly, change, are lost, and go silent."""

    most_ids = 4

    @rule()
    def only_arrive(self) -> None:
        self.arrive()

    @rule(someone=who)
    def arrive_again(self, someone: int) -> None:
        connection = self.connection_of(someone)
        if connection in self.members or connection in self.arriving:
            assert self.tell(inputs.Arrived(connection, ADDRESS)) == []

    @rule(someone=who | st.just(8), said=credentials)
    def join_late_or_again(self, someone: int, said: Credentials) -> None:
        self.join(self.connection_of(someone), said)

    @rule(someone=who | st.just(8), reason=st.text(max_size=5))
    def lose(self, someone: int, reason: str) -> None:
        connection = self.connection_of(someone)
        told = self.tell(inputs.ConnectionLost(connection, reason))
        if connection in self.arriving:
            assert deliveries_in(told) == []
            assert Dismiss(connection) in told
            self.never_told.append(self.arriving.pop(connection))
        elif connection in self.members:
            assert Dismiss(connection) in told
            self.forget(connection)
            self.let_hear(told)
        else:
            assert told == []

    @rule(held_back=st.sets(who))
    def tick(self, held_back: set[int]) -> None:
        held = frozenset(self.connection_of(someone) for someone in held_back)
        told = self.tell(inputs.Ticked(held))
        for effect in told:
            match effect:
                case Deliver(_, effects.PersonLeft(client_id)):
                    gone = self.maybe_member(client_id)
                    assert gone is not None
                    assert Dismiss(gone) in told
                    self.forget(gone)
                    self.let_hear([effect])
                case Deliver(_, effects.PeopleDetails()):
                    self.let_hear([effect])
                case Deliver(to, item):
                    assert isinstance(item, effects.Ping)
                    assert len(to) == 1
                case Dismiss(connection):
                    assert connection not in held
                    if connection in self.members:
                        assert len(self.members) == 1, "the others were not told"
                        self.forget(connection)

    @rule(someone=who, said=credentials)
    def change_credentials(self, someone: int, said: Credentials) -> None:
        self.change(self.connection_of(someone), inputs.CredentialsChanged(self.connection_of(someone), said))

    @rule(someone=who, said=details)
    def change_details(self, someone: int, said: Details) -> None:
        self.change(self.connection_of(someone), inputs.DetailsChanged(self.connection_of(someone), said))

    def change(self, connection: int, happened: inputs.Input) -> None:
        told = self.tell(happened)
        for delivery in deliveries_in(told):
            assert delivery.connections == tuple(one for one in self.members if one != connection)
        self.let_hear(told)

    @rule(someone=who, ticks=st.integers(-1, 5))
    def ping(self, someone: int, ticks: int) -> None:
        connection = self.connection_of(someone)
        heard_by = [delivery.connections for delivery in deliveries_in(self.tell(inputs.PingAsked(connection)))]
        assert heard_by == ([(connection,)] if connection in self.members else [])
        assert self.tell(inputs.PingAnswered(connection, ticks)) == []

    @rule(someone=who)
    def misbehave(self, someone: int) -> None:
        connection = self.connection_of(someone)
        told = self.tell(inputs.Misbehaved(connection, "it sent type 5"))
        assert all(isinstance(effect, Record) for effect in told)
        assert connection in self.members or told == []


class TalkMachine(HubModel):
    """Texts and receipts: none is invented, none reaches another than the one who wrote."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: dict[int, list[tuple[int, int]]] = {}

    @rule(someone=who, other=who, said=st.text(max_size=400))
    def say(self, someone: int, other: int, said: str) -> None:
        connection, to = self.connection_of(someone), self.id_of(other)
        told = deliveries_in(self.tell(inputs.TextSaid(connection, to, said)))
        reader = self.maybe_member(to)
        if connection not in self.members or reader is None:
            assert told == []
            return
        text = effects.Text(self.members[connection], to, said, (0, 0), b"")
        assert told == [Deliver((reader,), text, paced=connection)]
        self.waiting.setdefault(reader, []).append((connection, self.members[connection]))

    @rule(someone=who)
    def say_to_operator(self, someone: int) -> None:
        connection = self.connection_of(someone)
        told = deliveries_in(self.tell(inputs.TextSaid(connection, OPERATOR, "hello")))
        receipt = effects.Receipt(OPERATOR, b"", self.members.get(connection, 0))
        assert told == ([Deliver((connection,), receipt)] if connection in self.members else [])

    @rule(chosen=st.none() | st.lists(who, max_size=4))
    def say_as_operator(self, chosen: list[int] | None) -> None:
        to = None if chosen is None else tuple(self.id_of(someone) for someone in chosen)
        told = deliveries_in(self.tell(inputs.OperatorSaid(to, "hello")))
        readers = {connection for connection, one in self.members.items() if to is None or one in to}
        assert {delivery.connections for delivery in told} == {(reader,) for reader in readers}
        assert len(told) == len(readers)
        for reader in readers:
            self.waiting.setdefault(reader, []).append((OPERATOR, OPERATOR))

    @rule(someone=who, other=who | st.none())
    def confirm(self, someone: int, other: int | None) -> None:
        """Whose text is named, or the oldest; the model remembers writers by connections, which never come again."""
        connection, to = self.connection_of(someone), 0 if other is None else self.id_of(other)
        told = deliveries_in(self.tell(inputs.TextReceived(connection, to)))
        waiting = self.waiting.get(connection, []) if connection in self.members else []
        confirmed = next((text for text in waiting if to in (0, text[1])), None)
        if confirmed is not None:
            waiting.remove(confirmed)
        if confirmed is None or confirmed[0] not in self.members:
            assert told == []
        else:
            receipt = effects.Receipt(self.members[connection], b"", confirmed[1])
            assert told == [Deliver((confirmed[0],), receipt)]


class PassingMachine(HubModel):
    """Packets and files: each goes where it is addressed, and no two files have one number."""

    def __init__(self) -> None:
        super().__init__()
        self.files: dict[tuple[int, int, int], int] = {}

    def forget(self, connection: int) -> None:
        self.files = {key: number for key, number in self.files.items() if key[0] != self.members[connection]}
        super().forget(connection)

    @rule(someone=who, other=who | st.none(), layout=st.sampled_from(list(Layout)))
    def send_packets(self, someone: int, other: int | None, layout: Layout) -> None:
        connection, to = self.connection_of(someone), EVERYONE if other is None else self.id_of(other)
        told = deliveries_in(self.tell(inputs.PacketsSent(connection, OWN, layout, to, bytes(PACKET_SIZE))))
        self.check_passed(told, connection, to)
        assert all(delivery.item == self.packets(connection, layout, bytes(PACKET_SIZE), to) for delivery in told)

    @rule(
        someone=who,
        other=who | st.none(),
        kind=st.sampled_from([PacketType.FILE_START, PacketType.FILE_CHUNK, PacketType.FILE_END]),
        file_id=st.integers(0, 1),
    )
    def send_file(self, someone: int, other: int | None, kind: PacketType, file_id: int) -> None:
        connection, to = self.connection_of(someone), EVERYONE if other is None else self.id_of(other)
        layout = Layout.FILE_CHUNK if kind == PacketType.FILE_CHUNK else Layout.FILE_START
        told = deliveries_in(self.tell(inputs.PacketsSent(connection, kind, layout, to, bytes(PACKET_SIZE), file_id)))
        if connection not in self.members:
            assert told == []
            return
        key = (self.members[connection], to, file_id)
        if kind == PacketType.FILE_START:
            self.files.pop(key, None)
            self.files[key] = file_id
            while list(self.files.values()).count(self.files[key]) > 1:
                self.files[key] += 1
        number = self.files.get(key, file_id)
        if key not in self.files and number in self.files.values():
            assert told == [], "it got into another file"
        else:
            self.check_passed(told, connection, to)
            packet = bytes(6) + number.to_bytes(2, "little") + bytes(PACKET_SIZE - 8)
            assert all(delivery.item == self.packets(connection, layout, packet, to) for delivery in told)
        if kind == PacketType.FILE_END:
            self.files.pop(key, None)

    def packets(self, connection: int, layout: Layout, packets: bytes, to: int) -> effects.Packets:
        return effects.Packets(self.members[connection], layout, packets, to)

    def check_passed(self, told: list[Deliver], connection: int, to: int) -> None:
        reader = self.maybe_member(to)
        if connection not in self.members or (to != EVERYONE and reader is None):
            assert told == []
        elif to == EVERYONE:
            assert [(one.connections, one.paced) for one in told] == [(tuple(self.members), connection)]
        else:
            assert [(one.connections, one.paced) for one in told] == [((reader,), connection)]


TestAttendance = AttendanceMachine.TestCase
TestTalk = TalkMachine.TestCase
TestPassing = PassingMachine.TestCase
