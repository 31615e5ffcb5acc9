"""The blocks that the sender's data frames are built in: files are read straight into them, behind one another.

Owns the memory that files are read into and sent from, and the frames around their content. Nothing is copied, small
files share a block, and no more memory is used than the blocks have. Must never know what an entry is.
Pure; a Packing belongs to one machine. While one block is being sent the other may be filled.
"""

from collections import deque

from commonlib.transfer.stream import (
    BEGINNING_SIZE,
    DIGEST_SIZE,
    HEADER,
    HEADER_SIZE,
    LARGEST_WHY_SIZE,
    OFFSET,
    DataFlag,
    TransferType,
)

BLOCK_SIZE = 1 << 20
"""Bytes of one write, and of the largest data frame with its header."""
_BLOCKS = 2
# Plain numbers: arithmetic with members of an enumeration is slow.
_DATA = TransferType.DATA.value
_BEGINS = DataFlag.BEGINS.value
_ENDS = DataFlag.ENDS.value


class Packing:
    """Data frames on their way out.

    Attributes:
        spared: Bytes before the offsets at which files began.
    """

    __slots__ = ("_block", "_count", "_end", "_free", "_full", "_lent", "_start", "spared")

    def __init__(self) -> None:
        self._free: list[memoryview] = []
        self._count = 0  # Blocks that were made; the first file makes the first one.
        self._block: memoryview | None = None  # Being filled.
        self._end = 0  # Behind the last whole frame in it.
        self._start = 0  # Where the content begins that is being read now.
        self._full: deque[memoryview] = deque()
        self._lent: memoryview | None = None
        self.spared = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits to be sent."""
        return not self._end and not self._full

    def maybe_room(self, wanted: int, *, begins: bool) -> memoryview | None:
        """Where up to `wanted` bytes of content may be read to; None when all blocks are on their way.

        With `begins` they are the first of a file. A block with little room left is closed, and the next one begun.
        """
        while True:
            block = self._block
            if block is None:
                block = self._maybe_next_block()
                if block is None:
                    return None
            start = self._end + (BEGINNING_SIZE if begins else HEADER_SIZE)
            room = BLOCK_SIZE - DIGEST_SIZE - start
            # Content in slivers would cost more than the room that is left over.
            if room >= wanted or room >= BLOCK_SIZE // 4 or not self._end:
                self._start = start
                return block[start : start + wanted] if room >= wanted else block[start : start + room]
            self._close()

    def add_content(self, entry: int, size: int, offset: int, digest: bytes) -> None:
        """Make a frame of the first `size` bytes of the room that was given last.

        An `offset` of 0 or more begins the file, and has to be what the room was asked for; a digest ends it.
        """
        block, head, stop = self._block, self._end, self._start + size
        if block is None:
            raise ValueError("no room was given")
        flags = 0
        if offset >= 0:
            flags = _BEGINS
            self.spared += offset
            OFFSET.pack_into(block, head + HEADER_SIZE, offset)
        if digest:
            flags |= _ENDS
            block[stop : stop + DIGEST_SIZE] = digest
            stop += DIGEST_SIZE
        HEADER.pack_into(block, head, stop - head - HEADER_SIZE, _DATA, flags, entry)
        self._end = stop

    def maybe_add(self, frame: bytes) -> bool:
        """Put a short frame behind what is there; False when all blocks are on their way."""
        room = self.maybe_room(LARGEST_WHY_SIZE, begins=False)
        if room is None or self._block is None:
            return False
        self._block[self._end : self._end + len(frame)] = frame
        self._end += len(frame)
        return True

    def maybe_piece(self, *, unfinished: bool) -> memoryview | None:
        """What is to be sent next; its memory is free again at the next call. None when nothing is there.

        The block that is being filled is given only with `unfinished`: nobody may be reading into it then.
        """
        if self._lent is not None:
            self._free.append(self._lent)
            self._lent = None
        if not self._full and unfinished:
            self._close()
        if not self._full:
            return None
        piece = self._full.popleft()
        self._lent = memoryview(piece.obj)
        return piece

    def _maybe_next_block(self) -> memoryview | None:
        if self._free:
            self._block = self._free.pop()
        elif self._count < _BLOCKS:
            self._count += 1
            self._block = memoryview(bytearray(BLOCK_SIZE))
        return self._block

    def _close(self) -> None:
        if self._block is not None and self._end:
            self._full.append(self._block[: self._end])
            self._block = None
            self._end = 0
