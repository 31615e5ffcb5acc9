"""What has become of a batch's entries, over all the connections that it took.

Owns the sums. Must never count an entry twice: what one connection has saved, the next one finds unchanged. Pure: a
Ledger belongs to one batch.
"""

from commonlib.transfer.states import Tally


class Ledger:
    """Of one batch."""

    def __init__(self) -> None:
        self._settled = Tally()
        self._open = Tally()
        self._saved_before = 0

    def lose(self, tally: Tally) -> None:
        """A connection broke; so much of what it was made for was settled on it."""
        self._saved_before += tally.saved
        unchanged = tally.unchanged + tally.saved
        self._open = Tally(unchanged=unchanged, skipped=tally.skipped, failed=tally.failed, size=tally.size)

    def settle(self, tally: Tally) -> None:
        """A connection came to its end: all that it was made for is settled."""
        self._open = tally
        self._settled = self.outcome
        self._open = Tally()
        self._saved_before = 0

    @property
    def outcome(self) -> Tally:
        """How many entries came to what end by now, and the bytes of the files that are there."""
        settled, now = self._settled, self._open
        return Tally(
            saved=settled.saved + now.saved + self._saved_before,
            unchanged=settled.unchanged + max(now.unchanged - self._saved_before, 0),
            skipped=settled.skipped + now.skipped,
            failed=settled.failed + now.failed,
            size=settled.size + now.size,
        )
