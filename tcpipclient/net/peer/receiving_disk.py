"""The disk of a receiving pump: looks what is there, writes what comes, and counts how far it is.

Owns what is done about each entry between being listed and being settled. Must never hold more than the window of
them. Blocks on the disk, for slices only where it could take long. Thread: the pump's.
"""

import unicodedata
from collections import deque
from collections.abc import Callable, Generator, Sequence

from commonlib.printable import printable
from commonlib.transfer.events import (
    EntriesListed,
    FileBegan,
    FileDamaged,
    FileDataArrived,
    FileFailed,
    FilesArrived,
    FileVerified,
    OfferCancelled,
    OfferEnded,
    ReceivingEvent,
)
from commonlib.transfer.manifest import Listed, shown_paths
from commonlib.transfer.messages import WINDOW, EntryKind, Offer, Outcome, Place
from commonlib.transfer.receiving import Receiving
from commonlib.transfer.resume import Choices, Fetch, Found, LeaveOut, MakeFolder, MakeLink, OnDisk, Prefix, plan
from commonlib.values import dataclass
from tcpipclient.core.batch_events import BatchProblem
from tcpipclient.core.transfers.folder_endings import FolderEndings
from tcpipclient.core.transfers.owed import Owed
from tcpipclient.core.transfers.pump_news import MOST_PROBLEMS, MOST_TOP_PATHS, Moved, ProblemTold, PumpNews, TopSaved
from tcpipclient.core.transfers.saved_entries import SavedEntries, SavedOffers
from tcpipclient.folder import Skipped
from tcpipclient.folder_errors import FolderError, NotEnoughSpaceError
from tcpipclient.net.peer.arriving_files import Arrival, ArrivingFiles
from tcpipclient.tree import DownloadTree

_SLICES_AT_ONCE = 8
"""Of a part that is hashed, before somebody looks at the connection again."""
_MOST_LINKS = WINDOW // 2
"""Links wait for everything else, but no more of them than leave room for everything else."""
_LONG_WHY = 500
_FILE = EntryKind.FILE


@dataclass(slots=True)
class _Hashing:
    """A part that is looked through, and how far that is."""

    listed: Listed
    slices: Generator[Prefix, None, None]
    prefix: Prefix | None = None


class ReceivingDisk:
    """What the receiving machine asks of a disk.

    Args:
        tell: Takes ProblemTold and TopSaved.
        wake: Called on another thread when `work` has something to do again.
    """

    def __init__(
        self,
        machine: Receiving,
        tree: DownloadTree,
        choices: Choices,
        tell: Callable[[PumpNews], None],
        wake: Callable[[], None],
    ) -> None:
        self._machine = machine
        self._tree = tree
        self._choices = choices
        self._tell = tell
        self._entries: dict[int, Listed] = {}
        self._links: deque[Listed] = deque()
        self._hashing: deque[_Hashing] = deque()
        self._endings = FolderEndings()
        self._made: set[int] = set()
        self._files = ArrivingFiles(tree, wake)
        self._owed = Owed()
        self._saved = SavedOffers()
        self._done = self._files_done = self._problems = self._tops = 0
        self._current: Listed | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether the sender owes bytes."""
        return bool(self._owed)

    @property
    def compared(self) -> int:
        """Bytes that the sender has to compare before others can come."""
        return self._owed.compared

    @property
    def is_hashing(self) -> bool:
        """Whether parts are to be looked through."""
        return bool(self._hashing)

    def refusal(self, offer: Offer) -> str:
        """Why an offer cannot be taken at all: there is no room for it, and nothing of it is there yet; else ""."""
        try:
            free = self._tree.free
            is_new = not self._tree.has_any(path[0] for path in shown_paths(offer))
        except FolderError as error:
            return error.cause
        if offer.totals.size <= free - self._owed.size or not is_new:
            return ""
        return f"the disk has no room for it: {offer.totals.size:,} bytes are needed and {free:,} are free"

    def agree(self, offer: int, saved: SavedEntries) -> None:
        """An offer is taken; `saved` is what the batch has saved of it, before and from now on."""
        self._saved.agree(offer, saved)

    def receive(self, event: ReceivingEvent) -> None:
        """Do what an event of the machine asks for; others are passed over."""
        match event:
            case FilesArrived(files):
                self._save(files)
            case FileDataArrived(entry, data):
                self._write(entry, data)
            case EntriesListed(entries):
                self._plan_all(entries)
            case FileBegan(entry, offset):
                self._begin(entry, offset)
            case FileVerified():
                self._files.end()
                self._end_files()
            case FileDamaged(entry):
                self._files.stop(entry)
                self._owed.owe(entry, self._entries[entry].size if entry in self._entries else 0)
            case FileFailed(entry, place, why):
                self._files.stop(entry)
                self._forget(entry, Outcome.FAILED, place, why)
            case OfferCancelled(offer):
                self._cancel(offer)
            case OfferEnded():
                self._endings.ended()
            case _:
                pass

    @property
    def writes(self) -> int:
        """How many writes were begun: memory whose bytes are among them is in use until `has_written`."""
        return self._files.writes

    def has_written(self, writes: int) -> bool:
        """Whether the first `writes` of them are done; if not, `wake` will be called."""
        return self._files.has_written(writes)

    def drain(self) -> None:
        """Wait until all is written that came."""
        self._files.drain()

    def work(self) -> bool:
        """Do a slice of what takes long; False when there is nothing of it."""
        self._end_files()
        for _ in range(_SLICES_AT_ONCE):
            if not self._hashing:
                break
            self._hash_slice()
        else:
            return True
        self._complete_folders()
        if len(self._links) > _MOST_LINKS:
            self.make_links()
        return False

    def make_links(self) -> None:
        """Make the links that wait, if nothing else does or they are too many."""
        if len(self._links) < len(self._entries) and len(self._links) <= _MOST_LINKS:
            return
        while self._links:
            listed = self._links.popleft()
            if listed.number not in self._entries:
                continue
            try:
                placed = self._tree.make_link(listed)
            except FolderError as error:
                self._fail(listed, error)
            else:
                self._settle_placed(listed, placed)

    def moved(self) -> Moved:
        """How far it is."""
        current = "/".join(self._current.path) if self._current else ""
        return Moved(self._done, self._files_done, current)

    def close(self) -> None:
        """Let go of everything; parts stay."""
        self._files.close()
        self._tree.close()

    # Entries that are listed.

    def _plan_all(self, entries: Sequence[Listed]) -> None:
        self._endings.listed(entries)
        self._saved.list(entries)
        try:
            free = self._tree.free
        except FolderError as error:
            for listed in entries:
                self._entries[listed.number] = listed
                self._fail(listed, error)
            return
        owed, new = self._owed, list[int]()
        for listed in entries:
            number, size = listed.number, listed.size
            self._entries[number] = listed
            if listed.kind is _FILE and owed.size + size <= free and self._tree.is_untouched(listed.path[:-1]):
                # There is nothing to look for, and nothing to decide.
                owed.owe_new(number, size)
                new.append(number)
                continue
            try:
                self._carry_out(listed, self._tree.look(listed), free)
            except FolderError as error:
                self._fail(listed, error)
        self._machine.want_all(new)

    def _carry_out(self, listed: Listed, found: OnDisk, free: int) -> None:
        match plan(listed, found, self._choices):
            case Fetch(offsets):
                needed = listed.size - (offsets[-1] if offsets else 0)
                if self._owed.size + needed > free:
                    path = self._tree.root.joinpath(*listed.path)
                    raise NotEnoughSpaceError(path, self._owed.size + needed, free)
                self._owed.owe(listed.number, needed)
                if offsets:
                    self._hashing.append(_Hashing(listed, self._tree.prefix(listed, offsets)))
                else:
                    self._machine.want(listed.number)
            case MakeFolder():
                if self._tree.make_folder(listed):
                    self._made.add(listed.number)
                self._settle(listed, Outcome.SAVED)
                self._tell_top(listed, listed.path[-1])
            case MakeLink():
                self._links.append(listed)
            case LeaveOut(Outcome.UNCHANGED) if (told := self._saved.maybe_why(listed)) is not None:
                self._settle(listed, Outcome.KEPT, why=told)
            case LeaveOut(outcome, place, why):
                if outcome is Outcome.UNCHANGED and found.there is Found.FILE:
                    self._tell_top(listed, listed.path[-1])
                self._settle(listed, outcome, place, why)

    def _hash_slice(self) -> None:
        hashing = self._hashing[0]
        try:
            prefix = next(hashing.slices, None)
        except FolderError:
            # The part cannot be read: all of it is asked for.
            self._owed.owe(hashing.listed.number, hashing.listed.size)
            hashing.prefix = prefix = None
        if prefix is None or hashing.listed.number not in self._entries:
            self._hashing.popleft()
            hashing.slices.close()
            self._owed.compare(hashing.listed.number, hashing.listed.size)
            self._machine.want(hashing.listed.number, hashing.prefix)
        else:
            hashing.prefix = prefix

    # Bytes that come.

    def _begin(self, entry: int, offset: int) -> None:
        listed = self._entries.get(entry)
        if listed is None:
            return
        self._owed.compare_no_more(entry)
        self._done += offset
        self._owed.owe(entry, listed.size - offset)
        self._current = listed
        try:
            self._files.begin(listed, offset)
        except FolderError as error:
            self._fail(listed, error)

    def _write(self, entry: int, data: memoryview) -> None:
        listed = self._entries.get(entry)
        if listed is None:
            return
        size = len(data)
        self._done += size
        self._owed.come(entry, size)
        try:
            self._files.write(data)
        except FolderError as error:
            self._fail(listed, error)

    def _end_files(self) -> None:
        for arrival in self._files.ended():
            self._end_file(arrival)

    def _end_file(self, arrival: Arrival) -> None:
        """All bytes of a file are where they should be, or could not be written."""
        listed = arrival.listed
        if self._entries.get(listed.number) is not listed:
            arrival.file.keep()
            return
        try:
            self._settle_placed(listed, arrival.finish())
        except FolderError as error:
            self._fail(listed, error)

    def _save(self, files: Sequence[tuple[int, memoryview]]) -> None:
        """Save files that came whole; those that got the names that they were sent under are settled together."""
        entries, save = self._entries, self._tree.save
        saved: list[Listed] = []
        for entry, data in files:
            listed = entries.get(entry)
            if listed is None:
                continue
            self._done += len(data)
            self._current = listed
            try:
                placed = save(listed, data)
            except FolderError as error:
                self._fail(listed, error)
                continue
            if placed == listed.sent_name and len(listed.path) > 1:
                saved.append(listed)
            else:
                self._settle_placed(listed, placed)
        self._settle_saved(saved)

    # What has become of entries.

    def _settle_placed(self, listed: Listed, placed: str | Skipped) -> None:
        """Something is saved under the name `placed`, or was not after all."""
        if isinstance(placed, Skipped):
            self._settle(listed, Outcome.SKIPPED, Place.NOWHERE, placed.reason)
            return
        sent = listed.sent_name
        is_renamed = placed != sent and placed != unicodedata.normalize("NFC", sent)
        self._settle(listed, Outcome.SAVED, Place.NOWHERE, f'it was saved as "{placed}"' if is_renamed else "")
        if len(listed.path) == 1:
            self._tell_top(listed, placed)

    def _fail(self, listed: Listed, error: FolderError) -> None:
        self._machine.settle(listed.number, Outcome.FAILED, Place.RECEIVER, error.cause)
        self._files.stop(listed.number)
        self._forget(listed.number, Outcome.FAILED, Place.RECEIVER, str(error))

    def _settle(self, listed: Listed, outcome: Outcome, place: Place = Place.NOWHERE, why: str = "") -> None:
        if outcome is Outcome.SAVED:
            self._saved.save(listed, why)
        self._machine.settle(listed.number, outcome, place, why)
        self._forget(listed.number, outcome, place, why)

    def _settle_saved(self, saved: Sequence[Listed]) -> None:
        """Files of which there is nothing to tell but that they are saved: as `_settle` and `_forget` for each."""
        numbers = [listed.number for listed in saved]
        self._saved.save_all(saved, numbers)
        self._machine.settle_saved(numbers)
        self._endings.settled_all(numbers)
        self._owed.settle_all(numbers)
        for number in numbers:
            del self._entries[number]
        self._files_done += len(numbers)

    def _forget(self, entry: int, outcome: Outcome, place: Place, why: str) -> None:
        """An entry is settled; count it, and tell what is not simply saved."""
        listed = self._entries.pop(entry, None)
        if listed is None:
            return
        self._endings.settled(entry)
        owed = self._owed.settle(entry)
        if listed.kind is EntryKind.FILE:
            self._files_done += 1
            if outcome is Outcome.FAILED:
                self._done += owed
            elif outcome is not Outcome.SAVED:
                self._done += listed.size
        if self._current is listed and outcome is not Outcome.SAVED:
            self._current = None
        if (why or outcome in (Outcome.FAILED, Outcome.SKIPPED)) and self._problems < MOST_PROBLEMS:
            self._problems += 1
            shown = printable(why, limit=_LONG_WHY)
            self._tell(ProblemTold(BatchProblem("/".join(listed.path), outcome.shown, place, shown)))

    def _cancel(self, offer: int) -> None:
        for entry in [entry for entry, listed in self._entries.items() if listed.offer == offer]:
            self._files.stop(entry)
            del self._entries[entry]
            self._owed.settle(entry)
            self._endings.settled(entry)

    def _complete_folders(self) -> None:
        for listed in self._endings.complete:
            self._tree.finish_folder(listed, is_ours=listed.number in self._made)
            self._made.discard(listed.number)
        self._endings.complete.clear()

    def _tell_top(self, listed: Listed, name: str) -> None:
        if len(listed.path) == 1 and self._tops < MOST_TOP_PATHS:
            self._tops += 1
            self._tell(TopSaved(self._tree.root / name))
