"""Answers that others get without our user: bounded for each, and for all together."""

from tcpipclient.core.transfers.replies import AT_ONCE, AT_ONCE_EACH, PER_SECOND, PER_SECOND_EACH, Replies

NOW = 1000.0


def taken(replies: Replies, key: bytes, now: float) -> int:
    """How many answers somebody gets at once."""
    return sum(replies.maybe_take(key, now) for _ in range(1000))


def test_one_who_asks_without_end_takes_nothing_from_others() -> None:
    """He has so many at once and then so many a second."""
    replies = Replies()
    assert taken(replies, b"eve", NOW) == AT_ONCE_EACH
    assert taken(replies, b"bob", NOW) == AT_ONCE_EACH
    assert taken(replies, b"eve", NOW + 1) == PER_SECOND_EACH


def test_many_together_have_no_more_than_all_may_have() -> None:
    """Whoever brings many keys as well; and people come to be forgotten."""
    replies = Replies()
    people = [number.to_bytes(32) for number in range(1000)]
    assert sum(taken(replies, key, NOW) for key in people) == AT_ONCE
    assert sum(taken(replies, key, NOW + 1) for key in people) == PER_SECOND
    assert len(replies._each) == 256
