"""The sender's entries that are listed and not settled: what is asked for, what is being read, what will not come.

Owns one promise of docs/protocol.md, "M9. Files": whatever was asked for ends in the stream once, with its hash or as
given up. Must never hold more entries than the window. Pure; an Outstanding belongs to one sending machine.
"""

from collections import OrderedDict, deque
from collections.abc import Sequence
from enum import Enum, auto

from msgspec import Struct

from commonlib.transfer.events import Source
from commonlib.transfer.messages import MOST_TRIES, EntryKind, Mark, Outcome, Want
from commonlib.transfer.reading import Reading
from commonlib.transfer.states import OfferRecord
from commonlib.transfer.stream import TransferError


class _Step(Enum):
    LISTED = auto()
    WANTED = auto()
    IN_WORK = auto()
    SENT = auto()


# To ask an enumeration for a member takes longer than to compare with it.
_LISTED, _WANTED, _IN_WORK, _SENT = _Step
_FILE, _VERIFIED, _SAVED, _KEPT = EntryKind.FILE, Outcome.VERIFIED, Outcome.SAVED, Outcome.KEPT


class _Sent(Struct, gc=False):
    source: Source
    offer: OfferRecord
    step: _Step = _LISTED
    tries: int = 0
    is_verified: bool = False


class Outstanding:
    """The entries between being listed and being settled.

    Attributes:
        reading: The file that is being sent; None between files.
        given_up: Entries whose end has to be put into the stream without their bytes, and why.
    """

    __slots__ = ("_entries", "_wanted", "given_up", "reading")

    def __init__(self) -> None:
        self._entries: dict[int, _Sent] = {}
        self._wanted: OrderedDict[int, Sequence[Mark]] = OrderedDict()
        self.given_up: deque[tuple[int, str]] = deque()
        self.reading: Reading | None = None

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, first: int, sources: Sequence[Source], record: OfferRecord) -> None:
        """Entries were listed."""
        for number, source in enumerate(sources, first):
            self._entries[number] = _Sent(source, record)

    def source(self, number: int) -> Source:
        """Where an entry comes from."""
        return self._entries[number].source

    def want(self, want: Want) -> None:
        """The receiver asks for entries.

        Raises:
            TransferError: They are not there to be asked for.
        """
        offsets = [mark.offset for mark in want.marks]
        if offsets and (want.count > 1 or offsets != sorted(set(offsets))):
            raise TransferError("a part is described in a way that makes no sense")
        for number in range(want.first, want.first + want.count):
            sent = self._entries.get(number)
            if sent is None or sent.step is _WANTED or sent.step is _IN_WORK:
                raise TransferError("something was asked for that is settled, or on its way")
            entry = sent.source.entry
            if entry.kind is not _FILE or (offsets and offsets[-1] > entry.size):
                raise TransferError("something was asked for that has no such bytes")
            sent.tries += 1
            if sent.tries > MOST_TRIES:
                raise TransferError(f"a file was asked for more than {MOST_TRIES} times")
            sent.step = _WANTED
            self._wanted[number] = want.marks

    def maybe_next(self) -> Reading | None:
        """Begin with the file that was asked for first; None when none was."""
        if not self._wanted:
            return None
        number, marks = self._wanted.popitem(last=False)
        sent = self._entries[number]
        sent.step = _IN_WORK
        self.reading = Reading(number, sent.source.entry.size, marks)
        return self.reading

    def finish_reading(self) -> None:
        """The last byte of the file is in the stream, and its hash."""
        if self.reading is not None:
            self._entries[self.reading.entry].step = _SENT
            self.reading = None

    def fail_reading(self, why: str) -> None:
        """The rest of the file cannot be read."""
        if self.reading is not None:
            self.given_up.append((self.reading.entry, why))
            self._entries[self.reading.entry].step = _LISTED
            self.reading = None

    def settle(self, number: int, outcome: Outcome) -> Source:
        """The receiver tells what has become of an entry; returns where it comes from.

        Raises:
            TransferError: It cannot be.
        """
        sent = self._entries.get(number)
        if sent is None:
            raise TransferError("something was settled twice")
        entry, tally = sent.source.entry, sent.offer.tally
        if outcome is _VERIFIED or (outcome is _SAVED and entry.kind is _FILE):
            if sent.step is not _SENT:
                raise TransferError("a file was saved that was not sent")
            if outcome is _VERIFIED:
                if sent.is_verified:
                    raise TransferError("a file was verified twice")
                sent.is_verified = True
                tally.verified += 1
                return sent.source
        elif outcome is _KEPT and sent.tries:
            raise TransferError("something was saved before that was asked for")
        tally.verified -= sent.is_verified
        tally.count(outcome, entry.size)
        del self._entries[number]
        if sent.step is _WANTED:
            del self._wanted[number]
            self.given_up.append((number, ""))
        elif sent.step is _IN_WORK:
            self.reading = None
            self.given_up.append((number, ""))
        return sent.source

    def stop(self, record: OfferRecord) -> None:
        """Send nothing more of an offer. Its entries stay: the receiver may still tell of them."""
        reading = self.reading
        if reading is not None and self._entries[reading.entry].offer is record:
            self._entries[reading.entry].step = _LISTED
            self.reading = None
        for number in [number for number in self._wanted if self._entries[number].offer is record]:
            self._entries[number].step = _LISTED
            del self._wanted[number]

    def forget(self, record: OfferRecord) -> None:
        """The receiver has told all that it will tell of an offer."""
        for number in [number for number, sent in self._entries.items() if sent.offer is record]:
            del self._entries[number]
