"""Where a hub listens: on which addresses, and what it says where it cannot.

Threads: the hub's own, and pytest's main thread.
"""

import errno
import os
import socket
import socketserver
from collections.abc import Callable

import pytest

from tcpipserver.config import ServerConfig
from tcpipserver.net.listener import ListenError
from tcpipserver.service import Service
from tests.support.leaks import holdings_now, maybe_leak
from tests.support.running_hub import running_hub

EVERYWHERE = ServerConfig(host="", port=0)
needs_ipv6 = pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="this system has no IPv6")


def failure_of(config: ServerConfig) -> ListenError:
    """The error with which a hub does not start; nothing of it may be left."""
    before = holdings_now()
    service = Service(config)
    with pytest.raises(ListenError) as caught:
        service.start()
    assert maybe_leak(before, 0.0) is None
    service.stop()
    return caught.value


@needs_ipv6
@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_by_default_the_hub_listens_on_both_families(host: str) -> None:
    """Without a host it is reached by IPv4 and by IPv6, and shows each address in its own form."""
    with running_hub(service=Service(EVERYWHERE)) as hub:
        client = hub.connect(host)
        assert client.greet().text_a == host


def test_without_ipv6_the_hub_listens_on_the_other_family(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the system has no sockets for both families, the hub is reached by IPv4."""
    monkeypatch.setattr(socket, "has_dualstack_ipv6", lambda: False)
    with running_hub(service=Service(EVERYWHERE)) as hub:
        assert hub.service._listener is not None
        assert hub.service._listener.socket.family == socket.AF_INET
        assert hub.connect().greet().text_a == "127.0.0.1"


def test_with_a_host_the_hub_listens_there_alone() -> None:
    """On an address of its own it is not reached by another one of the same machine."""
    with running_hub(service=Service(ServerConfig(host="127.0.0.1", port=0))) as hub:
        assert hub.connect().greet().text_a == "127.0.0.1"
        with pytest.raises(ConnectionRefusedError):
            hub.connect("127.0.0.2" if os.name != "nt" else "::1")


def test_the_hub_says_where_it_listens_and_for_how_many_there_is_room() -> None:
    """The first line of the log tells the port and the capacity."""
    with running_hub(ServerConfig(most_clients=12)) as hub:
        assert hub.log.lines()[0] == f"The hub listens on port {hub.service.port} and has room for 12 clients."


def test_a_port_that_is_taken_is_told() -> None:
    """A second hub on the same port is refused with the next step, and the first one goes on."""
    with running_hub() as hub:
        port = hub.service.port
        error = failure_of(ServerConfig(host="127.0.0.1", port=port))
        assert str(error) == (
            f"Port {port} is already in use on this machine, perhaps by another hub: stop that program, "
            "or choose another port with --port (0 takes any free one)."
        )
        assert (error.host, error.port) == ("127.0.0.1", port)
        hub.join("Ann").echo()


def refusing(error: OSError) -> Callable[..., None]:
    """What binds nothing and raises this."""

    def refuse(*_: object, **__: object) -> None:
        raise error

    return refuse


def windows_error(number: int) -> OSError:
    """An error of Windows sockets, which has its own number beside that of the C library."""
    error = OSError(errno.EINVAL, "An attempt was made to access a socket in a way forbidden")
    error.winerror = number  # type: ignore[attr-defined]
    return error


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (PermissionError(errno.EACCES, "Permission denied"), "The system keeps port 0 for itself: choose another one"),
        (windows_error(10013), "The system keeps port 0 for itself: choose another one"),
        (windows_error(10048), "Port 0 is already in use on this machine"),
        (OSError(errno.EADDRNOTAVAIL, "Cannot assign"), "The hub cannot listen on this machine, port 0: Cannot assign"),
    ],
)
def test_what_the_system_refuses_is_told(monkeypatch: pytest.MonkeyPatch, error: OSError, said: str) -> None:
    """A reserved port, on Windows too, and whatever else cannot be bound, becomes a sentence with the next step."""
    monkeypatch.setattr(socketserver.TCPServer, "server_bind", refusing(error))
    told = str(failure_of(EVERYWHERE))
    assert told.startswith(said)
    assert "--port" in told or "--host" in told


@pytest.mark.parametrize(
    ("host", "detail"),
    [
        ("192.0.2.1", "assign"),
        ("..", "that is no address"),
        ("a" * 64, "that is no address"),
        ("\u202e..", "that is no address"),
    ],
)
def test_an_address_of_another_machine_or_none_is_told(host: str, detail: str) -> None:
    """A host on which this machine cannot listen is named, with what to give instead."""
    told = str(failure_of(ServerConfig(host=host, port=0)))
    assert told.startswith("The hub cannot listen on ")
    assert detail in told
    assert told.endswith("Give --host an address of this machine, or leave it away to listen on all of them.")
    assert told.isprintable()


def test_a_name_that_nobody_knows_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """So is a name that cannot be looked up."""
    error = socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    monkeypatch.setattr(socket, "getaddrinfo", refusing(error))
    told = str(failure_of(ServerConfig(host="nowhere.example", port=0)))
    assert told.startswith("The hub cannot listen on nowhere.example, port 0: Name or service not known.")


@pytest.mark.parametrize("host", ["", "127.0.0.1"])
@pytest.mark.parametrize("port", [-1, 65_536, 1 << 40])
def test_a_number_that_is_no_port_is_told(host: str, port: int) -> None:
    """A port that does not exist is refused with those that do."""
    told = str(failure_of(ServerConfig(host=host, port=port)))
    assert told == f"There is no port {port}: choose one from 1 to 65535, or 0 for any free one."
