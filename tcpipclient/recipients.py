"""To whom something goes, as a program says it.

Owns the ways of saying it, and how many are served at a time. Must never know who is there: that is the session's.
Pure: any thread.
"""

from collections.abc import Iterable, Iterator
from enum import Enum

SHARE_SIZE = 1024 * 1024
"""Bytes that are made at a time when one thing goes to many."""


class Group(Enum):
    """A recipient that is no single id."""

    EVERYONE = "everyone"


EVERYONE = Group.EVERYONE
"""Everybody on the roster at the moment of sending, ourselves excepted; what is sent is repeated for each."""

Recipients = int | Iterable[int] | Group
"""An id, several, or EVERYONE. The id 0 (`SERVER`) is the hub itself."""


def shares(recipients: tuple[int, ...], size_each: int) -> Iterator[tuple[int, ...]]:
    """The recipients in shares for each of which what goes to them takes about SHARE_SIZE."""
    count = max(1, SHARE_SIZE // max(1, size_each))
    for start in range(0, len(recipients), count):
        yield recipients[start : start + count]
