"""The model of the client's window with real clients, over a network in memory.

Thread: pytest's main thread plays the hub and the window; the connector's threads run beside it.
"""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest

from commonlib.classic.layouts import DataPacket
from commonlib.classic.packet import PacketType
from commonlib.exceptions import ChatError
from commonlib.identity import Fingerprint
from commonlib.storage.owner_only import StorageError
from tcpipclient import Client, ClientConfig, FileNotSaved, FileNotSent, FileOffered, FileSaved, Registered
from tcpipclient.core.exceptions import UnencryptedHubError
from tcpipclient.core.trusting import Trust
from tcpipclient.exchange import FileExchange
from tcpipclient.gui import connector as connector_module
from tcpipclient.gui.connector import Connector
from tcpipclient.gui.model import (
    Answers,
    Arrived,
    BatchRefused,
    ConnectFailed,
    DropCounted,
    DropRead,
    FileRefused,
    FileStarted,
    FolderLooked,
    Keeping,
    Model,
    NotDone,
    OwnKey,
    Target,
    TextRefused,
    TextSent,
)
from tcpipclient.gui.settings import Settings
from tcpipclient.gui.settings_file import load_settings
from tcpipclient.trust import TRUST_FILE, TrustStore
from tests.support import hub_packets
from tests.support.clients import MemoryClient
from tests.support.memory_network import SECONDS
from tests.support.scripted_hub import ScriptedHub

T = TypeVar("T")
BOB = hub_packets.person(2, "Bob")


class Wires:
    """A connector whose clients have a network each, and what it tells."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clients: list[MemoryClient] = []
        self.connector = Connector(folder / "downloads", folder / "settings.json", self._make_client)
        self.model: Model = self.connector

    def _make_client(self, config: ClientConfig, exchange: FileExchange) -> MemoryClient:
        self.clients.append(MemoryClient(replace(config, close_timeout=0.05), exchange=exchange))
        return self.clients[-1]

    def connect(self, number: int = 1, downloads: str = "") -> ScriptedHub:
        """Connect, and play the hub that lets us in."""
        self.model.connect(Target(number, "hub", 9999, "Ann", downloads, Answers(allow_unencrypted=True)))
        hub = ScriptedHub(self.clients[-1].network.accept())
        hub.let_in(1, BOB)
        assert self.event(Registered).own_id == 1
        return hub

    def wait_for(self, kind: type[T]) -> T:
        """The next thing told of a kind; others before it are passed over."""
        while told := self.connector.events.take(1, SECONDS):
            if isinstance(told[0], kind):
                return told[0]
        raise AssertionError(f"no {kind.__name__} was told")

    def event(self, kind: type[T]) -> T:
        """The next event of the client of a kind."""
        while not isinstance(event := self.wait_for(Arrived).event, kind):
            pass
        return event


@pytest.fixture
def wires(tmp_path: Path) -> Iterator[Wires]:
    """Stopped in the end."""
    wires = Wires(tmp_path / "data")
    yield wires
    wires.connector.stop()


def test_a_text_and_a_file_go_out_and_get_their_numbers(wires: Wires) -> None:
    """What follows carries the numbers; a file can be cancelled by its own."""
    hub = wires.connect()
    wires.model.send_text(40, "hello", (2,), (0, 0))
    assert DataPacket.decode(hub.take_until(PacketType.MESSAGE)).id_to == 2
    assert wires.wait_for(TextSent).message == 40
    path = wires.folder / "a.txt"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"x")
    wires.model.send_file(41, path, 2)
    started = wires.wait_for(FileStarted)
    assert started.file == 41
    hub.take_until(PacketType.FILE_START)
    wires.model.cancel_file(started.transfer)
    assert wires.event(FileNotSent).cancelled


@pytest.mark.parametrize("chosen", ["", "elsewhere"])
def test_offers_are_answered(wires: Wires, tmp_path: Path, chosen: str) -> None:
    """Accepted ones are in the folder of the settings, or in the one that is usual."""
    folder = tmp_path / chosen if chosen else wires.folder / "downloads"
    hub = wires.connect(downloads=str(folder) if chosen else "")
    hub.send(hub_packets.file(2, "a.txt", b"hello"))
    wires.model.accept_file(wires.event(FileOffered).transfer)
    saved = wires.event(FileSaved)
    assert Path(saved.path) == folder / "a.txt"
    hub.send(hub_packets.file(2, "b.txt", b"hello"))
    wires.model.decline_file(wires.event(FileOffered).transfer)
    assert wires.event(FileNotSaved).declined


def test_a_new_connection_is_a_new_client(wires: Wires) -> None:
    """After a loss, and after a goodbye; all that is told has its connection's number."""
    hub = wires.connect(1)
    hub.end()
    while wires.wait_for(Arrived).event.__class__.__name__ != "ConnectionLost":
        pass
    hub = wires.connect(2)
    wires.model.close(1)
    wires.model.close(2)
    hub.take_until(PacketType.CLOSE)
    hub.end()
    wires.connect(3)
    assert len(wires.clients) == 3
    wires.model.close(3)


def test_a_failed_attempt_says_why(wires: Wires) -> None:
    """What answers is no hub; a setting that is wrong is wrong for good."""
    wires.model.connect(Target(1, "hub", 9999, "Ann", ""))
    ScriptedHub(wires.clients[-1].network.accept()).end()
    failed = wires.wait_for(ConnectFailed)
    assert (failed.connection, failed.lasting) == (1, False)
    wires.model.connect(Target(2, "hub", 9999, " ", ""))
    failed = wires.wait_for(ConnectFailed)
    assert (failed.connection, failed.lasting) == (2, True)
    assert "name" in failed.reason


def test_an_attempt_can_be_given_up(wires: Wires) -> None:
    """Disconnect while the hub has not answered."""
    wires.model.connect(Target(1, "hub", 9999, "Ann", "", Answers(allow_unencrypted=True)))
    hub = ScriptedHub(wires.clients[-1].network.accept())
    hub.send(hub_packets.greeting(1, wall=None))
    hub.take_until(PacketType.MY_CREDENTIALS)
    wires.model.close(1)
    assert wires.wait_for(ConnectFailed).connection == 1


def test_without_a_connection_nothing_is_sent(wires: Wires) -> None:
    """The calls are harmless; a client that has not got in yet refuses."""
    wires.model.send_text(1, "x", (2,), (0, 0))
    wires.model.send_file(2, Path("a"), 2)
    wires.model.accept_file(1)
    wires.model.decline_file(1)
    wires.model.cancel_file(1)
    wires.model.send_batch(2, [Path("a")], 2, links=False)
    wires.model.add_to_batch(1, [Path("a")])
    wires.model.accept_batch(1, Keeping())
    for call in (wires.model.decline_batch, wires.model.pause_batch, wires.model.resume_batch):
        call(1)
    wires.model.cancel_batch(1)
    wires.model.move_batch(1, 2)
    wires.model.limit_speed(5)
    wires.model.close(7)
    hub = wires.connect()
    wires.model.send_text(3, "x", (99,), (0, 0))
    assert wires.wait_for(TextRefused).message == 3
    hub.end()


def test_drops_are_read_beside_the_window(wires: Wires) -> None:
    """The newest counts; one that is not wanted any more need not be answered."""
    wires.model.read_drop(1, ["http://a"])
    assert wires.wait_for(DropRead).refused[0].item == "http://a"
    wires.model.forget_drop(9)
    wires.model.forget_drop(1)
    wires.model.read_drop(2, [f"/no/such/{number}" for number in range(600)])
    assert wires.wait_for(DropRead).drop == 2


def test_folders_are_counted_and_looked_at_beside_the_window(wires: Wires, tmp_path: Path) -> None:
    """What is in those that were dropped, and what stands in those into which something is to go."""
    (tmp_path / "a").write_bytes(b"12345")
    wires.model.read_drop(3, [str(tmp_path)])
    assert wires.wait_for(DropRead).drop == 3
    wires.model.count_drop(3, [tmp_path])
    counted = wires.wait_for(DropCounted)
    assert (counted.drop, counted.files, counted.size) == (3, 1, 5)
    wires.model.look_at_folder(7, str(tmp_path), ["a", "b"])
    assert wires.wait_for(FolderLooked).there == frozenset({"a"})
    wires.model.look_at_folder(7, "", ["a"])
    assert wires.wait_for(FolderLooked).folder == str(wires.folder / "downloads")


def test_a_batch_needs_an_encrypted_connection(wires: Wires) -> None:
    """It is not sent in the clear behind the user's back; what cannot be added is told."""
    hub = wires.connect()
    path = wires.folder / "a.txt"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"x")
    wires.model.send_batch(41, [path], 2, links=False)
    assert wires.wait_for(BatchRefused).batch == 41
    wires.model.add_to_batch(1, [wires.folder / "gone"])
    assert "gone" in wires.wait_for(NotDone).reason
    hub.end()


def test_counting_that_nobody_waits_for_is_not_told(wires: Wires, tmp_path: Path) -> None:
    """The question was answered meanwhile."""
    for number in range(600):
        (tmp_path / str(number)).touch()
    wires.model.forget_drop(1)
    wires.model.count_drop(1, [tmp_path])
    assert wires.connector.stop()
    assert not [told for told in wires.connector.events.take(10) if isinstance(told, DropCounted)]


def test_a_drop_that_was_forgotten_is_not_answered(wires: Wires, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its reading stops at the next look."""
    begun, forgotten, done = threading.Event(), threading.Event(), threading.Event()

    def slow_read(drop: int, items: object, report: object, is_wanted: object) -> None:
        begun.set()
        assert forgotten.wait(SECONDS)
        assert callable(is_wanted)
        assert not is_wanted()
        done.set()

    monkeypatch.setattr(connector_module, "read_drop", slow_read)
    wires.model.read_drop(1, ["/a"])
    assert begun.wait(SECONDS)
    wires.model.forget_drop(1)
    forgotten.set()
    assert done.wait(SECONDS)
    assert wires.connector.stop()
    assert wires.connector.events.take(1) == []


def test_the_computer_is_asked_and_settings_are_saved(wires: Wires, monkeypatch: pytest.MonkeyPatch) -> None:
    """In their order; what fails is told."""
    asked: list[str] = []
    monkeypatch.setattr(connector_module, "maybe_open_link", asked.append)
    wires.model.open_link("https://a")
    wires.model.open_file(wires.folder / "gone.txt")
    assert "gone.txt is not there" in wires.wait_for(NotDone).reason
    wires.model.open_folder(wires.folder / "nowhere" / "gone.txt")
    assert "not there" in wires.wait_for(NotDone).reason
    wires.model.save_settings(Settings(name="Ann"))
    assert wires.connector.stop()
    assert asked == ["https://a"]
    assert load_settings(wires.folder / "settings.json") == Settings(name="Ann")


def test_a_thread_that_fails_is_told(wires: Wires, monkeypatch: pytest.MonkeyPatch) -> None:
    """With where to look; its traceback is in the log."""

    def fail(*_: object) -> str:
        raise ZeroDivisionError

    monkeypatch.setattr(connector_module, "read_drop", fail)
    wires.model.read_drop(1, ["/a"])
    assert "its log says why" in wires.wait_for(NotDone).reason


def test_stopping_says_goodbye(wires: Wires) -> None:
    """And waits for it, but not for ever."""
    hub = wires.connect()
    stopped: list[bool] = []
    stopping = threading.Thread(target=lambda: stopped.append(wires.connector.stop()))
    stopping.start()
    hub.take_until(PacketType.CLOSE)
    hub.end()
    stopping.join(SECONDS)
    assert stopped == [True]


def test_stopping_does_not_wait_for_ever(wires: Wires, monkeypatch: pytest.MonkeyPatch) -> None:
    """A chore that hangs is left behind."""
    release = threading.Event()
    monkeypatch.setattr(connector_module, "maybe_open_link", lambda url: release.wait(SECONDS) and None)
    wires.model.open_link("https://a")
    assert not wires.connector.stop(timeout=0.01)
    release.set()


def test_a_file_that_cannot_be_sent_is_refused(wires: Wires) -> None:
    """With the client's sentence."""
    wires.connect()
    wires.model.send_file(5, Path("no such file"), 2)
    refused = wires.wait_for(FileRefused)
    assert (refused.file, "no such file" in refused.reason) == (5, True)


def test_our_key_is_made_and_told_beside_the_window(wires: Wires) -> None:
    """The same at the next start; where it cannot be read, a sentence tells."""
    wires.connector.load()
    key = wires.wait_for(OwnKey).key
    wires.connector.load()
    assert wires.wait_for(OwnKey).key == key
    (wires.folder / "key.pem").write_bytes(b"nothing that is a key")
    wires.connector.load()
    assert str(wires.folder) in wires.wait_for(NotDone).reason


def test_what_the_user_has_answered_is_in_the_next_try(wires: Wires, monkeypatch: pytest.MonkeyPatch) -> None:
    """The key that he trusts, his join code, and whether it may be without encryption."""
    monkeypatch.setattr(MemoryClient, "connect", lambda _: (_ for _ in ()).throw(UnencryptedHubError("hub", 9999)))
    answers = Answers(Fingerprint(bytes(32)), "amber", allow_unencrypted=True)
    wires.model.connect(Target(1, "hub", 9999, "Ann", "", answers))
    wires.model.connect(Target(2, "hub", 9999, "Ann", ""))
    given, plain = (client.config for client in wires.clients)
    assert (given.trust, given.join_code, given.allow_unencrypted) == (bytes(32), "amber", True)
    assert (plain.trust, plain.join_code, plain.allow_unencrypted) == (Trust.KNOWN, "", False)
    assert given.data_dir == wires.folder


def test_why_a_hub_does_not_let_us_in_is_told_with_its_cause(wires: Wires, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the hub said, and what cannot be used on this computer, which is not tried again."""
    causes: list[ChatError] = [
        UnencryptedHubError("hub", 9999),
        StorageError(wires.folder / "trust.db", "it is no database", "Delete it."),
    ]
    monkeypatch.setattr(MemoryClient, "connect", lambda _: (_ for _ in ()).throw(causes[len(wires.clients) - 1]))
    wires.model.connect(Target(1, "hub", 9999, "Ann", ""))
    told = wires.wait_for(ConnectFailed)
    assert (told.cause, told.lasting) == (causes[0], False)
    wires.model.connect(Target(2, "hub", 9999, "Ann", ""))
    told = wires.wait_for(ConnectFailed)
    assert (told.cause, told.lasting, told.reason) == (None, True, str(causes[1]))


def test_a_connection_is_one_of_an_ordinary_client() -> None:
    """Made anew for each; it is not connected yet."""
    config = ClientConfig("hub", name="Ann")
    first, second = (connector_module.new_client(config, FileExchange()) for _ in range(2))
    assert first is not second
    assert isinstance(first, Client)
    assert first.config == config


def test_a_hub_is_forgotten_beside_the_window(wires: Wires) -> None:
    """In the file; where that cannot be used, a sentence tells."""
    key = Fingerprint(bytes(range(32)))
    with TrustStore(wires.folder) as store:
        store.pin("hub", 9999, key)
    wires.model.forget_hub("hub", 9999, key)
    wires.model.forget_hub("old", 9999, None)
    assert wires.connector.stop()
    with TrustStore(wires.folder) as store:
        assert store.maybe_pin("hub", 9999) is None


def test_a_file_of_trust_that_cannot_be_used_is_told(wires: Wires) -> None:
    """The hub may still be trusted then."""
    wires.folder.mkdir(mode=0o700)
    (wires.folder / TRUST_FILE).write_bytes(b"nothing that is a database" * 100)
    wires.model.forget_hub("hub", 9999, None)
    assert TRUST_FILE in wires.wait_for(NotDone).reason
