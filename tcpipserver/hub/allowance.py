"""How often somebody may do something: many times at once, and then so often a second.

Owns the counting. Must never decide what becomes of one who does it more often. Pure: run by the dispatcher thread
alone.
"""

from dataclasses import dataclass

_FILES_AT_ONCE = 2000.0
"""An offer and a way to each of a thousand people."""
_FILES_PER_SECOND = 200.0


@dataclass(slots=True)
class Allowance:
    """What one may do.

    Attributes:
        most: So often at once, after having rested.
        per_second: So often in the long run.
        left: So often at `counted_at`, monotonic seconds.
    """

    most: float
    per_second: float
    left: float
    counted_at: float = 0.0

    def maybe_spend(self, now: float) -> bool:
        """Do it once more; whether that is allowed. `now` is monotonic seconds."""
        self.left = min(self.left + max(now - self.counted_at, 0.0) * self.per_second, self.most)
        self.counted_at = now
        if self.left < 1.0:
            return False
        self.left -= 1.0
        return True


def about_files() -> Allowance:
    """How often a member may say something about files: each is work for the hub, and more for another one."""
    return Allowance(_FILES_AT_ONCE, _FILES_PER_SECOND, _FILES_AT_ONCE)
