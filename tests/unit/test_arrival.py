"""The first bytes of a connection say who is there, or end it."""

import pytest

from commonlib.classic.layouts import DataPacket
from commonlib.classic.packet import PacketType
from commonlib.exceptions import ProtocolError
from tcpipserver.dialects.arrival import Arrival, Introduction, chosen_wire
from tcpipserver.hub.people import Credentials, Wire
from tests.support.recordings import ALICE_TO_SERVER, recorded_packets

CREDENTIALS = DataPacket(PacketType.MY_CREDENTIALS, text_a="vm", text_b="1.2", text_150="Alice").encode()
ALICE = Credentials("Alice", "vm", "1.2")


def test_whole_credentials_are_an_introduction() -> None:
    """Name, computer and version, and nothing left to read."""
    assert Arrival().receive_data(CREDENTIALS) == Introduction(ALICE, b"")


def test_an_original_client_introduces_itself() -> None:
    """The recorded packet of one."""
    assert Arrival().receive_data(recorded_packets(ALICE_TO_SERVER)[0]) == Introduction(
        Credentials("Alice", "vm", "0.0.0"), b""
    )


@pytest.mark.parametrize("size", [1, 2, 3, 1023])
def test_credentials_may_come_in_pieces(size: int) -> None:
    """Whatever is cut where, nobody is introduced before the last byte is there."""
    arrival = Arrival()
    pieces = [CREDENTIALS[offset : offset + size] for offset in range(0, 1024, size)]
    answers = [arrival.receive_data(piece) for piece in pieces]
    assert answers == [None] * (len(pieces) - 1) + [Introduction(ALICE, b"")]


@pytest.mark.parametrize("unread", [b"\x0a", b"whatever comes next" * 1000])
def test_what_is_glued_to_the_credentials_is_handed_on(unread: bytes) -> None:
    """Every byte of it, whatever it is."""
    assert Arrival().receive_data(CREDENTIALS + unread) == Introduction(ALICE, unread)
    arrival = Arrival()
    assert arrival.receive_data(CREDENTIALS[:1000]) is None
    assert arrival.receive_data(CREDENTIALS[1000:] + unread) == Introduction(ALICE, unread)


@pytest.mark.parametrize(
    "first", [b"\x16", b"\x16\x03\x01", b"G", b"\x00", b"\x04\x01", b"\x05\x00", b"GET / HTTP/1.1\r\n"]
)
def test_whoever_begins_otherwise_is_refused_at_once(first: bytes) -> None:
    """At the first byte that cannot belong to credentials, without waiting for a packet."""
    with pytest.raises(ProtocolError) as refused:
        Arrival().receive_data(first)
    assert refused.value.detail == "it began with something else than its credentials"


def test_a_false_second_byte_is_refused_when_it_comes() -> None:
    """The first alone might still have become credentials."""
    arrival = Arrival()
    assert arrival.receive_data(b"") is None
    assert arrival.receive_data(b"\x04") is None
    with pytest.raises(ProtocolError):
        arrival.receive_data(b"\x04")


def test_credentials_are_clamped_on_arrival() -> None:
    """No text is longer than what the wire can carry on; a missing NUL is none of our worry."""
    packet = DataPacket(PacketType.MY_CREDENTIALS, text_a="c" * 300, text_b="v" * 300, text_150="n" * 150).encode()
    assert Arrival().receive_data(packet) == Introduction(Credentials("n" * 50, "c" * 50, "v" * 30), b"")


@pytest.mark.parametrize(
    ("first", "wire"),
    [
        (b"\x16", Wire.MODERN),
        (b"\x16\x03\x01", Wire.MODERN),
        (b"\x04", Wire.CLASSIC),
        (b"\x04\x00", Wire.CLASSIC),
        (CREDENTIALS, Wire.CLASSIC),
    ],
)
def test_the_first_bytes_choose_the_wire(first: bytes, wire: Wire) -> None:
    """A TLS ClientHello begins with 0x16, classic credentials with 04 00."""
    assert chosen_wire(first) is wire


@pytest.mark.parametrize("first", [b"\x00", b"\x04\x01", b"\x17", b"GET / HTTP/1.1\r\n", b"\x05"])
def test_other_first_bytes_choose_nothing(first: bytes) -> None:
    """Whoever speaks something else is sent away."""
    with pytest.raises(ProtocolError):
        chosen_wire(first)
