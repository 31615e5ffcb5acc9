"""The recordings of the original programs, held against layouts, cutter, texts, files and dates, byte for byte."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from commonlib.classic.cutter import PacketCutter, Run, cut_runs
from commonlib.classic.file_layouts import FileChunkPacket, FileStartPacket
from commonlib.classic.file_receiving import FileBegan, FileCompleted, FileDataArrived, FileEvent, FileReceiving
from commonlib.classic.file_sending import FileSending
from commonlib.classic.layouts import BigStringPacket, ClientDataPacket, DataPacket, integers
from commonlib.classic.packet import Layout, LayoutTable, PacketType, stamp_sender, type_of
from commonlib.classic.texts import JoinedText, TextJoiner, split_text
from commonlib.ticks import unix_from_ticks
from tests.support.recordings import (
    ALICE_TO_SERVER,
    BOB_TO_SERVER,
    RECORDINGS,
    SERVER_TO_ALICE,
    SERVER_TO_BOB,
    divided,
    recorded_packets,
    recorded_stream,
)

LAYOUTS = LayoutTable()
KINDS = {
    Layout.DATA: DataPacket,
    Layout.CLIENT_DATA: ClientDataPacket,
    Layout.BIG_STRING: BigStringPacket,
    Layout.FILE_START: FileStartPacket,
    Layout.FILE_CHUNK: FileChunkPacket,
}
LONG_TEXT = "L" * 299 + "M" + "N" * 300 + "tail end"
NUMBERS = (123456, 54321)
DATE = datetime(2026, 11, 23, 3, 32, 47)  # noqa: DTZ001 - the wire gives no zone
# What the three files hold: a line, a count up to 250, and one in steps of 7.
FILES = {
    "small.txt": b"tiny file\n",
    "exact914.bin": bytes(index % 251 for index in range(914)),
    "mid.bin": bytes(index * 7 % 256 for index in range(3961)),
}
every_recording = pytest.mark.parametrize("recording", RECORDINGS)


def runs_of(recording: str) -> list[Run]:
    """A recording as one block, cut into runs."""
    return cut_runs(recorded_stream(recording), LAYOUTS)


def joined_texts(recording: str) -> list[tuple[int, JoinedText]]:
    """The texts of a recording, each with its idTo."""
    joiner = TextJoiner()
    joined = []
    for packet in recorded_packets(recording):
        if type_of(packet) == PacketType.MESSAGE:
            id_to = DataPacket.decode(packet).id_to
            text = joiner.receive_packet(id_to, packet)
            if text is not None:
                joined.append((id_to, text))
    return joined


def file_events(recording: str) -> list[FileEvent]:
    """What the file packets of a recording say."""
    receiving = FileReceiving()
    return [event for run in runs_of(recording) for event in receiving.receive_run(run, run.id_from, now=0.0)]


@every_recording
def test_every_recorded_packet_encodes_to_itself(recording: str) -> None:
    """Decoding a packet in its own layout and encoding it again gives the same bytes; so do all the others."""
    for packet in recorded_packets(recording):
        for kind in KINDS.values():
            assert kind.decode(packet).encode() == packet


@every_recording
def test_recorded_fields_hold_no_hidden_bytes(recording: str) -> None:
    """These recordings are clean: no text has old memory behind its NUL, so every byte is in a field with a name."""
    for packet in recorded_packets(recording):
        decoded = KINDS[LAYOUTS.layout_of(type_of(packet))].decode(packet)
        assert not any(getattr(decoded, "tails", ()))
        assert not getattr(decoded, "tail", b"")


@pytest.mark.parametrize(
    ("recording", "counts"),
    [
        (
            ALICE_TO_SERVER,
            {
                PacketType.MY_CREDENTIALS: 1,
                PacketType.MESSAGE: 8,
                PacketType.PING: 3,
                PacketType.PING_RESPONSE: 3,
                PacketType.FILE_START: 3,
                PacketType.FILE_CHUNK: 4,
                PacketType.FILE_END: 3,
                PacketType.CLOSE: 1,
            },
        ),
        (
            SERVER_TO_ALICE,
            {
                PacketType.REQUEST_CREDENTIALS: 1,
                PacketType.REGISTERED: 2,
                PacketType.CLIENT_DATA: 1,
                PacketType.MESSAGE_RECEIVED: 3,
                PacketType.PING: 3,
                PacketType.DONE_RECEIVING_FILE: 3,
                PacketType.CLIENT_DISCONNECTING: 2,
            },
        ),
        (
            BOB_TO_SERVER,
            {
                PacketType.MY_CREDENTIALS: 1,
                PacketType.MESSAGE_RECEIVED: 2,
                PacketType.PING_RESPONSE: 3,
                PacketType.DONE_RECEIVING_FILE: 3,
                PacketType.CLOSE: 2,
            },
        ),
        (
            SERVER_TO_BOB,
            {
                PacketType.REQUEST_CREDENTIALS: 1,
                PacketType.CLIENT_DATA: 1,
                PacketType.REGISTERED: 1,
                PacketType.MESSAGE: 6,
                PacketType.MESSAGE_RECEIVED: 2,
                PacketType.PING: 3,
                PacketType.FILE_START: 3,
                PacketType.FILE_CHUNK: 4,
                PacketType.FILE_END: 3,
                PacketType.CLIENT_DISCONNECTING: 1,
            },
        ),
    ],
)
def test_recorded_types_are_the_ones_we_know(recording: str, counts: dict[PacketType, int]) -> None:
    """Our numbers for the types are those of the originals."""
    assert Counter(PacketType(type_of(packet)) for packet in recorded_packets(recording)) == counts


@every_recording
@pytest.mark.parametrize("size", [1, 1000, 1024, 4096, 65536])
def test_a_recorded_stream_is_cut_alike_in_any_chunks(recording: str, size: int) -> None:
    """The recorded packets come out of the cutter whichever way the stream is divided."""
    stream, cutter = recorded_stream(recording), PacketCutter()
    blocks = [cutter.receive_data(stream[offset : offset + size]) for offset in range(0, len(stream), size)]
    assert [packet for block in blocks for packet in divided(block)] == recorded_packets(recording)
    assert cutter.unfinished == 0


@every_recording
def test_recorded_runs_hold_the_stream(recording: str) -> None:
    """Runs lose nothing, change no order, and put nothing together that differs in type, sender, recipient or file."""
    runs = runs_of(recording)
    assert b"".join(run.packets for run in runs) == recorded_stream(recording)
    keys = [(run.packet_type, run.id_to, run.id_from, run.file_id) for run in runs]
    assert all(one != other for one, other in pairwise(keys))
    chunks = [run for run in runs if run.packet_type == PacketType.FILE_CHUNK]
    assert [run.count for run in chunks] == ([4] if recording in (ALICE_TO_SERVER, SERVER_TO_BOB) else [])


def test_recorded_introductions_say_who_is_there() -> None:
    """Computer, version and user name stand where the originals put them."""
    for recording, name in ((ALICE_TO_SERVER, "Alice"), (BOB_TO_SERVER, "Bob")):
        expected = DataPacket(PacketType.MY_CREDENTIALS, 1024, text_a="vm", text_b="0.0.0", text_150=name)
        assert recorded_packets(recording)[0] == expected.encode()


@pytest.mark.parametrize(("recording", "client_id"), [(SERVER_TO_ALICE, 1), (SERVER_TO_BOB, 2)])
def test_recorded_greetings_give_id_clock_and_address(recording: str, client_id: int) -> None:
    """The server's first packet; its clock is that of the day of the recording."""
    packet = recorded_packets(recording)[0]
    ticks = DataPacket.decode(packet).long(1)
    seconds = unix_from_ticks(ticks)
    assert seconds is not None
    assert datetime.fromtimestamp(seconds, UTC).date().isoformat() == "2026-11-23"
    expected = DataPacket(PacketType.REQUEST_CREDENTIALS, 16, id_to=client_id, longs=(ticks,), text_a="127.0.0.1")
    assert packet == expected.encode()


@pytest.mark.parametrize(("recording", "name", "client_id"), [(SERVER_TO_ALICE, "Bob", 2), (SERVER_TO_BOB, "Alice", 1)])
def test_recorded_details_of_the_other_one(recording: str, name: str, client_id: int) -> None:
    """A ClientData packet of ours with the same details has the same bytes."""
    (packet,) = [packet for packet in recorded_packets(recording) if type_of(packet) == PacketType.CLIENT_DATA]
    expected = ClientDataPacket(
        PacketType.CLIENT_DATA,
        1024,
        user_name=name,
        address="127.0.0.1",
        station_name="vm",
        client_id=client_id,
        listening_port=9998,
    )
    assert packet == expected.encode()


def test_recorded_announcements_are_ours_too() -> None:
    """Registered with the server's version, and a departure, byte for byte."""
    registered = DataPacket(PacketType.REGISTERED, 1024, id_from=2, integers=integers({6: 1})).encode()
    left = DataPacket(PacketType.CLIENT_DISCONNECTING, 1024, id_from=2).encode()
    for recording in (SERVER_TO_ALICE, SERVER_TO_BOB):
        assert registered in recorded_packets(recording)
        assert left in recorded_packets(recording)


def test_recorded_texts_are_joined() -> None:
    """A short one, a long one in three pieces whose last is not doubled, and one to the server's operator."""
    said = [(id_to, text.text, text.numbers) for id_to, text in joined_texts(ALICE_TO_SERVER)]
    assert said == [
        (2, "hello Bob, short text", NUMBERS),
        (2, LONG_TEXT, NUMBERS),
        (0, "to the server only", NUMBERS),
    ]
    heard = [(id_to, text.text, text.numbers) for id_to, text in joined_texts(SERVER_TO_BOB)]
    assert heard == said[:2]


def test_texts_of_ours_are_the_recorded_bytes() -> None:
    """Splitting the same texts gives the packets that the original client sent, byte for byte."""
    for id_to, recorded in joined_texts(ALICE_TO_SERVER):
        assert split_text(recorded.text, id_to=id_to, id_from=1, numbers=NUMBERS) == recorded.packets
        assert recorded.packets in recorded_stream(ALICE_TO_SERVER)


@pytest.mark.parametrize("recording", [ALICE_TO_SERVER, SERVER_TO_BOB])
def test_recorded_files_come_out_whole(recording: str) -> None:
    """Names, sizes, contents and dates of all three, as sent and as passed on; old bytes behind the last are left."""
    events = file_events(recording)
    began = [event for event in events if isinstance(event, FileBegan)]
    assert [(event.name, event.size) for event in began] == [(name, len(data)) for name, data in FILES.items()]
    for event in began:
        of_this = [other for other in events if other.key == event.key]
        assert b"".join(each.data for each in of_this if isinstance(each, FileDataArrived)) == FILES[event.name]
        assert of_this[-1] == FileCompleted(event.key, DATE, DATE)
        assert event.key.sender == 1


def test_files_of_ours_differ_from_the_recorded_ones_only_in_padding_and_dates() -> None:
    """Our packets of the same files are the recorded ones, but for old bytes behind the content, and our form of dates.

    Where the two differ is stated here: the padding of the last chunk, and in FileEnd the name field, which holds the
    dates, and the part, in which the original repeats the beginning of the file.
    """
    recorded = [run for run in runs_of(ALICE_TO_SERVER) if run.layout in (Layout.FILE_START, Layout.FILE_CHUNK)]
    made = b""
    for run in recorded:
        if run.packet_type == PacketType.FILE_START:
            start = FileStartPacket.decode(run.packets)
            sending = FileSending(
                file_id=run.file_id,
                id_to=2,
                id_from=1,
                name=start.name,
                size=start.file_size,
                created=DATE,
                modified=DATE,
            )
            made += sending.send_data(FILES[start.name]) + sending.finish()
    masked = b"".join(_without_padding_and_dates(packet) for run in recorded for packet in run.each())
    assert b"".join(map(_without_padding_and_dates, divided(made))) == masked


def _without_padding_and_dates(packet: bytes) -> bytes:
    if type_of(packet) == PacketType.FILE_CHUNK:
        chunk = FileChunkPacket.decode(packet)
        return replace(chunk, content=chunk.content[: chunk.chunk_size]).encode()
    if type_of(packet) == PacketType.FILE_END:
        return replace(FileStartPacket.decode(packet), name="", first_part=b"").encode()
    return packet


def test_recorded_packets_say_who_sent_them() -> None:
    """The originals fill in idFrom of texts and files themselves, so a stamp changes nothing and copies none."""
    for run in runs_of(ALICE_TO_SERVER):
        if run.packet_type in (PacketType.MESSAGE, PacketType.FILE_START, PacketType.FILE_CHUNK, PacketType.FILE_END):
            assert stamp_sender(run.packets, run.layout, 1) is run.packets
