"""file_sending: the packets of a file, however its bytes are handed in, and names that this wire can say."""

import pickle
from datetime import datetime

import pytest

from commonlib.classic.file_layouts import FileChunkPacket, FileStartPacket
from commonlib.classic.file_sending import (
    LARGEST_FILE,
    PREFERRED_BLOCK,
    FileChangedError,
    FileSending,
    FileTooLargeError,
    wire_file_name,
)
from commonlib.classic.packet import PACKET_SIZE, PacketType, type_of
from commonlib.exceptions import FieldError
from tests.support.recordings import divided

CREATED = datetime(2026, 5, 6, 7, 8, 9)  # noqa: DTZ001 - the wire gives no zone
MODIFIED = datetime(2026, 10, 11, 12, 13, 14)  # noqa: DTZ001
DATES = "2026-05-06 07:08:09|2026-10-11 12:13:14"
SIZES = [0, 1, 913, 914, 915, 1923, 1924, 1925, 2934, 5000]


def sending(size: int, *, file_id: int = 7, id_to: int = 2, id_from: int = 1, name: str = "a.bin") -> FileSending:
    """The machine for a file of that size."""
    return FileSending(
        file_id=file_id, id_to=id_to, id_from=id_from, name=name, size=size, created=CREATED, modified=MODIFIED
    )


def content(size: int) -> bytes:
    """Bytes that repeat at no boundary of the protocol."""
    return bytes(index % 251 for index in range(size))


def sent(machine: FileSending, data: bytes, block: int) -> bytes:
    """All packets of a file that is handed in by blocks."""
    blocks = [machine.send_data(data[offset : offset + block]) for offset in range(0, len(data), block)]
    return b"".join(blocks) + machine.finish()


def expected_packets(data: bytes) -> list[bytes]:
    """The packets of a file by the rules of the protocol, one by one."""
    chunks = [data[offset : offset + 1010] for offset in range(914, len(data), 1010)]
    return [
        FileStartPacket(PacketType.FILE_START, 2, 1, 7, len(data), "a.bin", data[:914]).encode(),
        *(
            FileChunkPacket(PacketType.FILE_CHUNK, 2, 1, 7, len(chunk), count, chunk).encode()
            for count, chunk in enumerate(chunks)
        ),
        FileStartPacket(PacketType.FILE_END, 2, 1, 7, len(data), DATES).encode(),
    ]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("block", [1, 913, 914, 915, 1009, 1010, 1011, 1024, 1924, 5000])
def test_a_file_gives_the_same_packets_however_it_is_divided(size: int, block: int) -> None:
    """914 bytes go with the start, 1010 with each chunk, the rest with the last; the end has the dates."""
    data = content(size)
    assert divided(sent(sending(size), data, block)) == expected_packets(data)


@pytest.mark.parametrize(
    ("size", "chunks"), [(0, 0), (1, 0), (914, 0), (915, 1), (1924, 1), (1925, 2), (914 + 2020, 2)]
)
def test_a_small_file_has_no_chunk_and_no_file_an_empty_one(size: int, chunks: int) -> None:
    """The borders where one more packet is needed."""
    packets = divided(sent(sending(size), content(size), 5000))
    assert [type_of(packet) for packet in packets] == [13, *[14] * chunks, 15]


def test_empty_blocks_change_nothing() -> None:
    """A read that gives no bytes makes no packet and loses none."""
    machine = sending(2000)
    data = content(2000)
    parts = [machine.send_data(part) for part in (b"", data[:500], b"", data[500:1500], b"", data[1500:], b"")]
    assert divided(b"".join(parts) + machine.finish()) == expected_packets(data)
    assert [len(part) // PACKET_SIZE for part in parts] == [0, 0, 0, 1, 0, 1, 0]


def test_packets_come_as_soon_as_they_are_complete() -> None:
    """No byte is held back that completes a packet; what is left over waits for the next block."""
    machine = sending(3000)
    assert machine.send_data(content(913)) == b""
    assert len(machine.send_data(b"x")) == PACKET_SIZE
    assert machine.send_data(content(1009)) == b""
    assert len(machine.send_data(b"xy")) == PACKET_SIZE
    assert len(machine.send_data(content(1010))) == PACKET_SIZE


def test_a_file_smaller_than_the_first_part_starts_when_it_is_whole() -> None:
    """The start packet waits for 914 bytes only where the file has them."""
    machine = sending(10)
    assert machine.send_data(content(9)) == b""
    assert len(machine.send_data(b"x")) == PACKET_SIZE


def test_a_block_of_the_preferred_size_fills_its_packets() -> None:
    """After the first part, a preferred block is a whole number of packets with nothing left over."""
    machine = sending(914 + PREFERRED_BLOCK)
    machine.send_data(bytes(914))
    assert len(machine.send_data(bytes(PREFERRED_BLOCK))) == 256 * PACKET_SIZE
    assert len(machine.finish()) == PACKET_SIZE


@pytest.mark.parametrize(("size", "taken"), [(10, 0), (10, 10), (914, 914), (5000, 4999)])
def test_a_file_that_grows_is_given_up(size: int, taken: int) -> None:
    """More bytes than were announced would tear the recipient's file; the error names the file and what to do."""
    machine = sending(size)
    machine.send_data(bytes(taken))
    with pytest.raises(FileChangedError, match=r"^a\.bin changed while it was being sent: wait until"):
        machine.send_data(bytes(size - taken + 1))


@pytest.mark.parametrize("taken", [0, 9, 914, 1999])
def test_a_file_that_shrinks_gets_no_end(taken: int) -> None:
    """Fewer bytes than announced: without an end the recipient's watchdog throws the torn file away."""
    machine = sending(2000)
    machine.send_data(bytes(taken))
    with pytest.raises(FileChangedError):
        machine.finish()


def test_the_largest_file_is_announced_and_a_larger_one_refused() -> None:
    """4 GiB less one byte is the end of the size's field; the error says how large the file is and what to do."""
    machine = sending(LARGEST_FILE)
    assert FileStartPacket.decode(machine.send_data(bytes(914))).file_size == 0xFFFF_FFFF
    with pytest.raises(FileTooLargeError, match=r"^a\.bin has 4294967296 bytes, and files of 4 GiB .* split it"):
        sending(LARGEST_FILE + 1)


def test_errors_keep_what_happened_as_data() -> None:
    """A caller reads name and size without the sentence, also when an error passes between processes."""
    too_large = pickle.loads(pickle.dumps(FileTooLargeError("a.bin", 1 << 32)))
    assert (too_large.name, too_large.size) == ("a.bin", 1 << 32)
    changed = pickle.loads(pickle.dumps(FileChangedError("a.bin")))
    assert (changed.name, str(changed)) == ("a.bin", str(FileChangedError("a.bin")))


@pytest.mark.parametrize(("field", "wrong"), [("id_to", 65536), ("id_from", -1), ("file_id", 65536), ("size", -1)])
def test_a_number_that_no_file_packet_holds_is_refused_at_once(field: str, wrong: int) -> None:
    """Nothing is sent of a file whose packets could not be addressed."""
    with pytest.raises(FieldError, match="from 0 to"):
        sending(**{"size": 10, field: wrong})


def test_the_name_is_sent_as_this_wire_can_say_it() -> None:
    """The machine tells the name that the recipient will confirm."""
    machine = sending(0, name="日本.txt")
    assert machine.name == "__.txt"
    assert FileStartPacket.decode(machine.send_data(b"")).name == "__.txt"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("report.txt", "report.txt"),
        ("Größe €5 & co.txt", "Größe €5 & co.txt"),
        ("Re\u0301sume\u0301.pdf", "Résumé.pdf"),
        ("Ёлка.png", "____.png"),
        ('a<b>c:d"e/f\\g|h?i*j', "a_b_c_d_e_f_g_h_i_j"),
        ("..\\..\\x.exe", ".._.._x.exe"),
        ("line\nbreak\0\x1f.txt", "line_break__.txt"),
        ("lone\ud800.txt", "lone_.txt"),
        ("x" * 98, "x" * 98),
        ("x" * 99, "x" * 98),
        ("x" * 94 + ".txt", "x" * 94 + ".txt"),
        ("x" * 95 + ".txt", "x" * 94 + ".txt"),
        ("x" * 300 + ".jpeg", "x" * 93 + ".jpeg"),
        ("x" * 60 + "." + "y" * 49, "x" * 48 + "." + "y" * 49),
        ("x" * 60 + "." + "y" * 50, "x" * 60 + "." + "y" * 37),
        ("." + "y" * 120, "." + "y" * 97),
        ("", ""),
    ],
)
def test_a_name_is_made_sayable(name: str, expected: str) -> None:
    """What the wire or a Windows disk cannot hold becomes `_`; a long name is cut before its extension."""
    assert wire_file_name(name) == expected
