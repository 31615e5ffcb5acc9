"""A model of the hub that knows only what was said to it and what it told: who must be here, and who knows what.

Owns what holds for every answer of the brain, and the coming and going without which nothing else happens; the rules of
each property test stand on it. People of both wires mix. It must never look into the brain beyond `people` and
`next_due`. Thread: the test's own.
"""

import unicodedata
from dataclasses import dataclass, field

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from commonlib.classic.packet import LARGEST_SHORT_ID, PACKET_SIZE
from commonlib.identity import Fingerprint
from commonlib.wire.frames import FrameCutter
from commonlib.wire.messages import decode_message
from commonlib.wire.reasons import RefusalReason
from tcpipserver.dialects.classic import ClassicEncoder
from tcpipserver.dialects.modern_encoder import ModernEncoder
from tcpipserver.hub import effects, inputs
from tcpipserver.hub.brain import Hub
from tcpipserver.hub.effects import Deliver, Dismiss, Effect, Record
from tcpipserver.hub.identifiers import FIRST_WIDE_ID, QUARANTINE_SECONDS, ClientIds
from tcpipserver.hub.people import Credentials, Person
from tests.support.hubs import key

NOBODY = 999
"""A connection that never was, and an id that nobody has."""
WALL = 1.8e9
ADDRESS = "2001:db8:1111:2222:3333:4444:5555:6666"
NONCE = bytes(32)
UNSAFE_CATEGORIES = ("Cc", "Cf", "Zl", "Zp")
"""What breaks a line, drives a terminal or turns the direction of reading."""
LONGEST_LINE = 1300

who = st.integers(0, 9)
"""Somebody, most often a member; see `connection_of` and `id_of`."""
names = st.text(max_size=70)
credentials = st.builds(Credentials, names, names, names)
keys = st.none() | st.integers(1, 3).map(key)
"""Whose key somebody proves; None is a client of the classic wire."""

_ROSTER_OF_CLASSIC = effects.PersonRegistered | effects.PersonLeft
_ROSTER_OF_MODERN = effects.Welcome | effects.Roster | effects.RosterComplete | effects.PeopleLeft


@dataclass(slots=True)
class Client:
    """What one member knows from what he was told, and nothing else.

    Attributes:
        key: None on the classic wire.
        registered: The ids of which he was told that they are registered now, on the classic wire.
    """

    key: Fingerprint | None
    people: dict[int, Person] = field(default_factory=dict)
    registered: list[int] = field(default_factory=list)
    is_welcome: bool = False
    has_roster: bool = False

    def hear(self, item: effects.Item, own_id: int) -> None:
        """Take note of what concerns the roster."""
        assert not isinstance(item, _ROSTER_OF_MODERN if self.key is None else _ROSTER_OF_CLASSIC)
        match item:
            case effects.Welcome(client_id):
                assert not self.is_welcome
                assert client_id == own_id
                self.is_welcome = True
            case effects.PeopleDetails(people) | effects.Roster(people):
                told = {person.id: person for person in people}
                assert own_id not in told, "he was told of himself"
                assert self.key is not None or max(told) <= LARGEST_SHORT_ID, "his wire has no room for this id"
                self.people.update(told)
            case effects.RosterComplete():
                assert not self.has_roster
                self.has_roster = True
            case effects.PersonRegistered(client_id):
                assert client_id == own_id or client_id in self.people, "somebody registered of whom nothing was told"
                self.registered.append(client_id)
            case effects.PersonLeft(client_id):
                self._forget(client_id, own_id)
            case effects.PeopleLeft(ids):
                for client_id in ids:
                    self._forget(client_id, 0)
            case effects.Text(sender) | effects.Receipt(sender) | effects.Packets(sender) | effects.Command(sender):
                self._check_told_of(sender, own_id)
            case effects.Files(sender):
                assert self.key is not None, "his wire has no room for it"
                self._check_told_of(sender, own_id)
        assert self.key is None or self.is_welcome, "he was told something before he was welcome"

    def _check_told_of(self, sender: int, own_id: int) -> None:
        assert sender in (0, own_id, *self.people), "something came from one of whom nothing was told"

    def _forget(self, client_id: int, own_id: int) -> None:
        assert client_id == own_id or client_id in self.people, "somebody left who was not here"
        self.people.pop(client_id, None)


class HubModel(RuleBasedStateMachine):
    """A hub with few ids, so that they come round.

    Attributes:
        most_ids: How many short ones; with very few, nobody is left to talk after some have gone.
        arriving, members: From connections to ids; 0 for one who arrives without.
        clients: What each member knows.
        names: What each key called itself last, as far as the hub can know it.
        freed_at: When the short id of one who had registered became free.
        never_told: The free ids of those who never registered, in the order in which they became free.
    """

    most_ids = 12

    def __init__(self) -> None:
        super().__init__()
        self.hub = Hub(ClientIds(largest=self.most_ids))
        self.classic, self.modern = ClassicEncoder((1, 0, 0)), ModernEncoder((1, 0, 0))
        self.now = 0.0
        self.last_connection = 0
        self.next_wide = FIRST_WIDE_ID
        self.arriving: dict[int, int] = {}
        self.members: dict[int, int] = {}
        self.clients: dict[int, Client] = {}
        self.names: dict[Fingerprint, str] = {}
        self.freed_at: dict[int, float] = {}
        self.never_told: list[int] = []

    def connection_of(self, someone: int) -> int:
        """A member's connection for 0 to 7, as far as there is a member; for 8 one who is arriving; else nobody's."""
        return _chosen(someone, list(self.members), list(self.arriving))

    def id_of(self, someone: int) -> int:
        """A member's id for 0 to 7, as far as there is a member; for 8 that of one who is arriving; else nobody's."""
        return _chosen(someone, list(self.members.values()), list(self.arriving.values())) or NOBODY

    def maybe_member(self, client_id: int) -> int | None:
        """The connection of the member with an id."""
        return next((connection for connection, one in self.members.items() if one == client_id), None)

    def is_modern(self, connection: int) -> bool:
        """Whether a member has proved a key."""
        return self.clients[connection].key is not None

    def on_wire(self, *, is_modern: bool) -> tuple[int, ...]:
        """The connections of the members of one wire."""
        return tuple(connection for connection in self.members if self.is_modern(connection) is is_modern)

    def can_hear(self, reader: int, writer: int) -> bool:
        """Whether one member's wire has room for the other's id."""
        return self.is_modern(reader) or self.members[writer] <= LARGEST_SHORT_ID

    def tell(self, happened: inputs.Input) -> list[Effect]:
        """Give the brain an input; looks at what holds for every answer."""
        joining = happened.connection if isinstance(happened, inputs.Joined) else None
        concerned = {getattr(happened, "connection", NOBODY)}
        told = self.hub.receive(happened, self.now, WALL + self.now)
        for effect in told:
            match effect:
                case Deliver(to, item, paced):
                    assert to, "a delivery to nobody"
                    assert len(set(to)) == len(to), "somebody hears it twice"
                    greeted = concerned if isinstance(item, effects.Greeting) else set()
                    assert set(to) <= {*self.members, joining} | greeted, "somebody hears it who is no member"
                    assert paced in (None, *self.members)
                    self._check_encoded(to, item, happened)
                case effects.TakenIn(connection):
                    assert connection == joining
                case Dismiss(connection):
                    assert connection in {*self.members, *self.arriving, *concerned}
                case Record(_, line):
                    assert not [one for one in line if unicodedata.category(one) in UNSAFE_CATEGORIES]
                    assert len(line) <= LONGEST_LINE
                case effects.HandleText(connection) | effects.HandlePackets(connection):
                    assert connection in self.members
        return told

    def _check_encoded(self, to: tuple[int, ...], item: effects.Item, happened: inputs.Input) -> None:
        """Each recipient's wire can say it, and a reader of that wire takes it."""
        wires = {self.is_modern(connection) for connection in to if connection in self.clients}
        if isinstance(happened, inputs.Joined):
            wires.add(happened.key is not None)
        if True in wires:
            for frame in FrameCutter().receive_data(self.modern.encode(item)):
                decode_message(frame)
        if True not in wires or False in wires:
            assert len(self.classic.encode(item)) % PACKET_SIZE == 0

    def let_hear(self, told: list[Effect]) -> None:
        """Every member takes note of what he is told."""
        for effect in told:
            if isinstance(effect, Deliver):
                for connection in effect.connections:
                    if connection in self.clients:
                        self.clients[connection].hear(effect.item, self.members[connection])

    def forget(self, connection: int) -> None:
        """Somebody has left."""
        client_id = self.members.pop(connection)
        if client_id <= LARGEST_SHORT_ID:
            self.freed_at[client_id] = self.now
        del self.clients[connection]

    # The rules that all machines need

    @initialize(whose=st.lists(keys, min_size=1, max_size=3))
    def begin_with_some(self, whose: list[Fingerprint | None]) -> None:
        """Nothing much happens on an empty hub."""
        for number, one in enumerate(whose):
            self.come(Credentials(f"name {number}"), one)

    @rule(said=credentials, whose=keys)
    def come(self, said: Credentials, whose: Fingerprint | None) -> None:
        """Somebody connects and registers, where there is an id for him."""
        self.arrive()
        self.join(self.last_connection, said, whose)

    def arrive(self) -> None:
        """Somebody connects; the id that he gets is the right one."""
        self.last_connection = connection = self.last_connection + 1
        told = self.tell(inputs.Arrived(connection, ADDRESS, NONCE))
        in_use = {*self.arriving.values(), *self.members.values()}
        fresh = set(range(1, self.most_ids + 1)) - in_use - set(self.freed_at) - set(self.never_told)
        ((to, item),) = ((greeting.connections, greeting.item) for greeting in deliveries_in(told))
        assert to == (connection,)
        assert isinstance(item, effects.Greeting)
        if fresh:
            assert item.client_id == min(fresh)
        elif self.never_told:
            assert item.client_id == self.never_told.pop(0)
        elif item.client_id:
            freed_at = self.freed_at.pop(item.client_id)
            assert freed_at <= min(self.freed_at.values(), default=freed_at)
            assert self.now - freed_at >= QUARANTINE_SECONDS
        else:
            assert all(self.now - since < QUARANTINE_SECONDS for since in self.freed_at.values())
        self.arriving[connection] = item.client_id

    def join(self, connection: int, said: Credentials, whose: Fingerprint | None) -> None:
        """Somebody says who he is; all hear of him, and he of all."""
        told = self.tell(inputs.Joined(connection, said, whose))
        if connection not in self.arriving:
            assert told == []
            return
        client_id = self.arriving.pop(connection)
        if not client_id and whose is None:
            assert deliveries_in(told) == [Deliver((connection,), effects.Refused(RefusalReason.FULL))]
            assert Dismiss(connection) in told
            return
        if not client_id:
            client_id, self.next_wide = self.next_wide, self.next_wide + 1
        sessions = {person.session for person in self.hub.people()[:-1] if person.key == whose}
        self.members[connection], self.clients[connection] = client_id, Client(whose)
        self.let_hear(told)
        person = self.hub.people()[-1]
        assert (person.id, person.key) == (client_id, whose)
        assert whose is None or person.session == min(set(range(1, len(sessions) + 2)) - sessions)
        self._check_name(person, said)
        if client_id <= LARGEST_SHORT_ID:
            hearers = [client for client in self.clients.values() if client.key is None]
            assert all(client.registered[-1] == client_id for client in hearers)
        assert whose is None or self.clients[connection].has_roster

    def _check_name(self, person: Person, said: Credentials) -> None:
        if said.name[:64].strip():
            assert person.name == said.name[:64]
        else:
            known_as = "" if person.key is None else self.names.get(person.key, "")
            assert person.name == (known_as or f"Client {person.id}")
        if person.key is not None:
            self.names[person.key] = person.name

    @rule()
    def let_announce(self) -> None:
        """The moment is over in which things are kept to be told together."""
        self.let_hear(self.tell(inputs.AnnouncementsDue()))
        assert self.hub.next_due() is None

    @rule(someone=who)
    def leave(self, someone: int) -> None:
        """Somebody says goodbye; on the classic wire he hears of it himself."""
        connection = self.connection_of(someone)
        told = self.tell(inputs.LeaveAnnounced(connection))
        if connection not in self.members:
            assert told == []
            return
        client_id, classic = self.members[connection], self.on_wire(is_modern=False)
        left = [Deliver(classic, effects.PersonLeft(client_id))] if classic and client_id <= LARGEST_SHORT_ID else []
        assert [one for one in deliveries_in(told) if isinstance(one.item, effects.PersonLeft)] == left
        assert Dismiss(connection) in told
        self.let_hear(told)
        self.forget(connection)

    @rule(seconds=st.sampled_from([1.0, 44.0, 45.0, 599.0, 600.0]))
    def pass_time(self, seconds: float) -> None:
        """The hub is not told of it, as between two ticks."""
        self.now += seconds

    @invariant()
    def the_roster_is_the_models(self) -> None:
        """The hub has exactly those people who came and did not go, and no id twice."""
        assert [person.id for person in self.hub.people()] == list(self.members.values())
        in_use = [one for one in (*self.arriving.values(), *self.members.values()) if one]
        assert len(set(in_use)) == len(in_use)

    @invariant()
    def everybody_knows_exactly_who_is_here(self) -> None:
        """From what he was told alone, each member has the hub's roster but for himself.

        On the classic wire always, without those for whose ids it has no room; on the modern one as soon as nothing is
        kept to be told.
        """
        people = {person.id: person for person in self.hub.people()}
        is_all_told = self.hub.next_due() is None
        for connection, client in self.clients.items():
            others = {one: person for one, person in people.items() if one != self.members[connection]}
            if client.key is None:
                assert client.people == {one: person for one, person in others.items() if one <= LARGEST_SHORT_ID}
            elif is_all_told:
                assert client.people == others

    def teardown(self) -> None:
        """A stop says goodbye to all members and ends every connection."""
        told = self.tell(inputs.Stopped())
        assert deliveries_in(told) == ([Deliver(tuple(self.members), effects.HubExiting())] if self.members else [])
        assert {effect.connection for effect in told if isinstance(effect, Dismiss)} == {*self.members, *self.arriving}
        assert self.hub.people() == ()


def deliveries_in(told: list[Effect]) -> list[Deliver]:
    """Who hears what, without the rest."""
    return [effect for effect in told if isinstance(effect, Deliver)]


def talk_in(told: list[Effect]) -> list[Deliver]:
    """Who hears what, without what is told of the sender first."""
    roster = effects.PeopleDetails | effects.PeopleLeft
    return [delivery for delivery in deliveries_in(told) if not isinstance(delivery.item, roster)]


def _chosen(someone: int, members: list[int], arriving: list[int]) -> int:
    if someone < 8 and members:
        return members[someone % len(members)]
    return arriving[0] if someone == 8 and arriving else NOBODY
