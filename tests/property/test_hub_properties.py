"""Whatever anybody does on the hub, in any order: everybody knows exactly who is here, and hears only what is for him.

Three machines, so that each comes far in its own matter; what holds for all is in tests/support/hub_model.py. Who may
join at all is in test_admission_properties.py.
"""

from dataclasses import dataclass

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from commonlib.classic.packet import LARGEST_SHORT_ID, PACKET_SIZE, Layout, PacketType
from commonlib.identity import Fingerprint
from tcpipserver.hub import effects, inputs
from tcpipserver.hub.effects import Deliver, Dismiss, Record
from tcpipserver.hub.people import Credentials, Details
from tests.support.hub_model import ADDRESS, NONCE, HubModel, credentials, deliveries_in, keys, talk_in, who

OPERATOR = 0
EVERYONE = 0
OWN = 100

details = st.builds(
    Details,
    st.text(max_size=70),
    colour=st.integers(0, 0xFFFFFFFF),
    status=st.integers(0, 0xFFFF),
    listening_port=st.integers(0, 0xFFFF),
    status_ticks=st.integers(-(1 << 63), (1 << 63) - 1),
    mask=st.integers(0, 0xFFFF),
)


class AttendanceMachine(HubModel):
    """People come slowly, change, are lost, and go silent."""

    most_ids = 4

    def __init__(self) -> None:
        super().__init__()
        self.shown: dict[int, str] = {}

    @invariant()
    def a_key_is_remembered_by_the_name_that_was_told_of_it_last(self) -> None:
        """Whichever of its sessions goes by it."""
        for person in self.hub.people():
            if person.key is not None and self.shown.get(person.id) != person.name:
                self.names[person.key] = self.shown[person.id] = person.name

    @rule()
    def only_arrive(self) -> None:
        self.arrive()

    @rule(someone=who)
    def arrive_again(self, someone: int) -> None:
        connection = self.connection_of(someone)
        if connection in self.members or connection in self.arriving:
            assert self.tell(inputs.Arrived(connection, ADDRESS, NONCE)) == []

    @rule(someone=who | st.just(8), said=credentials, whose=keys)
    def join_late_or_again(self, someone: int, said: Credentials, whose: Fingerprint | None) -> None:
        self.join(self.connection_of(someone), said, whose)

    @rule(someone=who | st.just(8), reason=st.text(max_size=5))
    def lose(self, someone: int, reason: str) -> None:
        connection = self.connection_of(someone)
        told = self.tell(inputs.ConnectionLost(connection, reason))
        if connection in self.arriving:
            assert deliveries_in(told) == []
            assert Dismiss(connection) in told
            client_id = self.arriving.pop(connection)
            self.never_told += [client_id] if client_id else []
        elif connection in self.members:
            assert Dismiss(connection) in told
            self.forget(connection)
            self.let_hear(told)
        else:
            assert told == []

    @rule(someone=who)
    def send_nonsense(self, someone: int) -> None:
        connection = self.connection_of(someone)
        told = self.tell(inputs.StreamBroken(connection, "a frame was too long"))
        if connection in self.members:
            assert Dismiss(connection) in told
            self.forget(connection)
            self.let_hear(told)
        else:
            assert told == []

    @rule(held_back=st.sets(who))
    def tick(self, held_back: set[int]) -> None:
        held = frozenset(self.connection_of(someone) for someone in held_back)
        told = self.tell(inputs.Ticked(held))
        gone = [effect.connection for effect in told if isinstance(effect, Dismiss)]
        assert not held & set(gone)
        last_words = [one for one in deliveries_in(told) if isinstance(one.item, effects.Closing)]
        assert {one.connections for one in last_words} == {(one,) for one in gone if self.is_modern(one)}
        for effect in told:
            match effect:
                case Dismiss(connection):
                    self.forget(connection)
                case Deliver():
                    self.let_hear([effect])
        assert self.hub.next_due() is None

    @rule(someone=who, said=credentials)
    def change_credentials(self, someone: int, said: Credentials) -> None:
        self.change(self.connection_of(someone), inputs.CredentialsChanged(self.connection_of(someone), said))

    @rule(someone=who, said=details)
    def change_details(self, someone: int, said: Details) -> None:
        self.change(self.connection_of(someone), inputs.DetailsChanged(self.connection_of(someone), said))

    @rule(someone=who, said=credentials, more=details)
    def change_profile(self, someone: int, said: Credentials, more: Details) -> None:
        self.change(self.connection_of(someone), inputs.ProfileChanged(self.connection_of(someone), said, more))

    def change(self, connection: int, happened: inputs.Input) -> None:
        told = self.tell(happened)
        for delivery in deliveries_in(told):
            assert connection not in delivery.connections
        self.let_hear(told)

    @rule(someone=who, ticks=st.integers(-1, 5))
    def ping(self, someone: int, ticks: int) -> None:
        connection = self.connection_of(someone)
        told = deliveries_in(self.tell(inputs.PingAsked(connection, ticks)))
        assert [one.connections for one in told] == ([(connection,)] if connection in self.members else [])
        for one in told:
            assert isinstance(one.item, effects.Pong if self.is_modern(connection) else effects.Ping)
        assert self.tell(inputs.PingAnswered(connection, ticks)) == []

    @rule(someone=who)
    def misbehave(self, someone: int) -> None:
        connection = self.connection_of(someone)
        told = self.tell(inputs.Misbehaved(connection, "it sent type 5"))
        assert all(isinstance(effect, Record) for effect in told)
        assert connection in self.members or told == []


@dataclass(frozen=True, slots=True)
class Waiting:
    """A text that its reader has not confirmed: the writer's connection and id, both 0 for the operator."""

    connection: int
    id: int
    number: int = 0


class TalkMachine(HubModel):
    """Texts and receipts: none is invented, none reaches another than the one who wrote."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: dict[int, list[Waiting]] = {}

    @rule(someone=who, other=who, said=st.text(max_size=400), number=st.integers(1, 3) | st.integers(1, (1 << 63) - 1))
    def say(self, someone: int, other: int, said: str, number: int) -> None:
        connection, to = self.connection_of(someone), self.id_of(other)
        given = number if connection in self.members and self.is_modern(connection) else 0
        told = self.tell(inputs.TextSaid(connection, to, said, number=given))
        reader = self.maybe_member(to)
        if connection not in self.members or reader is None or not self.can_hear(reader, connection):
            assert deliveries_in(told) == []
            return
        self.let_hear(told)
        text = effects.Text(self.members[connection], to, said, (0, 0), b"", given)
        assert talk_in(told) == [Deliver((reader,), text, paced=connection)]
        if not (given and self.is_modern(reader)):
            self.waiting.setdefault(reader, []).append(Waiting(connection, self.members[connection], given))

    @rule(someone=who, number=st.integers(0, 9))
    def say_to_operator(self, someone: int, number: int) -> None:
        connection = self.connection_of(someone)
        told = deliveries_in(self.tell(inputs.TextSaid(connection, OPERATOR, "hello", number=number)))
        receipt = effects.Receipt(OPERATOR, b"", self.members.get(connection, 0), number)
        assert told == ([Deliver((connection,), receipt)] if connection in self.members else [])

    @rule(chosen=st.none() | st.lists(who, max_size=4))
    def say_as_operator(self, chosen: list[int] | None) -> None:
        to = None if chosen is None else tuple(self.id_of(someone) for someone in chosen)
        told = deliveries_in(self.tell(inputs.OperatorSaid(to, "hello")))
        readers = {connection for connection, one in self.members.items() if to is None or one in to}
        assert {delivery.connections for delivery in told} == {(reader,) for reader in readers}
        assert len(told) == len(readers)
        for reader in readers:
            self.waiting.setdefault(reader, []).append(Waiting(OPERATOR, OPERATOR))

    @rule(someone=who, other=who | st.none())
    def confirm(self, someone: int, other: int | None) -> None:
        """Whose text is named, or the oldest; the model remembers writers by connections, which never come again."""
        connection, to = self.connection_of(someone), 0 if other is None else self.id_of(other)
        told = self.tell(inputs.TextReceived(connection, to))
        waiting = self.waiting.get(connection, []) if connection in self.members else []
        names_writer = to != 0 or (connection in self.members and self.is_modern(connection))
        confirmed = next((text for text in waiting if not names_writer or text.id == to), None)
        if confirmed is not None:
            waiting.remove(confirmed)
        writer = None if confirmed is None else confirmed.connection
        if confirmed is None or writer not in self.members or not self.can_hear(writer, connection):
            assert deliveries_in(told) == []
            return
        self.let_hear(told)
        receipt = effects.Receipt(self.members[connection], b"", confirmed.id, confirmed.number)
        assert talk_in(told) == [Deliver((writer,), receipt)]

    @rule(someone=who, other=who, number=st.integers(1, 9))
    def confirm_by_number(self, someone: int, other: int, number: int) -> None:
        """Only one of the modern wire has given a number; it reaches him, and he knows whether it is his."""
        connection, to = self.connection_of(someone), self.id_of(other)
        told = self.tell(inputs.TextReceived(connection, to, number=number))
        writer = self.maybe_member(to)
        if connection not in self.members or writer is None or not self.is_modern(writer):
            assert deliveries_in(told) == []
            return
        self.let_hear(told)
        receipt = effects.Receipt(self.members[connection], b"", to, number)
        assert talk_in(told) == [Deliver((writer,), receipt, paced=connection)]


class PassingMachine(HubModel):
    """Packets, files and commands: each goes where it is addressed, and no two files have one number."""

    def __init__(self) -> None:
        super().__init__()
        self.files: dict[tuple[int, int, int], int] = {}

    def forget(self, connection: int) -> None:
        self.files = {key: number for key, number in self.files.items() if key[0] != self.members[connection]}
        super().forget(connection)

    @rule(someone=who, other=who | st.none(), layout=st.sampled_from(list(Layout)))
    def send_packets(self, someone: int, other: int | None, layout: Layout) -> None:
        connection, to = self.connection_of(someone), EVERYONE if other is None else self.id_of(other)
        told = self.tell(inputs.PacketsSent(connection, OWN, layout, to, bytes(PACKET_SIZE)))
        passed = self.passed(told, connection, to)
        assert all(delivery.item == self.packets(connection, layout, bytes(PACKET_SIZE), to) for delivery in passed)

    @rule(
        someone=who,
        other=who | st.none(),
        kind=st.sampled_from([PacketType.FILE_START, PacketType.FILE_CHUNK, PacketType.FILE_END]),
        file_id=st.integers(0, 1),
    )
    def send_file(self, someone: int, other: int | None, kind: PacketType, file_id: int) -> None:
        connection, to = self.connection_of(someone), EVERYONE if other is None else self.id_of(other)
        layout = Layout.FILE_CHUNK if kind == PacketType.FILE_CHUNK else Layout.FILE_START
        told = self.tell(inputs.PacketsSent(connection, kind, layout, to, bytes(PACKET_SIZE), file_id))
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
            assert deliveries_in(told) == [], "it got into another file"
        else:
            packet = bytes(6) + number.to_bytes(2, "little") + bytes(PACKET_SIZE - 8)
            passed = self.passed(told, connection, to)
            assert all(delivery.item == self.packets(connection, layout, packet, to) for delivery in passed)
        if kind == PacketType.FILE_END:
            self.files.pop(key, None)

    @rule(someone=who, other=who | st.none(), payload=st.binary(max_size=20))
    def send_command(self, someone: int, other: int | None, payload: bytes) -> None:
        connection, to = self.connection_of(someone), EVERYONE if other is None else self.id_of(other)
        told = self.tell(inputs.CommandSent(connection, to, OWN, payload))
        reader = self.maybe_member(to)
        if connection not in self.members or (reader is None and to != EVERYONE):
            assert deliveries_in(told) == []
            return
        self.let_hear(told)
        everyone = self.on_wire(is_modern=True)
        hearers = everyone if reader is None else (reader,) if self.is_modern(reader) else ()
        item = effects.Command(self.members[connection], to, OWN, payload)
        assert talk_in(told) == ([Deliver(hearers, item, paced=connection)] if hearers else [])

    def packets(self, connection: int, layout: Layout, packets: bytes, to: int) -> effects.Packets:
        return effects.Packets(self.members[connection], layout, packets, to)

    def passed(self, told: list[effects.Effect], connection: int, to: int) -> list[Deliver]:
        """What was passed on, once it is sure to whom it went."""
        reader = self.maybe_member(to)
        if connection not in self.members or (to != EVERYONE and reader is None):
            assert deliveries_in(told) == []
            return []
        self.let_hear(told)
        is_short = self.members[connection] <= LARGEST_SHORT_ID
        if reader is None:
            hearers = tuple(self.members) if is_short else self.on_wire(is_modern=True)
        else:
            hearers = (reader,) if self.can_hear(reader, connection) else ()
        passed = talk_in(told)
        assert [(one.connections, one.paced) for one in passed] == ([(hearers, connection)] if hearers else [])
        return passed


TestAttendance = AttendanceMachine.TestCase
TestTalk = TalkMachine.TestCase
TestPassing = PassingMachine.TestCase
