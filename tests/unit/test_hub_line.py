"""What an exchange of batches uses of a connection: messages, who is there, and the port that is announced.

Thread: pytest's main thread.
"""

from commonlib.wire.messages import Profile
from commonlib.wire.schema import Message
from commonlib.wire.way_messages import FilesCancelled
from tcpipclient.config import ClientConfig
from tcpipclient.core.events import Person
from tcpipclient.core.session import Session
from tcpipclient.core.transfers.peers import Peer
from tcpipclient.net.exchange.hub_line import HubLine, maybe_peer
from tcpipclient.net.gate import Gate
from tcpipclient.net.outbox import Outbox
from tests.support.modern_sessions import BOB, BOBS_KEY, EVE, modern_session, said_in


class Said(Outbox):
    """Keeps what would be sent."""

    def __init__(self) -> None:
        super().__init__()
        self.stream = b""

    def put(self, data: bytes) -> None:
        self.stream += data

    def take(self) -> list[tuple[int, Message]]:
        """All messages so far, and to whom."""
        stream, self.stream = self.stream, b""
        return said_in(stream)


def line_of(session: Session) -> tuple[HubLine, Said]:
    """A line to a hub, and what it says."""
    said = Said()
    config, gate = ClientConfig("hub"), Gate(session, said)
    return HubLine(config, gate, None, lambda: ("192.0.2.1", 9), lambda _: None, lambda _: None), said


def test_those_with_keys_can_be_spoken_to() -> None:
    """Nobody where there is no connection."""
    session = modern_session(BOB, EVE)
    line, _ = line_of(session)
    assert line.peers() == [Peer(2, BOBS_KEY, "Bob")]
    assert maybe_peer(Person(3, "Eve")) is None
    session.receive_eof()
    assert line.peers() is None


def test_messages_go_to_who_is_there() -> None:
    """And nowhere else."""
    line, said = line_of(modern_session(BOB))
    line.say(FilesCancelled(transfer=bytes(16)), 2)
    line.say(FilesCancelled(transfer=bytes(16)), 77)
    assert said.take() == [(2, FilesCancelled(transfer=bytes(16)))]


def test_the_port_is_announced_where_it_is_news() -> None:
    """Once, and not without a connection."""
    session = modern_session(BOB)
    line, said = line_of(session)
    line.announce_port(session.profile.listening_port)
    line.announce_port(5000)
    line.announce_port(5000)
    ((_, message),) = said.take()
    assert isinstance(message, Profile)
    assert message.listening_port == 5000
    session.receive_eof()
    line.announce_port(5001)
    assert said.take() == []
