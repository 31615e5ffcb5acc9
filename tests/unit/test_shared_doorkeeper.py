"""The doorkeeper as all arrivals share him."""

from tcpipserver.hub.doorkeeper import Doorkeeper, Visit
from tcpipserver.hub.limits import Limits
from tcpipserver.net.shared_doorkeeper import SharedDoorkeeper
from tests.support.clock import FakeClock

ADDRESS = "2001:db8:1:2:3:4:5:6"
NEIGHBOUR = "2001:db8:1:2:ffff::1"


def test_all_that_share_half_an_address_are_one() -> None:
    """Who chooses another second half is locked out all the same, until the time is over."""
    clock = FakeClock()
    doorkeeper = SharedDoorkeeper(Doorkeeper(Limits(free_failures=1, lock_out_seconds=10.0)), clock)
    visit, neighbour = doorkeeper.begin(ADDRESS), doorkeeper.begin(NEIGHBOUR)
    assert isinstance(visit, Visit)
    assert isinstance(neighbour, Visit)
    for _ in range(2):
        doorkeeper.fail(visit)
    assert doorkeeper.seconds_locked_out(neighbour) > 0
    assert doorkeeper.begin_guess(neighbour) > 0
    for one in (visit, neighbour):
        doorkeeper.end(one)
