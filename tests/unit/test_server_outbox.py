"""The hub's outbox: what goes out at once, what waits, in which order, and what becomes of it when a socket breaks.

Threads: pytest's main thread, and for the race two senders and a reader.
"""

import hashlib
import random
import select
import socket
import threading

import pytest

from tcpipserver.net.outbox import Outbox, Waiting
from tests.support.stub_socket import StubSocket

FLUSH = 256 << 10


def outbox_on(stub: StubSocket, total: Waiting | None = None) -> Outbox:
    """An outbox in front of a stub."""
    return Outbox(stub, total or Waiting())  # type: ignore[arg-type]


def test_what_the_socket_takes_goes_out_at_once() -> None:
    """Nothing waits, and no flusher is needed."""
    stub = StubSocket()
    outbox = outbox_on(stub)
    assert not outbox.send(b"hello")
    assert (stub.sent, outbox.waiting) == ([b"hello"], 0)
    assert outbox.flush()


@pytest.mark.parametrize("room", [0, 1, 4])
def test_the_rest_waits_for_the_flusher(room: int) -> None:
    """What does not fit is kept, counted, and asks for a flusher once."""
    stub, total = StubSocket(room), Waiting()
    outbox = outbox_on(stub, total)
    assert outbox.send(b"hello")
    assert not outbox.send(b" world")
    assert (outbox.waiting, total.size) == (11 - room, 11 - room)
    stub.room = 100
    assert outbox.flush()
    assert (stub.stream, outbox.waiting, total.size) == (b"hello world", 0, 0)
    stub.room = 0
    assert outbox.send(b"again")


def test_nothing_overtakes_what_waits() -> None:
    """Although the socket has room again, later bytes wait behind earlier ones."""
    stub = StubSocket(0)
    outbox = outbox_on(stub)
    outbox.send(b"first ")
    stub.room = 100
    outbox.send(b"second")
    assert stub.sent == []
    outbox.flush()
    assert stub.stream == b"first second"


@pytest.mark.parametrize("size", [3, FLUSH - 1, FLUSH + 1])
def test_the_unsent_rest_of_a_flush_goes_first(size: int) -> None:
    """A flush that is cut short goes on where it ended, whether pieces were joined for it or not."""
    stub = StubSocket(0)
    outbox = outbox_on(stub)
    pieces = [letter * size for letter in (b"a", b"b", b"c")]
    for piece in pieces:
        outbox.send(piece)
    stub.room = size - 1
    assert not outbox.flush()
    assert outbox.waiting == 2 * size + 1
    outbox.send(b"end")
    stub.room = 1 << 30
    assert outbox.flush()
    assert stub.stream == b"".join(pieces) + b"end"


def test_small_pieces_are_joined_into_good_writes() -> None:
    """A thousand packets that wait are a few writes, none much larger than a quarter of a mebibyte."""
    stub = StubSocket(0)
    outbox = outbox_on(stub)
    for number in range(1000):
        outbox.send(bytes([number % 256]) * 1024)
    stub.room = 1 << 30
    assert outbox.flush()
    assert len(stub.sent) == 4
    assert max(map(len, stub.sent)) <= FLUSH
    assert stub.stream == b"".join(bytes([number % 256]) * 1024 for number in range(1000))


def test_what_goes_out_late_is_counted() -> None:
    """Only what had to wait, as it goes out; what is thrown away in the end has not gone out."""
    stub = StubSocket(2)
    outbox = outbox_on(stub)
    outbox.send(b"hello")
    assert outbox.flushed == 0
    stub.room = 1
    outbox.flush()
    assert outbox.flushed == 1
    outbox.discard()
    assert outbox.flushed == 1


def test_an_interrupted_send_is_tried_again() -> None:
    """A send that a signal interrupted has taken nothing."""
    stub = StubSocket()
    stub.error = InterruptedError()
    outbox = outbox_on(stub)
    assert outbox.send(b"hello")
    stub.error = None
    assert outbox.flush()
    assert stub.stream == b"hello"


@pytest.mark.parametrize("is_flushing", [False, True])
def test_a_broken_socket_keeps_nothing(is_flushing: bool) -> None:
    """Once it has refused, all that waits and all that comes is thrown away, and nobody is asked to flush."""
    stub, total = StubSocket(3), Waiting()
    outbox = outbox_on(stub, total)
    if is_flushing:
        outbox.send(b"hello")
    stub.error = ConnectionResetError()
    if is_flushing:
        assert outbox.flush()
    else:
        assert not outbox.send(b"hello")
    assert outbox.is_broken
    stub.error = None
    assert not outbox.send(b"more")
    assert outbox.flush()
    assert (outbox.waiting, total.size) == (0, 0)
    assert stub.stream in (b"", b"hel")


def test_the_last_byte_is_followed_by_the_end() -> None:
    """Finishing shuts the sending side, at once or when all has gone out; what is added later is thrown away."""
    stub = StubSocket()
    outbox_on(stub).finish()
    assert stub.is_finished

    stub = StubSocket(2)
    outbox = outbox_on(stub)
    outbox.send(b"hello")
    outbox.finish()
    assert not outbox.send(b"too late")
    assert not stub.is_finished
    stub.room = 100
    assert outbox.flush()
    assert stub.is_finished
    assert stub.stream == b"hello"


def test_the_end_of_a_broken_socket_is_no_error() -> None:
    """A socket that has gone cannot be shut, which is the same to us."""
    stub = StubSocket()
    stub.error = OSError(107, "not connected")
    outbox = outbox_on(stub)
    outbox.finish()
    assert outbox.is_broken


def test_discarding_gives_back_what_waits() -> None:
    """The common count loses what this outbox had, and no more; twice is once."""
    total = Waiting()
    first, second = outbox_on(StubSocket(0), total), outbox_on(StubSocket(0), total)
    first.send(b"x" * 100)
    second.send(b"y" * 10)
    first.discard()
    first.discard()
    assert (first.waiting, second.waiting, total.size) == (0, 10, 10)
    assert not first.send(b"more")


def test_two_threads_on_one_socket_keep_the_order() -> None:
    """One sends while another flushes through a socket that takes little: what comes out is what went in."""
    ours, theirs = socket.socketpair()
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    ours.setblocking(False)
    total = Waiting()
    outbox = Outbox(ours, total)
    chance = random.Random(5)
    pieces = [chance.randbytes(chance.choice((1, 1024, 5000, 70_000))) for _ in range(400)]
    received = hashlib.sha256()
    has_sent = threading.Event()

    def flush() -> None:
        while True:
            was_last = has_sent.is_set()
            select.select([], [ours], [], 0.01)
            if outbox.flush() and was_last:
                return

    def receive() -> None:
        while data := theirs.recv(10_000):
            received.update(data)

    threads = [threading.Thread(target=flush), threading.Thread(target=receive)]
    with ours, theirs:
        for thread in threads:
            thread.start()
        for piece in pieces:
            outbox.send(piece)
        has_sent.set()
        threads[0].join(20)
        ours.shutdown(socket.SHUT_WR)
        threads[1].join(20)
    assert received.digest() == hashlib.sha256(b"".join(pieces)).digest()
    assert (outbox.waiting, total.size) == (0, 0)
