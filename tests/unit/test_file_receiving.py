"""file_receiving: files come out as they were sent, and every lie ends a file with a reason, never with an error."""

from datetime import datetime

import pytest

from commonlib.classic.cutter import Run, cut_runs
from commonlib.classic.file_layouts import FileChunkPacket, FileStartPacket
from commonlib.classic.file_receiving import (
    MOST_OPEN_FILES,
    MOST_OPEN_FILES_OF_ONE,
    WATCHDOG_SECONDS,
    FileBegan,
    FileCompleted,
    FileDataArrived,
    FileEvent,
    FileFailed,
    FileKey,
    FileReceiving,
)
from commonlib.classic.layouts import DataPacket
from commonlib.classic.packet import Layout, LayoutTable, PacketType

ALICE, BOB = 5, 6
KEY = FileKey(ALICE, 9)
LAYOUTS = LayoutTable({300: Layout.FILE_CHUNK})


def start(size: int, data: bytes = b"", file_id: int = 9, name: str = "a.bin", sender: int = ALICE) -> bytes:
    """A FileStart packet."""
    return FileStartPacket(PacketType.FILE_START, 1, sender, file_id, size, name, data).encode()


def chunk(count: int, data: bytes, size: int | None = None, file_id: int = 9, sender: int = ALICE) -> bytes:
    """A FileChunk packet that states its true size, or another one."""
    stated = len(data) if size is None else size
    return FileChunkPacket(PacketType.FILE_CHUNK, 1, sender, file_id, stated, count, data).encode()


def end(dates: str = "", file_id: int = 9, sender: int = ALICE) -> bytes:
    """A FileEnd packet."""
    return FileStartPacket(PacketType.FILE_END, 1, sender, file_id, 0, dates).encode()


def received(machine: FileReceiving, packets: bytes, now: float = 0.0) -> list[FileEvent]:
    """The events of a block of packets, given as a connection gives them."""
    return [
        event for run in cut_runs(packets, LAYOUTS) for event in machine.receive_run(run, sender=run.id_from, now=now)
    ]


def reasons(events: list[FileEvent]) -> list[str]:
    """Why files failed."""
    return [event.reason for event in events if isinstance(event, FileFailed)]


def test_a_file_comes_out_as_it_was_sent() -> None:
    """Begin with name and size, then the bytes in order, then the end with both dates."""
    data = bytes(range(256)) * 8
    packets = (
        start(len(data), data[:914])
        + chunk(0, data[914:1924])
        + chunk(1, data[1924:])
        + end("2026-05-06 07:08:09|05/06/2026 07:08:09")
    )
    assert received(FileReceiving(), packets) == [
        FileBegan(KEY, "a.bin", 2048),
        FileDataArrived(KEY, data[:914]),
        FileDataArrived(KEY, data[914:]),
        FileCompleted(KEY, datetime(2026, 5, 6, 7, 8, 9), None),  # noqa: DTZ001 - the wire gives no zone
    ]


@pytest.mark.parametrize("size", [0, 1, 913, 914])
def test_a_small_file_ends_within_its_first_part(size: int) -> None:
    """The padding behind the announced size is not part of the file; an empty file has no data at all."""
    data = b"x" * size
    events = received(FileReceiving(), start(size, data.ljust(914, b"!")) + end())
    arrived = [FileDataArrived(KEY, data)] if data else []
    assert events == [FileBegan(KEY, "a.bin", size), *arrived, FileCompleted(KEY, None, None)]


def test_a_chunk_gives_the_bytes_it_states() -> None:
    """What stands behind the stated size is the sender's old memory."""
    events = received(FileReceiving(), start(917, b"x" * 914) + chunk(0, b"abcgarbage", size=3) + end())
    assert events[2:] == [FileDataArrived(KEY, b"abc"), FileCompleted(KEY, None, None)]


def test_files_of_two_senders_under_one_number_do_not_mix() -> None:
    """Senders choose their FileIDs themselves, so the sender is part of what tells files apart."""
    machine = FileReceiving()
    packets = b"".join(
        (
            start(916, b"a" * 914),
            start(916, b"b" * 914, sender=BOB),
            chunk(0, b"AA"),
            chunk(0, b"BB", sender=BOB),
            end(),
            end(sender=BOB),
        )
    )
    events = received(machine, packets)
    other = FileKey(BOB, 9)
    assert [event for event in events if event.key == KEY][1:] == [
        FileDataArrived(KEY, b"a" * 914),
        FileDataArrived(KEY, b"AA"),
        FileCompleted(KEY, None, None),
    ]
    assert [event for event in events if event.key == other][1:] == [
        FileDataArrived(other, b"b" * 914),
        FileDataArrived(other, b"BB"),
        FileCompleted(other, None, None),
    ]


@pytest.mark.parametrize(
    ("lie", "reason"),
    [
        (chunk(1, b"x"), "part 0 was due, and part 1 came"),
        (chunk(0, b"x") + chunk(0, b"x"), "part 1 was due, and part 0 came"),
        (chunk(0, b"x") + chunk(2, b"x"), "part 1 was due, and part 2 came"),
        (chunk(0xFFFF_FFFF, b"x"), "part 0 was due, and part 4294967295 came"),
        (chunk(0, b"x" * 1010, size=1011), "a part of 1011 bytes came, and a packet has room for 1010"),
        (chunk(0, b"", size=65535), "a part of 65535 bytes came, and a packet has room for 1010"),
        (chunk(0, b"x" * 87), "more bytes came than its sender had announced"),
        (chunk(0, b"x" * 86) + chunk(1, b"x"), "more bytes came than its sender had announced"),
        (end(), "only 914 of its 1000 bytes came"),
        (chunk(0, b"x" * 85) + end(), "only 999 of its 1000 bytes came"),
    ],
)
def test_a_lie_ends_the_file_with_its_reason(lie: bytes, reason: str) -> None:
    """A file of 1000 bytes fails once, and whatever comes of it afterwards is ignored."""
    machine = FileReceiving()
    received(machine, start(1000, b"x" * 914))
    events = received(machine, lie)
    assert events[-1] == FileFailed(KEY, reason, "a.bin")
    assert reasons(events) == [reason]
    assert received(machine, chunk(0, b"x" * 86) + end()) == []


def test_no_more_is_given_out_than_was_announced() -> None:
    """A sender who announces 100 bytes and puts 914 into the first packet delivers 100."""
    events = received(FileReceiving(), start(100, b"x" * 914))
    assert events[1] == FileDataArrived(KEY, b"x" * 100)


def test_a_number_may_be_used_again() -> None:
    """After a file has come, failed or been given up, its FileID is free for the next."""
    machine = FileReceiving()
    for finish in (end(), chunk(5, b"")):
        received(machine, start(0) + finish)
        assert received(machine, start(0, name="next") + end()) == [
            FileBegan(KEY, "next", 0),
            FileCompleted(KEY, None, None),
        ]
    received(machine, start(10))
    machine.give_up(KEY)
    assert reasons(received(machine, start(0) + end())) == []


def test_a_file_begun_anew_under_its_number_fails_and_begins() -> None:
    """The torn one is told under its own name before the new one begins; the new one counts from its own start."""
    machine = FileReceiving()
    received(machine, start(2000, b"x" * 914, name="torn"))
    events = received(machine, start(915, b"y" * 914, name="new") + chunk(0, b"y") + end())
    assert events == [
        FileFailed(KEY, "its sender began another one under the same number", "torn"),
        FileBegan(KEY, "new", 915),
        FileDataArrived(KEY, b"y" * 914),
        FileDataArrived(KEY, b"y"),
        FileCompleted(KEY, None, None),
    ]


def test_packets_of_no_open_file_are_ignored() -> None:
    """Chunks and ends without a start do nothing, as after a failure or our own giving up."""
    machine = FileReceiving()
    assert received(machine, chunk(0, b"x") + end()) == []
    received(machine, start(2000))
    machine.give_up(KEY)
    machine.give_up(KEY)
    assert received(machine, chunk(0, b"x") + end()) == []


def test_packets_that_are_no_file_do_nothing() -> None:
    """A command of somebody's own in a file layout is not a file, nor is a text."""
    machine = FileReceiving()
    received(machine, start(914, b"x" * 914))
    own = b"\x2c\x01" + end()[2:]
    text = DataPacket(PacketType.MESSAGE).encode()
    assert machine.receive_run(Run(300, Layout.FILE_CHUNK, 1, own, file_id=9), ALICE, now=0.0) == []
    assert received(machine, own + text) == []
    assert received(machine, end()) == [FileCompleted(KEY, None, None)]


def test_a_file_of_which_nothing_comes_is_given_up() -> None:
    """60 seconds after the last bytes, not before; the one that still comes goes on."""
    machine = FileReceiving()
    received(machine, start(5000) + start(5000, file_id=10), now=100.0)
    received(machine, chunk(0, b"x", file_id=10), now=130.0)
    assert machine.receive_tick(100.0 + WATCHDOG_SECONDS - 0.001) == []
    assert machine.receive_tick(100.0 + WATCHDOG_SECONDS) == [
        FileFailed(KEY, "nothing of it came for 60 seconds", "a.bin")
    ]
    assert machine.receive_tick(130.0 + WATCHDOG_SECONDS - 0.001) == []
    assert [event.key.file_id for event in machine.receive_tick(130.0 + WATCHDOG_SECONDS)] == [10]
    assert machine.receive_tick(1e9) == []


def test_empty_parts_do_not_keep_a_file_open() -> None:
    """A sender who only pretends to go on is given up all the same; an empty part alone breaks nothing."""
    machine = FileReceiving()
    received(machine, start(915, b"x" * 914), now=0.0)
    assert received(machine, chunk(0, b""), now=50.0) == []
    assert received(machine, chunk(1, b"y"), now=55.0) == [FileDataArrived(KEY, b"y")]
    assert received(machine, chunk(2, b""), now=110.0) == []
    assert reasons(machine.receive_tick(115.0)) == ["nothing of it came for 60 seconds"]


def test_all_files_of_a_sender_end_when_he_leaves() -> None:
    """His files fail with the reason that is given; those of others go on."""
    machine = FileReceiving()
    received(machine, start(2000) + start(2000, file_id=10, name="b") + start(914, b"x" * 914, sender=BOB))
    assert machine.receive_departure(ALICE, "he left") == [
        FileFailed(KEY, "he left", "a.bin"),
        FileFailed(FileKey(ALICE, 10), "he left", "b"),
    ]
    assert machine.receive_departure(ALICE, "he left") == []
    assert received(machine, end(sender=BOB)) == [FileCompleted(FileKey(BOB, 9), None, None)]


def test_all_files_end_with_the_connection() -> None:
    """Every open file fails once with the reason that is given."""
    machine = FileReceiving()
    received(machine, start(2000) + start(2000, sender=BOB))
    assert machine.receive_eof("the server is gone") == [
        FileFailed(KEY, "the server is gone", "a.bin"),
        FileFailed(FileKey(BOB, 9), "the server is gone", "a.bin"),
    ]
    assert machine.receive_eof("the server is gone") == []


def test_one_sender_cannot_keep_the_others_out() -> None:
    """One sender has so many files open and no more; another can still send, and an ended file makes room."""
    machine = FileReceiving()
    for number in range(MOST_OPEN_FILES_OF_ONE):
        assert not reasons(received(machine, start(2000, file_id=number)))
    assert received(machine, start(2000, file_id=100, name="late")) == [
        FileFailed(FileKey(ALICE, 100), "its sender had more than 16 files on their way at once", "late")
    ]
    assert not reasons(received(machine, start(2000, sender=BOB)))
    machine.give_up(FileKey(ALICE, 0))
    assert not reasons(received(machine, start(2000, file_id=100)))


def test_only_so_many_files_are_open_at_once() -> None:
    """However many senders there are, memory stays bounded; a file begun anew takes its own place."""
    machine = FileReceiving(most_open=3)
    for sender in (1, 2, 3):
        assert not reasons(received(machine, start(2000, sender=sender)))
    assert reasons(received(machine, start(2000, sender=4))) == ["more than 3 files were on their way at once"]
    assert received(machine, chunk(0, b"x", sender=4)) == []
    assert [type(event) for event in received(machine, start(2000, sender=3))] == [
        FileFailed,
        FileBegan,
        FileDataArrived,
    ]
    assert received(machine, chunk(0, b"x", sender=3)) == [FileDataArrived(FileKey(3, 9), b"x")]


def test_the_bounds_leave_room_for_several_senders() -> None:
    """One sender's share is a part of the whole only."""
    assert MOST_OPEN_FILES_OF_ONE < MOST_OPEN_FILES
