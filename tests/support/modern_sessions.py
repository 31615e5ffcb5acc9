"""A client's session on the modern wire as the tests of the core use it, and the frames that a hub sends it.

Owns how such a session is brought to where a test begins. It must never use a thread. Thread: the test's own.
"""

from collections.abc import Iterable

from commonlib.wire import messages
from commonlib.wire.frames import HUB, Frame, FrameCutter
from commonlib.wire.messages import decode_message, encode_message
from commonlib.wire.schema import Message
from tcpipclient.core.modern_session import Admission, ModernSession
from tcpipclient.core.profile import Profile
from tcpipclient.core.session import SessionEvent
from tests.support.clock import NOW, WALL

ANN = Profile("Ann", "desk", "9.9")
HUB_KEY = bytes(range(32))
BOBS_KEY = bytes(range(100, 132))
VERSION = (1, 2, 3)
BOB = messages.Person(id=2, name="Bob", computer="vm", address="192.0.2.7", key=BOBS_KEY)
EVE = messages.Person(id=3, name="Eve")
"""On the classic wire."""


def frame(message: Message, sender: int = HUB, to: int = 1) -> Frame:
    """A message as a client gets it."""
    (cut,) = FrameCutter().receive_data(encode_message(message, to=to, sender=sender))
    return cut


def receive(session: ModernSession, *came: Frame, now: float = NOW, wall: float = WALL) -> list[SessionEvent]:
    """Give a session frames in one block."""
    return session.receive_block(list(came), now, wall)


def arrived_session(clock: int = 0, **welcome: object) -> ModernSession:
    """A session behind its Welcome, with the id 1."""
    fields = {"own_id": 1, "version": VERSION, **welcome}
    admission = Admission(messages.Welcome(**fields), HUB_KEY, clock)  # type: ignore[arg-type]
    return ModernSession(ANN, admission, NOW, WALL)


def modern_session(*people: messages.Person, own_id: int = 1) -> ModernSession:
    """A session that the hub has taken in, with nothing left to send."""
    session = arrived_session(own_id=own_id)
    receive(session, frame(messages.People(people=list(people))), frame(messages.RosterComplete()))
    session.data_to_send()
    return session


def said(session: ModernSession) -> list[tuple[int, Message]]:
    """What the session wants to send: to whom, and what."""
    return said_in(session.data_to_send())


def said_in(stream: bytes) -> list[tuple[int, Message]]:
    """What is in a stream of whole frames: to whom, and what."""
    return [(cut.to, decode_message(cut)) for cut in FrameCutter().receive_data(stream)]


def packets_in(sent: Iterable[tuple[int, Message]]) -> bytes:
    """The classic packets inside of what was sent, joined."""
    return b"".join(
        message.packet if isinstance(message, messages.FileBegan) else message.packets
        for _, message in sent
        if isinstance(message, messages.FileBegan | messages.ClassicPackets)
    )
