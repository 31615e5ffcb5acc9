"""What clients who say nothing cost the hub: time to arrive, memory, threads, descriptors.

Owns this measurement and its report. Must never count what an empty hub needs anyway: a hub that has served somebody is
looked at first. The main thread; each hub is a process of its own.
"""

from collections.abc import Sequence

from commonlib.classic.packet import PACKET_SIZE
from tests.bench.children import running_hub
from tests.bench.figures import Requirement, number, table
from tests.bench.gathering import Gathering, packets_until_all_know
from tests.bench.settling import kibibytes_each, mebibytes, more_threads, settled, warmed_up
from tests.bench.wire_limits import RAISED

MOST_KIBIBYTES = 8.0
"""Memory of the hub for one idle client."""

_HEAD = (
    *("clients", "s to arrive", "MB told", "KiB each", "MiB before", "then"),
    *("threads before", "then", "descriptors before", "then"),
)


def run(crowds: Sequence[int]) -> list[Requirement]:
    """Measure so many clients, in turn, each time on a new hub; print, and return how the requirements stand.

    Raises:
        ProtocolBrokenError: The hub did not do what the protocol says.
        OSError: A connection broke.
    """
    rows, requirements = [], []
    for count in crowds:
        with running_hub(*RAISED) as hub:
            empty = warmed_up(hub)
            with Gathering(hub.port) as gathering:
                seconds = gathering.grow(count)
                full = settled(hub)
        memory = kibibytes_each(empty, full, count)
        told = packets_until_all_know(count) * PACKET_SIZE / 1e6
        row = [number(count), number(seconds, 2), number(told), number(memory, 2), mebibytes(empty), mebibytes(full)]
        row += [number(figures.threads) for figures in (empty, full)]
        row += [number(figures.descriptors) for figures in (empty, full)]
        rows.append(row)
        clients = f"{count:,} idle clients"
        requirements += [
            Requirement(f"{clients}, memory for each", memory, MOST_KIBIBYTES, at_least=False, unit=" KiB"),
            Requirement(f"{clients}, threads for them", more_threads(empty, full), 0, at_least=False),
        ]
    print(f"Clients who say nothing\n{table(_HEAD, rows)}\n")
    return requirements
