"""What a sender owes."""

from tcpipclient.core.transfers.owed import Owed


def test_bytes_are_owed_until_they_come_or_nothing_more_does() -> None:
    """And what was said last of a file counts."""
    owed = Owed()
    assert not owed
    owed.owe_new(1, 100)
    owed.owe(2, 50)
    owed.owe(2, 70)
    assert (bool(owed), owed.size) == (True, 170)
    owed.come(1, 30)
    assert owed.size == 140
    assert (owed.settle(1), owed.size) == (70, 70)
    assert (owed.settle(1), owed.size) == (0, 70)
    owed.settle(2)
    assert (bool(owed), owed.size) == (False, 0)


def test_what_is_compared_is_counted_until_the_rest_comes_or_nothing_does() -> None:
    """It takes the sender time in which nothing comes."""
    owed = Owed()
    for entry in (1, 2, 3):
        owed.compare(entry, 10 * entry)
    assert owed.compared == 60
    owed.compare_no_more(3)
    owed.settle(2)
    assert owed.compared == 10
    owed.settle_all([1])
    assert owed.compared == 0


def test_many_are_settled_as_they_are_one_by_one() -> None:
    """Those as well of which nothing is owed."""
    owed = Owed()
    for entry in (1, 2, 3):
        owed.owe(entry, entry)
    owed.settle_all([1, 3, 4])
    assert owed.size == 2
    assert owed.settle(2) == 2
