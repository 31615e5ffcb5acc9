"""The hub as a whole, as far as it can be asked without a client: what it is built of, and what it says of itself.

Starting and stopping with people on it is tested in tests/integration/test_hub_stop.py. Threads: pytest's main thread
and the hub's.
"""

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from commonlib.classic.packet import Layout
from commonlib.storage.owner_only import StorageError
from tcpipserver.config import ServerConfig
from tcpipserver.control import requests
from tcpipserver.control.answers import Done, Status
from tcpipserver.control.asking import ask
from tcpipserver.control.folder_lock import FolderInUseError
from tcpipserver.hub.inputs import CommandHandled, OperatorSaid
from tcpipserver.net.listener import ListenError
from tcpipserver.service import NotRunningError, Service
from tests.support.leaks import wait_until
from tests.support.running_hub import running_hub

SECONDS = 20.0
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

    def names() -> list[str]:
        return sorted(thread.name for thread in set(threading.enumerate()) - before)

    expected = ["dispatcher", "flusher-1", "handlers", "listener", "normalizer", "reader-1"]
    with running_hub() as hub:
        for client in hub.join_many(50):
            client.echo()
        assert wait_until(lambda: names() == expected, SECONDS)


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


def test_a_hub_with_a_folder_can_be_asked_from_outside(tmp_path: Path) -> None:
    """How it is, by its own clock; and to stop, which whoever waits for it is told of."""
    with running_hub(replace(LOOPBACK, data_dir=tmp_path)) as hub:
        hub.join("Ann").echo()
        status, done = ask(tmp_path, requests.StatusAsked(), SECONDS)
        assert isinstance(status, Status)
        assert done == Done()
        assert (status.port, status.classic, status.fingerprint) == (hub.service.port, 1, hub.service.fingerprint)
        assert 0 <= status.now - status.started < SECONDS
        assert not hub.service.wait(0)
        stopping = threading.Thread(target=ask, args=(tmp_path, requests.Stop(), SECONDS))
        stopping.start()
        assert hub.service.wait(SECONDS)
        assert hub.service.failure is None
        hub.service.stop()
        stopping.join(SECONDS)
        assert not stopping.is_alive()


def test_a_hub_that_cannot_start_gives_its_folder_back(tmp_path: Path) -> None:
    """Its port is taken, or what it kept cannot be read; another hub can have the folder at once."""
    with running_hub() as other:
        taken = Service(replace(LOOPBACK, port=other.service.port, data_dir=tmp_path))
        with pytest.raises(ListenError):
            taken.start()
    (tmp_path / "key.pem").write_text("no key")
    (tmp_path / "key.pem").chmod(0o600)
    with pytest.raises(StorageError):
        Service(replace(LOOPBACK, data_dir=tmp_path)).start()
    (tmp_path / "key.pem").unlink()
    with running_hub(replace(LOOPBACK, data_dir=tmp_path)), pytest.raises(FolderInUseError):
        Service(replace(LOOPBACK, data_dir=tmp_path)).start()


def test_a_hub_without_a_folder_has_no_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program's own hub leaves nothing anywhere."""
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    with running_hub():
        assert sorted(tmp_path.rglob("*")) == before
