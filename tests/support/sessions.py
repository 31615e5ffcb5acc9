"""A client's session as the tests of the core use it.

Owns how such a session is brought to where a test begins. It must never use a thread. Thread: the test's own.
"""

from commonlib.classic.layouts import DataPacket
from tcpipclient.core.classic_session import ClassicSession
from tcpipclient.core.profile import Profile
from tcpipclient.core.session import SessionEvent
from tests.support import hub_packets
from tests.support.clock import NOW, WALL
from tests.support.recordings import divided

ANN = Profile("Ann", "desk", "9.9")
BOB = hub_packets.person(2, "Bob")
EVE = hub_packets.person(3, "Eve")


def receive(session: ClassicSession, *packets: bytes, now: float = NOW) -> list[SessionEvent]:
    """Give a session packets in one block."""
    return session.receive_block(b"".join(packets), now, WALL)


def registered_session(*people: bytes, client_id: int = 1) -> ClassicSession:
    """A session that the hub has taken in, with nothing left to send."""
    session = ClassicSession(ANN, NOW)
    receive(session, hub_packets.greeting(client_id))
    receive(session, *people, hub_packets.registered(client_id))
    session.data_to_send()
    return session


def sent(session: ClassicSession) -> list[DataPacket]:
    """What the session wants to send, as DATA packets."""
    return [DataPacket.decode(packet) for packet in divided(session.data_to_send())]
