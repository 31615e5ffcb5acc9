"""A bad cable between two machines that do not exist: packets come late, and some never.

Owns two tunnel interfaces, each in a namespace of its own, and the thread that carries packets between them. It does in
a program what the kernel's own emulation of networks does, which is not there on every machine. Must never carry
anything else. Needs the rights of root. Threads: the test's own, and one for the wire.
"""

import ctypes
import fcntl
import heapq
import os
import random
import select
import struct
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from tests.support.namespaces import Machine

LARGEST_PACKET = 2048
MOST_WAITING = 2000
"""Packets on their way in one direction; what comes on top is lost, as in any queue of a router."""

_SET_INTERFACE = 0x400454CA
_TUN_WITHOUT_HEADER = 0x1001
_NEW_NETWORK = 0x40000000
_NAME = "bad0"


@dataclass(frozen=True, slots=True)
class Badness:
    """What the wire does to each packet.

    Attributes:
        delay: Seconds on the way, in each direction.
        loss: Share of packets that never come, 0 to 1.
        seed: Of the choice which.
    """

    delay: float
    loss: float
    seed: int = 1


@contextmanager
def lossy_wire(one: Machine, other: Machine, badness: Badness) -> Iterator[tuple[str, str]]:
    """Join two machines by a further wire; gives their addresses on it, until the block ends."""
    addresses = ("10.98.1.1", "10.98.1.2")
    with ExitStack() as stack:
        ends = []
        for machine, own, far in ((one, addresses[0], addresses[1]), (other, addresses[1], addresses[0])):
            end = _open_tunnel(machine)
            stack.callback(os.close, end)
            ends.append(end)
            for command in (["address", "add", own, "peer", far, "dev", _NAME], ["link", "set", _NAME, "up"]):
                subprocess.run([*machine.prefix, "ip", *command], check=True, capture_output=True, timeout=20)
        reading, writing = os.pipe()
        stack.callback(os.close, reading)
        thread = threading.Thread(target=_carry, args=(ends[0], ends[1], badness, reading), name="wire")
        thread.start()
        stack.callback(thread.join)
        stack.callback(os.close, writing)
        yield addresses


def _open_tunnel(machine: Machine) -> int:
    """A descriptor for a new tunnel interface of a machine."""
    libc = ctypes.CDLL(None, use_errno=True)
    here = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
    there = os.open(f"/run/netns/{machine.namespace}", os.O_RDONLY)
    try:
        if libc.setns(there, _NEW_NETWORK):
            raise OSError(ctypes.get_errno(), "the namespace cannot be entered")
        try:
            end = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
            fcntl.ioctl(end, _SET_INTERFACE, struct.pack("16sH22x", _NAME.encode(), _TUN_WITHOUT_HEADER))
        finally:
            libc.setns(here, _NEW_NETWORK)
    finally:
        os.close(here)
        os.close(there)
    return end


def _carry(one: int, other: int, badness: Badness, until_closed: int) -> None:
    """Carry packets both ways until the pipe's other end is closed."""
    chance = random.Random(badness.seed)
    far = {one: other, other: one}
    waiting: dict[int, list[tuple[float, int, bytes]]] = {one: [], other: []}
    number = 0
    while True:
        now = time.monotonic()
        for end, packets in waiting.items():
            while packets and packets[0][0] <= now:
                _put(end, heapq.heappop(packets)[2])
        due = min((packets[0][0] for packets in waiting.values() if packets), default=None)
        patience = None if due is None else max(0.0, due - time.monotonic())
        ready, _, _ = select.select([one, other, until_closed], [], [], patience)
        if until_closed in ready:
            return
        for end in ready:
            packets = waiting[far[end]]
            for packet in _taken(end):
                number += 1
                if chance.random() >= badness.loss and len(packets) < MOST_WAITING:
                    heapq.heappush(packets, (time.monotonic() + badness.delay, number, packet))


def _taken(end: int) -> Iterator[bytes]:
    """Some of the packets that wait at an end."""
    for _ in range(64):
        try:
            yield os.read(end, LARGEST_PACKET)
        except BlockingIOError:
            return


def _put(end: int, packet: bytes) -> None:
    try:
        os.write(end, packet)
    except OSError:
        pass  # The interface is full or down: the packet is lost.
