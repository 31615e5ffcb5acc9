"""Ids: which number a newcomer gets, and which number a file goes by while it passes the hub.

Owns both pools. Must never hand out a number twice at the same time. Pure: run by the dispatcher thread alone.
"""

from collections import deque

LARGEST_ID = 0xFFFF
QUARANTINE_SECONDS = 600.0
"""An id is not given again for so long after it was freed: others may still write to the one who had it."""
MOST_FILES_PER_SENDER = 256


class ClientIds:
    """1, 2, 3 … 65535, then the one that has been free for longest."""

    def __init__(self, largest: int = LARGEST_ID) -> None:
        self._largest = largest
        self._next_fresh = 1
        self._freed: deque[tuple[float, int]] = deque()

    def maybe_take(self, now: float) -> int | None:
        """The next id, or None while every one is in use or in quarantine."""
        if self._next_fresh <= self._largest:
            taken = self._next_fresh
            self._next_fresh += 1
            return taken
        if self._freed and now - self._freed[0][0] >= QUARANTINE_SECONDS:
            return self._freed.popleft()[1]
        return None

    def free(self, client_id: int, now: float) -> None:
        """Give an id back."""
        self._freed.append((now, client_id))


class FileIds:
    """Makes the FileIDs of all files that pass at the same time differ.

    A receiver of the classic wire keeps files apart by FileID and name only, and every sender chooses his FileIDs
    himself. A number that is in use keeps its first owner; the second file passes under the next free one.
    """

    def __init__(self, most_per_sender: int = MOST_FILES_PER_SENDER) -> None:
        self._most_per_sender = most_per_sender
        self._assigned: dict[int, dict[int, int]] = {}
        self._in_use: set[int] = set()

    def begin(self, sender: int, file_id: int) -> int:
        """A file begins; returns the number under which it passes. With all 65536 in use it keeps the sender's own.

        A sender who begins files and never ends them loses the numbers of his oldest ones.
        """
        self.end(sender, file_id)
        files = self._assigned.setdefault(sender, {})
        if len(files) >= self._most_per_sender:
            self.end(sender, next(iter(files)))
        assigned = file_id
        if len(self._in_use) <= LARGEST_ID:
            while assigned in self._in_use:
                assigned = (assigned + 1) & LARGEST_ID
        files[file_id] = assigned
        self._in_use.add(assigned)
        return assigned

    def passing(self, sender: int, file_id: int) -> int:
        """The number under which a file passes; the sender's own where its beginning was not seen."""
        files = self._assigned.get(sender)
        return file_id if files is None else files.get(file_id, file_id)

    def end(self, sender: int, file_id: int) -> None:
        """A file has ended, or begins anew."""
        assigned = self._assigned.get(sender, {}).pop(file_id, None)
        if assigned is not None:
            self._in_use.discard(assigned)

    def forget_sender(self, sender: int) -> None:
        """A sender has left, and his files with him."""
        self._in_use.difference_update(self._assigned.pop(sender, {}).values())
