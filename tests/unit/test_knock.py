"""Knocking at a hub's door: the greeting is heard, and the wire is chosen.

Thread: pytest's main thread; the hub has said all that it says before.
"""

import pytest

from commonlib.storage.keyfile import make_identity
from tcpipclient.config import ClientConfig
from tcpipclient.core.classic_session import ClassicSession
from tcpipclient.core.exceptions import ArrivalClosedError, ConnectTimedOutError, NotAHubError
from tcpipclient.core.profile import Profile
from tcpipclient.net.clock import SystemClock
from tcpipclient.net.knock import knock
from tcpipclient.net.line import Visitor, Way
from tcpipclient.trust import TrustStore
from tests.support import hub_packets
from tests.support.memory_network import MemoryNetwork, MemoryTransport


def knocked(*said: bytes, ended: bool = False, seconds: float = 5.0) -> Way:
    """What comes of knocking at a hub that says this."""
    network = MemoryNetwork()
    clock = SystemClock()
    transport = network.connect("hub", 9999, 1.0)
    hub: MemoryTransport = network.accept()
    for data in said:
        hub.send(data)
    if ended:
        hub.abort()
    config = ClientConfig("hub", allow_unencrypted=True)
    with TrustStore(None) as trust:
        visitor = Visitor(config, Profile("Ann\u0391" + "n" * 60), clock, trust, make_identity, lambda _: None)
        return knock(transport, visitor, clock.now() + seconds)


def test_an_original_hub_is_met_on_its_wire() -> None:
    """With all that it has said already, and with a name that it can read."""
    stream = hub_packets.greeting(7) + b"more"
    way = knocked(stream)
    assert isinstance(way.session, ClassicSession)
    assert way.unread == stream
    assert len(way.session.profile.name) == 50


@pytest.mark.parametrize("said", [b"S", b"SSH-2.0-OpenSSH", b"\x04\x00" * 600, b"\x03\x01"])
def test_a_stranger_is_known_by_his_first_bytes(said: bytes) -> None:
    """He need not have said 1024."""
    with pytest.raises(NotAHubError):
        knocked(said)


def test_a_hub_that_says_nothing_is_given_its_time() -> None:
    """Half a greeting is no greeting."""
    for said in ((), (hub_packets.greeting(7)[:1000],)):
        with pytest.raises(ConnectTimedOutError, match=r"^No hub answered"):
            knocked(*said, seconds=0.01)


def test_a_hub_that_closes_is_told_apart() -> None:
    """It may be full."""
    with pytest.raises(ArrivalClosedError):
        knocked(hub_packets.greeting(7)[:1000], ended=True)
