"""The mark in a greeting: seen by our client, without any difference for an original one."""

from commonlib.classic.layouts import DataPacket
from commonlib.classic.packet import PacketType
from commonlib.wire.greeting import Door, Mark, maybe_mark, with_mark
from tests.support.recordings import RECORDINGS, recorded_packets

GREETING = DataPacket(PacketType.REQUEST_CREDENTIALS, packet_size=16, id_to=7, longs=(123,), text_a="192.168.0.9")
MARK = Mark(bytes(range(32)), Door.TAKES_CLASSIC | Door.ASKS_FOR_CODE)


def test_the_mark_comes_back_with_its_nonce_and_its_hints() -> None:
    """32 bytes, the version and what the hub expects."""
    assert maybe_mark(with_mark(GREETING, MARK).encode()) == MARK


def test_what_an_original_client_reads_stays_as_it_was() -> None:
    """Its id, the clock and its address."""
    marked = with_mark(GREETING, MARK)
    assert (marked.id_to, marked.longs, marked.text_a) == (GREETING.id_to, GREETING.longs, GREETING.text_a)


def test_an_original_server_has_no_mark() -> None:
    """Neither an empty greeting nor any packet of the recordings."""
    assert maybe_mark(GREETING.encode()) is None
    assert not any(maybe_mark(packet) for name in RECORDINGS for packet in recorded_packets(name))


def test_hints_of_a_newer_version_are_passed_over() -> None:
    """Bits that are not known here do not spoil the mark."""
    packet = bytearray(with_mark(GREETING, MARK).encode())
    packet[26:30] = (0xFFFF_FFF8 | int(MARK.door)).to_bytes(4, "little")
    assert maybe_mark(bytes(packet)) == MARK


def test_version_nought_is_no_mark() -> None:
    """A mark without a version that could be spoken is none."""
    packet = bytearray(with_mark(GREETING, MARK).encode())
    packet[22:26] = bytes(4)
    assert maybe_mark(bytes(packet)) is None
