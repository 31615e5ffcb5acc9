"""Who wants a way to whom, and when both do."""

import pytest

from commonlib.wire.way_messages import Role, WayWanted
from tcpipserver.hub.ways import WayBook

ANN, BOB, EVE = 1, 2, 3
TRANSFER, OTHER = bytes(16), bytes(range(16))
NOW = 1000.0


def wanted(role: Role = Role.SENDER, transfer: bytes = TRANSFER, port: int = 0) -> WayWanted:
    """What one end says."""
    return WayWanted(transfer=transfer, role=role, port=port)


@pytest.fixture
def book() -> WayBook:
    """Ann wants to send files to Bob."""
    book = WayBook()
    assert book.want(ANN, BOB, wanted(port=10_001), NOW) is None
    return book


def test_a_way_is_there_when_both_want_it(book: WayBook) -> None:
    """Whoever was first; and once: both wishes are forgotten."""
    assert book.want(BOB, ANN, wanted(Role.RECEIVER), NOW) == wanted(port=10_001)
    assert len(book) == 0
    assert book.want(BOB, ANN, wanted(Role.RECEIVER), NOW) is None
    assert book.want(ANN, BOB, wanted(), NOW) == wanted(Role.RECEIVER)


@pytest.mark.parametrize(
    ("owner", "peer", "other"),
    [
        (BOB, ANN, wanted(Role.SENDER)),
        (BOB, ANN, wanted(Role.RECEIVER, OTHER)),
        (BOB, EVE, wanted(Role.RECEIVER)),
        (EVE, ANN, wanted(Role.RECEIVER)),
        (EVE, BOB, wanted(Role.RECEIVER)),
        (ANN, BOB, wanted(Role.RECEIVER)),
    ],
    ids=["same role", "other transfer", "names another", "is another", "is named by nobody", "is the same one"],
)
def test_nobody_is_led_to_one_who_does_not_want_him(book: WayBook, owner: int, peer: int, other: WayWanted) -> None:
    """Each names the other, the transfer and the opposite role, or there is no way."""
    assert book.want(owner, peer, other, NOW) is None
    assert book.want(BOB, ANN, wanted(Role.RECEIVER), NOW) is not None


def test_the_newest_wish_counts(book: WayBook) -> None:
    """He may listen somewhere else by now."""
    book.want(ANN, BOB, wanted(port=10_002), NOW + 1)
    other = book.want(BOB, ANN, wanted(Role.RECEIVER), NOW + 2)
    assert other is not None
    assert other.port == 10_002


@pytest.mark.parametrize(("seconds", "is_there"), [(29.9, True), (30.0, False)])
def test_a_wish_is_good_for_half_a_minute(book: WayBook, seconds: float, is_there: bool) -> None:
    """Who said it has given up by then, or says it again."""
    assert (book.want(BOB, ANN, wanted(Role.RECEIVER), NOW + seconds) is not None) is is_there


def test_wishes_leave_with_their_owner(book: WayBook) -> None:
    """Those of others stay."""
    book.want(EVE, ANN, wanted(), NOW)
    book.forget(ANN)
    assert book.want(BOB, ANN, wanted(Role.RECEIVER), NOW) is None
    assert book.want(ANN, EVE, wanted(Role.RECEIVER), NOW) is not None


def test_a_member_has_no_more_than_his_share() -> None:
    """The oldest of his own make room."""
    book = WayBook(most_per_member=2, most=100)
    book.want(EVE, BOB, wanted(), NOW)
    for number in range(3):
        book.want(ANN, BOB, replace_transfer(number), NOW)
    assert len(book) == 3
    answers = [book.want(BOB, ANN, replace_transfer(number, Role.RECEIVER), NOW) for number in range(3)]
    assert [answer is not None for answer in answers] == [False, True, True]
    assert book.want(BOB, EVE, wanted(Role.RECEIVER), NOW) is not None


def replace_transfer(number: int, role: Role = Role.SENDER) -> WayWanted:
    """A wish for one of many transfers."""
    return wanted(role, number.to_bytes(16, "big"))
