"""The search for a way: what is said when, and how long it rests.

Thread: pytest's main thread.
"""

from commonlib.wire.way_messages import Role, WayOpened
from tcpipclient.core.transfers.orders import DropLink, GiveUpWay, OpenWay, Order, WantWay
from tcpipclient.core.transfers.way_search import DELAYS, OPENING_SECONDS, REPEAT_SECONDS, Phase, WaySearch

NAME = bytes(16)
TOKEN = bytes(32)
OPENED = WayOpened(transfer=NAME, role=Role.SENDER, peer=2, peer_key=bytes(32), token=TOKEN)


def search() -> tuple[WaySearch, list[Order]]:
    """One, and what it orders."""
    ordered: list[Order] = []
    return WaySearch(NAME, Role.SENDER, ordered.append), ordered


def test_a_way_is_wanted_again_before_the_hub_forgets_it() -> None:
    """And not before that is due."""
    one, ordered = search()
    one.want(2, 0.0)
    one.want(2, REPEAT_SECONDS - 1)
    assert ordered == [WantWay(2, NAME, Role.SENDER)]
    assert one.due == REPEAT_SECONDS < 30
    one.want(2, REPEAT_SECONDS)
    assert len(ordered) == 2


def test_a_link_that_stands_is_held_until_it_is_taken() -> None:
    """Nothing is wanted meanwhile, and its token is told to whoever takes it."""
    one, ordered = search()
    one.want(2, 0.0)
    one.open(OPENED, 1.0)
    assert one.is_of(TOKEN)
    assert not one.is_of(bytes(31) + b"x")
    assert [one.due] == [1.0 + OPENING_SECONDS]
    one.hold()
    assert (one.phase, one.due) == (Phase.HELD, None)
    assert not one.is_of(TOKEN)
    one.want(2, 50.0)
    assert one.take() == TOKEN
    one.want(2, 51.0)
    assert ordered == [WantWay(2, NAME, Role.SENDER), OpenWay(OPENED), WantWay(2, NAME, Role.SENDER)]


def test_what_is_not_needed_any_more_is_given_up() -> None:
    """A search is stopped, a link that stands is closed, and what is newly opened takes the place of both."""
    one, ordered = search()
    one.open(OPENED, 0.0)
    one.stop()
    one.open(OPENED, 0.0)
    one.hold()
    one.open(OPENED, 0.0)
    one.stop()
    one.stop()
    kinds = [type(order) for order in ordered]
    assert kinds == [OpenWay, GiveUpWay, OpenWay, DropLink, OpenWay, GiveUpWay]


def test_attempts_that_fail_come_at_longer_intervals_until_one_succeeds() -> None:
    """The last interval holds for all that follow."""
    one, _ = search()
    rests = []
    for _ in range(8):
        one.fail("Nobody answered.", 100.0)
        assert one.due is not None
        rests.append(one.due - 100.0)
    assert rests == [*DELAYS, DELAYS[-1], DELAYS[-1]]
    assert one.why == "Nobody answered."
    one.succeed()
    one.fail("Again.", 100.0)
    assert one.due == 100.0 + DELAYS[0]


def test_a_held_link_is_closed_when_the_way_has_failed() -> None:
    """It belonged to the attempt."""
    one, ordered = search()
    one.open(OPENED, 0.0)
    one.hold()
    one.fail("It broke.", 0.0)
    assert ordered[-1] == DropLink(TOKEN)
    assert one.phase is Phase.RESTING


def test_without_the_hub_what_was_said_to_it_is_forgotten() -> None:
    """And nothing is due."""
    one, _ = search()
    one.want(2, 0.0)
    one.lose_hub()
    assert one.phase is Phase.IDLE
    assert one.due is None
    one.fail("No.", 0.0)
    one.lose_hub()
    assert one.due is None


def test_without_the_hub_connections_in_the_making_go_on() -> None:
    """They need it no more, but for the relay."""
    one, _ = search()
    one.open(OPENED, 0.0)
    one.lose_hub()
    assert one.phase is Phase.OPENING
