"""The sending machine for one file to one recipient on the classic wire (docs/protocol.md, "Files").

Owns the order FileStart, FileChunk …, FileEnd and the sizes of their parts. Must never read a file: bytes are
handed in, packets come out. Pure; a machine belongs to one thread at a time.
"""

from datetime import datetime

from commonlib.classic.codepage import encode_text
from commonlib.classic.file_dates import write_dates
from commonlib.classic.file_layouts import (
    CHUNK_CAPACITY,
    FILE_NAME_WIDTH,
    FIRST_PART_SIZE,
    FileChunkPacket,
    FileStartPacket,
)
from commonlib.classic.packet import PacketType
from commonlib.exceptions import ChatError

LARGEST_FILE = 0xFFFF_FFFF
"""Bytes; the field for a file's size has 32 bits."""
PREFERRED_BLOCK = 256 * CHUNK_CAPACITY
"""Bytes to hand over at a time: 256 packets of 1024 bytes, one write of a quarter of a megabyte."""


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
            f"{self.name} has {self.size} bytes, and files over 4 GiB cannot be sent over this connection: "
            "split it, or pack it into smaller archives, and send the parts."
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
        return f"{self.name} changed while it was being sent: wait until nobody writes to it, and send it again."


class FileSending:
    """Turns the bytes of one file into packets: any number of send_data, then finish.

    Args:
        name: As the recipient will see it; cut to 98 characters with the extension kept.
        size: Bytes of the whole file, announced in the first packet.
        created, modified: Naive local times.

    Raises:
        FileTooLargeError: The size needs more than 32 bits.
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
        self._dates = write_dates(created, modified)
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
        data = self._waiting + data
        packets = []
        if not self._started:
            if len(data) < min(FIRST_PART_SIZE, self.size):
                self._waiting = data
                return b""
            packets.append(self._start_packet(data[:FIRST_PART_SIZE]))
            data = data[FIRST_PART_SIZE:]
        whole = len(data) - len(data) % CHUNK_CAPACITY
        packets += [
            self._chunk_packet(data[offset : offset + CHUNK_CAPACITY]) for offset in range(0, whole, CHUNK_CAPACITY)
        ]
        self._waiting = data[whole:]
        return b"".join(packets)

    def finish(self) -> bytes:
        """The packets that are left when all bytes have been handed in, FileEnd last.

        Raises:
            FileChangedError: There were fewer bytes than announced. Nothing of an end may then be sent: an original would
                keep the torn file as a whole one; its watchdog aborts instead.
        """
        if self._taken != self.size:
            raise FileChangedError(self.name)
        packets = [] if self._started else [self._start_packet(b"")]
        if self._waiting:
            packets.append(self._chunk_packet(self._waiting))
            self._waiting = b""
        packets.append(self._file_packet(PacketType.FILE_END, self._dates, b""))
        return b"".join(packets)

    def _start_packet(self, first_part: bytes) -> bytes:
        self._started = True
        return self._file_packet(PacketType.FILE_START, self.name, first_part)

    def _file_packet(self, packet_type: PacketType, name: str, first_part: bytes) -> bytes:
        return FileStartPacket(
            packet_type, self.id_to, self.id_from, self.file_id, self.size, name, first_part
        ).encode()

    def _chunk_packet(self, content: bytes) -> bytes:
        count = self._chunk_count
        self._chunk_count += 1
        return FileChunkPacket(
            PacketType.FILE_CHUNK, self.id_to, self.id_from, self.file_id, len(content), count, content
        ).encode()


def wire_file_name(name: str) -> str:
    """A file's name as this wire can say it: 98 characters at most, cut before the extension where there is one.

    Characters that the code page lacks will read `?` at the other end, which a file name may not hold on Windows, so
    they become `_` here.
    """
    sayable = "".join("_" if encode_text(character) == b"?" and character != "?" else character for character in name)
    if len(sayable) <= FILE_NAME_WIDTH:
        return sayable
    stem, dot, extension = sayable.rpartition(".")
    if not stem or len(extension) > FILE_NAME_WIDTH // 2:
        return sayable[:FILE_NAME_WIDTH]
    return stem[: FILE_NAME_WIDTH - len(extension) - 1] + dot + extension
