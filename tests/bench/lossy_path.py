"""A path between two network devices on which packets take their time and some are lost; a process of its own.

Does what `tc netem` does, and needs no module of the kernel but that for TUN devices: it makes both, which whoever
started it puts into two network namespaces. Owns both devices: they are gone when it ends, which it does with its
standard input. Must never change a packet or their order. Linux, as root. The main thread.
"""

import contextlib
import fcntl
import os
import random
import selectors
import struct
import sys
import time
from collections import deque

ROUND_TRIP_SECONDS = 0.02
LOSS = 0.01
"""Of the packets of each direction."""

_TUNSETIFF, _IFF_TUN, _IFF_NO_PI = 0x400454CA, 0x0001, 0x1000
_LARGEST = 65536
_SEED = 5


class Direction:
    """Packets from one device to the other.

    Args:
        chance: Decides what is lost; a number from 0 to 1 each time.
    """

    def __init__(self, chance: random.Random, seconds: float = ROUND_TRIP_SECONDS / 2, loss: float = LOSS) -> None:
        self._chance = chance
        self._seconds = seconds
        self._loss = loss
        self._under_way: deque[tuple[float, bytes]] = deque()

    def receive(self, packet: bytes, now: float) -> None:
        """Take a packet, or lose it."""
        if self._chance.random() >= self._loss:
            self._under_way.append((now + self._seconds, packet))

    def due(self, now: float) -> list[bytes]:
        """The packets that have arrived, in their order."""
        arrived = []
        while self._under_way and self._under_way[0][0] <= now:
            arrived.append(self._under_way.popleft()[1])
        return arrived

    @property
    def next_due(self) -> float | None:
        """When the next one arrives; None while none is under way."""
        return self._under_way[0][0] if self._under_way else None


def main(names: list[str]) -> None:
    """Make the devices, and carry packets between them until the standard input ends."""
    devices = [_make_device(name) for name in names]
    chance = random.Random(_SEED)
    directions = {devices[0]: Direction(chance), devices[1]: Direction(chance)}
    others = {devices[0]: devices[1], devices[1]: devices[0]}
    with selectors.DefaultSelector() as selector:
        for readable in (*devices, sys.stdin):
            selector.register(readable, selectors.EVENT_READ)
        print("ready", flush=True)
        while True:
            dues = [direction.next_due for direction in directions.values()]
            first = min((due for due in dues if due is not None), default=None)
            timeout = None if first is None else max(0.0, first - time.monotonic())
            for key, _ in selector.select(timeout):
                if key.fileobj is sys.stdin:
                    return
                directions[key.fd].receive(os.read(key.fd, _LARGEST), time.monotonic())
            for device, direction in directions.items():
                for packet in direction.due(time.monotonic()):
                    with contextlib.suppress(OSError):  # A device that is not up takes none: they are lost.
                        os.write(others[device], packet)


def _make_device(name: str) -> int:
    device = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(device, _TUNSETIFF, struct.pack("16sH22x", name.encode("ascii"), _IFF_TUN | _IFF_NO_PI))
    return device


if __name__ == "__main__":
    main(sys.argv[1:])
