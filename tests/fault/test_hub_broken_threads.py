"""A defect of ours breaks one of the hub's threads: the hub ends, and says how, instead of limping on.

Threads: the hub's own, and pytest's main thread as every client.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress

import pytest

from tcpipserver.net import newcomer
from tcpipserver.net.flusher import Flusher
from tcpipserver.net.inbox import Asked
from tcpipserver.net.listener import Listener
from tcpipserver.net.reader import Reader
from tests.support.classic_client import SECONDS
from tests.support.leaks import wait_until
from tests.support.running_hub import RunningHub, running_hub


def breaks(*_: object) -> None:
    """In place of what a thread does."""
    raise LookupError("made up")


def break_dispatcher(hub: RunningHub, patch: pytest.MonkeyPatch) -> None:
    """Ask it what it cannot answer."""
    hub.service._dispatcher.post(Asked(breaks, Future()))


def break_normalizer(hub: RunningHub, patch: pytest.MonkeyPatch) -> None:
    """Let it find what is no chunk."""
    hub.service._raw.put(())  # type: ignore[arg-type]


def break_reader(hub: RunningHub, patch: pytest.MonkeyPatch) -> None:
    """Let it come to a socket that it cannot read."""
    patch.setattr(Reader, "_read", breaks)
    hub.join("Ann").send(b"x")


def break_flusher(hub: RunningHub, patch: pytest.MonkeyPatch) -> None:
    """Let it come to an outbox that it cannot empty."""
    patch.setattr(Flusher, "_flush", breaks)
    slow = hub.join("Slow", receive_buffer=4096)
    hub.fill_outbox(slow, 1)
    slow.socket.settimeout(0.01)
    while not hub.service.wait(0):
        with suppress(TimeoutError):
            slow.socket.recv(1 << 20)


def break_listener(hub: RunningHub, patch: pytest.MonkeyPatch) -> None:
    """Let it fail between two newcomers."""
    patch.setattr(Listener, "service_actions", breaks)


def break_handlers(hub: RunningHub, patch: pytest.MonkeyPatch) -> None:
    """Let it find what is nothing to handle."""
    hub.service.handlers._waiting.put(())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("thread", "break_it"),
    [
        ("dispatcher", break_dispatcher),
        ("normalizer", break_normalizer),
        ("reader-1", break_reader),
        ("flusher-1", break_flusher),
        ("listener", break_listener),
        ("handlers", break_handlers),
    ],
)
def test_a_thread_that_breaks_ends_the_hub(
    monkeypatch: pytest.MonkeyPatch, thread: str, break_it: Callable[[RunningHub, pytest.MonkeyPatch], None]
) -> None:
    """Whoever waits for the hub is woken and told which thread broke; stopping still leaves nothing behind."""
    monkeypatch.setattr("tcpipserver.service._ANSWER_SECONDS", 600.0)
    with running_hub() as hub:
        hub.expected_faults = 1
        break_it(hub, monkeypatch)
        assert hub.service.wait(SECONDS)
        assert hub.service.failure == f"The hub's {thread} thread broke; the log says how. Start the hub again."
        stopping = threading.Thread(target=hub.service.stop)
        stopping.start()
        stopping.join(SECONDS)
        assert not stopping.is_alive()
        assert hub.log.faults()[0].startswith(f"The {thread} thread broke; the hub stops.")


def test_a_dispatcher_that_breaks_while_the_hub_stops_does_not_keep_it() -> None:
    """Stopping does not wait for an answer that cannot come."""
    with running_hub() as hub:
        hub.expected_faults = 1
        hub.service._dispatcher.post(Asked(breaks, Future()))
        hub.service.stop()
        assert hub.service.failure is not None


def test_an_arrival_that_breaks_costs_only_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """A defect on a newcomer's own thread ends his connection and keeps no place; the hub goes on."""
    with running_hub() as hub:
        ann = hub.join("Ann")
        with monkeypatch.context() as patch:
            patch.setattr(newcomer.Arrival, "receive_data", breaks)
            client = hub.connect()
            client.greet()
            client.send(b"\x04")
            client.wait_for_end()
        hub.log.wait_for("was sent away")
        assert wait_until(lambda: len(hub.service._dispatcher._connections) == 1, SECONDS)
        hub.log.wait_for("127.0.0.1 did not register: the hub could not take it in.")
        hub.expected_faults = 1
        ann.echo()
        hub.join("Bob").echo()
