"""`classic`: files through the hub, through the naive relay, and over a direct socket, in turn.

Owns the order of the rounds and the report. Must never compare figures of different runs. The main thread; the hub and
the naive relay are processes of their own, and this one is the load generator.
"""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tests.bench.children import Child, running_hub, running_module
from tests.bench.chunks import BLOCK_BYTES, BLOCK_PACKETS
from tests.bench.ends import Pair, direct_pairs, pairs_through
from tests.bench.figures import Requirement, number, ratio, summed_up, table
from tests.bench.machine import look_at
from tests.bench.transfer import transfer

TIMES_NAIVE = 8.0
TIMES_DIRECT = 0.4
_PROOF_BLOCKS = 16
_MEGABYTE = 1e6
_GIBIBYTE = 1 << 30


@dataclass(frozen=True, slots=True)
class Way:
    """A way between the two ends; without a process it is the direct socket."""

    name: str
    relay: Child | None

    @contextlib.contextmanager
    def pairs(self, count: int) -> Iterator[list[Pair]]:
        """So many pairs that are connected by it."""
        with direct_pairs(count) if self.relay is None else pairs_through(self.relay.port, count) as pairs:
            yield pairs


@dataclass(slots=True)
class Measured:
    """What the rounds gave for one way.

    Attributes:
        rates: Bytes per second, by round.
        processor: Seconds of the relay's process per GiB, by round.
    """

    rates: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)


def run(mebibytes: int, rounds: int, pair_counts: Sequence[int]) -> list[Requirement]:
    """Measure and print; returns how the requirements stand.

    Args:
        mebibytes: How much is relayed in each round, by all pairs together.
    """
    requirements = []
    with running_hub() as hub, running_module("naive_relay") as naive:
        ways = (Way("hub", hub), Way("naive relay", naive), Way("direct socket", None))
        for count in pair_counts:
            blocks = max(mebibytes * (1 << 20) // BLOCK_BYTES // count, 1)
            for way in ways:
                with way.pairs(count) as pairs:
                    transfer(pairs, _PROOF_BLOCKS, thorough=True)
            measured = [Measured() for _ in ways]
            for _ in range(rounds):
                for way, figures in zip(ways, measured, strict=True):
                    _measure(way, count, blocks, figures)
            print(_report(count, blocks, rounds, ways, measured))
            hub_rates, naive_rates, direct_rates = (figures.rates for figures in measured)
            requirements += [
                Requirement(f"{_pairs(count)}, hub / naive", ratio(hub_rates, naive_rates), TIMES_NAIVE, True, " ×"),
                Requirement(f"{_pairs(count)}, hub / direct", ratio(hub_rates, direct_rates), TIMES_DIRECT, True, " ×"),
            ]
    return requirements


def _measure(way: Way, count: int, blocks: int, figures: Measured) -> None:
    size = count * blocks * BLOCK_BYTES
    with way.pairs(count) as pairs:
        before = None if way.relay is None else look_at(way.relay.pid).processor_seconds
        seconds = transfer(pairs, blocks)
        after = None if way.relay is None else look_at(way.relay.pid).processor_seconds
    figures.rates.append(size / seconds)
    if before is not None and after is not None:
        figures.processor.append((after - before) * _GIBIBYTE / size)


def _report(count: int, blocks: int, rounds: int, ways: Sequence[Way], measured: Sequence[Measured]) -> str:
    rows = []
    for way, figures in zip(ways, measured, strict=True):
        rate = summed_up(figures.rates)
        processor = summed_up(figures.processor).median if figures.processor else None
        rows.append(
            [
                way.name,
                *(number(value / _MEGABYTE) for value in (rate.median, rate.least, rate.most)),
                number(rate.median / BLOCK_BYTES * BLOCK_PACKETS),
                *(number(ratio(figures.rates, others.rates), 2) for others in measured[1:]),
                number(processor, 2),
            ]
        )
    head = ("MB/s", "median", "min", "max", "packets/s", "× naive", "× direct", "CPU s per GiB")
    mebibytes = count * blocks * BLOCK_BYTES >> 20
    return f"{_pairs(count)}, {mebibytes} MiB in each of {rounds} rounds\n{table(head, rows)}\n"


def _pairs(count: int) -> str:
    return "1 pair" if count == 1 else f"{count} pairs"
