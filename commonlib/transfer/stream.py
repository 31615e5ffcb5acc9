"""The stream of one transfer: frames, and cutting them out of any chunking without copying what belongs to files.

Owns the header, the numbers of the kinds, and their limits (docs/protocol.md, "M9. Files"). Must never look into a
message or judge an entry. Pure; a StreamCutter belongs to one connection and to one thread at a time.
"""

import struct
from enum import IntEnum, IntFlag

from msgspec import Struct

from commonlib.exceptions import ProtocolError

HEADER = struct.Struct("<IHHQ")
"""Length of the body, type, flags, number of the entry (0 where none is meant)."""
OFFSET = struct.Struct("<Q")
HEADER_SIZE = HEADER.size
DIGEST_SIZE = 32
LARGEST_DATA = 1 << 20
"""Bytes in the body of a data frame."""
LARGEST_LEFT = 256 << 10
"""Bytes in the body of a frame that may be left for the next chunk; no part of a file of this size is of any use."""
LARGEST_MESSAGE = 256 << 10
"""Bytes in the body of any other frame."""
LONGEST_WHY = 500
"""Characters of a reason; four times as many bytes at most."""

LARGEST_WHY_SIZE = 4 * LONGEST_WHY
BEGINNING_SIZE = HEADER_SIZE + OFFSET.size
"""Bytes before the content in a data frame that begins a file."""


class TransferError(ProtocolError):
    """The other end broke a rule of the transfer: this connection is of no further use, what was saved stays."""


class TransferType(IntEnum):
    """What is in a frame. Numbers that are not here are passed over, so that versions can differ."""

    OFFER = 1
    ACCEPT = 2
    DECLINE = 3
    MANIFEST = 4
    MORE = 5
    WANTED = 6
    DATA = 7
    SETTLED = 8
    PAUSE = 9
    RESUME = 10
    CANCEL = 11
    PROGRESS = 12
    PING = 13
    END = 14


class DataFlag(IntFlag):
    """What else than content is in a data frame."""

    BEGINS = 1
    """The body begins with the offset of its content in the file, 8 bytes."""
    ENDS = 2
    """The body ends with the BLAKE3 of the whole file, 32 bytes."""
    GIVEN_UP = 4
    """The file ends without being whole; the body says why, in UTF-8."""


class MessageFrame(Struct, frozen=True, gc=False):
    """A frame that is not data; `type` may be a number that nobody here knows."""

    type: int
    body: bytes


class DataPiece(Struct, frozen=True, gc=False):
    """A data frame, or as much of it as has come.

    Attributes:
        entry: The number it claims to belong to.
        offset: Where the file begins to come; -1 but in the first piece of a frame that begins one.
        content: The next bytes, maybe none; a view of the chunk that was received.
        digest: What the sender says of the whole file; empty but in the last piece of a frame that ends one.
    """

    entry: int
    offset: int
    content: memoryview
    digest: bytes


class GivenUp(Struct, frozen=True, gc=False):
    """The sender will not send the rest of an entry; `why` is his, untouched."""

    entry: int
    why: str


Piece = MessageFrame | DataPiece | GivenUp

_NOTHING = memoryview(b"")
# Plain numbers: arithmetic with members of an enumeration takes as long as all the rest of cutting a frame.
_DATA = TransferType.DATA.value
_BEGINS = DataFlag.BEGINS.value
_ENDS = DataFlag.ENDS.value
_GIVEN_UP = DataFlag.GIVEN_UP.value
_WHOLE = _BEGINS | _ENDS
_SMALLEST_WHOLE = OFFSET.size + DIGEST_SIZE
_BEGINNING = struct.Struct(HEADER.format + OFFSET.format.lstrip("<"))


class _Stage(IntEnum):
    """What comes next in the stream."""

    HEAD = 0
    OFFSET = 1
    CONTENT = 2
    DIGEST = 3
    BODY = 4


class StreamCutter:
    """The receiving side of one stream. Only heads, digests and messages are kept; content is passed on in views.

    Attributes:
        left_over: Bytes at the end of the last chunk that were not taken.
    """

    __slots__ = ("_entry", "_flags", "_gathered", "_left", "_needed", "_offset", "_stage", "_type", "left_over")

    def __init__(self) -> None:
        self._stage = _Stage.HEAD
        self._gathered = bytearray()
        self._needed = HEADER_SIZE
        self._left = 0  # Bytes of content still to come in this frame.
        self._type = self._flags = self._entry = 0
        self._offset = -1
        self.left_over = 0

    @property
    def unfinished(self) -> bool:
        """True where a connection that ends here is cut in the middle of a frame."""
        return self._stage is not _Stage.HEAD or bool(self._gathered)

    def receive_data(self, data: bytes | bytearray | memoryview, *, may_leave: bool = False) -> list[Piece]:
        """Add a chunk of any size; returns what came, in order. Views are valid as long as the chunk's memory is.

        Args:
            may_leave: Not to take what is there of a small file at the end: its `left_over` bytes are to begin the next
                chunk, for a small file costs far less where it is whole.

        Raises:
            TransferError: A header announces what no frame may have. What came before it in the chunk is lost with it.
        """
        view = memoryview(data)
        pieces: list[Piece] = []
        position, end, at_head = 0, len(view), _Stage.HEAD
        self.left_over = 0
        while position < end:
            if self._stage is at_head and not self._gathered and end - position >= BEGINNING_SIZE:
                # The usual case, a small file that is here whole, in few steps.
                length, kind, flags, entry, offset = _BEGINNING.unpack_from(view, position)
                stop = position + HEADER_SIZE + length
                is_whole = kind == _DATA and flags == _WHOLE and _SMALLEST_WHOLE <= length <= LARGEST_DATA
                if is_whole and may_leave and stop > end and length <= LARGEST_LEFT:
                    self.left_over = end - position
                    break
                if is_whole and stop <= end:
                    digest_at = stop - DIGEST_SIZE
                    content = view[position + BEGINNING_SIZE : digest_at]
                    pieces.append(DataPiece(entry, offset, content, bytes(view[digest_at:stop])))
                    position = stop
                    continue
            position = self._step(view, position, pieces)
        return pieces

    def _step(self, view: memoryview, position: int, pieces: list[Piece]) -> int:
        """Take as much as this stage can use; returns where the next one begins."""
        if self._stage is _Stage.CONTENT:
            stop = min(len(view), position + self._left)
            pieces.append(DataPiece(self._entry, self._offset, view[position:stop], b""))
            self._offset = -1
            self._left -= stop - position
            if not self._left:
                self._after_content(pieces)
            return stop
        gathered = self._gathered
        stop = min(len(view), position + self._needed - len(gathered))
        gathered += view[position:stop]
        if len(gathered) == self._needed:
            whole = bytes(gathered)
            gathered.clear()
            self._take_gathered(whole, pieces)
        return stop

    def _take_gathered(self, whole: bytes, pieces: list[Piece]) -> None:
        match self._stage:
            case _Stage.HEAD:
                self._begin_frame(whole, pieces)
            case _Stage.OFFSET:
                (self._offset,) = OFFSET.unpack(whole)
                self._before_content(pieces)
            case _Stage.DIGEST:
                pieces.append(DataPiece(self._entry, self._offset, _NOTHING, whole))
                self._await(_Stage.HEAD, HEADER_SIZE)
            case _:
                if self._type == _DATA:
                    pieces.append(GivenUp(self._entry, whole.decode(errors="replace")))
                else:
                    pieces.append(MessageFrame(self._type, whole))
                self._await(_Stage.HEAD, HEADER_SIZE)

    def _begin_frame(self, header: bytes, pieces: list[Piece]) -> None:
        length, self._type, self._flags, self._entry = HEADER.unpack(header)
        self._offset = -1
        if self._type == _DATA and not self._flags & _GIVEN_UP:
            self._left = _content_length(length, self._flags)
            if self._flags & _BEGINS:
                self._await(_Stage.OFFSET, OFFSET.size)
            else:
                self._before_content(pieces)
            return
        most = LARGEST_WHY_SIZE if self._type == _DATA else LARGEST_MESSAGE
        if length > most:
            raise TransferError(f"a frame of type {self._type} announced {length} bytes, and {most} are the most")
        self._await(_Stage.BODY, length)
        if not length:
            self._take_gathered(b"", pieces)

    def _before_content(self, pieces: list[Piece]) -> None:
        if self._left:
            self._await(_Stage.CONTENT, 0)
        else:
            self._after_content(pieces)

    def _after_content(self, pieces: list[Piece]) -> None:
        if self._flags & _ENDS:
            self._await(_Stage.DIGEST, DIGEST_SIZE)
            return
        if self._offset >= 0:
            pieces.append(DataPiece(self._entry, self._offset, _NOTHING, b""))
        self._await(_Stage.HEAD, HEADER_SIZE)

    def _await(self, stage: _Stage, needed: int) -> None:
        self._stage = stage
        self._needed = needed


def sendable(why: str) -> str:
    """A reason as it can be sent: cut to its length, and nothing in it that is no text."""
    return why[:LONGEST_WHY].encode(errors="replace").decode()


def given_up_frame(entry: int, why: str) -> bytes:
    """The frame that ends an entry which will not come whole."""
    body = sendable(why).encode()
    return HEADER.pack(len(body), _DATA, _GIVEN_UP, entry) + body


def _content_length(length: int, flags: int) -> int:
    """Bytes of content in a data frame of that length. Raises TransferError where there cannot be so many."""
    if length > LARGEST_DATA:
        raise TransferError(f"a data frame announced {length} bytes, and {LARGEST_DATA} are the most")
    content = length
    if flags & _BEGINS:
        content -= OFFSET.size
    if flags & _ENDS:
        content -= DIGEST_SIZE
    if content < 0:
        raise TransferError(f"a data frame of {length} bytes has no room for what it says it holds")
    return content
