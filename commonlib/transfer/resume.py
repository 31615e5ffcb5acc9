"""What is there already, and what of an entry is therefore asked for.

Owns the decision for one entry, the points up to which a part that is there may be good, and the hash over it. Must
never trust a part: its bytes count only as far as the sender finds the same hash in his file. Must never touch a disk:
the shell looks, and tells what it found.
Pure: any thread; a Prefix belongs to one thread at a time.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from blake3 import blake3

from commonlib.conflict import Conflict
from commonlib.transfer.manifest import Listed
from commonlib.transfer.messages import EntryKind, Mark, Outcome, Place
from commonlib.values import dataclass

SMALLEST_RESUMED = 1 << 20
"""Bytes of a part that are worth asking about; what is shorter is fetched again."""

_STEPS_BACK = tuple(1 << exponent for exponent in (20, 22, 24, 26, 28, 30, 32))
"""How far before the end of a part the other points lie: what a power cut spoils is at its end, as a rule."""
_COARSE_CLOCKS = (100, 1_000_000_000, 2_000_000_000)
"""Steps in which disks keep times, in nanoseconds: NTFS, HFS+ and ext3, FAT."""


class Found(StrEnum):
    """What is at the place where an entry goes, links not followed."""

    NOTHING = "nothing"
    FILE = "file"
    FOLDER = "folder"
    OTHER = "other"
    """A link, a device or the like."""
    BLOCKED = "blocked"
    """Something above it is no folder, or is a link: nothing can be there."""


@dataclass(frozen=True, slots=True)
class OnDisk:
    """What the receiver found for one entry, without opening anything.

    Attributes:
        there: What is at the entry's path.
        size: Bytes of the file that is there.
        modified_ns: When what is there was last modified, in nanoseconds since 1970 UTC.
        part_size: Bytes of the part that an earlier run left under `part_name`; 0 for none.
        saved_before: Whether the receiver's own book says that an earlier run has saved this very entry.
    """

    there: Found = Found.NOTHING
    size: int = 0
    modified_ns: int = 0
    part_size: int = 0
    saved_before: bool = False


@dataclass(frozen=True, slots=True)
class Choices:
    """What the receiver has decided for all entries of an offer.

    Attributes:
        conflict: What happens where something is there.
        links: Whether links are made.
    """

    conflict: Conflict = Conflict.RENAME
    links: bool = False


class Fetch(NamedTuple):
    """Ask for the file, from the beginning or where the part is good up to one of these offsets, ascending."""

    offsets: tuple[int, ...] = ()


class MakeFolder(NamedTuple):
    """Make the folder, or use the one that is there, and say that it is saved."""


class MakeLink(NamedTuple):
    """Make the link when all else is settled, and say that it is saved."""


class LeaveOut(NamedTuple):
    """Nothing is to be written; the sender is told the outcome."""

    outcome: Outcome
    place: Place = Place.NOWHERE
    why: str = ""


Plan = Fetch | MakeFolder | MakeLink | LeaveOut

_UNCHANGED = LeaveOut(Outcome.UNCHANGED)
_FROM_THE_BEGINNING = Fetch()


def plan(entry: Listed, found: OnDisk, choices: Choices) -> Plan:
    """What to do about one entry. Conflicts are judged anew when the name is given: something may be there by then."""
    if found.there is Found.BLOCKED:
        return LeaveOut(Outcome.FAILED, Place.RECEIVER, "the folder that it is in could not be made")
    match entry.kind:
        case EntryKind.FOLDER:
            if found.there in (Found.NOTHING, Found.FOLDER):
                return MakeFolder()
            return LeaveOut(Outcome.FAILED, Place.RECEIVER, "something that is no folder has its name there")
        case EntryKind.LINK:
            return _plan_link(entry, found, choices)
        case _:
            return _plan_file(entry, found, choices)


def part_name(entry: Listed) -> str:
    """The name of the part of a file in the receiver's hidden place, the same in every run: 32 hexadecimal digits.

    A file that has another size or date by now has another part. The place belongs to one sender's key.
    """
    identity = blake3("/".join(entry.path).encode())
    identity.update(f"/{entry.size}/{entry.modified_ns}".encode())
    return identity.hexdigest()[:32]


def mark_offsets(part_size: int, size: int) -> tuple[int, ...]:
    """Up to where a part of so many bytes, of a file of `size`, is asked about; ascending, empty for a fresh start."""
    if not SMALLEST_RESUMED <= part_size <= size:
        return ()
    return (*sorted(part_size - step for step in _STEPS_BACK if part_size - step >= SMALLEST_RESUMED), part_size)


class Prefix:
    """The hash over the first bytes of a file, kept at some offsets.

    Attributes:
        marks: What was found at the offsets that were reached.
    """

    __slots__ = ("_hash", "_kept", "_offsets", "_position", "marks")

    def __init__(self, offsets: Sequence[int]) -> None:
        """`offsets` are ascending and above 0."""
        self.marks: list[Mark] = []
        self._offsets = list(reversed(offsets))
        self._hash = blake3()
        self._kept: dict[int, blake3] = {}
        self._position = 0

    @property
    def due(self) -> int:
        """Bytes up to the next offset; 0 when all were reached."""
        return self._offsets[-1] - self._position if self._offsets else 0

    def receive_data(self, data: bytes | memoryview) -> None:
        """The next bytes of the file, at most as many as are due."""
        if len(data) > self.due:
            raise ValueError("more bytes than are due")
        self._hash.update(data)
        self._position += len(data)
        if data and not self.due:
            self._keep()

    def hash_at(self, offset: int) -> blake3:
        """The hash over the bytes before an offset that was reached, to go on with. Raises KeyError for others."""
        return blake3() if not offset else self._kept[offset].copy()

    def _keep(self) -> None:
        offset = self._offsets.pop()
        self._kept[offset] = self._hash.copy()
        self.marks.append(Mark(offset, self._hash.digest()))


def _plan_file(entry: Listed, found: OnDisk, choices: Choices) -> Plan:
    if found.saved_before:
        return _UNCHANGED
    if found.there is not Found.NOTHING:
        is_file = found.there is Found.FILE
        if is_file and found.size == entry.size and is_same_time(entry.modified_ns, found.modified_ns):
            return _UNCHANGED
        if choices.conflict is Conflict.SKIP:
            return LeaveOut(Outcome.SKIPPED, why="something of its name is there and was left as it is")
        if choices.conflict is Conflict.NEWEST and is_file and 0 < entry.modified_ns <= found.modified_ns:
            return LeaveOut(Outcome.SKIPPED, why="the file that is there is not older")
    if found.part_size < SMALLEST_RESUMED:
        return _FROM_THE_BEGINNING
    return Fetch(mark_offsets(found.part_size, entry.size))


def _plan_link(entry: Listed, found: OnDisk, choices: Choices) -> Plan:
    if entry.refusal:
        return LeaveOut(Outcome.SKIPPED, why=f"the link was not made: {entry.refusal}")
    if not choices.links:
        return LeaveOut(Outcome.SKIPPED, why="links are not taken")
    if found.saved_before:
        return _UNCHANGED
    if found.there is not Found.NOTHING and choices.conflict in (Conflict.SKIP, Conflict.NEWEST):
        return LeaveOut(Outcome.SKIPPED, why="something of its name is there and was left as it is")
    return MakeLink()


def is_same_time(sent_ns: int, kept_ns: int) -> bool:
    """Whether a disk may have kept the one as the other."""
    if not sent_ns:
        return False
    if sent_ns == kept_ns:
        return True
    return any(not kept_ns % step and abs(sent_ns - kept_ns) < step for step in _COARSE_CLOCKS)
