"""The packet layouts FILESTART and FILECHUNK as values: decode, look, build, encode (docs/protocol.md, "Packets").

Owns every field's place and width. Must never judge what a field says: any 1024 bytes decode, and encoding what was
decoded gives the same 1024 bytes. Pure: any thread.
"""

from commonlib.classic.codepage import read_field, write_field
from commonlib.classic.fields import FieldTable, check_width
from commonlib.values import dataclass

FILE_NAME_WIDTH = 98
FIRST_PART_SIZE = 914
CHUNK_CAPACITY = 1010

_HEADER = {"Packet_Type": "H", "idTo": "H", "idFrom": "H", "FileID": "H"}
_FILE_START = FieldTable({**_HEADER, "File_Size": "I", "FileName": "98s", "FilePart1": "914s"})
_FILE_CHUNK = FieldTable({**_HEADER, "Chunk_Size": "H", "ChunkCount": "I", "bytes": "1010s"})


@dataclass(frozen=True, slots=True)
class FileStartPacket:
    """PACKET_FILESTART, also used for the file's end, where the name field holds the dates.

    Attributes:
        first_part: Up to 914 bytes of the file; always 914 when decoded, the rest of a shorter file being padding.
        tail: What stood behind the name's NUL.
    """

    packet_type: int
    id_to: int = 0
    id_from: int = 0
    file_id: int = 0
    file_size: int = 0
    name: str = ""
    first_part: bytes = b""
    tail: bytes = b""

    @classmethod
    def decode(cls, packet: bytes) -> "FileStartPacket":
        """The packet in 1024 bytes, whatever they hold."""
        packet_type, id_to, id_from, file_id, file_size, name_field, first_part = _FILE_START.unpack(packet)
        name, tail = read_field(name_field)
        return cls(packet_type, id_to, id_from, file_id, file_size, name, first_part, tail)

    def encode(self) -> bytes:
        """The 1024 bytes.

        Raises:
            FieldError: The name or the part is too long, or a number too large.
        """
        check_width("FilePart1", FIRST_PART_SIZE, self.first_part)
        name = write_field("FileName", FILE_NAME_WIDTH, self.name, self.tail)
        return _FILE_START.pack(
            self.packet_type, self.id_to, self.id_from, self.file_id, self.file_size, name, self.first_part
        )


@dataclass(frozen=True, slots=True)
class FileChunkPacket:
    """PACKET_FILECHUNK: the next up to 1010 bytes of a file.

    Attributes:
        chunk_size: How many bytes of `content` belong to the file, as the sender states it.
        chunk_count: 0, 1, 2 … in the order of the file.
        content: Always 1010 bytes when decoded.
    """

    packet_type: int
    id_to: int = 0
    id_from: int = 0
    file_id: int = 0
    chunk_size: int = 0
    chunk_count: int = 0
    content: bytes = b""

    @classmethod
    def decode(cls, packet: bytes) -> "FileChunkPacket":
        """The packet in 1024 bytes, whatever they hold."""
        return cls(*_FILE_CHUNK.unpack(packet))

    def encode(self) -> bytes:
        """The 1024 bytes.

        Raises:
            FieldError: The content is too long or a number too large.
        """
        check_width("bytes", CHUNK_CAPACITY, self.content)
        return _FILE_CHUNK.pack(
            self.packet_type,
            self.id_to,
            self.id_from,
            self.file_id,
            self.chunk_size,
            self.chunk_count,
            self.content,
        )
