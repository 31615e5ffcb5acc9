"""What may come when: the legal order of a connection, seen from the client (docs/protocol.md, "Sequences", M5, M6).

Owns the states, the tables of what each allows on either wire, and the check of a connection's first bytes. Must never
look into a packet or a frame beyond its type. Pure: the state belongs to the session, the first bytes to whoever
connects.
"""

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType

from commonlib.classic.packet import FIRST_OWN_COMMAND, PacketType
from commonlib.exceptions import ProtocolError
from commonlib.wire.frames import FrameType

_FIRST_BYTES = int(PacketType.REQUEST_CREDENTIALS).to_bytes(2, "little")


class State(Enum):
    """Where a connection to a hub is."""

    GREETED_BY_NOBODY = "greeted by nobody"
    """Nothing came yet; the hub speaks first."""
    INTRODUCED = "introduced"
    """We have said who we are, and wait to be registered."""
    REGISTERED = "registered"
    LEAVING = "leaving"
    """We have said that we leave: what is on its way still comes, nothing goes out."""
    ENDED = "ended"


_WHILE_INTRODUCED = frozenset(
    {
        PacketType.PING,
        PacketType.REGISTERED,
        PacketType.HOST_EXITING,
        PacketType.CLIENT_DATA,
        PacketType.CLIENT_DISCONNECTING,
    }
)
_WHILE_REGISTERED = _WHILE_INTRODUCED | {
    PacketType.MESSAGE,
    PacketType.MESSAGE_RECEIVED,
    PacketType.FILE_START,
    PacketType.FILE_CHUNK,
    PacketType.FILE_END,
    PacketType.DONE_RECEIVING_FILE,
}
_ALLOWED: Mapping[State, frozenset[PacketType]] = MappingProxyType(
    {
        State.GREETED_BY_NOBODY: frozenset({PacketType.REQUEST_CREDENTIALS}),
        State.INTRODUCED: _WHILE_INTRODUCED,
        State.REGISTERED: _WHILE_REGISTERED,
        State.LEAVING: _WHILE_REGISTERED,
        State.ENDED: frozenset(),
    }
)
_WITH_OWN_COMMANDS = frozenset({State.REGISTERED, State.LEAVING})


def is_allowed(state: State, packet_type: int) -> bool:
    """Whether a packet of this type, 0 to 65535, may come in this state."""
    if packet_type >= FIRST_OWN_COMMAND:
        return state in _WITH_OWN_COMMANDS
    return packet_type in _ALLOWED[state]


_FRAMES_WHILE_INTRODUCED = frozenset(
    {
        FrameType.PEOPLE,
        FrameType.PEOPLE_LEFT,
        FrameType.ROSTER_COMPLETE,
        FrameType.PING,
        FrameType.PONG,
        FrameType.LATENCIES,
        FrameType.CLOSING,
    }
)
_FRAMES_WHILE_REGISTERED = _FRAMES_WHILE_INTRODUCED | {
    FrameType.TEXT,
    FrameType.RECEIPT,
    FrameType.COMMAND,
    FrameType.CLASSIC_PACKETS,
    FrameType.FILE_BEGAN,
    FrameType.FILES_OFFERED,
    FrameType.FILES_ANSWERED,
    FrameType.FILES_CANCELLED,
    FrameType.WAY_WANTED,
    FrameType.WAY_OPENED,
    FrameType.WAY_REFUSED,
}
_FRAMES_ALLOWED: Mapping[State, frozenset[FrameType]] = MappingProxyType(
    {
        State.INTRODUCED: _FRAMES_WHILE_INTRODUCED,
        State.REGISTERED: _FRAMES_WHILE_REGISTERED,
        State.LEAVING: _FRAMES_WHILE_REGISTERED,
    }
)


def is_frame_allowed(state: State, frame_type: int) -> bool:
    """Whether a frame of this type, 0 to 65535, may come in this state."""
    return frame_type in _FRAMES_ALLOWED.get(state, frozenset())


class Opening:
    """Looks at the first two bytes of a connection, so that a stranger is known before 1024 bytes have come."""

    def __init__(self) -> None:
        self._first = b""

    def receive_data(self, data: bytes) -> None:
        """Look at a chunk of any size.

        Raises:
            ProtocolError: The connection does not begin with a RequestCredentials packet.
        """
        if len(self._first) < len(_FIRST_BYTES):
            self._first += data[: len(_FIRST_BYTES) - len(self._first)]
            if not _FIRST_BYTES.startswith(self._first):
                raise ProtocolError("it does not begin as a hub does")
