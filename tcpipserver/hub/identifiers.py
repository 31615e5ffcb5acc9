"""Ids: which number a newcomer gets, and which number a file goes by while it passes the hub.

Owns both pools. Must never hand out a number twice at the same time. Pure: run by the dispatcher thread alone.
"""

from collections import deque

LARGEST_ID = 0xFFFF
"""The classic wire has no room for more."""
FIRST_WIDE_ID = 0x1_0000
LARGEST_WIDE_ID = 0xFFFF_FFFF
QUARANTINE_SECONDS = 600.0
"""An id is not given again for so long after it was freed: others may still write to the one who had it."""
MOST_FILES_PER_SENDER = 256


class ClientIds:
    """1, 2, 3 … 65535, then those whose owners never registered, then the one that has been free for longest.

    Beside them wide ids, which only the modern wire has room for: 65536, 65537 … and none of them twice.
    """

    def __init__(self, largest: int = LARGEST_ID) -> None:
        self._largest = largest
        self._next_fresh = 1
        self._next_wide = FIRST_WIDE_ID
        self._never_told: deque[int] = deque()
        self._freed: deque[tuple[float, int]] = deque()

    def maybe_take(self, now: float) -> int | None:
        """The next id, or None while every one is in use or in quarantine."""
        if self._next_fresh <= self._largest:
            taken = self._next_fresh
            self._next_fresh += 1
            return taken
        if self._never_told:
            return self._never_told.popleft()
        if self._freed and now - self._freed[0][0] >= QUARANTINE_SECONDS:
            return self._freed.popleft()[1]
        return None

    def maybe_take_wide(self) -> int | None:
        """The next wide id; None when four thousand million have been given."""
        if self._next_wide > LARGEST_WIDE_ID:
            return None
        self._next_wide += 1
        return self._next_wide - 1

    def free(self, client_id: int, now: float) -> None:
        """Give back the id of somebody who was registered."""
        if client_id <= LARGEST_ID:
            self._freed.append((now, client_id))

    def free_at_once(self, client_id: int) -> None:
        """Give back the id of somebody who never registered: nobody else was told of it, so nobody can write to him."""
        self._never_told.append(client_id)


class FileIds:
    """Makes the FileIDs of all files that pass at the same time differ.

    A receiver of the classic wire keeps files apart by FileID and name only, and every sender chooses his FileIDs
    himself. A number that is in use keeps its first owner; the second file passes under the next free one. Nothing
    passes under a number that belongs to another file, so nobody can write into a file that somebody else sends.
    """

    def __init__(self, most_per_sender: int = MOST_FILES_PER_SENDER, largest: int = LARGEST_ID) -> None:
        self._most_per_sender = most_per_sender
        self._assigned: dict[int, dict[tuple[int, int], int]] = {}
        # A byte for each number, 0 while it is free: the next free one is found without a step for each that is not,
        # else a few dozen senders who hoard numbers would make every file that begins cost milliseconds.
        self._in_use = bytearray(largest + 1)

    def maybe_begin(self, sender: int, recipient: int, file_id: int) -> int | None:
        """A file begins, or begins anew; returns the number under which it passes, None while all are in use.

        A sender who begins files and never ends them loses the numbers of his oldest ones.
        """
        self.end(sender, recipient, file_id)
        files = self._assigned.setdefault(sender, {})
        if len(files) >= self._most_per_sender:
            self.end(sender, *next(iter(files)))
        assigned = self._in_use.find(0, file_id)
        if assigned < 0 and (assigned := self._in_use.find(0)) < 0:
            return None
        files[recipient, file_id] = assigned
        self._in_use[assigned] = 1
        return assigned

    def maybe_passing(self, sender: int, recipient: int, file_id: int) -> int | None:
        """The number under which more of a file passes: where its beginning was not seen the sender's own, if free."""
        assigned = self._assigned.get(sender, {}).get((recipient, file_id))
        if assigned is None and not self._in_use[file_id]:
            return file_id
        return assigned

    def end(self, sender: int, recipient: int, file_id: int) -> None:
        """A file has ended; its number is free."""
        assigned = self._assigned.get(sender, {}).pop((recipient, file_id), None)
        if assigned is not None:
            self._in_use[assigned] = 0

    def forget_sender(self, sender: int) -> None:
        """A sender has left, and his files with him."""
        for assigned in self._assigned.pop(sender, {}).values():
            self._in_use[assigned] = 0
