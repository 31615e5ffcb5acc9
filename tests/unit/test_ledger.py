"""What has become of the entries of a batch, over several connections.

Thread: pytest's main thread.
"""

from commonlib.transfer.states import Tally
from tcpipclient.core.transfers.ledger import Ledger


def test_the_last_connection_tells_of_all_that_those_before_it_did() -> None:
    """What they have saved is not counted twice, and what has failed on them counts as it has ended."""
    ledger = Ledger()
    ledger.lose(Tally(listed=10, saved=3, unchanged=2, failed=1, size=50))
    assert (ledger.outcome.saved, ledger.outcome.unchanged, ledger.outcome.failed) == (3, 2, 1)
    ledger.settle(Tally(listed=10, saved=7, unchanged=2, skipped=1, size=90))
    outcome = ledger.outcome
    assert (outcome.saved, outcome.unchanged, outcome.skipped, outcome.failed) == (7, 2, 1, 0)
    assert outcome.size == 90


def test_what_is_added_later_is_summed_up() -> None:
    """Each round by itself."""
    ledger = Ledger()
    ledger.settle(Tally(saved=2, skipped=1, size=20))
    ledger.lose(Tally(saved=1, size=5))
    ledger.settle(Tally(saved=2, failed=2, size=10))
    outcome = ledger.outcome
    assert (outcome.saved, outcome.unchanged, outcome.skipped, outcome.failed) == (4, 0, 1, 2)
    assert outcome.size == 30


def test_a_connection_that_came_less_far_than_one_before_it_takes_nothing_back() -> None:
    """Neither when it breaks, nor when the batch is cancelled on it."""
    ledger = Ledger()
    ledger.lose(Tally(listed=10, saved=6, unchanged=1, size=70))
    ledger.lose(Tally(listed=2, saved=1, size=10))
    assert (ledger.outcome.saved, ledger.outcome.unchanged, ledger.outcome.size) == (6, 1, 70)
    ledger.settle(Tally(listed=4, saved=3, size=30), is_whole=False)
    assert (ledger.outcome.saved, ledger.outcome.unchanged, ledger.outcome.size) == (6, 1, 70)


def test_a_last_connection_that_lists_less_is_right() -> None:
    """Something has gone at the sender in the meantime."""
    ledger = Ledger()
    ledger.lose(Tally(listed=10, saved=6, size=60))
    ledger.settle(Tally(listed=5, saved=5, size=50))
    assert (ledger.outcome.saved, ledger.outcome.size) == (5, 50)
