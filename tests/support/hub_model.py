"""A model of the hub that knows only what was said to it and what it told: who must be here, and who knows what.

Owns what holds for every answer of the brain, and the coming and going without which nothing else happens; the rules of
each property test stand on it. It must never look into the brain beyond `people`. Thread: the test's own.
"""

import unicodedata

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from commonlib.classic.packet import PACKET_SIZE
from tcpipserver.dialects.classic import ClassicEncoder
from tcpipserver.hub import effects, inputs
from tcpipserver.hub.brain import Hub
from tcpipserver.hub.effects import Deliver, Dismiss, Effect, Record
from tcpipserver.hub.identifiers import QUARANTINE_SECONDS, ClientIds
from tcpipserver.hub.people import Credentials, Person

NOBODY = 999
"""A connection that never was, and an id that nobody has."""
WALL = 1.8e9
ADDRESS = "2001:db8:1111:2222:3333:4444:5555:6666"
UNSAFE_CATEGORIES = ("Cc", "Cf", "Zl", "Zp")
"""What breaks a line, drives a terminal or turns the direction of reading."""
LONGEST_LINE = 1300

who = st.integers(0, 9)
"""Somebody, most often a member; see `connection_of` and `id_of`."""
names = st.text(max_size=60)
credentials = st.builds(Credentials, names, names, names)


class Client:
    """What one member knows from what he was told, and nothing else."""

    def __init__(self) -> None:
        self.people: dict[int, Person] = {}
        self.registered: list[int] = []

    def hear(self, item: effects.Item, own_id: int) -> None:
        """Take note of what concerns the roster."""
        match item:
            case effects.PeopleDetails(people):
                self.people.update({person.id: person for person in people})
            case effects.PersonRegistered(client_id):
                assert client_id == own_id or client_id in self.people, "somebody registered of whom nothing was told"
                self.registered.append(client_id)
            case effects.PersonLeft(client_id):
                assert client_id == own_id or client_id in self.people, "somebody left who was not here"
                self.people.pop(client_id, None)


class HubModel(RuleBasedStateMachine):
    """A hub with few ids, so that they come round.

    Attributes:
        most_ids: How many; with very few, nobody is left to talk after some have gone.
        arriving, members: From connections to ids.
        clients: What each member knows.
        freed_at: When the id of one who had registered became free.
        never_told: The free ids of those who never registered, in the order in which they became free.
    """

    most_ids = 12

    def __init__(self) -> None:
        super().__init__()
        self.hub = Hub(ClientIds(largest=self.most_ids))
        self.encoder = ClassicEncoder((1, 0, 0))
        self.now = 0.0
        self.last_connection = 0
        self.arriving: dict[int, int] = {}
        self.members: dict[int, int] = {}
        self.clients: dict[int, Client] = {}
        self.freed_at: dict[int, float] = {}
        self.never_told: list[int] = []

    def connection_of(self, someone: int) -> int:
        """A member's connection for 0 to 7, as far as there is a member; for 8 one who is arriving; else nobody's."""
        return _chosen(someone, list(self.members), list(self.arriving))

    def id_of(self, someone: int) -> int:
        """A member's id for 0 to 7, as far as there is a member; for 8 that of one who is arriving; else nobody's."""
        return _chosen(someone, list(self.members.values()), list(self.arriving.values()))

    def maybe_member(self, client_id: int) -> int | None:
        """The connection of the member with an id."""
        return next((connection for connection, one in self.members.items() if one == client_id), None)

    def tell(self, happened: inputs.Input) -> list[Effect]:
        """Give the brain an input; looks at what holds for every answer, and lets everybody hear what is for him."""
        joining = {happened.connection} if isinstance(happened, inputs.Joined) else set()
        concerned = {getattr(happened, "connection", NOBODY)}
        told = self.hub.receive(happened, self.now, WALL + self.now)
        for effect in told:
            match effect:
                case Deliver(to, item, paced):
                    assert to, "a delivery to nobody"
                    assert len(set(to)) == len(to), "somebody hears it twice"
                    greeted = concerned if isinstance(item, effects.Greeting) else set()
                    assert set(to) <= set(self.members) | joining | greeted, "somebody hears it who is no member"
                    assert paced in (None, *self.members)
                    assert len(self.encoder.encode(item)) % PACKET_SIZE == 0
                case Dismiss(connection):
                    assert connection in {*self.members, *self.arriving, *concerned}
                case Record(_, line):
                    assert not [one for one in line if unicodedata.category(one) in UNSAFE_CATEGORIES]
                    assert len(line) <= LONGEST_LINE
                case effects.HandleText(connection) | effects.HandlePackets(connection):
                    assert connection in self.members
        return told

    def let_hear(self, told: list[Effect]) -> None:
        """Every member takes note of what he is told."""
        for effect in told:
            if isinstance(effect, Deliver):
                for connection in effect.connections:
                    if connection in self.clients:
                        self.clients[connection].hear(effect.item, self.members[connection])

    def forget(self, connection: int) -> None:
        """Somebody has left."""
        self.freed_at[self.members.pop(connection)] = self.now
        del self.clients[connection]

    # The rules that all machines need

    @initialize(count=st.integers(1, 3))
    def begin_with_some(self, count: int) -> None:
        """Nothing much happens on an empty hub."""
        for number in range(count):
            self.come(Credentials(f"name {number}"))

    @rule(said=credentials)
    def come(self, said: Credentials) -> None:
        """Somebody connects and registers, where there is an id for him."""
        self.arrive()
        self.join(self.last_connection, said)

    def arrive(self) -> None:
        """Somebody connects; the id that he gets is the right one."""
        self.last_connection = connection = self.last_connection + 1
        told = self.tell(inputs.Arrived(connection, ADDRESS))
        in_use = {*self.arriving.values(), *self.members.values()}
        fresh = set(range(1, self.most_ids + 1)) - in_use - set(self.freed_at) - set(self.never_told)
        greetings = deliveries_in(told)
        if not greetings:
            assert not fresh
            assert not self.never_told
            assert all(self.now - since < QUARANTINE_SECONDS for since in self.freed_at.values())
            assert Dismiss(connection) in told
            return
        ((to, item),) = ((greeting.connections, greeting.item) for greeting in greetings)
        assert to == (connection,)
        assert isinstance(item, effects.Greeting)
        if fresh:
            assert item.client_id == min(fresh)
        elif self.never_told:
            assert item.client_id == self.never_told.pop(0)
        else:
            freed_at = self.freed_at.pop(item.client_id)
            assert freed_at <= min(self.freed_at.values(), default=freed_at)
            assert self.now - freed_at >= QUARANTINE_SECONDS
        self.arriving[connection] = item.client_id

    def join(self, connection: int, said: Credentials) -> None:
        """Somebody says who he is; all hear of him, and he of all."""
        told = self.tell(inputs.Joined(connection, said))
        if connection not in self.arriving:
            assert told == []
            return
        self.members[connection] = self.arriving.pop(connection)
        self.clients[connection] = Client()
        self.let_hear(told)
        assert all(client.registered[-1] == self.members[connection] for client in self.clients.values())

    @rule(someone=who)
    def leave(self, someone: int) -> None:
        """Somebody says goodbye, and hears of it himself."""
        connection = self.connection_of(someone)
        told = self.tell(inputs.LeaveAnnounced(connection))
        if connection not in self.members:
            assert told == []
            return
        left = effects.PersonLeft(self.members[connection])
        assert deliveries_in(told) == [Deliver(tuple(self.members), left)]
        assert Dismiss(connection) in told
        self.let_hear(told)
        self.forget(connection)

    @rule(seconds=st.sampled_from([1.0, 599.0, 600.0]))
    def pass_time(self, seconds: float) -> None:
        """The hub is not told of it, as between two ticks."""
        self.now += seconds

    @invariant()
    def the_roster_is_the_models(self) -> None:
        """The hub has exactly those people who came and did not go, and no id twice."""
        assert [person.id for person in self.hub.people()] == list(self.members.values())
        in_use = [*self.arriving.values(), *self.members.values()]
        assert len(set(in_use)) == len(in_use)

    @invariant()
    def everybody_knows_exactly_who_is_here(self) -> None:
        """From what he was told alone, each member has the hub's roster but for himself."""
        people = {person.id: person for person in self.hub.people()}
        for connection, client in self.clients.items():
            assert client.people == {one: person for one, person in people.items() if one != self.members[connection]}

    def teardown(self) -> None:
        """A stop says goodbye to all members and ends every connection."""
        told = self.tell(inputs.Stopped())
        assert deliveries_in(told) == ([Deliver(tuple(self.members), effects.HubExiting())] if self.members else [])
        assert {effect.connection for effect in told if isinstance(effect, Dismiss)} == {*self.members, *self.arriving}
        assert self.hub.people() == ()


def deliveries_in(told: list[Effect]) -> list[Deliver]:
    """Who hears what, without the rest."""
    return [effect for effect in told if isinstance(effect, Deliver)]


def _chosen(someone: int, members: list[int], arriving: list[int]) -> int:
    if someone < 8 and members:
        return members[someone % len(members)]
    return arriving[0] if someone == 8 and arriving else NOBODY
