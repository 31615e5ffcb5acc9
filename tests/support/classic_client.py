"""A bare client of the classic wire on a real socket, for holding the hub against what it ought to send.

Owns one socket and what was read from it. It must never use the client's package: what both got wrong alike would not
show. Every wait ends at a deadline. Thread: the test's own; sending and receiving may be on two.
"""

import itertools
import socket
import struct
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from commonlib.classic.cutter import PacketCutter
from commonlib.classic.layouts import DataPacket
from commonlib.classic.packet import PACKET_SIZE, PacketType, type_of
from commonlib.classic.texts import split_text

SECONDS = 20.0
"""How long anything is waited for; a test that comes here fails."""
ECHO = 40_000
"""The command that `echo` sends to itself."""
_CHUNK = 256 << 10
_SECONDS_OF_A_TRY = 0.05
_MOST_SENT = 128 << 20


class ClassicClient:
    """One client.

    Attributes:
        id: As the greeting gave it; 0 before.
        packets: Every packet received so far, those of `wait_for` included.
    """

    def __init__(self, port: int, host: str = "127.0.0.1", receive_buffer: int | None = None) -> None:
        self.socket = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
        if receive_buffer is not None:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            self.socket.connect((host, port))
        except OSError:
            self.socket.close()
            raise
        self.id = 0
        self.packets: list[bytes] = []
        self._cutter = PacketCutter()
        self._looked_at = 0
        self._numbers = itertools.count(1)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    # Arriving and leaving

    def greet(self) -> DataPacket:
        """Read the greeting, and note the id that it gives."""
        greeting = DataPacket.decode(self.wait_for(PacketType.REQUEST_CREDENTIALS))
        self.id = greeting.id_to
        return greeting

    def register(self, name: str) -> Self:
        """Read the greeting, introduce oneself, and wait until one is registered."""
        self.greet()
        self.send(credentials(name))
        self.wait_for(PacketType.REGISTERED, lambda packet: DataPacket.decode(packet).id_from == self.id)
        return self

    def shut(self) -> None:
        """Say that nothing more will be sent."""
        self.socket.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        """Go without a word."""
        self.socket.close()

    def reset(self) -> None:
        """Go as one whose cable was pulled: what is on its way is lost, and the other side sees an error."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    # Sending

    def send(self, data: bytes) -> None:
        """Send all of it; raises TimeoutError when the hub takes no more for so long."""
        self.socket.sendall(data)

    def send_until(self, condition: Callable[[], bool], data: bytes) -> int:
        """Send this again and again, in whatever pieces the hub takes it, until the condition holds; returns the bytes.

        What is sent last may be cut anywhere. Raises AssertionError when it does not come to that.
        """
        taken, deadline = 0, time.monotonic() + SECONDS
        self.socket.settimeout(_SECONDS_OF_A_TRY)
        try:
            while not condition():
                assert time.monotonic() < deadline, f"{taken} bytes were taken, and still nothing has happened"
                assert taken < _MOST_SENT, "the hub takes more and more"
                try:
                    taken += self.socket.send(memoryview(data)[taken % len(data) :])
                except TimeoutError:
                    continue
            return taken
        finally:
            self.socket.settimeout(SECONDS)

    def send_rest(self, data: bytes, taken: int) -> int:
        """Send what `send_until` left of the last repetition; returns how many were sent in all."""
        rest = -taken % len(data)
        self.send(data[len(data) - rest :])
        return (taken + rest) // len(data)

    def say(self, text: str, to: int, numbers: tuple[int, int] = (0, 0)) -> None:
        """Send a text."""
        self.send(split_text(text, id_to=to, numbers=numbers))

    def echo(self) -> None:
        """Send oneself a packet through the hub and wait for it: whether the hub works for us."""
        number = next(self._numbers)
        self.send(DataPacket(ECHO, id_to=self.id, longs=(number,)).encode())
        self.wait_for(ECHO, lambda packet: DataPacket.decode(packet).long(1) == number)

    # Receiving

    def wait_for(self, packet_type: int, condition: Callable[[bytes], bool] = lambda _: True) -> bytes:
        """The next packet of a type, behind the one that was waited for last, for which the condition holds.

        Raises:
            AssertionError: It does not come in time, or the hub ends the connection before.
        """
        deadline = time.monotonic() + SECONDS
        while True:
            while self._looked_at < len(self.packets):
                packet = self.packets[self._looked_at]
                self._looked_at += 1
                if type_of(packet) == packet_type and condition(packet):
                    return packet
            assert self._receive(deadline), f"the hub ended the connection before a packet of type {packet_type} came"

    def wait_for_end(self) -> None:
        """Read on until the hub has ended the connection, in order or not."""
        deadline = time.monotonic() + SECONDS
        try:
            while self._receive(deadline):
                pass
        except ConnectionError:
            pass

    def take(self, packet_type: int, count: int) -> list[bytes]:
        """Wait for so many packets of a type, and keep none of them; what came between them can still be waited for."""
        taken = [self.wait_for(packet_type) for _ in range(count)]
        seen, rest = self.packets[: self._looked_at], self.packets[self._looked_at :]
        self.packets = [packet for packet in seen if type_of(packet) != packet_type] + rest
        self._looked_at = 0
        return taken

    def count(self, packet_type: int) -> int:
        """How many packets of this type are among those read so far."""
        return sum(type_of(packet) == packet_type for packet in self.packets)

    def has_received(self, packet_type: int) -> bool:
        """Whether one of this type is."""
        return self.count(packet_type) > 0

    def _receive(self, deadline: float) -> bool:
        left = deadline - time.monotonic()
        assert left > 0, f"nothing of what is waited for came within {SECONDS:.0f} seconds"
        self.socket.settimeout(left)
        data = self.socket.recv(_CHUNK)
        block = self._cutter.receive_data(data)
        self.packets += [block[offset : offset + PACKET_SIZE] for offset in range(0, len(block), PACKET_SIZE)]
        return bool(data)


def credentials(name: str, computer: str = "desk", version: str = "1.0") -> bytes:
    """The packet with which a client introduces itself."""
    return DataPacket(PacketType.MY_CREDENTIALS, text_150=name, text_a=computer, text_b=version).encode()
