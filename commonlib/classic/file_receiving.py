"""The receiving machine for all files that arrive on one connection of the classic wire (docs/protocol.md, "Files").

Owns which files are on their way, how much of each has come, and the 60-second watchdog. Must never touch a disk or
believe a size, a count or a name: names are passed up as they came, for safename.py to judge.
Pure; a machine belongs to one thread at a time.
"""

import struct
from datetime import datetime

from commonlib.classic.cutter import Run
from commonlib.classic.file_dates import read_dates
from commonlib.classic.file_layouts import CHUNK_CAPACITY, FileStartPacket
from commonlib.classic.packet import PACKET_SIZE, PacketType
from commonlib.values import dataclass, field

WATCHDOG_SECONDS = 60.0
"""A file of which nothing came for so long is given up, as originals do."""
MOST_OPEN_FILES = 64
"""Files on their way at the same time, from everybody together."""
MOST_OPEN_FILES_OF_ONE = 16
"""Files on their way at the same time from one sender, so that one cannot keep all others out."""

_CHUNK_NUMBERS = struct.Struct("<HI")
_CHUNK_NUMBERS_OFFSET = 8
_CHUNK_CONTENT_OFFSET = 14


@dataclass(frozen=True, slots=True)
class FileKey:
    """What tells the files of a connection apart: the sender's id, and his FileID."""

    sender: int
    file_id: int


@dataclass(frozen=True, slots=True)
class FileBegan:
    """A file begins. The name is the peer's, untouched; the size in bytes is what he announces.

    Attributes:
        serial: Counts the files of the machine from 1: a later file may have the same key.
        full_name: The peer's, untouched, where another wire told more of it than a packet has room for; else empty.
    """

    key: FileKey
    name: str
    size: int
    serial: int = field(default=0, compare=False)
    full_name: str = ""


@dataclass(frozen=True, slots=True)
class FileDataArrived:
    """The next bytes of a file, in order, never past its announced size."""

    key: FileKey
    data: bytes


@dataclass(frozen=True, slots=True)
class FileCompleted:
    """All announced bytes have come. Dates are naive local times, None where they cannot be told for certain."""

    key: FileKey
    created: datetime | None
    modified: datetime | None


@dataclass(frozen=True, slots=True)
class FileFailed:
    """A file will not become whole; `reason` continues the sentence «… was not received: ».

    Attributes:
        name: The peer's, untouched. It stands here too because a file that is refused at its start never began.
    """

    key: FileKey
    reason: str
    name: str = ""


FileEvent = FileBegan | FileDataArrived | FileCompleted | FileFailed


@dataclass(slots=True)
class _Open:
    name: str
    size: int
    received: int
    next_count: int
    last_data: float
    serial: int


class FileReceiving:
    """Follows every file by the packets that arrive.

    A packet of a file that is not open is ignored: after a failure the rest of the file still comes.
    """

    def __init__(
        self,
        most_open: int = MOST_OPEN_FILES,
        watchdog: float = WATCHDOG_SECONDS,
        most_open_of_one: int = MOST_OPEN_FILES_OF_ONE,
    ) -> None:
        self._most_open = most_open
        self._most_open_of_one = most_open_of_one
        self._watchdog = watchdog
        self._open: dict[FileKey, _Open] = {}
        self._begun_count = 0

    def receive_run(self, run: Run, sender: int, now: float) -> list[FileEvent]:
        """Take packets of one file; `sender` is the id that their idFrom gives. Other packets do nothing.

        A lie (a chunk out of order, of an impossible size, past the announced end) is a FileFailed, never an error.
        """
        key = FileKey(sender, run.file_id)
        match run.packet_type:
            case PacketType.FILE_START:
                return [event for packet in run.each() for event in self._receive_start(key, packet, now)]
            case PacketType.FILE_CHUNK:
                return self._receive_chunks(key, run.packets, now)
            case PacketType.FILE_END:
                return [event for packet in run.each() for event in self._receive_end(key, packet)]
            case _:
                return []

    def receive_tick(self, now: float) -> list[FileEvent]:
        """Give up the files of which nothing came for the watchdog's time."""
        late = [key for key, file in self._open.items() if now - file.last_data >= self._watchdog]
        return [self._fail(key, f"nothing of it came for {self._watchdog:.0f} seconds") for key in late]

    def receive_departure(self, sender: int, reason: str) -> list[FileEvent]:
        """Give up all files of a sender who has left."""
        return [self._fail(key, reason) for key in [key for key in self._open if key.sender == sender]]

    def receive_eof(self, reason: str) -> list[FileEvent]:
        """Give up all files: the connection is gone."""
        return [self._fail(key, reason) for key in list(self._open)]

    def give_up(self, key: FileKey, serial: int | None = None) -> None:
        """Stop following a file because our own side cannot or will not take it; the rest of it is ignored.

        With its serial number, a later file that goes by the same key by now is not meant.
        """
        file = self._open.get(key)
        if file is not None and serial in (None, file.serial):
            del self._open[key]

    def _receive_start(self, key: FileKey, packet: bytes, now: float) -> list[FileEvent]:
        start = FileStartPacket.decode(packet)
        events: list[FileEvent] = []
        if key in self._open:
            events.append(self._fail(key, "its sender began another one under the same number"))
        refusal = self._maybe_refusal(key.sender)
        if refusal is not None:
            return [*events, FileFailed(key, refusal, start.name)]
        data = start.first_part[: start.file_size]
        self._begun_count += 1
        self._open[key] = _Open(start.name, start.file_size, len(data), 0, now, self._begun_count)
        events.append(FileBegan(key, start.name, start.file_size, self._begun_count))
        if data:
            events.append(FileDataArrived(key, data))
        return events

    def _maybe_refusal(self, sender: int) -> str | None:
        if len(self._open) >= self._most_open:
            return f"more than {self._most_open} files were on their way at once"
        if sum(key.sender == sender for key in self._open) >= self._most_open_of_one:
            return f"its sender had more than {self._most_open_of_one} files on their way at once"
        return None

    def _receive_chunks(self, key: FileKey, packets: bytes, now: float) -> list[FileEvent]:
        file = self._open.get(key)
        if file is None:
            return []
        pieces = []
        for offset in range(0, len(packets), PACKET_SIZE):
            size, count = _CHUNK_NUMBERS.unpack_from(packets, offset + _CHUNK_NUMBERS_OFFSET)
            if count != file.next_count:
                return [self._fail(key, f"part {file.next_count} was due, and part {count} came")]
            if size > CHUNK_CAPACITY:
                return [self._fail(key, f"a part of {size} bytes came, and a packet has room for {CHUNK_CAPACITY}")]
            file.received += size
            if file.received > file.size:
                return [self._fail(key, "more bytes came than its sender had announced")]
            file.next_count += 1
            begin = offset + _CHUNK_CONTENT_OFFSET
            pieces.append(packets[begin : begin + size])
        data = b"".join(pieces)
        if not data:
            return []  # and the watchdog goes on: empty parts must not keep a file open
        file.last_data = now
        return [FileDataArrived(key, data)]

    def _receive_end(self, key: FileKey, packet: bytes) -> list[FileEvent]:
        file = self._open.get(key)
        if file is None:
            return []
        if file.received != file.size:
            return [self._fail(key, f"only {file.received} of its {file.size} bytes came")]
        del self._open[key]
        return [FileCompleted(key, *read_dates(FileStartPacket.decode(packet).name))]

    def _fail(self, key: FileKey, reason: str) -> FileFailed:
        return FileFailed(key, reason, self._open.pop(key).name)
