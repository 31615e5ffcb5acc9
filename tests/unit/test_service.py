"""The hub as a whole, as far as it can be asked without a client: what it is built of, and what it says of itself.

Starting and stopping with people on it is tested in tests/integration/test_hub_stop.py. Threads: pytest's main thread
and the hub's.
"""

import threading

import pytest

from commonlib.classic.packet import Layout
from tcpipserver.config import ServerConfig
from tcpipserver.hub.inputs import CommandHandled, OperatorSaid
from tcpipserver.service import NotRunningError, Service
from tests.support.running_hub import running_hub

LOOPBACK = ServerConfig(host="127.0.0.1", port=0)


def test_making_a_hub_starts_nothing() -> None:
    """No thread and no socket before `start`; what a program registers is kept for it."""
    before = threading.active_count()
    service = Service(LOOPBACK)
    service.registry.register(100, Layout.BIG_STRING)
    service.prepare(CommandHandled(100))
    assert threading.active_count() == before
    with pytest.raises(NotRunningError):
        _ = service.port


def test_an_idle_hub_has_four_threads() -> None:
    """Listener, normalizer, dispatcher and handlers; readers and flushers come with the first client."""
    before = set(threading.enumerate())
    with running_hub():
        names = sorted(thread.name for thread in set(threading.enumerate()) - before)
        assert names == ["dispatcher", "handlers", "listener", "normalizer"]


def test_a_hub_with_clients_has_no_thread_for_each() -> None:
    """Fifty clients are read by one thread and flushed by one."""
    before = set(threading.enumerate())
    with running_hub() as hub:
        for client in hub.join_many(50):
            client.echo()
        names = sorted(thread.name for thread in set(threading.enumerate()) - before)
        assert names == ["dispatcher", "flusher-1", "handlers", "listener", "normalizer", "reader-1"]


def test_a_port_of_its_own_is_told() -> None:
    """With port 0 the system chooses, and the hub says what it chose."""
    with running_hub() as first, running_hub() as second:
        assert 0 < first.service.port != second.service.port > 0


def test_questions_are_answered_by_the_brain() -> None:
    """From any thread, while the hub runs."""
    with running_hub() as hub:
        ann = hub.join("Ann")
        assert [person.name for person in hub.service.ask(lambda brain: brain.people())] == ["Ann"]
        ann.close()
        hub.service.stop()
        with pytest.raises(NotRunningError, match="start it first"):
            hub.service.ask(lambda brain: brain.people())
        with pytest.raises(NotRunningError):
            hub.service.tell(OperatorSaid(None, "x"))
