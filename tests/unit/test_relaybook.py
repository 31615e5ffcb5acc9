"""Whose halves are joined: those that show the token, in time, once for each end."""

from dataclasses import replace

import pytest

from commonlib.wire.relay_join import RelayJoin
from commonlib.wire.way_messages import Role
from tcpipserver.hub.relaybook import RelayBook, UsedTokenError, WrongTokenError
from tests.support.hubs import NONCE, key
from tests.support.relay_ways import TOKEN, join, way

NOW = 1000.0


@pytest.fixture
def book() -> RelayBook:
    """One way is opened."""
    book = RelayBook()
    book.expect(TOKEN, way(), NOW)
    return book


def test_each_end_gets_in_once(book: RelayBook) -> None:
    """Both to the same way; in whatever order."""
    assert book.take(join(Role.RECEIVER), NONCE, NOW).way == way()
    with pytest.raises(UsedTokenError):
        book.take(join(Role.RECEIVER), NONCE, NOW)
    assert book.take(join(Role.SENDER), NONCE, NOW).token == TOKEN
    for role in Role:
        with pytest.raises(UsedTokenError):
            book.take(join(role), NONCE, NOW)


@pytest.mark.parametrize(
    "shown",
    [
        join(token=bytes(32)),
        join(transfer=bytes(16)),
        join(nonce=bytes(32)),
        replace(join(), role=Role.RECEIVER),
        replace(join(), transfer=bytes(16)),
        replace(join(), proof=TOKEN),
    ],
    ids=["other token", "other transfer", "other greeting", "other role", "moved to another transfer", "token itself"],
)
def test_whoever_shows_something_else_does_not(book: RelayBook, shown: RelayJoin) -> None:
    """And uses nothing up by it."""
    with pytest.raises(WrongTokenError):
        book.take(shown, NONCE, NOW)
    book.take(join(), NONCE, NOW)


@pytest.mark.parametrize(("seconds", "gets_in"), [(29.9, True), (30.0, False)])
def test_a_token_is_good_for_half_a_minute(book: RelayBook, seconds: float, gets_in: bool) -> None:
    """Also where another one of the same transfer has come since."""
    book.expect(bytes(32), way(), NOW + 10)
    if gets_in:
        book.take(join(), NONCE, NOW + seconds)
    else:
        with pytest.raises(WrongTokenError):
            book.take(join(), NONCE, NOW + seconds)
    book.take(join(token=bytes(32)), NONCE, NOW + seconds)


def test_a_few_tokens_of_a_transfer_are_good_at_the_same_time(book: RelayBook) -> None:
    """One end may be at the last one still; the oldest makes room."""
    for number in range(7):
        book.expect(bytes([number] * 32), way(), NOW)
    assert book.take(join(), NONCE, NOW).token == TOKEN
    book.expect(bytes([7] * 32), way(), NOW)
    with pytest.raises(WrongTokenError):
        book.take(join(Role.RECEIVER), NONCE, NOW)
    for number in range(8):
        book.take(join(token=bytes([number] * 32)), NONCE, NOW)


@pytest.mark.parametrize("whose", [1, 2])
def test_nothing_is_left_of_one_who_is_kept_out(book: RelayBook, whose: int) -> None:
    """Whichever end he is."""
    book.expect(bytes(32), way(bytes(16), 3, 4), NOW)
    book.forget(key(whose))
    with pytest.raises(WrongTokenError):
        book.take(join(), NONCE, NOW)
    book.take(join(token=bytes(32), transfer=bytes(16)), NONCE, NOW)
