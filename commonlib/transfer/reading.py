"""One file on its way into the stream: which bytes are to be read next, and the hash over them.

Owns the position in one file, and how far the receiver's part of it is good (docs/protocol.md, "M9. Files"). Must never
read anything itself. Pure; a Reading belongs to one machine.
"""

from collections.abc import Sequence

from blake3 import blake3

from commonlib.transfer.messages import Mark


class Reading:
    """The reading of one file from its first byte, of which the beginning may only be compared.

    Attributes:
        entry: The file's number.
        size: Its bytes, as listed.
        position: The offset of the next byte to read.
        has_begun: Whether a frame has begun the file in the stream.
    """

    __slots__ = ("_good", "_good_hash", "_hash", "_marks", "entry", "has_begun", "position", "size")

    def __init__(self, entry: int, size: int, marks: Sequence[Mark]) -> None:
        self.entry = entry
        self.size = size
        self.position = 0
        self.has_begun = False
        self._hash: blake3 | None = None  # None before the first byte.
        self._marks = list(reversed(marks)) if marks else []
        self._good = 0
        self._good_hash: blake3 | None = None

    @property
    def is_comparing(self) -> bool:
        """Whether the next bytes are compared with what the receiver has, and not sent."""
        return bool(self._marks)

    @property
    def due(self) -> int:
        """Bytes to read at the position: up to the next mark, or to the end."""
        return (self._marks[-1].offset if self._marks else self.size) - self.position

    def compare(self, data: memoryview) -> None:
        """Take bytes that are only compared; the position falls back where the receiver has others."""
        hash_so_far = self._hash = (self._hash or blake3()).update(data)
        self.position += len(data)
        mark = self._marks[-1]
        if self.position < mark.offset:
            return
        if hash_so_far.digest() == mark.digest:
            self._marks.pop()
            self._good = self.position
            self._good_hash = hash_so_far.copy()
            return
        self._marks.clear()
        self.position = self._good
        self._hash = self._good_hash

    def send(self, data: memoryview) -> bytes:
        """Take bytes that are sent; returns the hash of the whole file with its last one, else nothing."""
        self.position += len(data)
        if self._hash is None and self.position == self.size:
            return blake3(data).digest()  # A small file, which comes at once.
        self._hash = (self._hash or blake3()).update(data)
        return self._hash.digest() if self.position == self.size else b""
