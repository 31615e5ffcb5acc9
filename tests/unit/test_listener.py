"""The listening socket: what happens to connections for which there is no handler, no room or no descriptor.

Threads: pytest's main thread, the listener's, and those of its handlers.
"""

import errno
import socket
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from tcpipserver.net.listener import Listener
from tests.support.leaks import wait_until
from tests.support.log_lines import LogLines

SECONDS = 20.0


@dataclass
class Arrivals:
    """Stands for the arrivals.

    Attributes:
        is_kept: What `receive` answers: whether the socket belongs to somebody else from now on.
        looks: Set once it was asked to look for those who take too long.
        received: Whom it was given.
    """

    is_kept: bool = False
    looks: threading.Event = field(default_factory=threading.Event)
    received: list[tuple[socket.socket, tuple[str, int]]] = field(default_factory=list)

    def receive(self, connected: socket.socket, address: tuple[str, int]) -> bool:
        self.received.append((connected, address))
        return self.is_kept

    def shut_overdue(self) -> None:
        """Nobody is."""
        self.looks.set()


@pytest.fixture
def arrivals() -> Arrivals:
    """Who handles newcomers."""
    return Arrivals()


@pytest.fixture
def listener(arrivals: Arrivals) -> Iterator[Listener]:
    """A listener that runs, and has to end without breaking."""
    failed: list[str] = []
    made = Listener("127.0.0.1", 0, arrivals, failed.append)  # type: ignore[arg-type]
    made.start()
    yield made
    assert made.stop(SECONDS)
    assert failed == []


def connect(listener: Listener) -> socket.socket:
    """Somebody connects."""
    return socket.create_connection(("127.0.0.1", listener.port), SECONDS)


def test_the_article_is_kept(listener: Listener) -> None:
    """It is a ThreadingTCPServer whose backlog takes a crowd that comes at once, and which waits for no thread."""
    assert isinstance(listener, socketserver.ThreadingTCPServer)
    assert listener.request_queue_size >= 1000
    assert not listener.block_on_close


def test_a_socket_that_nobody_keeps_is_closed(listener: Listener, arrivals: Arrivals) -> None:
    """When its handler ends, the other side sees the end."""
    with connect(listener) as client:
        assert client.recv(1) == b""
        assert wait_until(lambda: arrivals.received[0][0].fileno() < 0, SECONDS)
        assert arrivals.received[0][1] == client.getsockname()


def test_a_socket_that_is_kept_stays_open(listener: Listener, arrivals: Arrivals) -> None:
    """The handler's thread ends, and the socket is somebody else's; packets leave it without delay."""
    arrivals.is_kept = True
    with connect(listener) as client:
        assert wait_until(lambda: bool(arrivals.received), SECONDS)
        kept, _ = arrivals.received[0]
        assert wait_until(lambda: not listener._kept_open and threading.active_count() == 2, SECONDS)
        kept.send(b"hello")
        assert client.recv(5) == b"hello"
        assert kept.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        kept.close()


def test_a_handler_that_breaks_is_told_and_its_socket_closed(
    listener: Listener, arrivals: Arrivals, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The listener goes on."""
    with LogLines() as log:
        with monkeypatch.context() as patch:
            patch.setattr(arrivals, "receive", lambda *_: {}["made up"])
            with connect(listener) as client:
                assert client.recv(1) == b""
        log.wait_for("was sent away")
        assert "KeyError" in log.faults()[0]
        with connect(listener) as client:
            assert client.recv(1) == b""


def test_a_thread_that_cannot_be_started_costs_that_connection(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system may have no more of them."""

    def refuse(*_: object, **__: object) -> None:
        raise RuntimeError("can't start new thread")

    with LogLines() as log:
        with monkeypatch.context() as patch:
            patch.setattr(socketserver.threading, "Thread", refuse)  # type: ignore[attr-defined]
            with connect(listener) as client:
                assert client.recv(1) == b""
        assert len(log.faults()) == 1
        with connect(listener) as client:
            assert client.recv(1) == b""


def test_one_who_is_gone_before_he_is_accepted_costs_nothing(
    listener: Listener, arrivals: Arrivals, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On some systems such a socket has no options any more; it is closed, and the next one is served."""
    accepted: list[socket.socket] = []

    class Gone(socket.socket):
        def setsockopt(self, *_: object) -> None:  # type: ignore[override]
            accepted.append(self)
            raise OSError(errno.EINVAL, "Invalid argument")

    def accept(_: socketserver.TCPServer) -> tuple[socket.socket, object]:
        connected, address = listener.socket.accept()
        return Gone(connected.family, connected.type, fileno=connected.detach()), address

    with monkeypatch.context() as patch:
        patch.setattr(socketserver.TCPServer, "get_request", accept)
        with connect(listener) as client:
            assert client.recv(1) == b""
    assert accepted[0].fileno() < 0
    assert arrivals.received == []
    with connect(listener) as client:
        assert client.recv(1) == b""


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ENFILE])
def test_without_a_descriptor_a_newcomer_is_sent_away_with_the_reserve(
    listener: Listener, arrivals: Arrivals, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """Each is closed at once, the log tells it once, and again only when there were descriptors in between."""

    def refuse(_: socketserver.TCPServer) -> tuple[socket.socket, object]:
        raise OSError(number, "Too many open files")

    with LogLines() as log:
        for _ in range(2):
            with monkeypatch.context() as patch:
                patch.setattr(socketserver.TCPServer, "get_request", refuse)
                for _ in range(3):
                    with connect(listener) as client:
                        assert client.recv(1) == b""
            with connect(listener) as client:
                assert client.recv(1) == b""
        assert wait_until(lambda: len(arrivals.received) == 2, SECONDS)
        assert log.count("no more descriptors") == 2
        assert listener._reserve._descriptor is not None


def test_stopping_without_a_start_closes_the_socket(arrivals: Arrivals) -> None:
    """The port is free again, and nothing waits for a thread that never ran."""
    listener = Listener("127.0.0.1", 0, arrivals, pytest.fail)  # type: ignore[arg-type]
    port = listener.port
    assert listener.stop(0)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), SECONDS)


def test_stopping_does_not_wait_for_those_who_are_connected(listener: Listener, arrivals: Arrivals) -> None:
    """Handler threads are the arrivals' to end."""
    arrivals.is_kept = True
    with connect(listener) as client:
        assert wait_until(lambda: bool(arrivals.received), SECONDS)
        assert listener.stop(SECONDS)
        client.send(b"x")
        arrivals.received[0][0].close()


@pytest.mark.usefixtures("listener")
def test_those_who_take_too_long_are_looked_for_though_nobody_comes(arrivals: Arrivals) -> None:
    """Whoever connects and says nothing must not wait for the next one to be sent away."""
    assert arrivals.looks.wait(SECONDS)
