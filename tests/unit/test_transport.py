"""The client's TCP connection, on the loopback address.

Thread: pytest's main thread, and one that waits where a test says so.
"""

import errno
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tcpipclient.core.exceptions import ConnectError, ConnectTimedOutError, RefusedError, UnknownHostError
from tcpipclient.net.transport import Transport, connect_socket


@pytest.fixture
def ends() -> Iterator[tuple[Transport, socket.socket]]:
    """A connection: the client's end as a transport, the other as a socket."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        transport = connect_socket("127.0.0.1", listener.getsockname()[1], 5.0)
        other, _ = listener.accept()
    with other:
        yield transport, other
    transport.close()


def test_bytes_go_both_ways(ends: tuple[Transport, socket.socket]) -> None:
    """And small ones at once: nothing waits to be joined with what comes later."""
    transport, other = ends
    transport.send(b"there")
    assert other.recv(100) == b"there"
    other.sendall(b"back")
    assert transport.receive() == b"back"
    assert transport._socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)  # type: ignore[attr-defined]


def test_finishing_leaves_the_other_direction_open(ends: tuple[Transport, socket.socket]) -> None:
    """So that what the hub still says is not lost in a reset."""
    transport, other = ends
    transport.finish_sending()
    assert other.recv(100) == b""
    other.sendall(b"last words")
    assert transport.receive() == b"last words"


def test_aborting_wakes_who_receives(ends: tuple[Transport, socket.socket]) -> None:
    """However long nothing has come; and it may be called again, and after the close."""
    transport, _ = ends
    with ThreadPoolExecutor(1) as pool:
        receiving = pool.submit(transport.receive)
        transport.abort()
        assert receiving.result(timeout=10.0) == b""
    transport.abort()
    transport.close()
    transport.abort()
    transport.finish_sending()


def test_a_port_without_a_listener_is_refused() -> None:
    """Of the loopback address, where it is certain that nothing listens: the port was just given back."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(RefusedError, match="is the hub started"):
        connect_socket("127.0.0.1", port, 5.0)


@pytest.mark.parametrize("host", ["a" * 64 + ".example", "..", "\x00"])
def test_a_name_that_is_none_is_unknown(host: str) -> None:
    """Whether the system says so or Python before it."""
    with pytest.raises((UnknownHostError, ConnectError)):
        connect_socket(host, 9999, 5.0)


@pytest.mark.parametrize(
    ("said", "error"),
    [
        (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), UnknownHostError),
        (TimeoutError("timed out"), ConnectTimedOutError),
        (ConnectionRefusedError(errno.ECONNREFUSED, "refused"), RefusedError),
        (OSError(errno.EHOSTUNREACH, "No route to host"), ConnectError),
    ],
)
def test_what_the_system_says_becomes_an_error_of_ours(
    said: OSError, error: type[ConnectError], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the host and port that were asked for, and the system's words where it is none of the known cases."""

    def refuse(*_: object) -> None:
        raise said

    monkeypatch.setattr(socket, "create_connection", refuse)
    with pytest.raises(ConnectError) as caught:
        connect_socket("hub", 9999, 5.0)
    assert type(caught.value) is error
    assert (caught.value.host, caught.value.port) == ("hub", 9999)
    if error is ConnectError:
        assert "No route to host" in str(caught.value)
