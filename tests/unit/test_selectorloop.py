"""A thread that sleeps until a socket is ready or it is woken. Threads: pytest's main thread and the loop's."""

import queue
import selectors

import pytest

from tcpipserver.net.connection import Connection
from tcpipserver.net.selectorloop import SelectorLoop
from tests.support.hub_connections import real_connection

SECONDS = 20.0


def test_it_calls_with_what_is_ready() -> None:
    """A registered socket that becomes ready is told again and again until it is not, or is taken out."""
    ready: queue.SimpleQueue[Connection] = queue.SimpleQueue()

    def take_out(connection: Connection) -> None:
        ready.put(connection)
        if ready.qsize() == 3:
            loop.unregister(connection.socket)

    loop = SelectorLoop("loop", take_out, lambda: None, pytest.fail)
    with real_connection() as (connection, theirs):
        loop.register(connection.socket, selectors.EVENT_READ, connection)
        theirs.send(b"x")
        loop.start()
        while ready.qsize() < 3:
            assert ready.get(timeout=SECONDS) is connection
            ready.put(connection)
        assert loop.stop(SECONDS)


def test_waking_is_told_on_its_thread_and_not_lost() -> None:
    """A wake before the start counts, and so does one at the end."""
    woken: queue.SimpleQueue[None] = queue.SimpleQueue()
    loop = SelectorLoop("loop", pytest.fail, lambda: woken.put(None), pytest.fail)
    loop.wake()
    loop.start()
    woken.get(timeout=SECONDS)
    loop.wake()
    woken.get(timeout=SECONDS)
    assert loop.stop(SECONDS)
    assert woken.qsize() >= 1


def test_who_was_woken_comes_after_what_is_ready() -> None:
    """Woken, an owner may take a socket out that is ready in the same moment: he must not be called with it then."""
    told: queue.SimpleQueue[str] = queue.SimpleQueue()
    is_in = True
    with real_connection() as (connection, theirs):

        def take_out() -> None:
            nonlocal is_in
            if is_in:
                is_in = False
                loop.unregister(connection.socket)
                told.put("woken")

        loop = SelectorLoop("loop", lambda _: told.put("ready"), take_out, pytest.fail)
        loop.register(connection.socket, selectors.EVENT_READ, connection)
        loop.wake()
        theirs.send(b"x")
        loop.start()
        assert [told.get(timeout=SECONDS) for _ in range(2)] == ["ready", "woken"]
        assert loop.stop(SECONDS)
        assert told.empty()


def test_stopping_one_that_never_started_gives_everything_back() -> None:
    """Its selector and its waker are closed all the same."""
    loop = SelectorLoop("loop", pytest.fail, lambda: None, pytest.fail)
    assert loop.stop(0)
    with pytest.raises((RuntimeError, ValueError, KeyError)):
        loop.register(None, selectors.EVENT_READ, None)  # type: ignore[arg-type]
