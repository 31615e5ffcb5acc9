"""One connection through its life: arriving, registered, dismissed, aborted. Thread: pytest's main thread."""

import socket
from pathlib import Path

import pytest

from tests.support.hub_connections import (
    NotingCaretaker,
    connection_on,
    real_connection,
    stub_connection,
)
from tests.support.stub_socket import StubSocket
from tests.support.tls_forger import APPLICATION_DATA, victim_of_a_client


def test_while_arriving_what_is_sent_is_the_greeting() -> None:
    """It goes out, and the arrival, whose answer depends on it, is told what it was."""
    stub = StubSocket()
    connection = connection_on(stub)
    assert connection.is_arriving
    connection.send(b"greeting")
    assert connection.greetings is not None
    assert connection.greetings.get_nowait() == b"greeting"
    assert b"".join(stub.sent) == b"greeting"


def test_a_dismissal_while_arriving_is_a_refusal() -> None:
    """The arrival hears that there is no place; it waits for what the other side says, and is woken."""
    stub = StubSocket()
    connection = connection_on(stub)
    connection.dismiss()
    assert connection.greetings is not None
    assert connection.greetings.get_nowait() is None
    assert connection.is_dismissed
    assert stub.shut


def test_registering_makes_the_socket_one_that_never_blocks() -> None:
    """From then on what is sent goes out on it."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        connection = connection_on(ours)
        connection.register(NotingCaretaker())
        assert not ours.getblocking()
        assert not connection.is_arriving
        connection.send(b"hello")
        assert theirs.recv(100) == b"hello"


def test_the_flusher_is_asked_once_for_what_does_not_fit() -> None:
    """Only when something begins to wait."""
    connection, stub, caretaker = stub_connection(room=3)
    connection.send(b"hello")
    connection.send(b"world")
    assert caretaker.asked == [("watch", 1)]
    assert stub.stream == b"hel"


@pytest.mark.parametrize("room", [0, 100])
def test_a_dismissal_lets_what_is_due_go_out(room: int) -> None:
    """The sending side is shut behind the last byte, and not before."""
    connection, stub, _ = stub_connection(room=room)
    connection.send(b"goodbye")
    connection.dismiss()
    assert connection.is_dismissed
    assert stub.is_finished is (room > 0)
    stub.room = 100
    connection.outbox.flush()
    assert stub.stream == b"goodbye"
    assert stub.is_finished


def test_an_abort_ends_both_ways_at_once() -> None:
    """What waits is thrown away, the other side sees the end, and the reader is asked to look, even if held back."""
    with real_connection() as (connection, theirs):
        connection.abort()
        assert theirs.recv(100) == b""
        assert isinstance(connection.caretaker, NotingCaretaker)
        assert connection.caretaker.asked == [("resume", 1)]
        connection.abort()
        connection.send(b"never")
        assert connection.outbox.waiting == 0


def test_an_abort_of_what_has_gone_is_no_error() -> None:
    """The other side may have been faster."""
    connection, stub, caretaker = stub_connection(room=0)
    connection.send(b"hello")
    stub.error = OSError(107, "not connected")
    connection.abort()
    assert connection.outbox.waiting == 0
    assert caretaker.asked[-1] == ("resume", 1)


def test_closing_gives_everything_back() -> None:
    """The descriptor, and what was still waiting."""
    connection, stub, _ = stub_connection(room=0)
    connection.send(b"hello")
    connection.close()
    assert stub.is_closed
    assert connection.outbox.waiting == 0


def test_what_is_not_encrypted_is_read_as_it_is() -> None:
    """The classic wire."""
    connection, _, _ = stub_connection()
    assert connection.decrypt(b"hello") == b"hello"


def test_an_answer_of_tls_that_does_not_fit_asks_for_the_flusher(tmp_path: Path) -> None:
    """Reading has made something to say, which only the flusher can send later; it goes out then."""
    stub, caretaker = StubSocket(room=0), NotingCaretaker()
    piece, forger = victim_of_a_client(tmp_path)
    connection = connection_on(stub)
    connection.outbox.secure(piece)
    connection.register(caretaker)
    updates = forger.key_update(requested=True) + forger.key_update(requested=True)
    assert connection.decrypt(updates + forger.record(APPLICATION_DATA, b"hello")) == b"hello"
    assert caretaker.asked == [("watch", 1)]
    stub.room = 1000
    connection.outbox.flush()
    assert len(stub.stream) > 20
