"""One way between two clients through the hub: its two sockets, and the bytes that pass between them.

Owns both sockets until both directions have ended. Must never look into the bytes, nor keep more of them than the
two buffers. Each half is carried by the arrival's thread that it came with; `end` may be called by any thread.

Where one half has ended, what it sent still goes to the other one, whose end is waited for: to close a socket on which
something unread waits would destroy what is on its way.
"""

import socket
import threading

from commonlib.storage.giving_way import give_way
from commonlib.wire.way_messages import Role
from tcpipserver.hub.effects import OpenWay
from tcpipserver.net.clock import Clock

SILENT_SECONDS = 60.0
"""A half from which nothing came for so long, or that took nothing, is dead: both clients ping each other."""
_BUFFER_BYTES = 1 << 20
"""For each direction. A smaller one costs turns of the interpreter, which people who talk have to wait for."""
_LOOK_SECONDS = 2.0
"""So often a thread that waits for a socket looks whether it still should."""


class _OverError(Exception):
    """The relay is to end, or has been silent for too long. Stays inside this module."""


class Relay:
    """One way, from its first half on.

    Attributes:
        way: Whose it is.
        passed: Bytes that it has moved, by the end from which they came.
        is_joined: Whether both halves have come.
    """

    def __init__(self, way: OpenWay, clock: Clock) -> None:
        self.way = way
        self.passed = dict.fromkeys(Role, 0)
        self.is_joined = False
        self._clock = clock
        self._changed = threading.Condition()
        self._halves: dict[Role, socket.socket] = {}
        self._is_over = False
        self._ended: set[Role] = set()
        # Once one direction has ended the other may take so long.
        self._until = float("inf")

    def join(self, role: Role, half: socket.socket, seconds: float) -> bool:
        """One half is here: wait so many seconds for the other; whether both are here now."""
        half.settimeout(_LOOK_SECONDS)  # Before the other half may send on it.
        with self._changed:
            self._halves[role] = half
            self.is_joined = len(self._halves) == len(Role) and not self._is_over
            self._changed.notify_all()
            if not self._changed.wait_for(lambda: self.is_joined or self._is_over, seconds):
                self._is_over = True  # Who comes from now on would be alone.
            return self.is_joined

    def carry(self, role: Role, unread: bytes) -> None:
        """Move what this half sends to the other one, and return when both directions have ended.

        The calling thread gives way to others for good.

        Args:
            unread: What it has sent behind its RelayJoin, as far as that has been read.
        """
        give_way()
        source, target = self._halves[role], self._halves[role.other]
        buffer = memoryview(bytearray(_BUFFER_BYTES))
        try:
            self._move(role, source, target, memoryview(unread), buffer)
            self._end_direction(role, target)
            self._drain(source, buffer)
        except _OverError:
            self.end()
            self._end_direction(role, target)
        with self._changed:
            self._changed.wait_for(lambda: len(self._ended) == len(Role))

    def end(self) -> None:
        """End both halves now, or let go of the one that is alone."""
        with self._changed:
            self._is_over = True
            self._until = 0.0
            self._changed.notify_all()
            for half in self._halves.values():
                try:
                    half.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass  # It has gone by itself, or its thread was faster.

    def _move(
        self, role: Role, source: socket.socket, target: socket.socket, unread: memoryview, buffer: memoryview
    ) -> None:
        try:
            self._send(target, unread, role)
            while size := self._receive(source, buffer):
                self._send(target, buffer[:size], role)
        except OSError:
            pass  # One of the two has gone: the other one is told so by his socket's end.

    def _drain(self, source: socket.socket, buffer: memoryview) -> None:
        """Take what nobody takes any more, until its sender has ended, too."""
        try:
            while self._receive(source, buffer):
                pass
        except OSError:
            pass  # He has ended.

    def _end_direction(self, role: Role, target: socket.socket) -> None:
        with self._changed:
            self._until = min(self._until, self._clock.now() + SILENT_SECONDS)
        try:
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # It has gone.
        with self._changed:
            self._ended.add(role)
            self._changed.notify_all()

    def _receive(self, source: socket.socket, buffer: memoryview) -> int:
        began = self._clock.now()
        while True:
            self._check(began)
            try:
                return source.recv_into(buffer)
            except TimeoutError:
                pass

    def _send(self, target: socket.socket, data: memoryview, role: Role) -> None:
        began = self._clock.now()
        while data:
            self._check(began)
            try:
                sent = target.send(data)
            except TimeoutError:
                continue
            self.passed[role] += sent
            data = data[sent:]
            began = self._clock.now()

    def _check(self, began: float) -> None:
        """Whether to wait on; raises _OverError."""
        now = self._clock.now()
        if now >= self._until or now - began >= SILENT_SECONDS:
            raise _OverError
