"""What the sender owes a receiver: bytes of files that were asked for, and the room on the disk that is kept for them.

Owns the count for each file, and of which parts the sender compares before others can come. Must never remember what is
settled. Pure; belongs to one connection.
"""

from collections.abc import Iterable


class Owed:
    """The bytes that are still to come.

    Attributes:
        size: All of them together.
    """

    __slots__ = ("_compared", "_sizes", "size")

    def __init__(self) -> None:
        self._sizes: dict[int, int] = {}
        self._compared: dict[int, int] = {}
        self.size = 0

    def __bool__(self) -> bool:
        return bool(self._sizes)

    @property
    def compared(self) -> int:
        """Bytes that the sender has to compare with our parts before others can come."""
        return sum(self._compared.values())

    def owe(self, entry: int, size: int) -> None:
        """So many bytes are still to come of a file, whatever was said of it before."""
        self.size += size - self._sizes.get(entry, 0)
        self._sizes[entry] = size

    def owe_new(self, entry: int, size: int) -> None:
        """The same of a file of which nothing was said before."""
        self.size += size
        self._sizes[entry] = size

    def come(self, entry: int, size: int) -> None:
        """So many of a file have come."""
        self.size -= size
        self._sizes[entry] -= size

    def compare(self, entry: int, size: int) -> None:
        """The sender will compare so many bytes of a file, and then send the rest."""
        self._compared[entry] = size

    def compare_no_more(self, entry: int) -> None:
        """The rest of it comes."""
        self._compared.pop(entry, None)

    def settle(self, entry: int) -> int:
        """Nothing more will come of a file; returns how many bytes of it were still to come."""
        size = self._sizes.pop(entry, 0)
        self._compared.pop(entry, None)
        self.size -= size
        return size

    def settle_all(self, entries: Iterable[int]) -> None:
        """As `settle` for each."""
        sizes = self._sizes
        self.size -= sum([sizes.pop(entry, 0) for entry in entries])
        if self._compared:
            for entry in entries:
                self._compared.pop(entry, None)
