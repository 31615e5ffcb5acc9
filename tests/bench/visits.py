"""Whether the hub's memory comes back: many clients come and leave, again and again.

Owns this measurement and its report. Must never take the first visits for growth: they set how much a busy hub keeps.
The main thread; the hub is a process of its own.
"""

from tests.bench.children import running_hub
from tests.bench.figures import Requirement, number, table
from tests.bench.gathering import Gathering
from tests.bench.machine import ProcessFigures
from tests.bench.settling import kibibytes_each, mebibytes, more_threads, settled, wait_until_gone, warmed_up
from tests.bench.wire_limits import RAISED

MOST_KIBIBYTES_LEFT = 0.5
"""Memory that may stay for one client who came and left. His id is remembered for a while; whatever else a hub could
keep of him by mistake is larger."""

_HEAD = ("visit", "s to arrive", "MiB while there", "MiB afterwards", "threads afterwards", "descriptors afterwards")


def run(clients: int, visits: int) -> list[Requirement]:
    """Let so many clients come and leave so often; print, and return how the requirements stand.

    Raises:
        ProtocolBrokenError: The hub did not do what the protocol says.
        OSError: A connection broke.
    """
    rows = []
    left: list[ProcessFigures] = []
    with running_hub(*RAISED) as hub:
        empty = warmed_up(hub)
        if empty.resident is None:
            print("This system does not tell how much memory a process has, so nobody comes and leaves.\n")
            return []
        with Gathering(hub.port) as gathering:
            for visit in range(1, visits + 1):
                seconds = gathering.grow(clients)
                full = settled(hub)
                gathering.leave()
                wait_until_gone(hub, full, clients)
                left.append(settled(hub))
                row = [number(visit), number(seconds, 2), mebibytes(full), mebibytes(left[-1])]
                rows.append([*row, number(left[-1].threads), number(left[-1].descriptors)])
    print(f"{clients:,} clients come and leave, {visits} times")
    print(f"Before the first: {mebibytes(empty)} MiB, {empty.threads} threads, {empty.descriptors} descriptors")
    print(f"{table(_HEAD, rows)}\n")
    middle = visits // 2
    growth = kibibytes_each(left[middle - 1], left[-1], clients * (visits - middle))
    what = "Memory left by each client of the second half of visits"
    return [
        Requirement(what, growth, MOST_KIBIBYTES_LEFT, at_least=False, unit=" KiB"),
        Requirement("Threads left by all visits", more_threads(empty, left[-1]), 0, at_least=False),
    ]
