"""Frames: the unit of the modern wire, a header of 16 bytes and a body (docs/protocol.md, "M3. Frames").

Owns the header, the numbers of the kinds, and cutting whole frames out of any chunking of a stream. Must never look
into a body. Pure; a FrameCutter belongs to one connection and to one thread at a time.
"""

import struct
from enum import IntEnum
from typing import NamedTuple

from commonlib.exceptions import ProtocolError

HEADER_SIZE = 16
LARGEST_BODY = 1 << 20
"""Bytes in the body of a frame between a hub and a client that has been taken in."""
LARGEST_EARLY_BODY = 16 << 10
"""The same while the client is arriving: before it has proved who it is nobody's memory is spent on it."""
LARGEST_ID = 0xFFFF_FFFF
HUB = 0
"""As the recipient of a text, a command or a heartbeat the hub itself; as the sender, too."""

_HEADER = struct.Struct("<IHHII")


class FrameType(IntEnum):
    """What is in the body. Numbers that are not here are passed over by both ends, so that versions can differ."""

    HELLO = 1
    WELCOME = 2
    REFUSED = 3
    JOIN_CODE_ASKED = 4
    JOIN_CODE_TRIED = 5
    JOIN_CODE_CONFIRMED = 6
    APPROVAL_AWAITED = 7
    PING = 8
    PONG = 9
    CLOSING = 10
    PEOPLE = 16
    PEOPLE_LEFT = 17
    ROSTER_COMPLETE = 18
    PROFILE = 19
    LATENCIES_ASKED = 20
    LATENCIES = 21
    TEXT = 32
    RECEIPT = 33
    COMMAND = 40
    CLASSIC_PACKETS = 48
    FILE_BEGAN = 49
    FILES_OFFERED = 56
    FILES_ANSWERED = 57
    FILES_CANCELLED = 58
    WAY_WANTED = 59
    WAY_OPENED = 60
    WAY_REFUSED = 61


class FrameError(ProtocolError):
    """The stream cannot be cut into frames any more: the connection is of no further use."""


class Frame(NamedTuple):
    """One frame.

    Attributes:
        type: A FrameType, or a number that nobody here knows, 0 to 65535.
        to: Id of the recipient, 32 bits; HUB is the hub.
        sender: Id of the sender, 32 bits. What a client writes here is not looked at: the hub puts in his own.
        flags: 16 bits without a meaning yet: written as 0, passed over by who reads.
    """

    type: int
    to: int
    sender: int
    body: bytes
    flags: int = 0


def encode_frame(frame: Frame) -> bytes:
    """The header and the body.

    Raises:
        FrameError: The body is longer than LARGEST_BODY.
    """
    if len(frame.body) > LARGEST_BODY:
        raise FrameError(f"a frame of {len(frame.body)} bytes is longer than {LARGEST_BODY}")
    return _HEADER.pack(len(frame.body), frame.type, frame.flags, frame.to, frame.sender) + frame.body


class FrameCutter:
    """The receiving side of one stream of frames.

    Args:
        largest: Bytes of the longest body that is taken; may be set higher once the other side is known.

    Attributes:
        unfinished: Bytes that wait for the rest of their frame.
    """

    __slots__ = ("_kept", "_wanted", "largest")

    def __init__(self, largest: int = LARGEST_BODY) -> None:
        self.largest = largest
        self._kept = bytearray()
        # Before so many bytes are there, nothing is whole: who sends a long frame in crumbs costs no copy for each.
        self._wanted = HEADER_SIZE

    @property
    def unfinished(self) -> int:
        """Bytes that wait for the rest of their frame: fewer than one header and the largest body."""
        return len(self._kept)

    def receive_data(self, data: bytes) -> list[Frame]:
        """Add a chunk of any size; returns the frames that are whole now.

        A body is kept in pieces of the stream, never allocated by the length that a header claims.

        Raises:
            FrameError: A header announces more than `largest` bytes. Frames before it in the chunk are lost with it.
        """
        if len(self._kept) + len(data) < self._wanted:
            self._kept += data
            return []
        stream = b"".join((self._kept, data)) if self._kept else data
        frames: list[Frame] = []
        start, end, wanted = 0, len(stream), HEADER_SIZE
        while end - start >= HEADER_SIZE:
            length, frame_type, flags, to, sender = _HEADER.unpack_from(stream, start)
            if length > self.largest:
                raise FrameError(f"a frame of {length} bytes was announced, and {self.largest} is the most")
            stop = start + HEADER_SIZE + length
            if stop > end:
                wanted = stop - start
                break
            frames.append(Frame(frame_type, to, sender, stream[start + HEADER_SIZE : stop], flags))
            start = stop
        self._kept, self._wanted = bytearray(memoryview(stream)[start:]), wanted
        return frames

    def take_unfinished(self) -> bytes:
        """Give away what waits for the rest of its frame: somebody else goes on cutting."""
        kept, self._kept, self._wanted = bytes(self._kept), bytearray(), HEADER_SIZE
        return kept
