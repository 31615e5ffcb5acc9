"""A client's way into its hub: nothing is left open, and nobody waits for one who does not want to get in any more.

Thread: pytest's main thread plays the hub; the client connects on another.
"""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tcpipclient.config import ClientConfig
from tcpipclient.core.exceptions import ArrivalClosedError, ConnectError, NotAHubError
from tcpipclient.net.clock import SystemClock
from tcpipclient.net.entrance import CLOSED_MEANWHILE, Entrance
from tests.support.memory_network import MemoryNetwork, MemoryTransport


class Kept(MemoryNetwork):
    """A network that keeps the client's ends."""

    def __init__(self) -> None:
        super().__init__()
        self.ends: list[MemoryTransport] = []

    def connect(self, host: str, port: int, timeout: float) -> MemoryTransport:
        self.ends.append(super().connect(host, port, timeout))
        return self.ends[-1]


@pytest.fixture
def network() -> Kept:
    """A new one."""
    return Kept()


@pytest.fixture
def entrance(network: Kept) -> Entrance:
    """Of a client on that network."""
    config = ClientConfig("hub", allow_unencrypted=True)
    return Entrance(config, network.connect, SystemClock(), lambda _: None)


def test_what_fails_leaves_nothing_open(network: Kept, entrance: Entrance) -> None:
    """The connection is given back before the error is raised."""
    with ThreadPoolExecutor(1) as pool:
        entering = pool.submit(entrance.enter)
        network.accept().send(b"SSH-2.0")
        assert isinstance(entering.exception(10.0), NotAHubError)
    assert network.ends[0].closed.is_set()


def test_who_does_not_want_in_any_more_is_not_kept_waiting(network: Kept, entrance: Entrance) -> None:
    """The hub says nothing, and still it ends at once."""
    with ThreadPoolExecutor(1) as pool:
        entering = pool.submit(entrance.enter)
        network.accept()
        entrance.abort()
        assert isinstance(entering.exception(10.0), ArrivalClosedError | ConnectError)
    assert network.ends[0].closed.is_set()


def test_who_was_closed_before_does_not_get_in(network: Kept, entrance: Entrance) -> None:
    """Also where the connection stood only after that."""
    entrance.abort()
    with pytest.raises(ConnectError) as caught:
        entrance.enter()
    assert CLOSED_MEANWHILE in str(caught.value)
    assert all(end.closed.is_set() for end in network.ends)
