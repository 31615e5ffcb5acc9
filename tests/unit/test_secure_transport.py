"""The encrypted way to a hub: what one side says the other hears, and nothing gets out of order.

Thread: pytest's main thread plays the hub; some tests have a writer beside it.
"""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from commonlib.wire.tls import TlsPiece
from tcpipclient.net.secure_transport import SecureTransport
from tests.support.memory_network import READ_SIZE, MemoryNetwork, MemoryTransport
from tests.support.tls_pairs import established_pair


class Wire:
    """A client's transport, and the hub's end of it: a piece of TLS and the bare connection."""

    def __init__(self) -> None:
        network = MemoryNetwork()
        inner = network.connect("hub", 9999, 1.0)
        self.bare: MemoryTransport = network.accept()
        pair = established_pair()
        self.hub: TlsPiece = pair.hub
        self.transport = SecureTransport(inner, pair.client)

    def say(self, text: bytes) -> None:
        """The hub says something."""
        self.hub.encrypt(text)
        self.bare.send(self.hub.data_to_send())

    def hear(self) -> bytes:
        """What has come to the hub by now."""
        return self.hub.receive_data(self.bare.coming.read(READ_SIZE, 10.0))


@pytest.fixture
def wire() -> Iterator[Wire]:
    """A new one."""
    wire = Wire()
    yield wire
    wire.transport.close()


def test_both_sides_hear_what_the_other_says(wire: Wire) -> None:
    """And nobody between them could."""
    wire.say(b"welcome")
    assert wire.transport.receive() == b"welcome"
    wire.transport.send(b"secret" * 1000)
    carried = wire.bare.coming.read(READ_SIZE)
    assert b"secret" not in carried
    assert wire.hub.receive_data(carried) == b"secret" * 1000


def test_a_record_in_pieces_is_waited_for(wire: Wire) -> None:
    """Nothing is not the end."""
    wire.hub.encrypt(b"in two")
    record = wire.hub.data_to_send()
    wire.bare.send(record[:7])
    with pytest.raises(TimeoutError):
        wire.transport.receive(0.01)
    wire.bare.send(record[7:])
    assert wire.transport.receive() == b"in two"


def test_the_hubs_end_is_an_end(wire: Wire) -> None:
    """What it said before is heard first, whether it says goodbye or is cut off."""
    wire.say(b"last")
    wire.hub.send_eof()
    wire.bare.send(wire.hub.data_to_send())
    assert wire.transport.receive() == b"last"
    assert wire.transport.receive() == b""
    other = Wire()
    other.bare.abort()
    assert other.transport.receive() == b""
    other.transport.close()


def test_what_was_changed_on_its_way_ends_the_connection(wire: Wire) -> None:
    """As an error of the connection, with words for the user."""
    wire.hub.encrypt(b"pay Bob")
    record = bytearray(wire.hub.data_to_send())
    record[-1] ^= 1
    wire.bare.send(bytes(record))
    with pytest.raises(ConnectionAbortedError, match="encryption has failed"):
        wire.transport.receive()
    with pytest.raises(ConnectionAbortedError):
        wire.transport.send(b"more")


def test_the_reader_leaves_the_sending_to_the_writer(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    """What reading makes TLS say goes out in front of what is said next, when the writer has been woken for it."""
    woken: list[bool] = []
    wire.transport.wake_writer = lambda: woken.append(True)
    answers = [b"answer", b""]
    real = wire.transport._piece.data_to_send
    monkeypatch.setattr(
        TlsPiece, "data_to_send", lambda piece: answers.pop(0) if piece is wire.transport._piece and answers else real()
    )
    wire.bare.send(record_of(wire, b"x"))
    assert wire.transport.receive() == b"x"
    assert woken == [True]
    assert wire.bare.coming.waiting == 0
    answers.clear()
    wire.transport.send(b"")
    assert wire.bare.coming.read(READ_SIZE) == b"answer"


def record_of(wire: Wire, text: bytes) -> bytes:
    """A record that the hub makes."""
    wire.hub.encrypt(text)
    out, wire.hub._to_send = b"".join(wire.hub._to_send), []
    return out


def test_reading_and_writing_at_once_keeps_the_records_in_order(wire: Wire) -> None:
    """A record out of its order would end the connection: megabytes go both ways while both threads work."""
    amount, block = 40, b"b" * 50_000
    heard_by_hub = bytearray()

    def write() -> None:
        for _ in range(amount):
            wire.transport.send(block)

    def play_hub() -> None:
        while len(heard_by_hub) < amount * len(block):
            wire.say(block)
            heard_by_hub.extend(wire.hear())
        wire.hub.send_eof()
        wire.bare.send(wire.hub.data_to_send())

    writing = threading.Thread(target=write)
    heard = 0
    with ThreadPoolExecutor(1) as pool:
        playing = pool.submit(play_hub)
        writing.start()
        while data := wire.transport.receive(10.0):
            heard += len(data)
        playing.result(10.0)
        writing.join()
    assert bytes(heard_by_hub) == block * amount
    assert heard % len(block) == 0


def test_the_writer_ends_its_side_with_a_word(wire: Wire) -> None:
    """So that nobody between can cut off the end unnoticed; twice is no harm."""
    wire.transport.finish_sending()
    assert wire.hear() == b""
    assert wire.hub.has_ended
    wire.transport.finish_sending()
