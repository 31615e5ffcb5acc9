"""The classic wire: what holds for every packet, text, file, name and date, and for every division of a stream."""

import unicodedata
from datetime import datetime
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonlib.classic.codepage import decode_text, encode_text, read_field, write_field
from commonlib.classic.cutter import PacketCutter, cut_runs
from commonlib.classic.file_dates import read_dates, write_dates
from commonlib.classic.file_layouts import FILE_NAME_WIDTH, FileChunkPacket, FileStartPacket
from commonlib.classic.file_receiving import FileBegan, FileCompleted, FileDataArrived, FileReceiving
from commonlib.classic.file_sending import FileSending, wire_file_name
from commonlib.classic.layouts import BigStringPacket, ClientDataPacket, DataPacket
from commonlib.classic.packet import PACKET_SIZE, Layout, LayoutTable, sender_of, stamp_recipient, stamp_sender
from commonlib.classic.texts import SMALLEST_NUMBER, TextJoiner, split_text
from commonlib.printable import printable
from commonlib.ticks import LARGEST_TICKS, ticks_from_unix, unix_from_ticks
from tests.support.recordings import divided

ANY_TEXT = st.text(st.characters(), max_size=1000)
WIRE_TEXT = st.text(st.sampled_from([decode_text(bytes([byte])) for byte in range(1, 256)]), max_size=1000)
IDS = st.integers(0, 0xFFFF)
LAYOUTS = LayoutTable({300: Layout.BIG_STRING})


@st.composite
def any_packets(draw: st.DrawFn) -> bytes:
    """1024 bytes of everything: random stretches between long ones of zeros, ones or a single letter."""
    stretches = draw(
        st.lists(
            st.one_of(
                st.binary(max_size=300),
                st.builds(lambda byte, count: byte * count, st.sampled_from([b"\0", b"\xff", b"A"]), IDS),
            ),
            max_size=12,
        )
    )
    return b"".join(stretches)[:PACKET_SIZE].ljust(PACKET_SIZE, draw(st.sampled_from([b"\0", b"\xff", b"A"])))


@st.composite
def similar_packets(draw: st.DrawFn) -> list[bytes]:
    """Packets of few types, addresses and files, so that many of them belong together."""
    few = st.integers(0, 2)
    return draw(
        st.lists(
            st.one_of(
                st.builds(DataPacket, st.sampled_from([1, 11]), data_type=few, id_to=few, id_from=few),
                st.builds(ClientDataPacket, st.just(7), id_to=few, id_from=few),
                st.builds(BigStringPacket, st.just(300), few, few),
                st.builds(FileStartPacket, st.sampled_from([13, 15]), few, few, few),
                st.builds(FileChunkPacket, st.just(14), few, few, few, few, few),
            ).map(lambda packet: packet.encode()),
            max_size=12,
        )
    )


def pieces_of(data: bytes, sizes: list[int]) -> list[bytes]:
    """The data in pieces of those sizes, the rest as the last one."""
    pieces = []
    for size in sizes:
        pieces.append(data[:size])
        data = data[size:]
    return [*pieces, data]


@pytest.mark.parametrize("kind", [DataPacket, ClientDataPacket, BigStringPacket, FileStartPacket, FileChunkPacket])
@given(packet=any_packets())
def test_any_packet_decodes_and_encodes_to_itself(
    kind: type[DataPacket | ClientDataPacket | BigStringPacket | FileStartPacket | FileChunkPacket], packet: bytes
) -> None:
    """Whatever 1024 bytes hold, each layout reads them without an error and writes the same bytes again."""
    assert kind.decode(packet).encode() == packet


@given(field=st.binary(min_size=30, max_size=30))
def test_any_field_is_read_and_written_again(field: bytes) -> None:
    """Text and what is behind its NUL make up the field; the text itself holds no NUL."""
    text, tail = read_field(field)
    assert "\0" not in text
    assert write_field("field", 30, text, tail) == field


@given(text=ANY_TEXT)
def test_any_text_can_be_said_somehow(text: str) -> None:
    """One byte a character of the composed text, no NUL, and what was said once is said the same again."""
    said = encode_text(text)
    assert len(said) == len(unicodedata.normalize("NFC", text))
    assert b"\0" not in said
    assert encode_text(decode_text(said)) == said


@given(text=ANY_TEXT, numbers=st.tuples(*[st.integers(SMALLEST_NUMBER, -SMALLEST_NUMBER - 1)] * 2), id_to=IDS)
def test_a_split_text_joins_to_what_can_be_said_of_it(text: str, numbers: tuple[int, int], id_to: int) -> None:
    """Only the end gives the text, with its numbers and with the very packets that came."""
    packets = split_text(text, id_to=id_to, numbers=numbers)
    joiner = TextJoiner()
    *before, joined = [joiner.receive_packet(id_to, packet) for packet in divided(packets)]
    assert before == [None] * len(before)
    assert joined is not None
    assert (joined.text, joined.numbers, joined.packets) == (decode_text(encode_text(text)), numbers, packets)


@given(first=WIRE_TEXT, second=WIRE_TEXT, order=st.randoms(use_true_random=False))
def test_texts_that_come_in_turns_are_told_apart(first: str, second: str, order: Random) -> None:
    """However the packets of two texts interleave, each text comes out whole."""
    waiting = {1: divided(split_text(first, id_to=1)), 2: divided(split_text(second, id_to=2))}
    joiner, joined = TextJoiner(), {}
    while waiting:
        key = order.choice(sorted(waiting))
        text = joiner.receive_packet(key, waiting[key].pop(0))
        if text is not None:
            joined[key] = text.text
            del waiting[key]
    assert joined == {1: first, 2: second}


@given(packets=st.lists(any_packets(), max_size=5), rest=st.binary(max_size=1023), sizes=st.lists(st.integers(0, 3000)))
def test_a_stream_is_cut_alike_however_it_is_divided(packets: list[bytes], rest: bytes, sizes: list[int]) -> None:
    """Whole packets come out in order, and what is unfinished is kept, for any sizes of the chunks."""
    cutter = PacketCutter()
    blocks = [cutter.receive_data(piece) for piece in pieces_of(b"".join(packets) + rest, sizes)]
    assert all(len(block) % PACKET_SIZE == 0 for block in blocks)
    assert b"".join(blocks) == b"".join(packets)
    assert cutter.unfinished == len(rest)


@given(packets=similar_packets())
def test_runs_hold_all_packets_and_end_only_where_they_must(packets: list[bytes]) -> None:
    """Together the runs are the block; within one all say the same, and two neighbours differ."""
    runs = cut_runs(b"".join(packets), LAYOUTS)
    assert [packet for run in runs for packet in run.each()] == packets
    keys = [(run.packet_type, run.layout, run.id_to, run.id_from, run.file_id) for run in runs]
    assert all(one != other for one, other in pairwise(keys))
    for run, key in zip(runs, keys, strict=True):
        for packet in run.each():
            (alone,) = cut_runs(packet, LAYOUTS)
            assert (alone.packet_type, alone.layout, alone.id_to, alone.id_from, alone.file_id) == key


@given(packets=st.lists(any_packets(), min_size=1, max_size=4), layout=st.sampled_from(Layout), new_id=IDS)
def test_a_stamp_is_read_back_and_changes_nothing_else(packets: list[bytes], layout: Layout, new_id: int) -> None:
    """Every packet then names the new sender; stamping the old ones back gives the old bytes."""
    block = b"".join(packets)
    stamped = stamp_sender(block, layout, new_id)
    assert [sender_of(packet, layout) for packet in divided(stamped)] == [new_id] * len(packets)
    restored = [
        stamp_sender(packet, layout, sender_of(old, layout))
        for packet, old in zip(divided(stamped), packets, strict=True)
    ]
    assert restored == packets
    # The two addresses share no byte: stamping the one leaves the other.
    assert stamp_sender(stamp_recipient(block, layout, new_id), layout, new_id) == stamp_recipient(
        stamped, layout, new_id
    )


@given(
    data=st.builds(lambda seed, size: (seed * 4000)[:size], st.binary(min_size=1, max_size=9), st.integers(0, 4000)),
    reads=st.lists(st.integers(0, 2500), max_size=8),
    chunks=st.lists(st.integers(0, 3000), max_size=8),
)
def test_a_file_arrives_as_it_was_sent(data: bytes, reads: list[int], chunks: list[int]) -> None:
    """Any bytes, handed in by any blocks, through a stream in any chunks, come out in order and once."""
    moment = datetime(2026, 5, 6, 7, 8, 9)  # noqa: DTZ001 - the wire gives no zone
    sending = FileSending(file_id=3, id_to=2, id_from=1, name="a.bin", size=len(data), created=moment, modified=moment)
    stream = b"".join([sending.send_data(piece) for piece in pieces_of(data, reads)]) + sending.finish()
    cutter, receiving = PacketCutter(), FileReceiving()
    began, *arrived, completed = [
        event
        for piece in pieces_of(stream, chunks)
        for run in cut_runs(cutter.receive_data(piece), LAYOUTS)
        for event in receiving.receive_run(run, run.id_from, now=0.0)
    ]
    assert isinstance(began, FileBegan)
    assert (began.name, began.size) == ("a.bin", len(data))
    assert b"".join([event.data for event in arrived if isinstance(event, FileDataArrived)]) == data
    assert completed == FileCompleted(began.key, moment, moment)


@given(name=ANY_TEXT)
def test_any_file_name_becomes_one_that_is_sent_unchanged(name: str) -> None:
    """It fits its field, loses nothing on the wire, and making it sayable again changes nothing."""
    sayable = wire_file_name(name)
    assert decode_text(encode_text(sayable)) == sayable
    assert len(encode_text(sayable)) <= FILE_NAME_WIDTH
    assert not set(sayable) & set('<>:"/\\|?*\0')
    assert wire_file_name(sayable) == sayable


@given(created=st.datetimes(), modified=st.datetimes())
def test_any_dates_are_read_as_they_were_written(created: datetime, modified: datetime) -> None:
    """To the second, for every year there is; and they fit the field of a name."""
    written = write_dates(created, modified)
    assert len(written) <= FILE_NAME_WIDTH
    assert read_dates(written) == (created.replace(microsecond=0), modified.replace(microsecond=0))


@given(text=st.text(st.sampled_from("0123456789./-: |TAPMm"), max_size=98))
def test_no_text_upsets_the_reading_of_dates(text: str) -> None:
    """What a peer puts together from the signs of a date is a date or none."""
    assert all(date is None or isinstance(date, datetime) for date in read_dates(text))


@given(day=st.datetimes(min_value=datetime(1601, 1, 1)))  # noqa: DTZ001
def test_a_date_in_either_order_is_right_or_not_read(day: datetime) -> None:
    """Month first or day first: never a day that the sender did not mean."""
    for text in (f"{day.month}/{day.day}/{day.year:04} 01:02:03", f"{day.day}/{day.month}/{day.year:04} 01:02:03"):
        read, _ = read_dates(f"{text}|")
        expected = day.replace(hour=1, minute=2, second=3, microsecond=0)
        assert read == (expected if day.day > 12 or day.day == day.month else None)


@given(ticks=st.integers(0, LARGEST_TICKS))
def test_ticks_come_back_within_what_a_float_can_say(ticks: int) -> None:
    """A moment as Unix seconds and as ticks again differs by no more than a float's last digit: 0.1 ms."""
    seconds = unix_from_ticks(ticks)
    assert seconds is not None
    assert abs(ticks_from_unix(seconds) - ticks) <= 1000


@given(text=ANY_TEXT, limit=st.integers(1, 50))
def test_a_shown_text_is_one_line_of_its_length(text: str, limit: int) -> None:
    """No character that could act, and never longer than asked for."""
    shown = printable(text, limit)
    assert len(shown) <= limit
    assert not {unicodedata.category(character) for character in shown} & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
