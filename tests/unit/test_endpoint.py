"""Where callers come in: who may, that nothing stays behind, and that what was left behind does no harm.

Threads: pytest's main thread, and one that accepts.
"""

import os
import queue
import socket
import stat
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Client
from pathlib import Path

import pytest

from tcpipserver.control.channel import Channel, ChannelTimedOutError, PipeChannel
from tcpipserver.control.endpoint import Endpoint, PipeEndpoint, SocketEndpoint, connect, open_endpoint

SECONDS = 20.0
posix = pytest.mark.skipif(os.name == "nt", reason="Windows has named pipes instead")
Make = Callable[[Path], Endpoint]
Call = Callable[[str], Channel]


def make_pipe(path: Path) -> Endpoint:
    """What Windows uses, over what this system has."""
    return PipeEndpoint(str(path) if os.name == "posix" else None)


def call_pipe(address: str) -> Channel:
    """Who connects to it."""
    return PipeChannel(Client(address))


def call(address: str) -> Channel:
    """Who connects to what the system uses."""
    return connect(address, soon())


both = pytest.mark.parametrize(
    ("make", "caller"),
    [pytest.param(SocketEndpoint, call, marks=posix, id="socket"), pytest.param(make_pipe, call_pipe, id="pipe")],
)


def soon() -> float:
    """A deadline that is never reached where all is well."""
    return time.monotonic() + SECONDS


@contextmanager
def accepting(endpoint: Endpoint) -> Iterator["queue.Queue[Channel | None]"]:
    """Somebody accepts until the end; what he accepts is in the queue, None last."""
    accepted: queue.Queue[Channel | None] = queue.Queue()

    def run() -> None:
        while (channel := endpoint.accept()) is not None:
            accepted.put(channel)
        accepted.put(None)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield accepted
    finally:
        endpoint.wake()
        thread.join(SECONDS)
        assert not thread.is_alive()
        endpoint.close()


@both
def test_a_caller_and_the_hub_hear_each_other(tmp_path: Path, make: Make, caller: Call) -> None:
    """One after the other, as many as come."""
    endpoint = make(tmp_path / "socket")
    with accepting(endpoint) as accepted:
        for message in (b"one", b"two"):
            callers = caller(endpoint.address)
            hubs = accepted.get(timeout=SECONDS)
            assert hubs is not None
            callers.send(message, soon())
            assert hubs.receive(10, soon()) == message
            hubs.send(message * 2, soon())
            assert callers.receive(10, soon()) == message * 2
            callers.close()
            hubs.close()


@both
def test_the_waiting_ends_when_it_is_woken(tmp_path: Path, make: Make, caller: Call) -> None:
    """And stays ended."""
    endpoint = make(tmp_path / "socket")
    with accepting(endpoint) as accepted:
        endpoint.wake()
        assert accepted.get(timeout=SECONDS) is None


@posix
def test_only_its_owner_may_use_a_socket(tmp_path: Path) -> None:
    """And it is gone when it is closed."""
    endpoint = SocketEndpoint(tmp_path / "socket")
    found = (tmp_path / "socket").lstat()
    assert stat.S_ISSOCK(found.st_mode)
    assert stat.S_IMODE(found.st_mode) == 0o600
    endpoint.close()
    assert not list(tmp_path.glob("socket"))


@posix
@pytest.mark.parametrize("left", ["socket", "file", "link"])
def test_what_a_killed_hub_left_is_replaced(tmp_path: Path, left: str) -> None:
    """A socket that nobody listens on; whatever else is there of the name, a link without what it leads to."""
    path = tmp_path / "socket"
    if left == "socket":
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as killed:
            killed.bind(str(path))
    elif left == "file":
        path.touch()
    else:
        (tmp_path / "elsewhere").write_text("kept")
        path.symlink_to(tmp_path / "elsewhere")
    with accepting(SocketEndpoint(path)) as accepted:
        call(str(path)).close()
        channel = accepted.get(timeout=SECONDS)
        assert channel is not None
        channel.close()
    assert left != "link" or (tmp_path / "elsewhere").read_text() == "kept"


@posix
def test_the_socket_of_another_hub_stays(tmp_path: Path) -> None:
    """The folder may have been deleted under a running hub, and another one be there now."""
    path = tmp_path / "socket"
    first = SocketEndpoint(path)
    second = SocketEndpoint(path)
    first.close()
    assert path.exists()
    second.close()
    second_time = SocketEndpoint(path)
    path.unlink()
    second_time.close()


@posix
def test_the_first_place_that_will_do_is_taken(tmp_path: Path) -> None:
    """A folder of that name, a missing one and a path that is too long are passed over; without any, it is told why."""
    (tmp_path / "folder").mkdir()
    wrong = [tmp_path / "folder", tmp_path / "missing" / "socket", tmp_path / ("x" * 200)]
    endpoint = open_endpoint([*wrong, tmp_path / "socket"])
    assert endpoint.address == str(tmp_path / "socket")
    endpoint.close()
    with pytest.raises(OSError, match="too long"):
        open_endpoint(wrong)
    with pytest.raises(OSError, match="short enough"):
        open_endpoint([])
    assert [path.name for path in tmp_path.iterdir() if path.name != "home"] == ["folder"]


@posix
def test_nobody_there_is_an_error_at_once(tmp_path: Path) -> None:
    """No socket, a socket that nobody listens on, a file."""
    (tmp_path / "file").touch()
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as killed:
        killed.bind(str(tmp_path / "killed"))
    for name in ("missing", "killed", "file"):
        with pytest.raises(OSError, match=r"Errno"):
            call(str(tmp_path / name))


@posix
def test_a_crowd_at_the_door_is_waited_for_until_the_deadline(tmp_path: Path) -> None:
    """The system queues so many, and refuses the next one at once: he tries again."""
    endpoint = SocketEndpoint(tmp_path / "socket")
    crowd: list[socket.socket] = []
    try:
        while True:
            one = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            crowd.append(one)
            one.setblocking(False)
            if one.connect_ex(endpoint.address):
                break
        with pytest.raises(ChannelTimedOutError):
            connect(endpoint.address, time.monotonic() + 0.1)
        timer = threading.Timer(0.05, lambda: accepted.append(endpoint.accept()))
        accepted: list[Channel | None] = []
        timer.start()
        call(endpoint.address).close()
        timer.join(SECONDS)
        assert accepted[0] is not None
        accepted[0].close()
    finally:
        for one in crowd:
            one.close()
        endpoint.close()
