"""Batches between the models of two windows over a real hub: what is asked of them is done, and outlives a connection.

Threads: the hub's, the clients' and the connectors' own; pytest's main thread as both users.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import pytest

from commonlib.conflict import Conflict
from commonlib.values import replace
from tcpipclient import Client, ClientConfig, ConnectionLost, PersonJoined, Registered, Trust
from tcpipclient.core.batch_events import BatchChanged, BatchEnded, BatchOffered, BatchProgressed, BatchState, WayKind
from tcpipclient.exchange import FileExchange
from tcpipclient.gui.connector import Connector
from tcpipclient.gui.model import Answers, Arrived, BatchStarted, Keeping, ModelEvent, Target
from tcpipserver import Server, ServerConfig
from tests.support.batch_clients import contents, make_tree
from tests.support.memory_network import SECONDS

T = TypeVar("T")


@dataclass
class Window:
    """The model of one window, and all that it was told."""

    connector: Connector
    folder: Path
    told: list[ModelEvent] = field(default_factory=list)
    exchanges: list[FileExchange] = field(default_factory=list)

    @property
    def downloads(self) -> Path:
        return self.folder / "downloads"

    def connect(self, number: int, port: int) -> Registered:
        """Connect, and be taken in; returns what the hub said."""
        target = Target(number, "127.0.0.1", port, self.folder.name, "", Answers(trust=None))
        self.connector.connect(target)
        return self.event(Registered)

    def wait_for(self, kind: type[T], condition: Callable[[T], bool] = lambda _: True) -> T:
        """The next thing told of a kind for which the condition holds."""
        while told := self.connector.events.take(1, SECONDS):
            self.told += told
            if isinstance(told[0], kind) and condition(told[0]):
                return told[0]
        raise AssertionError(f"no {kind.__name__} was told, but {self.told[-10:]}")

    def event(self, kind: type[T], condition: Callable[[T], bool] = lambda _: True) -> T:
        """The next event of the client of a kind."""
        arrived = self.wait_for(Arrived, lambda it: isinstance(it.event, kind) and condition(it.event))
        assert isinstance(arrived.event, kind)
        return arrived.event

    def ended(self) -> BatchEnded:
        """The end of a batch."""
        return self.event(BatchEnded)

    def ways(self) -> set[WayKind | None]:
        """Which ways were in use so far."""
        events = [told.event for told in self.told if isinstance(told, Arrived)]
        return {event.way for event in events if isinstance(event, BatchChanged)} - {None}


@contextmanager
def window(folder: Path, port: int) -> Iterator[Window]:
    """The model of a window that has trusted the hub before, and listens where there is room."""
    with Client(ClientConfig("127.0.0.1", port, data_dir=folder, trust=Trust.FIRST_USE)):
        pass
    exchanges: list[FileExchange] = []

    def make_client(config: ClientConfig, exchange: FileExchange) -> Client:
        exchanges.append(exchange)
        return Client(replace(config, listening_port=0), exchange=exchange)

    connector = Connector(folder / "downloads", folder / "settings.json", make_client)
    try:
        yield Window(connector, folder, exchanges=exchanges)
    finally:
        assert connector.stop()


@pytest.fixture
def server() -> Iterator[Server]:
    """A hub on loopback."""
    with Server(ServerConfig(host="127.0.0.1", port=0)) as server:
        yield server


@pytest.fixture
def both(server: Server, tmp_path: Path) -> Iterator[tuple[Window, Window, int]]:
    """Ann and Bob, and Bob's id."""
    with ExitStack() as stack:
        ann, bob = (stack.enter_context(window(tmp_path / name, server.port)) for name in ("Ann", "Bob"))
        ann.connect(1, server.port)
        bob_id = bob.connect(1, server.port).own_id
        ann.event(PersonJoined, lambda it: it.person.id == bob_id)
        yield ann, bob, bob_id


@pytest.mark.parametrize("listening", [True, False])
def test_a_folder_passes_as_its_user_wants_it(
    both: tuple[Window, Window, int], tmp_path: Path, listening: bool
) -> None:
    """Into the folder that he chose; directly, or through the hub where this computer is not to listen."""
    ann, bob, bob_id = both
    tree = make_tree(tmp_path / "source")
    ann.connector.send_batch(40, [tree], bob_id, links=False)
    offered = bob.event(BatchOffered)
    bob.connector.accept_batch(
        offered.transfer, Keeping(Conflict.RENAME, folder=str(tmp_path / "chosen"), listening=listening)
    )
    assert bob.ended().state is ann.ended().state is BatchState.SAVED
    assert contents(tmp_path / "chosen") == contents(tree.parent)
    assert bob.ways() == {WayKind.DIRECT if listening else WayKind.HUB}
    assert any(isinstance(told, BatchStarted) and told.batch == 40 for told in ann.told)
    assert (bob.exchanges[0].listening_port != 0) is listening


def test_a_batch_is_paused_slowed_and_stopped(both: tuple[Window, Window, int], tmp_path: Path) -> None:
    """Each is told at both ends; and it can be sent again, as Retry does."""
    ann, bob, bob_id = both
    large = tmp_path / "large"
    large.write_bytes(bytes(20 << 20))
    ann.connector.limit_speed(1 << 20)
    ann.connector.send_batch(40, [large], bob_id, links=False)
    bob.connector.accept_batch(bob.event(BatchOffered).transfer, Keeping())
    number = ann.wait_for(BatchStarted).transfer
    ann.event(BatchProgressed, lambda it: it.done > 0)
    ann.connector.pause_batch(number)
    assert not bob.event(BatchChanged, lambda it: it.state is BatchState.PAUSED).paused_here
    ann.connector.resume_batch(number)
    bob.event(BatchChanged, lambda it: it.state is BatchState.RUNNING)
    ann.connector.cancel_batch(number)
    assert bob.ended().state is ann.ended().state is BatchState.CANCELLED
    ann.connector.send_batch(41, [large], bob_id, links=False)
    bob.connector.decline_batch(bob.event(BatchOffered).transfer)
    assert ann.ended().state is BatchState.DECLINED
    assert contents(bob.downloads) in ({}, None) or not bob.downloads.exists()


def test_a_batch_goes_on_with_the_next_connection(tmp_path: Path) -> None:
    """The hub has gone while it ran, and both connect again: it is the same batch, and more can be added to it."""
    files = [tmp_path / name for name in ("one", "two")]
    for path in files:
        path.write_bytes(bytes(8 << 20))
    config = ServerConfig(host="127.0.0.1", port=0, data_dir=tmp_path / "hub")
    with ExitStack() as stack:
        with Server(config) as server:
            port = server.port
            ann, bob = (stack.enter_context(window(tmp_path / name, port)) for name in ("Ann", "Bob"))
            ann.connect(1, port)
            bob_id = bob.connect(1, port).own_id
            ann.event(PersonJoined, lambda it: it.person.id == bob_id)
            ann.connector.limit_speed(2 << 20)
            ann.connector.send_batch(40, files[:1], bob_id, links=False)
            bob.connector.accept_batch(bob.event(BatchOffered).transfer, Keeping())
            number = ann.wait_for(BatchStarted).transfer
            ann.event(BatchProgressed, lambda it: it.done > 0)
        ann.event(ConnectionLost)
        bob.event(ConnectionLost)
        with Server(replace(config, port=port)):
            bob.connect(2, port)
            ann.connect(2, port)
            ann.connector.add_to_batch(number, files[1:])
            bob.connector.accept_batch(bob.event(BatchOffered).transfer, Keeping())
            ann.connector.limit_speed(None)
            assert bob.ended().saved == ann.ended().saved == 2
            assert set(contents(bob.downloads)) == {"one", "two"}
            for each in (ann, bob):
                each.connector.close(2)
