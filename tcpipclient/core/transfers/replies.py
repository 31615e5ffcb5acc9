"""How many answers others may have from us without our user: to what is unknown here, or too much.

Owns the counting, for each person and for all together. Must never keep an answer back that our user has given. Pure:
used by the book of batches; times are monotonic seconds.

The hub passes on so many of our words about files and no more. Whoever has our program answer him without end would
otherwise take them from us.
"""

AT_ONCE_EACH = 100.0
PER_SECOND_EACH = 10.0
AT_ONCE = 400.0
PER_SECOND = 50.0
"""Of 200 that the hub passes on."""
_MOST_PEOPLE = 256
"""Of whom it is remembered how much they had."""


class _Stock:
    """Answers that may be given now, and so many more each second."""

    __slots__ = ("_counted_at", "_left", "_most", "_per_second")

    def __init__(self, most: float, per_second: float, now: float) -> None:
        self._left = self._most = most
        self._per_second = per_second
        self._counted_at = now

    def has_any(self, now: float) -> bool:
        self._left = min(self._left + max(now - self._counted_at, 0.0) * self._per_second, self._most)
        self._counted_at = now
        return self._left >= 1.0

    def take(self) -> None:
        self._left -= 1.0


class Replies:
    """Of one client."""

    def __init__(self) -> None:
        self._all: _Stock | None = None
        self._each: dict[bytes, _Stock] = {}

    def maybe_take(self, key: bytes, now: float) -> bool:
        """Answer the owner of a key once more; False where he, or all together, have had enough for now."""
        if self._all is None:
            self._all = _Stock(AT_ONCE, PER_SECOND, now)
        his = self._each.pop(key, None) or _Stock(AT_ONCE_EACH, PER_SECOND_EACH, now)
        self._each[key] = his  # Behind all others: whoever was answered longest ago is forgotten first.
        if len(self._each) > _MOST_PEOPLE:
            del self._each[next(iter(self._each))]
        if not his.has_any(now) or not self._all.has_any(now):
            return False
        his.take()
        self._all.take()
        return True
