"""file_layouts: FILESTART and FILECHUNK, field by field at their offsets, and any bytes there and back."""

import pytest

from commonlib.classic.file_layouts import FileChunkPacket, FileStartPacket
from commonlib.classic.packet import PACKET_SIZE
from commonlib.exceptions import FieldError

AnyPacket = FileStartPacket | FileChunkPacket


@pytest.mark.parametrize(
    ("packet", "offset", "expected"),
    [
        (FileStartPacket(0x0201), 0, "0102"),
        (FileStartPacket(0, id_to=0x0201), 2, "0102"),
        (FileStartPacket(0, id_from=0x0201), 4, "0102"),
        (FileStartPacket(0, file_id=0x0201), 6, "0102"),
        (FileStartPacket(0, file_size=0x04030201), 8, "01020304"),
        (FileStartPacket(0, name="é" * 98), 12, "e9" * 98),
        (FileStartPacket(0, first_part=b"\xe9" * 914), 110, "e9" * 914),
        (FileChunkPacket(0x0201), 0, "0102"),
        (FileChunkPacket(0, id_to=0x0201), 2, "0102"),
        (FileChunkPacket(0, id_from=0x0201), 4, "0102"),
        (FileChunkPacket(0, file_id=0x0201), 6, "0102"),
        (FileChunkPacket(0, chunk_size=0x0201), 8, "0102"),
        (FileChunkPacket(0, chunk_count=0x04030201), 10, "01020304"),
        (FileChunkPacket(0, content=b"\xe9" * 1010), 14, "e9" * 1010),
    ],
)
def test_a_field_stands_at_its_offset_alone(packet: AnyPacket, offset: int, expected: str) -> None:
    """Setting one field fills its own bytes and no others, and reading them gives the field back."""
    field = bytes.fromhex(expected)
    encoded = packet.encode()
    assert encoded == bytes(offset) + field + bytes(PACKET_SIZE - offset - len(field))
    assert type(packet).decode(encoded).encode() == encoded


def test_a_start_decodes_into_the_fields_that_were_encoded() -> None:
    """All fields read back equal; the first part comes with its padding, since only the size tells where it ends."""
    packet = FileStartPacket(13, 1, 2, 3, 4, "a name", b"five".ljust(914, b"\0"), b"behind")
    assert FileStartPacket.decode(packet.encode()) == packet
    assert FileStartPacket.decode(FileStartPacket(13, first_part=b"five").encode()).first_part == packet.first_part


def test_a_chunk_decodes_into_the_fields_that_were_encoded() -> None:
    """All fields read back equal; the content comes with its padding."""
    packet = FileChunkPacket(14, 1, 2, 3, 4, 5, b"six".ljust(1010, b"\0"))
    assert FileChunkPacket.decode(packet.encode()) == packet
    assert FileChunkPacket.decode(FileChunkPacket(14, content=b"six").encode()).content == packet.content


@pytest.mark.parametrize("kind", [FileStartPacket, FileChunkPacket])
def test_any_bytes_survive_decoding_and_encoding(kind: type[AnyPacket]) -> None:
    """A name without NUL, garbage behind it and absurd numbers come out as they went in."""
    full = (bytes(range(1, 256)) * 5)[:PACKET_SIZE]
    broken = (bytes(range(7, -1, -1)) * 128)[:PACKET_SIZE]
    for packet in (full, broken, b"\xff" * PACKET_SIZE):
        assert kind.decode(packet).encode() == packet


@pytest.mark.parametrize(
    ("packet", "field"),
    [
        (FileStartPacket(65536), "Packet_Type"),
        (FileStartPacket(13, id_to=65536), "idTo"),
        (FileStartPacket(13, id_from=-1), "idFrom"),
        (FileStartPacket(13, file_id=65536), "FileID"),
        (FileStartPacket(13, file_size=1 << 32), "File_Size"),
        (FileStartPacket(13, name="x" * 99), "FileName"),
        (FileStartPacket(13, first_part=b"x" * 915), "FilePart1"),
        (FileChunkPacket(14, id_to=65536), "idTo"),
        (FileChunkPacket(14, chunk_size=65536), "Chunk_Size"),
        (FileChunkPacket(14, chunk_count=1 << 32), "ChunkCount"),
        (FileChunkPacket(14, content=b"x" * 1011), "bytes"),
    ],
)
def test_what_does_not_fit_is_refused_by_the_name_of_its_field(packet: AnyPacket, field: str) -> None:
    """No byte of a file is cut off, no number wrapped round: the error names the field as the protocol does."""
    with pytest.raises(FieldError) as caught:
        packet.encode()
    assert caught.value.field == field
