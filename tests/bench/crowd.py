"""`crowd`: what many clients cost who say nothing, one packet to all of them, and whether memory comes back.

Owns the order of the three measurements. Must never measure itself. The main thread.
"""

from collections.abc import Sequence

from tests.bench import fan_out, idle, visits
from tests.bench.figures import Requirement
from tests.bench.machine import raise_descriptor_limit

_OWN_DESCRIPTORS = 100


def run(crowds: Sequence[int], recipients: int, packets: int, rounds: int, visit_count: int) -> list[Requirement]:
    """Measure and print; returns how the requirements stand.

    Args:
        crowds: How many idle clients, in turn.
        recipients: How many clients hear the packet that is sent to all; as many come and leave.
        packets: How often that packet is sent in a round.
        rounds: Rounds of the hub and of the loop of sendall.
        visit_count: How often clients come and leave.
    """
    print(raise_descriptor_limit(max(*crowds, 2 * recipients) + _OWN_DESCRIPTORS), end="\n\n")
    return [*idle.run(crowds), *fan_out.run(recipients, packets, rounds), *visits.run(recipients, visit_count)]
