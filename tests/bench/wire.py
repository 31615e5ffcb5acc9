"""`wire`: what encryption and proving cost: arrivals, one to many, pairs, and clients who say nothing.

Owns the order of the four measurements. Must never measure itself. The main thread.
"""

from collections.abc import Sequence

from tests.bench import wire_arrivals, wire_fan_out, wire_idle, wire_pairs
from tests.bench.figures import Requirement
from tests.bench.machine import raise_descriptor_limit
from tests.bench.wire_limits import raised_limits_line

_OWN_DESCRIPTORS = 100


def run(crowds: Sequence[int], recipients: int, frames: int, pairs: int, rounds: int) -> list[Requirement]:
    """Measure and print; returns how the requirements stand.

    Args:
        crowds: How many idle clients, in turn.
        recipients: How many clients arrive in a round, and how many hear the frames that are sent to all.
        frames: How many such frames in a round, and how many for each pair.
        pairs: How many pairs write to each other.
        rounds: Rounds of each.
    """
    print(raise_descriptor_limit(max(*crowds, 2 * recipients) + _OWN_DESCRIPTORS))
    print(raised_limits_line(), end="\n\n")
    requirements = wire_arrivals.run(recipients, rounds)
    requirements += wire_fan_out.run(recipients, frames, rounds)
    wire_pairs.run(pairs, frames, rounds)
    return [*requirements, *wire_idle.run(crowds)]
