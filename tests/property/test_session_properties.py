"""Whatever a hub sends, the client's session neither raises nor grows without bound.

Thread: pytest's main thread.
"""

from hypothesis import given
from hypothesis import strategies as st

from commonlib.classic.packet import PACKET_SIZE
from tcpipclient.core.classic_session import ClassicSession
from tcpipclient.core.events import ConnectionLost, Registered
from tcpipclient.core.order import State
from tcpipclient.core.profile import Profile
from tests.support import hub_packets
from tests.support.clock import NOW, WALL

# Types and ids that mean something are likelier to lead somewhere than any 65,536.
packet_types = st.one_of(st.integers(0, 20), st.integers(0, 65535))
small_bytes = st.binary(max_size=40)


@st.composite
def packets(draw: st.DrawFn) -> bytes:
    """A packet of some type whose header and fields are anything."""
    header = draw(packet_types).to_bytes(2, "little") + draw(small_bytes)
    return (header + draw(small_bytes) * draw(st.integers(0, 30)))[:PACKET_SIZE].ljust(PACKET_SIZE, b"\0")


@given(st.lists(packets(), max_size=30), st.booleans(), st.integers(0, 100))
def test_nothing_that_comes_raises(came: list[bytes], is_registered: bool, seconds: int) -> None:
    """Random packets, before and after we are registered, with time passing and the end at any moment."""
    session = ClassicSession(Profile("Ann"), NOW)
    told = []
    if is_registered:
        told += session.receive_block(hub_packets.greeting(1), NOW, WALL)
        told += session.receive_block(hub_packets.person(2, "Bob") + hub_packets.registered(1), NOW, WALL)
        session.send_text(1, "hello", (2,))
    for number, packet in enumerate(came):
        told += session.receive_block(packet, NOW + number * seconds, WALL)
        told += session.receive_tick(NOW + number * seconds)
    told += session.receive_eof()
    assert session.state is State.ENDED
    assert sum(isinstance(event, ConnectionLost) for event in told) == 1
    assert isinstance(told[-1], ConnectionLost)
    assert sum(isinstance(event, Registered) for event in told) <= 1


@given(st.lists(packets(), min_size=1, max_size=20))
def test_blocks_and_single_packets_mean_the_same(came: list[bytes]) -> None:
    """However packets are cut into blocks, the same is told and the same is answered."""
    together, one_by_one = ClassicSession(Profile("Ann"), NOW), ClassicSession(Profile("Ann"), NOW)
    for session in (together, one_by_one):
        session.receive_block(hub_packets.greeting(1), NOW, WALL)
        session.receive_block(hub_packets.registered(1), NOW, WALL)
    together.receive_block(b"".join(came), NOW, WALL)
    for packet in came:
        one_by_one.receive_block(packet, NOW, WALL)
    assert together.data_to_send() == one_by_one.data_to_send()
    assert together.roster.snapshot() == one_by_one.roster.snapshot()
    assert together.state == one_by_one.state
