"""Whatever anybody does on the hub, in any order: everybody knows exactly who is here, and hears only what is for him.

The brain is driven with its own inputs and held against a model that knows nothing but what was said and heard.
"""

import unicodedata
from collections import deque

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from commonlib.classic.packet import PACKET_SIZE, Layout
from tcpipserver.dialects.classic import ClassicEncoder
from tcpipserver.hub import effects, inputs
from tcpipserver.hub.brain import Hub
from tcpipserver.hub.effects import Deliver, Dismiss, Effect, Record
from tcpipserver.hub.identifiers import QUARANTINE_SECONDS, ClientIds
from tcpipserver.hub.people import Credentials, Details, Person

OPERATOR = 0
EVERYONE = 0
MOST_IDS = 4
MOST_CONNECTIONS = 12
WALL = 1.8e9
UNSAFE_CATEGORIES = ("Cc", "Cf", "Zl", "Zp")
"""What breaks a line, drives a terminal or turns the direction of reading."""

connections = st.integers(1, MOST_CONNECTIONS)
ids = st.integers(0, MOST_IDS + 1)
names = st.text(max_size=60)
credentials = st.builds(Credentials, names, names, names)
details = st.builds(
    Details,
    st.text(max_size=40),
    colour=st.integers(0, 0xFFFFFFFF),
    status=st.integers(0, 0xFFFF),
    listening_port=st.integers(0, 0xFFFF),
    status_ticks=st.integers(-(1 << 63), (1 << 63) - 1),
    mask=st.integers(0, 0xFFFF),
)


class Client:
    """What one member knows from what he was told, and nothing else."""

    def __init__(self) -> None:
        self.people: dict[int, Person] = {}
        self.registered: list[int] = []
        self.has_left = False

    def hear(self, item: effects.Item, own_id: int) -> None:
        match item:
            case effects.PeopleDetails(people):
                self.people.update({person.id: person for person in people})
            case effects.PersonRegistered(client_id):
                assert client_id == own_id or client_id in self.people, "somebody registered of whom nothing was told"
                self.registered.append(client_id)
            case effects.PersonLeft(client_id):
                assert client_id == own_id or client_id in self.people, "somebody left who was not here"
                self.people.pop(client_id, None)


class HubMachine(RuleBasedStateMachine):
    """A hub with few ids, so that they come round, and a clock that jumps by minutes."""

    def __init__(self) -> None:
        super().__init__()
        self.hub = Hub(ClientIds(largest=MOST_IDS))
        self.encoder = ClassicEncoder((1, 0, 0))
        self.now = 0.0
        self.next_connection = 1
        self.arriving: dict[int, int] = {}
        self.members: dict[int, int] = {}
        self.clients: dict[int, Client] = {}
        self.freed_at: dict[int, float] = {}
        self.texts: dict[int, deque[tuple[int, int]]] = {}
        self.files: dict[tuple[int, int, int], int] = {}

    # What every input is put through

    def tell(self, happened: inputs.Input) -> list[Effect]:
        """The brain's answer, after a look at what holds for every answer."""
        known = set(self.members) | set(self.arriving) | {getattr(happened, "connection", 0)}
        told = self.hub.receive(happened, self.now, WALL + self.now)
        for effect in told:
            match effect:
                case Deliver(to, item, paced):
                    assert to
                    assert len(set(to)) == len(to)
                    assert set(to) <= known
                    assert paced is None or paced in self.members
                    assert isinstance(item, effects.Greeting) or set(to) <= set(self.members) | {
                        happened_joined(happened)
                    }
                    if not isinstance(item, effects.Packets):
                        assert len(self.encoder.encode(item)) % PACKET_SIZE == 0
                case Dismiss(connection):
                    assert connection in known
                case Record(_, line):
                    assert not [one for one in line if unicodedata.category(one) in UNSAFE_CATEGORIES]
                    assert len(line) < 1500
                case effects.HandleText(connection) | effects.HandlePackets(connection):
                    assert connection in self.members
        return told

    def let_hear(self, told: list[Effect]) -> None:
        """Everybody takes note of what he is told."""
        for effect in told:
            if isinstance(effect, Deliver):
                for connection in effect.connections:
                    if connection in self.clients:
                        self.clients[connection].hear(effect.item, self.members[connection])

    def forget(self, connection: int) -> None:
        client_id = self.members.pop(connection)
        self.freed_at[client_id] = self.now
        del self.clients[connection], self.texts[connection]
        self.files = {key: passing for key, passing in self.files.items() if key[0] != client_id}

    # Coming and going

    @initialize(count=st.integers(0, 3))
    def begin_with_some(self, count: int) -> None:
        for _ in range(count):
            self.come(Credentials("somebody"))

    @rule(said=credentials)
    @precondition(lambda self: self.next_connection <= MOST_CONNECTIONS)
    def come(self, said: Credentials) -> None:
        self.arrive()
        self.join(self.next_connection - 1, said)

    @rule()
    @precondition(lambda self: self.next_connection <= MOST_CONNECTIONS)
    def arrive(self) -> None:
        connection, self.next_connection = self.next_connection, self.next_connection + 1
        told = self.tell(inputs.Arrived(connection, "2001:db8:1111:2222:3333:4444:5555:6666"))
        in_use = {*self.arriving.values(), *self.members.values()}
        greetings = [effect for effect in told if isinstance(effect, Deliver)]
        if not greetings:
            resting = {one for one, since in self.freed_at.items() if self.now - since < QUARANTINE_SECONDS}
            assert len(in_use | resting) == MOST_IDS, "sent away though an id was free"
            assert Dismiss(connection) in told
            return
        (greeting,) = greetings
        assert greeting.connections == (connection,)
        assert isinstance(greeting.item, effects.Greeting)
        given = greeting.item.client_id
        assert given not in in_use
        fresh = [one for one in range(1, MOST_IDS + 1) if one not in in_use and one not in self.freed_at]
        if fresh:
            assert given == fresh[0]
        else:
            free = {one: since for one, since in self.freed_at.items() if one not in in_use}
            assert free[given] == min(free.values())
            assert self.now - free[given] >= QUARANTINE_SECONDS
        self.arriving[connection] = given

    @rule(connection=connections, said=credentials)
    def join(self, connection: int, said: Credentials) -> None:
        expected = connection in self.arriving
        told = self.tell(inputs.Joined(connection, said))
        assert bool(told) == expected
        if expected:
            self.members[connection] = self.arriving.pop(connection)
            self.clients[connection] = Client()
            self.texts[connection] = deque()
            self.let_hear(told)
            for other in self.clients.values():
                assert other.registered[-1] == self.members[connection]

    @rule(connection=connections)
    def leave(self, connection: int) -> None:
        told = self.tell(inputs.LeaveAnnounced(connection))
        assert bool(told) == (connection in self.members)
        if told:
            assert Dismiss(connection) in told
            self.let_hear(told)
            self.forget(connection)

    @rule(connection=connections, reason=st.text(max_size=5))
    def lose(self, connection: int, reason: str) -> None:
        told = self.tell(inputs.ConnectionLost(connection, reason))
        assert (Dismiss(connection) in told) == (connection in self.members or connection in self.arriving)
        if connection in self.arriving:
            self.freed_at[self.arriving.pop(connection)] = self.now
            assert not [effect for effect in told if isinstance(effect, Deliver)]
        elif connection in self.members:
            self.forget(connection)
            self.let_hear(told)
        else:
            assert told == []

    @rule(seconds=st.sampled_from([0.5, 30.0, 240.0, 599.0, 600.0]), held_back=st.frozensets(connections))
    def wait(self, seconds: float, held_back: frozenset[int]) -> None:
        self.now += seconds
        told = self.tell(inputs.Ticked(held_back))
        for effect in told:
            if isinstance(effect, Dismiss):
                assert effect.connection in self.members
                assert effect.connection not in held_back
                self.let_hear([one for one in told if isinstance(one, Deliver) and one.item == self.leaving(effect)])
                self.forget(effect.connection)

    def leaving(self, effect: Dismiss) -> effects.PersonLeft:
        return effects.PersonLeft(self.members[effect.connection])

    # Changing

    @rule(connection=connections, said=credentials)
    def change_credentials(self, connection: int, said: Credentials) -> None:
        self.change(connection, inputs.CredentialsChanged(connection, said))

    @rule(connection=connections, said=details)
    def change_details(self, connection: int, said: Details) -> None:
        self.change(connection, inputs.DetailsChanged(connection, said))

    def change(self, connection: int, happened: inputs.Input) -> None:
        told = self.tell(happened)
        heard_by = {one for effect in told if isinstance(effect, Deliver) for one in effect.connections}
        assert heard_by in (set(), set(self.members) - {connection})
        self.let_hear(told)

    # Talk

    @rule(connection=connections, to=ids, said=st.text(max_size=400))
    def say(self, connection: int, to: int, said: str) -> None:
        told = [effect for effect in self.tell(inputs.TextSaid(connection, to, said)) if isinstance(effect, Deliver)]
        reader = self.maybe_connection_of(to)
        if connection not in self.members or (to != OPERATOR and reader is None):
            assert told == []
        elif to == OPERATOR:
            assert told == [Deliver((connection,), effects.Receipt(OPERATOR, b""))]
        else:
            assert reader is not None
            text = effects.Text(self.members[connection], to, said, (0, 0), b"")
            assert told == [Deliver((reader,), text, paced=connection)]
            self.texts[reader].append((connection, self.members[connection]))

    @rule(to=st.none() | st.lists(ids, max_size=4).map(tuple))
    def say_as_operator(self, to: tuple[int, ...] | None) -> None:
        told = self.tell(inputs.OperatorSaid(to, "hello"))
        chosen = {connection for connection, one in self.members.items() if to is None or one in to}
        heard_by = [connection for effect in told if isinstance(effect, Deliver) for connection in effect.connections]
        assert sorted(heard_by) == sorted(chosen)
        for connection in chosen:
            self.texts[connection].append((OPERATOR, OPERATOR))

    @rule(connection=connections, to=ids)
    def confirm(self, connection: int, to: int) -> None:
        told = [effect for effect in self.tell(inputs.TextReceived(connection, to)) if isinstance(effect, Deliver)]
        waiting = self.texts.get(connection, deque())
        confirmed = next((text for text in waiting if to in (EVERYONE, text[1])), None)
        if confirmed is not None:
            waiting.remove(confirmed)
        if confirmed is None or confirmed[0] not in self.members:
            assert told == []
        else:
            assert told == [Deliver((confirmed[0],), effects.Receipt(self.members[connection], b""))]

    # Whatever else passes

    @rule(connection=connections, to=ids, layout=st.sampled_from(list(Layout)))
    def send_packets(self, connection: int, to: int, layout: Layout) -> None:
        told = self.tell(inputs.PacketsSent(connection, 100, layout, to, bytes(PACKET_SIZE)))
        item = effects.Packets(self.members.get(connection, 0), layout, bytes(PACKET_SIZE))
        self.check_passed(connection, to, told, item)

    @rule(connection=connections, to=ids, packet_type=st.sampled_from([13, 14, 15]), file_id=st.integers(0, 2))
    def send_file(self, connection: int, to: int, packet_type: int, file_id: int) -> None:
        layout = Layout.FILE_CHUNK if packet_type == 14 else Layout.FILE_START
        told = self.tell(inputs.PacketsSent(connection, packet_type, layout, to, bytes(PACKET_SIZE), file_id))
        key = (self.members.get(connection, 0), to, file_id)
        others = {passing for other, passing in self.files.items() if other != key}
        passed = [effect.item for effect in told if isinstance(effect, Deliver)]
        if passed:
            (item,) = passed
            assert isinstance(item, effects.Packets)
            number = int.from_bytes(item.packets[6:8], "little")
            assert number not in others, "two files on their way have one number"
            if packet_type == 13:
                self.files[key] = number
            assert number == self.files.get(key, file_id)
            self.check_passed(connection, to, told, item)
        if packet_type == 15 or not passed:
            self.files.pop(key, None)

    def check_passed(self, connection: int, to: int, told: list[Effect], item: effects.Packets) -> None:
        delivered = [effect for effect in told if isinstance(effect, Deliver)]
        reader = self.maybe_connection_of(to)
        if connection not in self.members or (to != EVERYONE and reader is None):
            assert delivered == []
        elif to == EVERYONE:
            assert delivered == [Deliver(tuple(self.members), item)]
        else:
            assert delivered == [Deliver((reader,), item, paced=connection)]

    @rule(connection=connections, ticks=st.integers(-1, 5))
    def ping(self, connection: int, ticks: int) -> None:
        asked = self.tell(inputs.PingAsked(connection))
        assert {one for effect in asked if isinstance(effect, Deliver) for one in effect.connections} == (
            {connection} & set(self.members)
        )
        assert self.tell(inputs.PingAnswered(connection, ticks)) == []

    @rule(connection=connections)
    def misbehave(self, connection: int) -> None:
        told = self.tell(inputs.Misbehaved(connection, "it sent type 5"))
        assert all(isinstance(effect, Record) for effect in told)
        assert connection in self.members or told == []

    def maybe_connection_of(self, client_id: int) -> int | None:
        return next((connection for connection, one in self.members.items() if one == client_id), None)

    # What always holds

    @invariant()
    def the_roster_is_the_models(self) -> None:
        people = self.hub.people()
        assert [person.id for person in people] == list(self.members.values())
        taken = [*self.arriving.values(), *self.members.values()]
        assert len(set(taken)) == len(taken)

    @invariant()
    def everybody_knows_exactly_who_is_here(self) -> None:
        people = {person.id: person for person in self.hub.people()}
        for connection, client in self.clients.items():
            own_id = self.members[connection]
            assert client.people == {one: person for one, person in people.items() if one != own_id}

    def teardown(self) -> None:
        told = self.tell(inputs.Stopped())
        farewells = [effect for effect in told if isinstance(effect, Deliver)]
        assert farewells == ([Deliver(tuple(self.members), effects.HubExiting())] if self.members else [])
        ended = {effect.connection for effect in told if isinstance(effect, Dismiss)}
        assert ended == set(self.members) | set(self.arriving)
        assert self.hub.people() == ()


def happened_joined(happened: inputs.Input) -> int:
    """The connection of one who joins with this: he may be told things from now on."""
    return happened.connection if isinstance(happened, inputs.Joined) else 0


TestHub = HubMachine.TestCase
