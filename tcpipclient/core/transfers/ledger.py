"""What has become of a batch's entries, over all the connections that it took.

Owns the sums. Must never count an entry twice: what one connection has saved, the next one finds there. Pure: a Ledger
belongs to one batch.
"""

from commonlib.transfer.states import Tally


class Ledger:
    """Of one batch.

    A connection that follows one that broke lists everything anew: what it finds unchanged may be ours, and folders
    count as saved each time. So no more can have been saved than are there in the end.
    """

    def __init__(self) -> None:
        self._settled = Tally()
        self._open = Tally()
        self._saved = 0
        self._there = 0

    def lose(self, tally: Tally) -> None:
        """A connection broke; so much of what it was made for was settled on it."""
        self._saved += tally.saved
        self._there = max(self._there, tally.saved + tally.unchanged)
        self._open = tally

    def settle(self, tally: Tally) -> None:
        """A connection came to its end: all that it was made for is settled."""
        self.lose(tally)
        self._settled = self.outcome
        self._open = Tally()
        self._saved = self._there = 0

    @property
    def outcome(self) -> Tally:
        """How many entries came to what end by now, and the bytes of the files that are there."""
        settled, now = self._settled, self._open
        saved = min(self._saved, self._there)
        return Tally(
            saved=settled.saved + saved,
            unchanged=settled.unchanged + self._there - saved,
            skipped=settled.skipped + now.skipped,
            failed=settled.failed + now.failed,
            size=settled.size + now.size,
        )
