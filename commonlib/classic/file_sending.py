"""The sending machine for one file to one recipient on the classic wire (docs/protocol.md, "Files").

Owns the order FileStart, FileChunk …, FileEnd and the sizes of their parts. Must never read a file: bytes are
handed in, packets come out. Pure; a machine belongs to one thread at a time.
"""

import struct
import unicodedata
from datetime import datetime

from commonlib.classic.codepage import encode_text
from commonlib.classic.file_dates import write_dates
from commonlib.classic.file_layouts import (
    CHUNK_CAPACITY,
    FILE_NAME_WIDTH,
    FIRST_PART_SIZE,
    FileStartPacket,
)
from commonlib.classic.packet import PacketType
from commonlib.exceptions import ChatError
from commonlib.printable import printable

LARGEST_FILE = 0xFFFF_FFFF
"""Bytes; the field for a file's size has 32 bits."""
PREFERRED_BLOCK = 256 * CHUNK_CAPACITY
"""Bytes to hand over at a time: 256 packets of 1024 bytes, one write of a quarter of a megabyte."""

_CHUNK_HEADER = struct.Struct("<5HI")
_REPLACED = frozenset(bytes([byte]) for byte in (*range(32), *b'<>:"/\\|?*'))
"""What Windows refuses in names, as bytes of the wire; `?` is also what all becomes that the code page lacks."""


class FileTooLargeError(ChatError):
    """A file is larger than this wire can say.

    Attributes:
        name: The file's name.
        size: Its size in bytes.
    """

    def __init__(self, name: str, size: int) -> None:
        super().__init__(name, size)
        self.name = name
        self.size = size

    def __str__(self) -> str:
        return (
            f"{printable(self.name)} has {self.size} bytes, and files of 4 GiB and more cannot be sent over this "
            "connection: split it, or pack it into smaller archives, and send the parts."
        )


class FileChangedError(ChatError):
    """A file gave more or fewer bytes than it had when its sending began.

    Attributes:
        name: The file's name.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name

    def __str__(self) -> str:
        name = printable(self.name)
        return f"{name} changed while it was being sent: wait until nobody writes to it, and send it again."


class FileSending:
    """Turns the bytes of one file into packets: any number of send_data, then finish.

    Args:
        file_id: 0 to 65535, as are the two ids of people.
        name: As the recipient will see it; see wire_file_name.
        size: Bytes of the whole file, announced in the first packet.
        created, modified: Naive local times.

    Raises:
        FileTooLargeError: The size needs more than 32 bits.
        FieldError: An id needs more than 16 bits.
    """

    def __init__(
        self,
        *,
        file_id: int,
        id_to: int,
        id_from: int,
        name: str,
        size: int,
        created: datetime,
        modified: datetime,
    ) -> None:
        if size > LARGEST_FILE:
            raise FileTooLargeError(name, size)
        self.file_id = file_id
        self.id_to = id_to
        self.id_from = id_from
        self.name = wire_file_name(name)
        self.size = size
        # Made before anything is sent, so that an id that does not fit shows here.
        self._end = self._file_packet(PacketType.FILE_END, write_dates(created, modified))
        self._waiting = b""
        self._taken = 0
        self._started = False
        self._chunk_count = 0

    def send_data(self, data: bytes) -> bytes:
        """The next bytes of the file; returns the packets that they complete, joined (possibly none).

        Raises:
            FileChangedError: There are more bytes than were announced.
        """
        self._taken += len(data)
        if self._taken > self.size:
            raise FileChangedError(self.name)
        packets: list[bytes | memoryview] = []
        fresh = memoryview(data)
        if not self._started:
            first_part_size = min(FIRST_PART_SIZE, self.size)
            fresh = self._fill(fresh, first_part_size)
            if len(self._waiting) < first_part_size:
                return b""
            packets.append(self._start_packet())
        if self._waiting:
            fresh = self._fill(fresh, CHUNK_CAPACITY)
            if len(self._waiting) == CHUNK_CAPACITY:
                packets += (self._chunk_header(CHUNK_CAPACITY), self._waiting)
                self._waiting = b""
        # Views, so that joining is the only time that a byte of a block is copied.
        whole = len(fresh) - len(fresh) % CHUNK_CAPACITY
        for offset in range(0, whole, CHUNK_CAPACITY):
            packets += (self._chunk_header(CHUNK_CAPACITY), fresh[offset : offset + CHUNK_CAPACITY])
        self._waiting += fresh[whole:]
        return b"".join(packets)

    def finish(self) -> bytes:
        """The packets that are left when all bytes have been handed in, FileEnd last.

        Raises:
            FileChangedError: There were fewer bytes than announced. Nothing of an end may then be sent: an original
                would keep the torn file as a whole one; its watchdog aborts instead.
        """
        if self._taken != self.size:
            raise FileChangedError(self.name)
        packets = [] if self._started else [self._start_packet()]
        if self._waiting:
            packets += (self._chunk_header(len(self._waiting)), self._waiting.ljust(CHUNK_CAPACITY, b"\0"))
            self._waiting = b""
        packets.append(self._end)
        return b"".join(packets)

    def _fill(self, fresh: memoryview, size: int) -> memoryview:
        """Move bytes to those that wait until there are `size`; returns the rest."""
        missing = size - len(self._waiting)
        self._waiting += fresh[:missing]
        return fresh[missing:]

    def _start_packet(self) -> bytes:
        self._started = True
        first_part, self._waiting = self._waiting, b""
        return self._file_packet(PacketType.FILE_START, self.name, first_part)

    def _file_packet(self, packet_type: PacketType, name: str, first_part: bytes = b"") -> bytes:
        return FileStartPacket(
            packet_type, self.id_to, self.id_from, self.file_id, self.size, name, first_part
        ).encode()

    def _chunk_header(self, size: int) -> bytes:
        count = self._chunk_count
        self._chunk_count += 1
        return _CHUNK_HEADER.pack(PacketType.FILE_CHUNK, self.id_to, self.id_from, self.file_id, size, count)


def wire_file_name(name: str) -> str:
    """A file's name as this wire can say it: 98 characters at most, cut before the extension where there is one.

    Characters that the code page lacks, and those that no name on Windows may hold, become `_`: an original uses what
    it reads as a path.
    """
    joined = unicodedata.normalize("NFC", name)
    sayable = "".join("_" if encode_text(character) in _REPLACED else character for character in joined)
    stem, dot, extension = sayable.rpartition(".")
    if not stem or len(extension) > FILE_NAME_WIDTH // 2:
        return sayable[:FILE_NAME_WIDTH]
    return stem[: FILE_NAME_WIDTH - len(extension) - 1] + dot + extension
