"""The receiver's entries that were listed and are not done with, and the bytes of the one that is coming.

Owns what was asked for, the hash over what comes, and what the sender has to be told of each entry (docs/protocol.md,
"M9. Files"). Must never call a file verified whose hash is not the sender's, nor hold more entries than the window.
Pure; an Arriving belongs to one receiving machine.
"""

from collections.abc import Callable, Iterable, Sequence
from enum import Enum, auto

from blake3 import blake3
from msgspec import Struct

from commonlib.transfer.events import (
    FileBegan,
    FileDamaged,
    FileDataArrived,
    FileFailed,
    FilesArrived,
    FileVerified,
    OfferEnded,
    ReceivingEvent,
)
from commonlib.transfer.manifest import Listed
from commonlib.transfer.messages import MOST_TRIES, EntryKind, Mark, Outcome, Place
from commonlib.transfer.notices import Notices
from commonlib.transfer.resume import Prefix
from commonlib.transfer.states import OfferRecord
from commonlib.transfer.stream import DataPiece, GivenUp, TransferError

_MOST_PREFIXES = 64
"""Parts that are asked about at one time: each keeps hashes. There is one for each run that was cut, as a rule."""


class _Step(Enum):
    LISTED = auto()
    WANTED = auto()
    """Asked for: its end in the stream is still to come, whatever happens to it."""
    VERIFIED = auto()


# To ask an enumeration for a member takes longer than to compare with it.
_LISTED, _WANTED, _VERIFIED = _Step.LISTED, _Step.WANTED, _Step.VERIFIED
_FILE, _SAVED = EntryKind.FILE, Outcome.SAVED


class _Expected(Struct, gc=False):
    listed: Listed
    offer: OfferRecord
    step: _Step = _LISTED
    tries: int = 0
    is_settled: bool = False
    is_announced: bool = False
    prefix: Prefix | None = None


class _Current(Struct):
    """The file whose bytes are coming."""

    number: int
    expected: _Expected
    position: int
    hash: blake3


class Arriving:
    """The entries between being listed and being done with.

    Args:
        events: What has happened is put behind what is there; whoever acts upon it takes it out.

    Attributes:
        notices: What the sender has to be told.
        received: Bytes of files that have come.
    """

    __slots__ = ("_current", "_entries", "_event", "_events", "_passed_over", "_prefixes", "notices", "received")

    def __init__(self, events: list[ReceivingEvent]) -> None:
        self._events = events
        self._event = events.append
        self._entries: dict[int, _Expected] = {}
        self._current: _Current | None = None
        self._passed_over = -1  # The entry whose bytes nobody wants any more.
        self._prefixes = 0
        self.notices = Notices()
        self.received = 0

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, entries: Sequence[Listed], record: OfferRecord) -> None:
        """Entries were listed."""
        for listed in entries:
            self._entries[listed.number] = _Expected(listed, record)

    # What the shell decides.

    def want(self, number: int, prefix: Prefix | None) -> None:
        """Ask for a file; passed over where its offer is gone."""
        expected = self._entries.get(number)
        if expected is not None and prefix is not None and prefix.marks and self._prefixes < _MOST_PREFIXES:
            self._want(expected, prefix.marks)
            expected.prefix = prefix
            self._prefixes += 1
        else:
            self.want_all((number,))

    def want_all(self, numbers: Iterable[int]) -> None:
        """Ask for files from their beginnings; those whose offer is gone are passed over."""
        for number in numbers:
            expected = self._entries.get(number)
            if expected is not None:
                self._want(expected)

    def settle(self, number: int, outcome: Outcome, place: Place, why: str) -> None:
        """What has become of an entry, for good; passed over where its offer is gone."""
        expected = self._entries.get(number)
        if expected is None:
            return
        is_file = expected.listed.kind is _FILE
        if expected.is_settled or (is_file and outcome is _SAVED and expected.step is not _VERIFIED):
            raise ValueError("this entry is settled already, or was not verified")
        if outcome is Outcome.KEPT and expected.step is not _LISTED:
            raise ValueError("this entry was asked for")
        self._settle(number, expected, outcome, place, why)
        self._maybe_tell_end(expected.offer)

    def settle_saved(self, numbers: Iterable[int]) -> None:
        """Verified files are saved under their own names: as `settle` for each, in less time for many."""
        entries, notices = self._entries, self.notices
        record: OfferRecord | None = None
        for number in numbers:
            expected = entries.get(number)
            if expected is None:
                continue
            if expected.step is not _VERIFIED:
                raise ValueError("this entry was not verified")
            if expected.offer is not record:
                if record is not None:
                    self._maybe_tell_end(record)
                record = expected.offer
            listed, tally = expected.listed, record.tally
            tally.verified -= expected.is_announced
            tally.saved += 1
            tally.size += listed.size
            notices.settle(listed, _SAVED)
            notices.freed += 1
            del entries[number]
        if record is not None:
            self._maybe_tell_end(record)

    def cancel(self, record: OfferRecord) -> None:
        """Forget the entries of an offer; what still comes of them is passed over."""
        if self._current is not None and self._current.expected.offer is record:
            self._passed_over = self._current.number
            self._current = None
        for number in [number for number, expected in self._entries.items() if expected.offer is record]:
            self._free(number, self._entries[number])

    def _want(self, expected: _Expected, marks: Sequence[Mark] = ()) -> None:
        if expected.step is not _LISTED or expected.is_settled or expected.listed.kind is not _FILE:
            raise ValueError("this entry is asked for already, or no file")
        self.notices.want(expected.listed, marks)
        expected.tries += 1
        expected.step = _WANTED

    # What comes.

    def receive_piece(self, piece: DataPiece, is_gone: Callable[[int], bool]) -> None:
        """Bytes of a file; `is_gone` tells whether an unknown entry is of an offer that was cancelled.

        Raises:
            TransferError: They were not asked for, or are not what was listed.
        """
        self.received += len(piece.content)
        if piece.offset >= 0:
            if piece.digest and self._maybe_take_whole(piece):
                return
            if self._maybe_begin(piece, is_gone):
                return
        current = self._current
        if current is None or current.number != piece.entry:
            if self._passed_over == piece.entry:
                return
            raise TransferError("bytes came of a file that has not begun")
        content, expected = piece.content, current.expected
        if content:
            current.position += len(content)
            if current.position > expected.listed.size:
                raise TransferError("more bytes came of a file than were listed")
            current.hash.update(content)
            if not expected.is_settled:
                self._event(FileDataArrived(current.number, content))
        if piece.digest:
            if current.position != expected.listed.size:
                raise TransferError("a file ended before its listed size")
            self._current = None
            self._end(current, is_right=current.hash.digest() == piece.digest)

    def receive_given_up(self, given_up: GivenUp, is_gone: Callable[[int], bool]) -> None:
        """A file ends without being whole.

        Raises:
            TransferError: It was not asked for.
        """
        number = given_up.entry
        if self._current is not None:
            if self._current.number != number:
                raise TransferError("a file was given up within another")
            self._current = None
        expected = self._entries.get(number)
        if expected is None:
            if is_gone(number):
                return
            raise TransferError("a file was given up that was not listed")
        if expected.step is not _WANTED:
            raise TransferError("a file was given up that was not asked for")
        self._fail(number, expected, Place.SENDER, given_up.why or "its sender gave it up")

    def _maybe_take_whole(self, piece: DataPiece) -> bool:
        """Take a small file that is here whole; where it is not, or is not what it should be, nothing is done."""
        expected, content = self._entries.get(piece.entry), piece.content
        if (
            expected is None
            or expected.step is not _WANTED
            or expected.is_settled
            or self._current is not None
            or piece.offset
            or len(content) != expected.listed.size
            or blake3(content).digest() != piece.digest
        ):
            return False
        if expected.prefix is not None:
            self._drop_prefix(expected)
        expected.step = _VERIFIED
        last = self._events[-1] if self._events else None
        if type(last) is FilesArrived:
            last.files.append((piece.entry, content))
        else:
            self._event(FilesArrived([(piece.entry, content)]))
        return True

    def _maybe_begin(self, piece: DataPiece, is_gone: Callable[[int], bool]) -> bool:
        """A file begins; True when there is nothing more to do about this piece."""
        number = piece.entry
        if self._current is not None:
            raise TransferError("a file began within another")
        expected = self._entries.get(number)
        if expected is None:
            if not is_gone(number):
                raise TransferError("a file began that was not listed")
            self._passed_over = number
            return True
        if expected.step is not _WANTED:
            raise TransferError("a file began that was not asked for")
        offset = piece.offset
        prefix = expected.prefix
        if offset and (prefix is None or all(mark.offset != offset for mark in prefix.marks)):
            raise TransferError("a file began in the middle, where nobody had asked it to")
        self._current = _Current(number, expected, offset, prefix.hash_at(offset) if offset and prefix else blake3())
        if not expected.is_settled:
            self._event(FileBegan(number, offset))
        return False

    def _end(self, current: _Current, *, is_right: bool) -> None:
        number, expected = current.number, current.expected
        if expected.is_settled:
            self._free(number, expected)
        elif is_right:
            if expected.prefix is not None:
                self._drop_prefix(expected)
            expected.step = _VERIFIED
            expected.is_announced = True
            expected.offer.tally.verified += 1
            self.notices.settle(expected.listed, Outcome.VERIFIED)
            self._event(FileVerified(number))
        elif expected.tries < MOST_TRIES:
            if expected.prefix is not None:
                self._drop_prefix(expected)
            expected.tries += 1
            self.notices.want(expected.listed)
            self._event(FileDamaged(number))
        else:
            self._fail(number, expected, Place.WAY, f"it arrived damaged {MOST_TRIES} times")

    def _fail(self, number: int, expected: _Expected, place: Place, why: str) -> None:
        """A file has come to its end in the stream and is not there."""
        expected.step = _LISTED
        if expected.is_settled:
            self._free(number, expected)
            return
        self._settle(number, expected, Outcome.FAILED, place, why)
        self._event(FileFailed(number, place, why))
        self._maybe_tell_end(expected.offer)

    def _settle(self, number: int, expected: _Expected, outcome: Outcome, place: Place, why: str) -> None:
        tally = expected.offer.tally
        tally.verified -= expected.is_announced
        tally.count(outcome, expected.listed.size)
        self.notices.settle(expected.listed, outcome, place, why)
        expected.is_settled = True
        if expected.step is not _WANTED:
            self._free(number, expected)

    def _maybe_tell_end(self, record: OfferRecord) -> None:
        if record.is_settled:
            self._event(OfferEnded(record.offer.offer))

    def _free(self, number: int, expected: _Expected) -> None:
        if expected.prefix is not None:
            self._drop_prefix(expected)
        del self._entries[number]
        self.notices.freed += 1

    def _drop_prefix(self, expected: _Expected) -> None:
        expected.prefix = None
        self._prefixes -= 1
