"""Frames between pairs of clients through the hub, encrypted on both sides.

Owns this measurement and its report. Must never bound it: it is printed to be known. The main thread holds all clients;
the hub is a process of its own.
"""

import time

from tests.bench.children import running_hub
from tests.bench.figures import number, summed_up, table
from tests.bench.members import Kind, Member, Members, make_identities
from tests.bench.wire_arrivals import AT_ONCE
from tests.bench.wire_fan_out import FRAME_BYTES, frame_of
from tests.bench.wire_limits import RAISED

_HEAD = ("frames/s", "median", "min", "max")
_QUIET_SECONDS = 0.5


def run(pairs: int, frames: int, rounds: int) -> None:
    """Measure so many frames for each pair in each round, and print.

    Raises:
        ProtocolBrokenError: The hub did not do what the protocol says.
        OSError: A connection broke.
    """
    rates = []
    with running_hub(*RAISED) as hub, Members(hub.port, Kind.HUB, make_identities(2 * pairs)) as members:
        members.grow(2 * pairs, AT_ONCE)
        members.read_until_quiet(_QUIET_SECONDS)
        for _ in range(rounds):
            members.stay_alive()
            rates.append(pairs * frames / _time_of_all(members, frames))
    rate = summed_up(rates)
    row = ["TLS", *(number(value) for value in (rate.median, rate.least, rate.most))]
    print(f"{pairs} pairs, {frames} frames of {FRAME_BYTES} bytes each in each of {rounds} rounds")
    print(f"{table(_HEAD, [row])}\n")


def _time_of_all(members: Members, frames: int) -> float:
    """Seconds until the second of each pair has all that the first sent."""
    sending, receiving = members.members[::2], members.members[1::2]
    missing = len(receiving) * frames * FRAME_BYTES

    def came(_: Member, plaintext: bytes) -> None:
        nonlocal missing
        missing -= len(plaintext)

    started = time.perf_counter()
    for sender, recipient in zip(sending, receiving, strict=True):
        sender.say(frame_of(FRAME_BYTES, to=recipient.id) * frames)
    while missing > 0:
        members.read_once(came)
    return time.perf_counter() - started
