"""To whom something goes, some at a time.

Thread: pytest's main thread.
"""

from tcpipclient.recipients import SHARE_SIZE, shares


def test_many_are_served_in_shares() -> None:
    """In their order, each once; one at a time where it is much, and nobody is left out where it is nothing."""
    everybody = tuple(range(1, 101))
    some = list(shares(everybody, SHARE_SIZE // 30))
    assert [len(share) for share in some] == [30, 30, 30, 10]
    assert tuple(person for share in some for person in share) == everybody
    assert all(len(share) == 1 for share in shares(everybody, SHARE_SIZE * 2))
    assert list(shares(everybody, 0)) == [everybody]
    assert list(shares((), 1)) == []
