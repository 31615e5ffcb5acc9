"""The hub's outbox with a piece of TLS in it: records leave in the order in which they were made, whoever makes them.

Threads: pytest's main thread, and for the race two senders, one who reads what makes answers, and a flusher.
"""

import random
import select
import socket
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from commonlib.wire.tls import TlsError, TlsPiece
from tcpipserver.net.outbox import Outbox, Waiting
from tests.support.stub_socket import StubSocket
from tests.support.tls_pairs import established_pair

SECONDS = 20.0


def secure_outbox(stub: StubSocket, total: Waiting | None = None) -> tuple[Outbox, TlsPiece]:
    """An outbox with TLS in front of a stub, and the other side's end of it."""
    pair = established_pair()
    outbox = Outbox(stub, total or Waiting())  # type: ignore[arg-type]
    outbox.secure(pair.hub)
    return outbox, pair.client


def test_what_is_sent_is_encrypted_and_comes_out_whole() -> None:
    """Nothing of it is on the network in the clear, and the other side reads it."""
    stub = StubSocket()
    outbox, theirs = secure_outbox(stub)
    assert outbox.is_secure
    assert not outbox.send(b"a secret word")
    assert b"secret" not in stub.stream
    assert theirs.receive_data(stub.stream) == b"a secret word"


def test_one_send_is_one_write() -> None:
    """However many records it takes."""
    stub = StubSocket()
    outbox, theirs = secure_outbox(stub)
    outbox.send(b"x" * 100_000)
    assert len(stub.sent) == 1
    assert theirs.receive_data(stub.stream) == b"x" * 100_000


@pytest.mark.parametrize("room", [0, 1, 20])
def test_the_rest_of_a_record_waits_and_goes_first(room: int) -> None:
    """A record that the socket took a part of goes on where it ended, before the next one."""
    stub, total = StubSocket(room), Waiting()
    outbox, theirs = secure_outbox(stub, total)
    assert outbox.send(b"first ")
    assert not outbox.send(b"second")
    assert outbox.waiting == total.size > 12
    stub.room = 1 << 20
    assert outbox.flush()
    assert theirs.receive_data(stub.stream) == b"first second"
    assert (outbox.waiting, total.size) == (0, 0)


def test_what_comes_is_decrypted() -> None:
    """Nothing has to be answered for it."""
    stub = StubSocket()
    outbox, theirs = secure_outbox(stub)
    theirs.encrypt(b"hello")
    assert outbox.decrypt(theirs.data_to_send()) == (b"hello", False)
    assert stub.sent == []


def test_what_cannot_be_decrypted_ends_it() -> None:
    """The other side gets the alert; nothing is sent any more afterwards, and nothing of it is an error."""
    stub = StubSocket()
    outbox, theirs = secure_outbox(stub)
    with pytest.raises(TlsError):
        outbox.decrypt(b"\x17\x03\x03\x00\x20" + bytes(32))
    with pytest.raises(TlsError):
        theirs.receive_data(stub.stream)
    assert not outbox.send(b"too late")
    assert outbox.is_broken


def test_the_end_is_told_inside_tls() -> None:
    """So that the other side can tell it from a cut; what was due before it comes first."""
    stub = StubSocket(3)
    outbox, theirs = secure_outbox(stub)
    outbox.send(b"goodbye")
    outbox.finish()
    assert not stub.is_finished
    stub.room = 1 << 20
    assert outbox.flush()
    assert stub.is_finished
    assert theirs.receive_data(stub.stream) == b"goodbye"
    assert theirs.has_ended


def test_the_end_of_a_broken_one_is_no_error() -> None:
    """TLS that has failed cannot say goodbye."""
    stub = StubSocket()
    outbox, _ = secure_outbox(stub)
    with pytest.raises(TlsError):
        outbox.decrypt(b"GET / HTTP/1.1\r\n\r\n")
    outbox.finish()
    assert stub.is_finished


def test_two_senders_at_once_never_swap_records() -> None:
    """Two threads send, one flushes, one decrypts: the other side finds every record in its place, and all the bytes.

    Making a record and sending it are one step. If anybody could come in between, the other side would see a bad MAC.
    """
    ours, theirs = socket.socketpair()
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    ours.setblocking(False)
    pair = established_pair()
    incoming = [_record(pair.client, b"i" * size) for size in range(1, 400)]
    outbox = Outbox(ours, Waiting())
    outbox.secure(pair.hub)
    chance = random.Random(7)
    sizes = [chance.choice((1, 100, 5000, 20_000)) for _ in range(400)]
    has_sent = threading.Event()

    def send(letter: bytes) -> None:
        for size in sizes:
            outbox.send(letter * size)

    with ours, theirs, ThreadPoolExecutor(5) as threads:
        received = threads.submit(_all_plaintext, theirs, pair.client)
        flushed = threads.submit(_flush_until, outbox, ours, has_sent)
        senders = [threads.submit(send, letter) for letter in (b"a", b"b")]
        decrypted = threads.submit(lambda: [outbox.decrypt(record).plaintext for record in incoming])
        assert len(b"".join(decrypted.result(SECONDS))) == sum(range(1, 400))
        for sender in senders:
            sender.result(SECONDS)
        has_sent.set()
        flushed.result(SECONDS)
        ours.shutdown(socket.SHUT_WR)
        plaintext = received.result(SECONDS)
    assert (plaintext.count(b"a"), plaintext.count(b"b")) == (sum(sizes), sum(sizes))
    assert outbox.waiting == 0


def _flush_until(outbox: Outbox, connected: socket.socket, has_sent: threading.Event) -> None:
    while True:
        was_last = has_sent.is_set()
        select.select([], [connected], [], 0.01)
        if outbox.flush() and was_last:
            return


def _all_plaintext(connected: socket.socket, piece: TlsPiece) -> bytes:
    """Read to the end; raises TlsError there if there was a fault before."""
    received, fault = bytearray(), None
    while data := connected.recv(10_000):
        try:
            received += piece.receive_data(data)
        except TlsError as error:
            fault = fault or error  # Read on all the same: who sends must not be left waiting.
    if fault is not None:
        raise fault
    return bytes(received)


def _record(piece: TlsPiece, data: bytes) -> bytes:
    piece.encrypt(data)
    return piece.data_to_send()
