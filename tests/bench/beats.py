"""What the beats of a window tell: how long its thread was held up, longest and 99th percentile.

Owns how lateness is got from the times of the beats. Must never measure. Pure: any thread.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

BEAT_SECONDS = 0.01
"""How soon after one beat the next one is due."""


@dataclass(frozen=True, slots=True)
class Stalls:
    """How late beats came, in seconds.

    Attributes:
        percentile: 99 of 100 beats were not later than this.
        busiest: Most processor time that the thread itself used from one beat to the next. A stall far above it was
            spent waiting: for a processor, or for another thread of the window's process.
    """

    longest: float
    percentile: float
    busiest: float
    beats: int


def stalls_of(times: Sequence[float], used: Sequence[float]) -> Stalls:
    """How late each beat came after the one before it.

    Args:
        times: Seconds on a monotonic clock, at least two.
        used: Processor seconds of the thread at each of them.

    Raises:
        ValueError: There are fewer.
    """
    late = sorted(max(0.0, after - before - BEAT_SECONDS) for before, after in pairwise(times))
    if not late:
        raise ValueError("the window had no two beats")
    busiest = max(after - before for before, after in pairwise(used))
    return Stalls(late[-1], late[-(-len(late) * 99 // 100) - 1], busiest, len(late))
