"""Entries that are kept for a while: so long, so many for each owner, so many in all.

Owns the counting and the forgetting; whoever fills the book loses his own entries first. Must never look into an entry.
Pure: the book of one owner thread, or under its lock. `now` is monotonic seconds.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class _Entry(Generic[Value]):
    value: Value
    owners: tuple[Hashable, ...]
    deadline: float


class AgeingBook(Generic[Key, Value]):
    """One book.

    Args:
        seconds: An entry is kept for so long.
        most_per_owner: So many of each owner; his oldest goes first.
        most: So many in all; the oldest of whoever owns most goes first.
    """

    def __init__(self, seconds: float, most_per_owner: int, most: int) -> None:
        self._seconds = seconds
        self._most_per_owner = most_per_owner
        self._most = most
        # In the order in which they were put in, which is the order in which they end.
        self._entries: dict[Key, _Entry[Value]] = {}
        self._owned: dict[Hashable, dict[Key, None]] = {}

    def __len__(self) -> int:
        """How many there are, ended ones among them that nobody has asked for."""
        return len(self._entries)

    def put(self, key: Key, value: Value, owners: tuple[Hashable, ...], now: float) -> None:
        """Keep this from now on, in place of what was kept under the same key."""
        self._forget_ended(now)
        self.maybe_take(key, now)
        for owner in owners:
            if len(self._owned.get(owner, ())) >= self._most_per_owner:
                self._drop_oldest_of(owner)
        if len(self._entries) >= self._most:
            self._drop_oldest_of(max(self._owned, key=lambda owner: len(self._owned[owner])))
        self._entries[key] = _Entry(value, owners, now + self._seconds)
        for owner in owners:
            self._owned.setdefault(owner, {})[key] = None

    def maybe_get(self, key: Key, now: float) -> Value | None:
        """What is kept under a key."""
        self._forget_ended(now)
        entry = self._entries.get(key)
        return None if entry is None else entry.value

    def maybe_take(self, key: Key, now: float) -> Value | None:
        """Take what is kept under a key out of the book."""
        self._forget_ended(now)
        entry = self._entries.get(key)
        if entry is not None:
            self._drop(key)
        return None if entry is None else entry.value

    def forget(self, owner: Hashable) -> None:
        """Keep nothing more of somebody."""
        for key in tuple(self._owned.get(owner, ())):
            self._drop(key)

    def _forget_ended(self, now: float) -> None:
        while self._entries:
            key, entry = next(iter(self._entries.items()))
            if now < entry.deadline:
                return
            self._drop(key)

    def _drop_oldest_of(self, owner: Hashable) -> None:
        self._drop(next(iter(self._owned[owner])))

    def _drop(self, key: Key) -> None:
        for owner in self._entries.pop(key).owners:
            owned = self._owned.get(owner, {})
            owned.pop(key, None)
            if not owned:
                self._owned.pop(owner, None)
