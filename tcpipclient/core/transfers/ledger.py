"""What has become of a batch's entries, over all the connections that it took.

Owns the sums. Must never count an entry twice: each connection tells anew of all that it was made for, and what one
before it has saved as saved. Pure: a Ledger belongs to one batch.
"""

from commonlib.transfer.states import Tally


class Ledger:
    """Of one batch."""

    def __init__(self) -> None:
        self._settled = Tally()
        self._open = Tally()

    def lose(self, tally: Tally) -> None:
        """A connection broke; so much of what it was made for was settled on it, maybe less than on one before it."""
        if tally.settled >= self._open.settled:
            self._open = tally

    def settle(self, tally: Tally, *, is_whole: bool = True) -> None:
        """A connection came to its end; with `is_whole` all that it was made for is settled."""
        if not is_whole:
            self.lose(tally)
            tally = self._open
        self._settled = _sum_of(self._settled, tally)
        self._open = Tally()

    @property
    def outcome(self) -> Tally:
        """How many entries came to what end by now, and the bytes of the files that are there."""
        return _sum_of(self._settled, self._open)


def _sum_of(one: Tally, other: Tally) -> Tally:
    return Tally(
        saved=one.saved + other.saved,
        unchanged=one.unchanged + other.unchanged,
        skipped=one.skipped + other.skipped,
        failed=one.failed + other.failed,
        size=one.size + other.size,
    )
