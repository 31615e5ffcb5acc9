"""What the sender may list next: the offers that were agreed to, and the room that the receiver has.

Owns the order of the manifests, the numbers of entries, and the window (docs/protocol.md, "M9. Files"). Must never list
of two offers in turns. Pure; a Listing belongs to one sending machine.
"""

from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

from commonlib.exceptions import FieldError
from commonlib.transfer.events import Source
from commonlib.transfer.manifest import ManifestWriter
from commonlib.transfer.messages import MOST_LISTED, WINDOW, Manifest
from commonlib.transfer.states import OfferRecord


class EntriesDue(NamedTuple):
    """The shell may list up to `most` further entries of this offer."""

    offer: int
    most: int


class Refused(NamedTuple):
    """An entry that could not be listed, and why; offer it anew, or tell the user."""

    source: Source
    error: FieldError


class Block(NamedTuple):
    """Entries that get their numbers, `first` and following, and the messages that list them."""

    first: int
    taken: list[Source]
    messages: list[Manifest]


class Listing:
    """The manifests that are still to be told, one behind the other.

    Attributes:
        room: Entries that the receiver has room for.
    """

    __slots__ = ("_next", "_waiting", "_writer", "room")

    def __init__(self) -> None:
        self._waiting: deque[OfferRecord] = deque()
        self._writer: ManifestWriter | None = None  # Of the first that is waiting.
        self._next = 0
        self.room = WINDOW

    def add(self, record: OfferRecord) -> None:
        """An offer was agreed to."""
        self._waiting.append(record)

    @property
    def current(self) -> OfferRecord | None:
        """The offer whose entries come next; None when none do."""
        return self._waiting[0] if self._waiting else None

    @property
    def most(self) -> int:
        """How many entries can be listed at once now."""
        return min(self.room, MOST_LISTED)

    def write(self, sources: Sequence[Source], *, last: bool) -> tuple[Block, list[Refused]]:
        """The next entries of the current offer, and those that do not fit into it."""
        record = self._waiting[0]
        if self._writer is None:
            self._writer = ManifestWriter(record.offer)
        taken, refused = [], []
        for source in sources:
            try:
                self._writer.check(source.entry)
            except FieldError as error:
                refused.append(Refused(source, error))
            else:
                taken.append(source)
        first = self._next
        messages = list(self._writer.blocks(first, [source.entry for source in taken], last=last))
        self._next += len(taken)
        self.room -= len(taken)
        record.listed(first, len(taken), last=last)
        if last:
            self.leave(record)
        return Block(first, taken, messages), refused

    def leave(self, record: OfferRecord) -> None:
        """List nothing more of an offer."""
        if record is self.current:
            self._writer = None
        if record in self._waiting:
            self._waiting.remove(record)
