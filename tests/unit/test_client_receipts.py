"""Which of a client's texts are confirmed.

Thread: pytest's main thread.
"""

from tcpipclient.core.receipts import Receipts


def test_the_oldest_text_is_confirmed_first_and_each_once() -> None:
    """By recipient: a receipt of one says nothing about another."""
    receipts = Receipts()
    for text in (1, 2):
        receipts.expect(7, text)
    receipts.expect(8, 2)
    assert [receipts.maybe_confirm(7) for _ in range(3)] == [1, 2, None]
    assert receipts.maybe_confirm(8) == 2
    assert receipts.maybe_confirm(9) is None


def test_a_receipt_may_say_which_text_it_is_for() -> None:
    """Then it confirms that one, whatever is older, once, and never one that he was not sent."""
    receipts = Receipts()
    for text in (1, 2, 3):
        receipts.expect(7, text)
    assert [receipts.maybe_confirm(7, text) for text in (2, 2, 9)] == [2, None, None]
    assert [receipts.maybe_confirm(7) for _ in range(3)] == [1, 3, None]


def test_a_leaver_confirms_nothing_any_more() -> None:
    """What he owed is told once."""
    receipts = Receipts()
    receipts.expect(7, 1)
    receipts.expect(7, 2)
    assert receipts.forget(7) == [1, 2]
    assert receipts.forget(7) == []
    assert receipts.maybe_confirm(7) is None


def test_at_the_end_all_that_waited_is_told() -> None:
    """With its recipient."""
    receipts = Receipts()
    receipts.expect(7, 1)
    receipts.expect(8, 1)
    assert receipts.forget_all() == [(7, 1), (8, 1)]
    assert receipts.forget_all() == []


def test_one_who_never_confirms_does_not_fill_the_memory() -> None:
    """Beyond the limit the oldest is waited for no longer, and told so."""
    receipts = Receipts(most_waiting=2)
    assert [receipts.expect(7, text) for text in (1, 2, 3)] == [None, None, 1]
    assert receipts.maybe_confirm(7) == 2
