"""packet_mutation: each way of spoiling does what it says, and each of them is used."""

from collections import Counter
from random import Random

import pytest

from commonlib.classic.packet import PACKET_SIZE, Layout, LayoutTable, type_of
from tests.support.packet_mutation import (
    BYTES_SPANS,
    MUTATIONS,
    NUMBER_SPANS,
    Mutation,
    double,
    fill_bytes,
    flip_bits,
    insert_noise,
    lose,
    reorder,
    set_number,
    set_type,
    splice_field,
    spoilt_stream,
    truncate,
)
from tests.support.recordings import ALICE_TO_SERVER, divided, recorded_packets

PACKETS = recorded_packets(ALICE_TO_SERVER)
LAYOUTS = LayoutTable()


def changed(spoilt: list[bytes]) -> list[int]:
    """The indices of the packets that are not as they were."""
    return [index for index, (one, other) in enumerate(zip(PACKETS, spoilt, strict=True)) if one != other]


def many(mutation: Mutation, times: int = 200) -> list[list[bytes]]:
    """The results of spoiling the recording in one way, with many chances."""
    return [mutation(Random(seed), list(PACKETS)) for seed in range(times)]


@pytest.mark.parametrize("layout", list(Layout))
def test_the_fields_of_a_layout_fill_its_packet(layout: Layout) -> None:
    """No byte is out of the spoilers' reach, and none belongs to two fields."""
    covered = [
        byte for offset, width in NUMBER_SPANS[layout] + BYTES_SPANS[layout] for byte in range(offset, offset + width)
    ]
    assert sorted(covered) == list(range(PACKET_SIZE))


def test_flipping_turns_few_bits_of_one_packet() -> None:
    """One packet, at most eight bits."""
    for spoilt in many(flip_bits):
        for index in changed(spoilt):
            bits = int.from_bytes(PACKETS[index], "little") ^ int.from_bytes(spoilt[index], "little")
            assert bits.bit_count() <= 8
    assert {len(changed(spoilt)) for spoilt in many(flip_bits)} <= {0, 1}
    assert sum(len(changed(spoilt)) for spoilt in many(flip_bits)) > 150


@pytest.mark.parametrize(("mutation", "spans"), [(set_number, NUMBER_SPANS), (fill_bytes, BYTES_SPANS)])
def test_one_field_of_one_packet_is_set(mutation: Mutation, spans: dict[Layout, list[tuple[int, int]]]) -> None:
    """All that changes lies within one field of the packet's own layout, and sometimes it is huge."""
    fields = set()
    for spoilt in many(mutation):
        for index in changed(spoilt):
            one, other = PACKETS[index], spoilt[index]
            assert len(other) == PACKET_SIZE
            places = [place for place in range(PACKET_SIZE) if one[place] != other[place]]
            layout = LAYOUTS.layout_of(type_of(one))
            within = [
                (offset, width)
                for offset, width in spans[layout]
                if offset <= places[0] and places[-1] < offset + width
            ]
            assert len(within) == 1
            fields.add((layout, within[0]))
    assert len(fields) > 5


def test_numbers_become_huge() -> None:
    """The largest number a field holds is among those that are tried."""
    sizes = [
        int.from_bytes(p[8:12], "little") for spoilt in many(set_number, 2000) for p in spoilt if p[:2] == b"\x0d\0"
    ]
    assert max(sizes) >= 0xFFFF_FFFE


def test_types_change_to_known_and_unknown_ones() -> None:
    """Only the type changes, to one of the protocol's or another."""
    types = set()
    for spoilt in many(set_type):
        for index in changed(spoilt):
            assert spoilt[index][2:] == PACKETS[index][2:]
            types.add(type_of(spoilt[index]))
    assert types >= set(range(1, 17))
    assert max(types) > 255


def test_a_spliced_field_comes_from_another_packet() -> None:
    """What is new in the packet stands at the same place of another one."""
    spliced = 0
    for spoilt in many(splice_field):
        for index in changed(spoilt):
            places = [place for place in range(PACKET_SIZE) if PACKETS[index][place] != spoilt[index][place]]
            stretch = slice(places[0], places[-1] + 1)
            assert any(other[stretch] == spoilt[index][stretch] for other in PACKETS)
            spliced += 1
    assert spliced > 20


def test_packets_are_doubled_lost_and_moved_whole() -> None:
    """More of the same, fewer, or the same in another order; never a changed one."""
    before = Counter(PACKETS)
    assert all(Counter(spoilt) > before for spoilt in many(double))
    assert all(Counter(spoilt) < before for spoilt in many(lose))
    moved = many(reorder)
    assert all(Counter(spoilt) == before for spoilt in moved)
    assert sum(spoilt != PACKETS for spoilt in moved) > 150


def test_a_truncated_packet_has_lost_its_end() -> None:
    """One packet is shorter: often the last, else one in the middle."""
    cut = [(index, spoilt[index]) for spoilt in many(truncate) for index in changed(spoilt)]
    assert all(PACKETS[index].startswith(packet) for index, packet in cut)
    assert len({index for index, _ in cut}) > 10
    assert sum(index == len(PACKETS) - 1 for index, _ in cut) > 60


def test_noise_comes_in_between() -> None:
    """All good packets are still there, with something beside them."""
    for spoilt in many(insert_noise):
        assert len(spoilt) == len(PACKETS) + 1
        assert Counter(spoilt) > Counter(PACKETS)


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_spoiling_takes_what_others_have_left(mutation: Mutation) -> None:
    """Empty, short and long pieces, as other ways of spoiling leave them, are spoilt without an error."""
    for seed in range(300):
        random = Random(seed)
        pieces = [random.randbytes(random.choice((0, 1, 3, 500, 1024, 2000))) for _ in range(random.randint(1, 4))]
        assert isinstance(b"".join(mutation(random, pieces)), bytes)


def test_a_stream_is_sometimes_good_and_mostly_spoilt() -> None:
    """Good stretches are among the streams, and cut ones, and long ones."""
    streams = [spoilt_stream(Random(seed), PACKETS) for seed in range(500)]
    good = [stream for stream in streams if stream and all(packet in PACKETS for packet in divided(stream))]
    assert 10 < len(good) < 250
    assert any(len(stream) % PACKET_SIZE for stream in streams)
    assert max(map(len, streams)) > 30 * PACKET_SIZE
