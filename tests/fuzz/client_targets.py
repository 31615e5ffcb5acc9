"""The client under attack by an original hub: the check of its first bytes, its cutter, its session, without a thread.

Owns what a client promises to its user whatever a hub sends. It must never look into the session beyond what it tells,
sends and shows. Thread: the caller's own.
"""

from collections.abc import Callable, Sequence
from functools import cache
from random import Random

from commonlib.classic.cutter import PacketCutter
from commonlib.classic.layouts import DataPacket
from commonlib.classic.packet import SERVER, Layout, LayoutTable, PacketType, type_of
from commonlib.classic.texts import LARGEST_TEXT
from commonlib.exceptions import ProtocolError
from tcpipclient.core import events
from tcpipclient.core.classic_session import ClassicSession
from tcpipclient.core.events import Loss, Person
from tcpipclient.core.order import Opening, State
from tcpipclient.core.profile import Profile
from tcpipclient.core.session import Session, SessionEvent
from tests.support.clock import NOW, WALL
from tests.support.fuzzing import divided_at_random
from tests.support.recordings import SERVER_TO_ALICE, SERVER_TO_BOB, divided, recorded_packets

BIG_COMMAND = 300
_A_CLIENTS_OWN = {
    PacketType.MY_CREDENTIALS,
    PacketType.PING_RESPONSE,
    PacketType.MESSAGE,
    PacketType.MESSAGE_RECEIVED,
    PacketType.DONE_RECEIVING_FILE,
    PacketType.CLOSE,
}


@cache
def recorded_by_the_server() -> Sequence[bytes]:
    """What both clients were told, to one ear."""
    return tuple(recorded_packets(SERVER_TO_BOB) + recorded_packets(SERVER_TO_ALICE))


class SessionTarget:
    """A hub sends anything; the user is told a true story, and what leaves is a client's to send."""

    name = "session"

    def packets(self) -> Sequence[bytes]:
        """All that a server says."""
        return recorded_by_the_server()

    def attack(self, stream: bytes, random: Random) -> None:
        """Give the stream to a client, most often to one that is registered, while time passes and its user speaks."""
        session = ClassicSession(Profile("Bob"), NOW, LayoutTable({BIG_COMMAND: Layout.BIG_STRING}))
        story = Story(session, check_packets)
        opening, cutter = Opening(), PacketCutter()
        now = NOW
        arrival = b"".join(recorded_by_the_server()[:4]) if random.randrange(4) else b""
        for chunk in ([arrival] if arrival else []) + divided_at_random(stream, random):
            try:
                opening.receive_data(chunk)
            except ProtocolError:
                story.receive(session.fail(Loss.NOT_A_HUB, "What answers there is no hub."))
                break
            story.receive(session.receive_block(cutter.receive_data(chunk), now, WALL))
            story.speak(random)
            now += random.choice((0.0, 0.5, 59.0)) if random.randrange(40) else 301.0
            story.receive(session.receive_tick(now))
        if not random.randrange(4):
            session.leave()
        story.end()
        assert session.receive_block(recorded_by_the_server()[0], NOW, WALL) == []


def check_packets(session: Session, sent: bytes) -> None:
    """What leaves are packets that a client may send, with its own id."""
    for packet in divided(sent):
        assert type_of(packet) in _A_CLIENTS_OWN
        sender = DataPacket.decode(packet).id_from
        assert sender == (0 if type_of(packet) == PacketType.MY_CREDENTIALS else session.own_id)


class Story:
    """What a session tells its user, checked as it is told, and what it sends.

    Args:
        check_sent: Looks at what the session wants to send.
        longest_text: Characters.
    """

    def __init__(
        self, session: Session, check_sent: Callable[[Session, bytes], None], longest_text: int = LARGEST_TEXT
    ) -> None:
        self._session = session
        self._check_sent = check_sent
        self._longest_text = longest_text
        self._people: dict[int, Person] = {}
        self._unsettled: set[tuple[int, int]] = set()
        self._texts = 0
        self._registered = False
        self._lost = False

    def receive(self, told: list[SessionEvent]) -> None:
        """Follow the events; compare the people that they tell of with the roster, and look at what is to be sent."""
        for event in told:
            assert not self._lost, "the loss is the last event"
            assert self._registered or isinstance(event, events.Registered) or self._session.has_ended()
            self._follow(event)
        if self._registered:
            assert tuple(self._people[number] for number in sorted(self._people)) == self._session.roster.snapshot()
        self._check_sent(self._session, self._session.data_to_send())

    def speak(self, random: Random) -> None:
        """Say something to somebody, where there is a connection."""
        if self._session.state is State.REGISTERED:
            self._texts += 1
            recipient = random.choice((SERVER, *self._people))
            self._session.send_text(self._texts, "x" * random.choice((0, 1, 301)), (recipient,))
            self._unsettled.add((self._texts, recipient))

    def end(self) -> None:
        """The connection ends: nothing is left open, and only a leaver is told of no loss."""
        leaving, ended = self._session.state is State.LEAVING, self._session.has_ended()
        self.receive(self._session.receive_eof())
        assert self._session.has_ended()
        assert self._lost is (ended or not leaving)
        assert not self._unsettled, "each text of ours has come to an end"

    def _follow(self, event: SessionEvent) -> None:
        match event:
            case events.Registered(people=people):
                assert not self._registered
                self._registered = True
                self._people = {person.id: person for person in people}
            case events.PersonJoined(person):
                assert person.id not in self._people
                self._people[person.id] = person
            case events.PersonChanged(person, before):
                assert self._people[person.id] == before != person
                self._people[person.id] = person
            case events.PersonLeft(person):
                assert self._people.pop(person.id) == person
            case events.TextArrived(text=text):
                assert len(text) <= self._longest_text
            case events.TextDelivered(text, recipient) | events.TextNotDelivered(text, recipient):
                self._unsettled.remove((text, recipient))
            case events.ConnectionLost():
                self._lost = True
            case _:
                pass
