"""The two ends of a relay, or of a direct socket: connected, introduced, ready to send.

Owns the client's side of an arrival, as short as the protocol allows. Must never measure. Any one thread at a time.
"""

import contextlib
import socket
from collections.abc import Iterator
from dataclasses import dataclass

from commonlib.classic.file_layouts import FileStartPacket
from commonlib.classic.layouts import DataPacket
from commonlib.classic.packet import PACKET_SIZE, Layout, PacketType, sender_of, type_of
from tests.bench.children import HOST

PATIENCE_SECONDS = 120.0
"""After so long without a byte a benchmark gives up."""
_MOST_PACKETS_BEFORE = 10_000


class ProtocolBrokenError(Exception):
    """A relay did not do what the protocol says; the text says what."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Somebody who sends and somebody who receives."""

    sending: socket.socket
    receiving: socket.socket
    sender: int
    recipient: int


@contextlib.contextmanager
def pairs_through(port: int, count: int) -> Iterator[list[Pair]]:
    """So many pairs, all registered at the relay that listens on this port of this machine."""
    with contextlib.ExitStack() as opened:
        pairs = []
        for number in range(1, count + 1):
            sending, sender = arrive(port, f"sender {number}")
            opened.enter_context(sending)
            receiving, recipient = arrive(port, f"recipient {number}")
            opened.enter_context(receiving)
            pairs.append(Pair(sending, receiving, sender, recipient))
        yield pairs


@contextlib.contextmanager
def direct_pairs(count: int) -> Iterator[list[Pair]]:
    """So many pairs, each joined by one connection over the loopback."""
    with contextlib.ExitStack() as opened:
        listening = opened.enter_context(socket.create_server((HOST, 0)))
        pairs = []
        for number in range(1, count + 1):
            sending = opened.enter_context(_connected(listening.getsockname()[1]))
            receiving, _ = listening.accept()
            opened.enter_context(receiving)
            receiving.settimeout(PATIENCE_SECONDS)
            pairs.append(Pair(sending, receiving, 2 * number - 1, 2 * number))
        yield pairs


def arrive(port: int, name: str) -> tuple[socket.socket, int]:
    """Connect to a relay and register; returns the socket and the id that the relay gave.

    Raises:
        ProtocolBrokenError: The relay did not greet or did not register us.
        OSError: The connection broke.
    """
    connected = _connected(port)
    try:
        greeting = receive_packet(connected)
        if type_of(greeting) != PacketType.REQUEST_CREDENTIALS:
            raise ProtocolBrokenError(f"The relay began with packet type {type_of(greeting)}, not with its greeting.")
        own_id = DataPacket.decode(greeting).id_to
        connected.sendall(credentials(name))
        skip_until(connected, PacketType.REGISTERED, own_id)
    except BaseException:
        connected.close()
        raise
    return connected, own_id


def credentials(name: str) -> bytes:
    """The packet by which a client introduces itself."""
    return DataPacket(PacketType.MY_CREDENTIALS, text_a="bench", text_b="1.0", text_150=name).encode()


def announce_file(pair: Pair, size: int) -> int:
    """Send the start of a file and receive it; returns the FileID under which it passes.

    Raises:
        ProtocolBrokenError: It did not arrive.
        OSError: The connection broke.
    """
    pair.sending.sendall(_file_packet(PacketType.FILE_START, pair, size))
    return FileStartPacket.decode(skip_until(pair.receiving, PacketType.FILE_START, pair.sender)).file_id


def finish_file(pair: Pair, size: int) -> None:
    """Send the end of a file; it must be the very next packet that the receiver gets.

    Raises:
        ProtocolBrokenError: It is not, so something else arrived than was sent.
        OSError: The connection broke.
    """
    pair.sending.sendall(_file_packet(PacketType.FILE_END, pair, size))
    packet_type = type_of(receive_packet(pair.receiving))
    if packet_type != PacketType.FILE_END:
        raise ProtocolBrokenError(f"After all chunks came packet type {packet_type}, not the end of the file.")


def skip_until(connected: socket.socket, packet_type: PacketType, sender: int) -> bytes:
    """Receive packets until one of this type from this sender comes, and return it.

    Raises:
        ProtocolBrokenError: It does not come.
        OSError: The connection broke.
    """
    layout = Layout.FILE_START if packet_type == PacketType.FILE_START else Layout.DATA
    for _ in range(_MOST_PACKETS_BEFORE):
        packet = receive_packet(connected)
        if type_of(packet) == packet_type and sender_of(packet, layout) == sender:
            return packet
    raise ProtocolBrokenError(f"The relay did not send packet type {packet_type} from {sender}.")


def receive_packet(connected: socket.socket) -> bytes:
    """The next packet.

    Raises:
        ProtocolBrokenError: The connection was closed.
        OSError: It broke, or nothing came for PATIENCE_SECONDS.
    """
    packet = b""
    while len(packet) < PACKET_SIZE:
        data = connected.recv(PACKET_SIZE - len(packet))
        if not data:
            raise ProtocolBrokenError("The relay closed a connection.")
        packet += data
    return packet


def _connected(port: int) -> socket.socket:
    connected = socket.create_connection((HOST, port), PATIENCE_SECONDS)
    connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connected


def _file_packet(packet_type: PacketType, pair: Pair, size: int) -> bytes:
    return FileStartPacket(packet_type, pair.recipient, pair.sender, pair.sender, size, "bench.bin").encode()
