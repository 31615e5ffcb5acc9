"""Frames of one to many: encrypted, and through a hub that does not encrypt, in turn.

Owns this measurement and its report. Must never compare figures of different runs. The main thread holds all clients;
the hubs are processes of their own.
"""

import time

from commonlib.wire.messages import Command, encode_message
from tests.bench.children import running_hub, running_module
from tests.bench.figures import Requirement, number, ratio, summed_up, table
from tests.bench.members import Kind, Member, Members, make_identities
from tests.bench.wire_arrivals import AT_ONCE
from tests.bench.wire_limits import RAISED

FRAME_BYTES = 200
LEAST_TIMES = 0.35

_HEAD = ("deliveries/s", "median", "min", "max", "× in the clear")
_QUIET_SECONDS = 0.5


def run(recipients: int, frames: int, rounds: int) -> list[Requirement]:
    """Measure so many frames in each round; print, and return how the requirement stands.

    Raises:
        ProtocolBrokenError: The hub did not do what the protocol says.
        OSError: A connection broke.
    """
    identities = make_identities(recipients)
    encrypted: list[float] = []
    clear: list[float] = []
    with (
        running_hub(*RAISED) as hub,
        running_module("clear_hub") as clear_hub,
        Members(hub.port, Kind.HUB, identities) as through_tls,
        Members(clear_hub.port, Kind.HUB_IN_THE_CLEAR, identities) as in_the_clear,
    ):
        for members in (through_tls, in_the_clear):
            members.grow(recipients, AT_ONCE)
            members.read_until_quiet(_QUIET_SECONDS)
            _time_to_everyone(members, frames)
        for _ in range(rounds):
            for members, rates in ((through_tls, encrypted), (in_the_clear, clear)):
                through_tls.stay_alive()
                in_the_clear.stay_alive()
                rates.append(recipients * frames / _time_to_everyone(members, frames))
    rows = []
    for name, rates in (("TLS", encrypted), ("in the clear", clear)):
        rate = summed_up(rates)
        figures = [number(value) for value in (rate.median, rate.least, rate.most)]
        rows.append([name, *figures, number(ratio(rates, clear), 2)])
    title = f"{frames} frames of {FRAME_BYTES} bytes to {recipients:,} clients, in each of {rounds} rounds"
    print(f"{title}\n{table(_HEAD, rows)}\n")
    what = f"{FRAME_BYTES}-byte frames to {recipients:,} clients, TLS / in the clear"
    return [Requirement(what, ratio(encrypted, clear), LEAST_TIMES, at_least=True, unit=" ×")]


def frame_of(size: int, to: int) -> bytes:
    """A command that takes so many bytes with its header."""
    empty = len(encode_message(Command(number=17, payload=b"x"), to=to)) - 1
    return encode_message(Command(number=17, payload=bytes(size - empty)), to=to)


def _time_to_everyone(members: Members, frames: int) -> float:
    """Seconds from the first client's sending until everybody, it too, has received all frames."""
    missing = len(members.members) * frames * FRAME_BYTES

    def came(_: Member, plaintext: bytes) -> None:
        nonlocal missing
        missing -= len(plaintext)

    started = time.perf_counter()
    members.members[0].say(frame_of(FRAME_BYTES, to=0) * frames)
    while missing > 0:
        members.read_once(came)
    return time.perf_counter() - started
