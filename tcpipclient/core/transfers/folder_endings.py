"""When a received folder is complete, so that its date and its mode can be set: what is put into it changes its date.

Owns which folders the manifest has not left yet, and how many of their entries are not settled. Must never remember
more than the window of entries and the folders on the way to them. Pure; belongs to one connection.
"""

from collections.abc import Iterable, Sequence

from commonlib.transfer.manifest import Listed
from commonlib.transfer.messages import EntryKind


class _Folder:
    """A folder that may still change. `open`: its entries that are not settled, and its folders not complete."""

    __slots__ = ("above", "is_past", "listed", "open")

    def __init__(self, listed: Listed, above: "_Folder | None") -> None:
        self.listed = listed
        self.above = above
        self.open = 0
        self.is_past = False


class FolderEndings:
    """Follows the entries of one connection.

    Attributes:
        complete: Folders to which nothing more will happen, those further down first; whoever deals with them takes
            them out.
    """

    __slots__ = ("_entries", "_way", "complete")

    def __init__(self) -> None:
        self.complete: list[Listed] = []
        self._way: list[_Folder] = []  # To the last entry that was listed.
        self._entries: dict[int, _Folder] = {}  # That are not settled: the folder that they are in.

    def listed(self, entries: Sequence[Listed]) -> None:
        """The next entries of the manifest."""
        way = self._way
        for entry in entries:
            depth = len(entry.path) - 1
            if len(way) > depth:
                self._leave(depth)
            above = way[-1] if way else None
            if above is not None:
                self._entries[entry.number] = above
                above.open += 1
            if entry.kind is EntryKind.FOLDER:
                if above is not None:
                    above.open += 1
                way.append(_Folder(entry, above))

    def settled(self, number: int) -> None:
        """What becomes of an entry is known, for good."""
        folder = self._entries.pop(number, None)
        if folder is not None:
            self._close(folder)

    def settled_all(self, numbers: Iterable[int]) -> None:
        """As `settled` for each."""
        entries = self._entries
        for number in numbers:
            folder = entries.pop(number, None)
            if folder is None:
                continue
            if folder.open > 1:
                folder.open -= 1
            else:
                self._close(folder)

    def ended(self) -> None:
        """The manifest has no more entries."""
        self._leave(0)

    def _leave(self, depth: int) -> None:
        while len(self._way) > depth:
            folder = self._way.pop()
            folder.is_past = True
            folder.open += 1
            self._close(folder)

    def _close(self, folder: _Folder) -> None:
        """One thing less is open in the folder; the last one closes it, and is one less in the folder above."""
        current: _Folder | None = folder
        while current is not None:
            current.open -= 1
            if current.open or not current.is_past:
                return
            self.complete.append(current.listed)
            current = current.above
