"""What has become of the entries of a batch, over several connections.

Thread: pytest's main thread.
"""

from commonlib.transfer.states import Tally
from tcpipclient.core.transfers.ledger import Ledger


def test_what_one_connection_has_saved_and_the_next_found_counts_as_saved() -> None:
    """Once; what was there before the batch counts as unchanged."""
    ledger = Ledger()
    ledger.lose(Tally(listed=10, saved=3, unchanged=2, size=50))
    assert (ledger.outcome.saved, ledger.outcome.unchanged) == (3, 2)
    ledger.lose(Tally(listed=10, saved=1, unchanged=4, size=50))
    ledger.settle(Tally(listed=10, saved=3, unchanged=6, failed=1, size=90))
    outcome = ledger.outcome
    assert (outcome.saved, outcome.unchanged, outcome.failed, outcome.size) == (7, 2, 1, 90)


def test_what_is_added_later_is_summed_up() -> None:
    """Each round by itself."""
    ledger = Ledger()
    ledger.settle(Tally(saved=2, skipped=1, size=20))
    ledger.lose(Tally(saved=1, size=5))
    ledger.settle(Tally(saved=1, unchanged=1, failed=2, size=10))
    outcome = ledger.outcome
    assert (outcome.saved, outcome.unchanged, outcome.skipped, outcome.failed) == (4, 0, 1, 2)
    assert outcome.size == 30


def test_folders_that_are_made_on_each_connection_count_once() -> None:
    """No more is saved than is there."""
    ledger = Ledger()
    ledger.lose(Tally(listed=10, saved=4, size=20))
    ledger.settle(Tally(listed=10, saved=8, unchanged=2, size=90))
    assert (ledger.outcome.saved, ledger.outcome.unchanged) == (10, 0)
