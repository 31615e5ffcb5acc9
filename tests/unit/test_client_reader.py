"""The reader thread's work, done here on pytest's main thread."""

import queue

from tcpipclient.net.reader import Ended, RawQueue, read
from tests.support.memory_network import MemoryNetwork


def test_what_comes_goes_into_the_raw_queue_until_the_end() -> None:
    """As it came, then an orderly end without words."""
    network = MemoryNetwork()
    transport = network.connect("hub", 9999, 1.0)
    hub = network.accept()
    hub.send(b"some bytes")
    hub.abort()
    raw: RawQueue = queue.Queue()
    read(transport, raw)
    assert [raw.get_nowait(), raw.get_nowait()] == [b"some bytes", Ended("")]
    assert raw.empty()


def test_a_broken_connection_ends_with_what_the_system_says() -> None:
    """For the user to read."""
    network = MemoryNetwork()
    transport = network.connect("hub", 9999, 1.0)
    network.accept().cut()
    raw: RawQueue = queue.Queue()
    read(transport, raw)
    assert raw.get_nowait() == Ended("Connection reset by peer")
