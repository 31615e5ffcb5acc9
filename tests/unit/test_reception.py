"""The doorkeeper as the arrivals' threads share him. Threads: pytest's main thread, and many that come at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tcpipserver.hub.doorkeeper import Doorkeeper, Visit
from tcpipserver.hub.limits import Limits
from tcpipserver.net.reception import Reception, origin_of
from tests.support.clock import FakeClock


def reception(limits: Limits) -> Reception:
    """A door whose clock stands still."""
    return Reception(Doorkeeper(limits), FakeClock())


def test_many_at_once_get_no_more_places_than_there_are() -> None:
    """However they come."""
    door = reception(Limits(connections_per_address=100))
    with ThreadPoolExecutor(20) as threads:
        visits = list(threads.map(lambda _: door.begin("192.0.2.1"), range(200)))
    assert sum(isinstance(visit, Visit) for visit in visits) == 100


def test_wrong_proofs_lock_an_address_out_and_no_other() -> None:
    """For as long as the doorkeeper says."""
    door = reception(Limits(free_failures=2, lock_out_seconds=15.0))
    visit, other = door.begin("192.0.2.1"), door.begin("192.0.2.2")
    assert isinstance(visit, Visit)
    assert isinstance(other, Visit)
    for _ in range(3):
        assert door.seconds_locked_out(visit) == 0
        door.fail(visit)
    assert (door.seconds_locked_out(visit), door.seconds_locked_out(other)) == (15, 0)


def test_a_right_guess_is_held_against_nobody() -> None:
    """It counts as wrong until it was looked at."""
    door = reception(Limits(free_failures=1))
    visit = door.begin("192.0.2.1")
    assert isinstance(visit, Visit)
    for _ in range(5):
        assert door.begin_guess(visit) == 0
        door.guess_was_right(visit)
    assert [door.begin_guess(visit) for _ in range(2)] == [0, 0]
    assert door.begin_guess(visit) > 0


def test_a_place_is_free_when_its_visit_is_over() -> None:
    """Of one who has proved who he is, too."""
    door = reception(Limits(connections_per_address=1, arriving=1))
    visit = door.begin("192.0.2.1")
    assert isinstance(visit, Visit)
    door.prove(visit)
    assert isinstance(door.begin("192.0.2.1"), str)
    door.end(visit)
    assert isinstance(door.begin("192.0.2.1"), Visit)


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("somewhere", "somewhere"),
    ],
)
def test_an_address_of_ipv6_counts_by_its_first_half(address: str, origin: str) -> None:
    """The other half everybody chooses for himself."""
    assert origin_of(address) == origin
