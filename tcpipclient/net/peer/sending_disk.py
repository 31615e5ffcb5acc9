"""The disk of a sending pump: lists what was offered, reads what is asked for, and counts how far it is.

Owns the walks that are going on, the open file, and what has become of the entries as the user sees it. Must never
send anything. Blocks on the disk. Thread: the pump's.
"""

from collections.abc import Callable, Generator
from itertools import islice

from commonlib.printable import printable
from commonlib.transfer.events import EntriesSettled, Progressed, Source
from commonlib.transfer.listing import Refused
from commonlib.transfer.messages import EntryKind, Outcome, Place
from commonlib.transfer.sending import Sending
from tcpipclient.core.batch_events import BatchProblem
from tcpipclient.core.transfers.pump_news import MOST_PROBLEMS, Moved
from tcpipclient.source_folders import Origin
from tcpipclient.source_reader import SourceReader, UnreadableSourceError
from tcpipclient.source_tree import ScannedOffer

_LISTED_AT_ONCE = 256
"""Entries: few, so that the first bytes do not wait for a long list."""
_READ_AT_ONCE = 2 << 20
"""Bytes, before somebody looks at the connection again."""

_LONG_WHY = 500


class SendingDisk:
    """What the sending machine asks of a disk.

    Args:
        tell: Takes what was not simply saved, the first hundred.

    Attributes:
        failed: Entries that the receiver never heard of, as they could not be listed.
    """

    def __init__(self, machine: Sending, tell: Callable[[BatchProblem], None]) -> None:
        self._machine = machine
        self._tell = tell
        self._offers: list[ScannedOffer] = []
        self._walks: dict[int, Generator[Source, None, None]] = {}
        self._reader = SourceReader()
        self._current: Source | None = None
        self._confirmed = 0  # Bytes that have come, says the receiver.
        self._settled = 0  # Bytes of files whose end is known ...
        self._settled_unsent = 0  # ... and of those that were not sent.
        self._files_done = 0
        self._problems = 0
        self.failed = 0

    @property
    def count(self) -> int:
        """How many offers were made."""
        return len(self._offers)

    def add(self, offer: ScannedOffer) -> None:
        """Make an offer. Raises FieldError when there were too many."""
        number = self._machine.offer(offer.totals, offer.top, offer.others)
        self._offers.append(offer)
        self._walks[number] = offer.entries()
        self.failed += offer.failed
        for problem in offer.problems:
            self._tell_problem(problem)

    def list_some(self) -> bool:
        """List a few entries; False when none are due."""
        due = self._machine.entries_due
        if due is None:
            return False
        most = min(due.most, _LISTED_AT_ONCE)
        sources = list(islice(self._walks[due.offer], most))
        for refused in self._machine.add_entries(sources, last=len(sources) < most):
            self._tell_refused(refused)
        return True

    def read_some(self, most: int = _READ_AT_ONCE) -> bool:
        """Read some of what is asked for, up to `most` bytes; False when nothing is, or there is no room."""
        machine, reader = self._machine, self._reader
        left = most = min(most, _READ_AT_ONCE)
        while left > 0:
            read = machine.maybe_read()
            if read is None:
                return left < most
            into = read.into[:left]
            self._current = read.source
            try:
                size = reader.read(read.source, read.offset, into)
            except UnreadableSourceError as error:
                machine.read_failed(str(error))
                left -= 1
            else:
                machine.read_done(size)
                left -= size
        return True

    def receive(self, event: EntriesSettled | Progressed) -> None:
        """Count what the receiver tells."""
        match event:
            case Progressed(received):
                self._confirmed = received
            case EntriesSettled(outcome=Outcome.VERIFIED):
                pass
            case EntriesSettled(_, outcome, place, why, sources):
                self._settle(outcome, place, why, sources)

    def moved(self) -> Moved:
        """How far it is."""
        done = max(self._confirmed + self._machine.spared + self._settled_unsent, self._settled)
        origin = self._current.origin if self._current else None
        current = printable(origin.shown, limit=_LONG_WHY) if isinstance(origin, Origin) else ""
        return Moved(min(done, sum(offer.totals.size for offer in self._offers)), self._files_done, current)

    def close(self) -> None:
        """Let go of all files and folders."""
        self._reader.close()
        for walk in self._walks.values():
            walk.close()

    def _settle(self, outcome: Outcome, place: Place, why: str, sources: list[Source]) -> None:
        is_unsent = outcome is not Outcome.SAVED
        for source in sources:
            if source.entry.kind is EntryKind.FILE:
                self._files_done += 1
                self._settled += source.entry.size
                if is_unsent:
                    self._settled_unsent += source.entry.size
            if source is self._current:
                self._current = None
        if why or outcome in (Outcome.FAILED, Outcome.SKIPPED):
            for source in sources:
                path = source.origin.shown if isinstance(source.origin, Origin) else source.entry.name
                self._tell_problem(BatchProblem(path, outcome.shown, place, why))

    def _tell_refused(self, refused: Refused) -> None:
        self.failed += 1
        origin, field = refused.source.origin, refused.error.field
        path = origin.shown if isinstance(origin, Origin) else refused.source.entry.name
        if field == "totals":
            why = "it was added, or has grown, since it was offered; send it again"
        elif field == "depth":
            why = "the folder that it is in could not be sent"
        else:
            why = f"it cannot be sent: {refused.error.detail}"
        self._tell_problem(BatchProblem(path, Outcome.FAILED, Place.SENDER, why))

    def _tell_problem(self, problem: BatchProblem) -> None:
        if self._problems < MOST_PROBLEMS:
            self._problems += 1
            path, why = printable(problem.path, limit=_LONG_WHY), printable(problem.why, limit=_LONG_WHY)
            self._tell(BatchProblem(path, problem.outcome, problem.place, why))
