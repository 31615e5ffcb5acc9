"""The one door to the session.

Thread: pytest's main thread, and four that knock at once.
"""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from commonlib.classic.layouts import DataPacket
from commonlib.classic.packet import PacketType
from tcpipclient.core.classic_session import ClassicSession
from tcpipclient.core.exceptions import NotConnectedError
from tcpipclient.core.profile import Profile
from tcpipclient.net.gate import Gate
from tcpipclient.net.outbox import Outbox
from tests.support import hub_packets
from tests.support.clock import NOW, WALL
from tests.support.recordings import divided


def registered_gate() -> tuple[Gate, Outbox]:
    """A gate to a session that is registered, with an empty outbox."""
    outbox = Outbox()
    gate = Gate(ClassicSession(Profile("Ann"), NOW), outbox)
    for packets in (hub_packets.greeting(1), hub_packets.person(2, "Bob") + hub_packets.registered(1)):
        gate.run(lambda session, packets=packets: session.receive_block(packets, NOW, WALL))
    outbox.maybe_take()
    return gate, outbox


def test_what_the_session_says_goes_into_the_outbox() -> None:
    """And what was asked comes back."""
    gate, outbox = registered_gate()
    assert gate.run(lambda session: session.receive_block(hub_packets.ping(), NOW, WALL)) == []
    answer = outbox.maybe_take()
    assert answer is not None
    assert DataPacket.decode(answer).packet_type == PacketType.PING_RESPONSE


def test_texts_of_several_threads_are_never_mixed() -> None:
    """Originals join a text by arrival, so its packets must lie behind one another."""
    gate, outbox = registered_gate()
    with ThreadPoolExecutor(4) as pool:
        for letter in "abcd" * 25:
            pool.submit(
                gate.run,
                partial(ClassicSession.send_text, number=1, text=letter * 900, recipients=(2,)),
            )
    outbox.finish()
    packets = []
    while (data := outbox.maybe_take()) is not None:
        packets += divided(data)
    texts = [[DataPacket.decode(packet) for packet in packets[at : at + 4]] for at in range(0, len(packets), 4)]
    assert len(texts) == 100
    for text in texts:
        assert [packet.data_type for packet in text] == [0, 1, 1, 2]
        assert len({packet.text_a for packet in text}) == 1


def test_an_error_passes_and_leaves_the_gate_open() -> None:
    """The lock is not kept."""
    gate, _ = registered_gate()
    with pytest.raises(ZeroDivisionError):
        gate.run(lambda session: 1 // session.own_id // 0)
    assert gate.run(lambda session: session.own_id) == 1


def test_goodbye_is_the_last_word() -> None:
    """Behind file blocks that wait; then nothing can be sent."""
    gate, outbox = registered_gate()
    outbox.put_file_block(b"f" * 1024)
    gate.leave()
    with pytest.raises(NotConnectedError):
        gate.run(lambda session: session.send_text(1, "late", (2,)))
    data = outbox.maybe_take()
    assert data is not None
    assert data[:1024] == b"f" * 1024
    assert DataPacket.decode(data[1024:]).packet_type == PacketType.CLOSE
    assert outbox.maybe_take() is None
