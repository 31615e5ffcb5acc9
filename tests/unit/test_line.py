"""The connection while one thread alone uses it.

Thread: pytest's main thread.
"""

import pytest

from commonlib.storage.keyfile import make_identity
from tcpipclient.config import ClientConfig
from tcpipclient.core.exceptions import ArrivalClosedError, ConnectTimedOutError
from tcpipclient.core.profile import Profile
from tcpipclient.net.clock import SystemClock
from tcpipclient.net.line import Line, Visitor
from tcpipclient.trust import TrustStore
from tests.support.memory_network import MemoryNetwork, MemoryTransport


def line(seconds: float) -> tuple[Line, MemoryTransport]:
    """A line with so much time left, and its other end."""
    network, clock = MemoryNetwork(), SystemClock()
    transport = network.connect("hub", 9999, 1.0)
    with TrustStore(None) as trust:
        visitor = Visitor(ClientConfig("hub"), Profile("Ann"), clock, trust, make_identity, lambda _: None)
    return Line(transport, visitor, clock.now() + seconds), network.accept()


def test_both_sides_hear_each_other() -> None:
    """Nothing to send is no harm."""
    near, far = line(10.0)
    near.send(b"")
    near.send(b"hello")
    far.send(b"back")
    assert far.receive() == b"hello"
    assert near.receive() == b"back"


@pytest.mark.parametrize("seconds", [0.01, 0.0, -1.0])
def test_the_moment_may_have_come(seconds: float) -> None:
    """Then nothing is waited for, even where something is there."""
    near, far = line(seconds)
    if seconds <= 0:
        far.send(b"late")
    with pytest.raises(ConnectTimedOutError):
        near.receive()


def test_a_connection_that_ends_or_breaks_is_one_error() -> None:
    """With the system's words where there are any."""
    for spoil in (MemoryTransport.abort, MemoryTransport.cut):
        near, far = line(10.0)
        spoil(far)
        with pytest.raises(ArrivalClosedError):
            near.receive()
        with pytest.raises(ArrivalClosedError):
            near.send(b"x")
