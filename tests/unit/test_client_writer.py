"""The writer thread's work, done here on pytest's main thread."""

import pytest

from tcpipclient.net.outbox import Outbox
from tcpipclient.net.writer import write
from tests.support.memory_network import MemoryNetwork


def test_everything_that_waits_is_sent_before_the_end() -> None:
    """Then the other side is told that nothing more comes, and may still speak."""
    network = MemoryNetwork()
    transport = network.connect("hub", 9999, 1.0)
    hub = network.accept()
    outbox = Outbox()
    outbox.put(b"one")
    outbox.put(b"two")
    outbox.finish(b"bye")
    write(outbox, transport)
    assert hub.receive() == b"onetwobye"
    assert hub.receive() == b""
    hub.send(b"still here")
    assert transport.receive() == b"still here"


def test_a_connection_that_takes_nothing_ends_in_both_directions() -> None:
    """The reader would wait on otherwise; and nobody waits for room that never comes."""
    network = MemoryNetwork()
    transport = network.connect("hub", 9999, 1.0)
    network.accept().coming.cut()
    outbox = Outbox()
    outbox.put(b"x")
    write(outbox, transport)
    assert transport.receive() == b""
    assert not outbox.put_file_block(b"x")
    with pytest.raises(BrokenPipeError):
        transport.send(b"x")
