"""Good packets, spoilt: bits flipped, fields swapped and filled, packets cut, doubled, lost and out of order.

Owns the ways of spoiling, each a function of a random source and a list of packets, and where the layouts keep their
fields, told anew here so that a mistake in the layouts is not repeated. It must never depend on anything but the random
source it is given.
Thread: the caller's own.
"""

from collections.abc import Callable, Sequence
from random import Random

from commonlib.classic.packet import PACKET_SIZE, Layout, LayoutTable, type_of

Span = tuple[int, int]
"""Offset and width in bytes."""

_LONG_HEADER = [(0, 2), (2, 2), (4, 2), (6, 2), (8, 4), (12, 4)]
_SHORT_HEADER = [(0, 2), (2, 2), (4, 2), (6, 2)]
NUMBER_SPANS: dict[Layout, list[Span]] = {
    Layout.DATA: [
        *_LONG_HEADER,
        (16, 2),
        *((offset, 4) for offset in range(18, 138, 4)),
        *((offset, 8) for offset in range(138, 274, 8)),
    ],
    Layout.CLIENT_DATA: [*_LONG_HEADER, (206, 2), (208, 4), (212, 2), (214, 2), (216, 8)],
    Layout.BIG_STRING: [(0, 2), (2, 4), (6, 4), (10, 4), (14, 4)],
    Layout.FILE_START: [*_SHORT_HEADER, (8, 4)],
    Layout.FILE_CHUNK: [*_SHORT_HEADER, (8, 2), (10, 4)],
}
BYTES_SPANS: dict[Layout, list[Span]] = {
    Layout.DATA: [(274, 300), (574, 300), (874, 150)],
    Layout.CLIENT_DATA: [(16, 50), (66, 30), (96, 30), (126, 30), (156, 50), (224, 800)],
    Layout.BIG_STRING: [(18, 1006)],
    Layout.FILE_START: [(12, 98), (110, 914)],
    Layout.FILE_CHUNK: [(14, 1010)],
}
NASTY_TEXTS = (
    b"../../evil",
    b"..\\..\\evil.exe",
    b"C:\\Windows\\x",
    b"CON",
    b"desktop.ini",
    b"a\0b",
    b"\x1b[31m",
    b"line\r\nline",
    b"%s%n{0}",
    b"\x81\x8d\x8f\x90\x9d",
    b"05/06/2026 03:32:47|99/99/9999 99:99:99",
    b"2026-05-06 07:08:09|",
)
_LAYOUTS = LayoutTable()
_MOST_PACKETS = 40
_MOST_MUTATIONS = 8

Mutation = Callable[[Random, list[bytes]], list[bytes]]


def spoilt_stream(random: Random, packets: Sequence[bytes]) -> bytes:
    """A stretch of the packets, spoilt in none to several ways, as one stream; it need not end with a whole packet."""
    begin = random.randrange(len(packets))
    chosen = list(packets[begin : begin + random.randint(1, _MOST_PACKETS)])
    for _ in range(random.randint(0, _MOST_MUTATIONS)):
        if chosen:
            chosen = random.choice(MUTATIONS)(random, chosen)
    return b"".join(chosen)


def flip_bits(random: Random, packets: list[bytes]) -> list[bytes]:
    """One to eight bits of one packet turn round, most often in its header."""
    index, spoilt = _one_of(random, packets)
    for _ in range(random.randint(1, 8)):
        place = random.randrange(min(len(spoilt), random.choice((16, 110, PACKET_SIZE))))
        spoilt[place] ^= 1 << random.randrange(8)
    return _with(packets, index, spoilt)


def set_number(random: Random, packets: list[bytes]) -> list[bytes]:
    """One number of one packet becomes a small one, a huge one, or one beside a border."""
    index, spoilt = _one_of(random, packets)
    offset, width = random.choice(NUMBER_SPANS[_layout_of(spoilt)])
    bits = 8 * width
    border = random.choice((0, 1, 300, 914, 1010, 1 << 15, 1 << (bits - 1), 1 << bits))
    value = random.choice((border - 1, border, border + 1, random.randrange(1 << bits), random.randrange(20)))
    spoilt[offset : offset + width] = (value % (1 << bits)).to_bytes(width, "little")
    return _with(packets, index, spoilt[: len(packets[index])])


def set_type(random: Random, packets: list[bytes]) -> list[bytes]:
    """One packet gets another type: one of the protocol's, most often, or any."""
    index, spoilt = _one_of(random, packets)
    number = random.choice((random.randint(1, 16), random.randint(0, 20), random.randrange(0x10000)))
    spoilt[:2] = number.to_bytes(2, "little")
    return _with(packets, index, spoilt)


def fill_bytes(random: Random, packets: list[bytes]) -> list[bytes]:
    """One text or array of one packet is filled to its end, emptied, made nasty, or given garbage behind a NUL."""
    index, spoilt = _one_of(random, packets)
    offset, width = random.choice(BYTES_SPANS[_layout_of(spoilt)])
    filling = random.choice(
        (
            b"A" * width,
            bytes(width),
            random.choice(NASTY_TEXTS).ljust(width, b"\0"),
            b"x\0" + random.randbytes(width - 2),
            random.randbytes(width),
        )
    )
    spoilt[offset : offset + width] = filling[:width]
    return _with(packets, index, spoilt[: len(packets[index])])


def splice_field(random: Random, packets: list[bytes]) -> list[bytes]:
    """One field of one packet gets the bytes that another packet has there."""
    index, spoilt = _one_of(random, packets)
    layout = _layout_of(spoilt)
    offset, width = random.choice(NUMBER_SPANS[layout] + BYTES_SPANS[layout])
    spoilt[offset : offset + width] = random.choice(packets)[offset : offset + width]
    return _with(packets, index, spoilt)


def double(random: Random, packets: list[bytes]) -> list[bytes]:
    """A stretch of packets comes twice or more often."""
    begin = random.randrange(len(packets))
    end = begin + random.randint(1, 5)
    return packets[:end] + packets[begin:end] * random.randint(1, 4) + packets[end:]


def lose(random: Random, packets: list[bytes]) -> list[bytes]:
    """A stretch of packets does not come."""
    begin = random.randrange(len(packets))
    return packets[:begin] + packets[begin + random.randint(1, 5) :]


def reorder(random: Random, packets: list[bytes]) -> list[bytes]:
    """Two packets change places, or all come in any order."""
    moved = list(packets)
    if random.randrange(4):
        one, other = random.randrange(len(moved)), random.randrange(len(moved))
        moved[one], moved[other] = moved[other], moved[one]
    else:
        random.shuffle(moved)
    return moved


def truncate(random: Random, packets: list[bytes]) -> list[bytes]:
    """One packet loses its end: with the last that is a lost connection, with another all that follows is shifted."""
    index, spoilt = _one_of(random, packets)
    if random.randrange(2):
        index, spoilt = len(packets) - 1, bytearray(packets[-1])
    return _with(packets, index, spoilt[: random.randrange(len(spoilt) + 1)])


def insert_noise(random: Random, packets: list[bytes]) -> list[bytes]:
    """Random bytes come in between: a whole packet of them, or a few that shift all that follows."""
    index = random.randrange(len(packets) + 1)
    noise = random.randbytes(random.choice((PACKET_SIZE, PACKET_SIZE, random.randint(1, 2000))))
    return [*packets[:index], noise, *packets[index:]]


MUTATIONS: tuple[Mutation, ...] = (
    flip_bits,
    set_number,
    set_number,
    set_type,
    fill_bytes,
    splice_field,
    double,
    lose,
    reorder,
    truncate,
    insert_noise,
)
"""The ways of spoiling; numbers are where most lies are told, so that one counts twice."""


def _one_of(random: Random, packets: list[bytes]) -> tuple[int, bytearray]:
    """A packet that is not empty where there is one, with its index."""
    filled = [index for index, packet in enumerate(packets) if packet]
    index = random.choice(filled or [0])
    return index, bytearray(packets[index] or b"\0")


def _layout_of(packet: bytes | bytearray) -> Layout:
    return _LAYOUTS.layout_of(type_of(bytes(packet)))


def _with(packets: list[bytes], index: int, spoilt: bytearray) -> list[bytes]:
    return [*packets[:index], bytes(spoilt), *packets[index + 1 :]]
