"""The dispatcher thread: handlers, limits, and what it does when something of ours fails.

Thread: pytest's main thread plays the hub; the client's threads run beside it.
"""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from commonlib.classic.packet import PacketType
from tcpipclient import (
    Client,
    ClientConfig,
    ConnectionLost,
    Direction,
    Event,
    FileNotSaved,
    FileNotSent,
    FileOffered,
    FileProgressed,
    FileSent,
    Loss,
    PersonJoined,
    Registered,
    TextArrived,
    TransferState,
)
from tcpipclient.core.classic_session import ClassicSession
from tcpipclient.net.file_sender import FileJob
from tests.support import hub_packets
from tests.support.clients import ANY_HUB, Heard
from tests.support.memory_network import MemoryNetwork
from tests.support.scripted_hub import connect

BOB = hub_packets.person(2, "Bob")


@pytest.fixture
def network() -> MemoryNetwork:
    """A network with nobody on it."""
    return MemoryNetwork()


@pytest.fixture
def client(network: MemoryNetwork) -> Iterator[Client]:
    """A client that will connect over the network; closed without waiting for a hub that says nothing."""
    client = Client(ClientConfig("hub", name="Ann", close_timeout=0.01, **ANY_HUB), connect_with=network.connect)
    yield client
    client.close()


def test_events_come_in_order_on_one_thread(client: Client, network: MemoryNetwork) -> None:
    """Registered first; all on the dispatcher's thread."""
    threads: set[str] = set()
    client.on_event(lambda _: threads.add(threading.current_thread().name))
    heard = Heard(client)
    hub = connect(client, network, BOB)
    hub.send(hub_packets.text(2, "one"), hub_packets.text(2, "two"))
    heard.wait_for(TextArrived, lambda event: event.text == "two")
    assert [type(event) for event in heard.events] == [Registered, TextArrived, TextArrived]
    assert threads == {"tcpipclient-dispatcher"}


def test_a_handler_that_raises_is_logged_and_stops_nobody(
    client: Client, network: MemoryNetwork, caplog: pytest.LogCaptureFixture
) -> None:
    """The next handler hears the event, and all hear the next one."""

    def fail(_: Event) -> None:
        raise ValueError("a mistake of the user's")

    client.on_event(fail)
    heard = Heard(client)
    hub = connect(client, network)
    hub.send(hub_packets.text(2, "one"), hub_packets.text(2, "two"))
    heard.wait_for(TextArrived, lambda event: event.text == "two")
    assert "a mistake of the user's" in caplog.text
    assert "Traceback" in caplog.text


def test_a_handler_that_takes_long_holds_up_only_events(client: Client, network: MemoryNetwork) -> None:
    """Meanwhile other threads send, and nothing that comes is lost."""
    may_go_on = threading.Event()
    client.on_event(lambda event: isinstance(event, PersonJoined) and may_go_on.wait(10.0))
    heard = Heard(client)
    hub = connect(client, network, BOB)
    hub.send(hub_packets.person(3, "Eve"), *(hub_packets.text(2, f"text {number}") for number in range(300)))
    client.send_text("meanwhile", to=2)
    hub.take_until(PacketType.MESSAGE)
    may_go_on.set()
    heard.wait_for(TextArrived, lambda event: event.text == "text 299")
    assert [event.text for event in heard.all(TextArrived)] == [f"text {number}" for number in range(300)]


def test_a_hub_that_reads_nothing_is_given_up() -> None:
    """It asks and asks, and takes no answer: the answers do not fill the memory."""
    network = MemoryNetwork(capacity=64 * 1024)
    client = Client(ClientConfig("hub", name="Ann", **ANY_HUB), connect_with=network.connect)
    heard = Heard(client)
    hub = connect(client, network)
    with pytest.raises(BrokenPipeError):
        hub.send(hub_packets.ping() * 65536)
    assert heard.wait_for(ConnectionLost).loss is Loss.NOT_READING


def test_a_defect_of_ours_is_told_and_logged(
    client: Client, network: MemoryNetwork, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The connection ends with everything tidy, and whoever waits is not left waiting."""
    heard = Heard(client)
    hub = connect(client, network, BOB)
    text = client.send_text("x", to=2)
    hub.take_until(PacketType.MESSAGE)

    def fail(*_: object) -> list[object]:
        raise RuntimeError("a defect")

    monkeypatch.setattr(ClassicSession, "receive_block", fail)
    hub.send(BOB)
    assert heard.wait_for(ConnectionLost).loss is Loss.DEFECT
    assert not text.wait(10.0)
    client.close()
    assert "a defect" in caplog.text


@pytest.mark.parametrize("thread", ["reader", "normalizer", "writer", "file-sender"])
def test_a_thread_that_fails_takes_the_connection_with_it(
    thread: str,
    client: Client,
    network: MemoryNetwork,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Whichever: a connection that is only half alive would leave its user waiting."""
    heard = Heard(client)
    hub = connect(client, network, BOB)
    link = client._maybe_link
    assert link is not None

    def fail(*_: object) -> bytes:
        raise RuntimeError("a defect")

    match thread:
        case "reader":
            monkeypatch.setattr(link._transport, "receive", fail)
            hub.send(BOB)
        case "normalizer":
            monkeypatch.setattr("commonlib.classic.cutter.PacketCutter.receive_data", fail)
            hub.send(BOB)
        case "writer":
            monkeypatch.setattr(link._transport, "send", fail)
            hub.send(hub_packets.ping())
        case "file-sender":
            monkeypatch.setattr("tcpipclient.net.file_sender.open_source", fail)
            client.send_file(__file__, 2)
    lost = heard.wait_for(ConnectionLost)
    assert lost.loss in (Loss.DEFECT, Loss.CLOSED)
    client.close()
    assert f"the {thread} thread of the client has failed" in caplog.text


def test_no_progress_is_told_after_the_end(client: Client, network: MemoryNetwork, tmp_path: Path) -> None:
    """However fast the recipient is; whoever shows progress is done when a file is told as sent."""
    path = tmp_path / "a.bin"
    path.write_bytes(b"x" * 2_000_000)
    heard = Heard(client)
    hub = connect(client, network, BOB)
    for round_number in range(1, 6):
        before = len(heard.events)
        transfer = client.send_file(path, 2)
        hub.take_until(PacketType.FILE_END)
        hub.send(hub_packets.done(2, "a.bin"))
        assert transfer.wait(10.0) is TransferState.SENT
        heard.wait_for(FileSent, after=before)
        hub.send(hub_packets.text(2, f"round {round_number}"))
        heard.wait_for(TextArrived, after=before)
        kinds = [type(event) for event in heard.events[before:]]
        assert FileProgressed not in kinds[kinds.index(FileSent) :]


def test_progress_that_comes_late_is_not_told(client: Client, network: MemoryNetwork, tmp_path: Path) -> None:
    """Once a file is told as sent, nothing more is told of it."""
    (tmp_path / "a").write_bytes(b"x")
    heard = Heard(client)
    hub = connect(client, network, BOB)
    transfer = client.send_file(tmp_path / "a", 2)
    hub.take_until(PacketType.FILE_END)
    hub.send(hub_packets.done(2, "a"))
    heard.wait_for(FileSent)
    link = client._maybe_link
    assert link is not None
    told = len(heard.events)
    link.dispatcher.tell_progress(FileProgressed(transfer.number, Direction.OUTGOING, 2, "a", 1, 1))
    link.dispatcher.tell_progress(FileProgressed(99, Direction.OUTGOING, 2, "b", 1, 1))
    hub.send(hub_packets.text(2, "after"))
    heard.wait_for(TextArrived)
    hub.send(hub_packets.text(2, "and after that"))
    heard.wait_for(TextArrived, lambda event: event.text == "and after that")
    assert [type(event) for event in heard.events[told:]] == [TextArrived, TextArrived]


def test_what_other_threads_tell_while_they_end_is_told(
    client: Client, network: MemoryNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the loss, which is the last event, and told once."""
    heard = Heard(client)
    hub = connect(client, network, BOB)
    link = client._maybe_link
    assert link is not None
    last_words = FileNotSent(7, 2, "a", "It could not be read.")
    stop = link.file_sender.stop

    def tell_and_stop() -> None:
        link.dispatcher.post_events([last_words])
        stop()

    monkeypatch.setattr(link.file_sender, "stop", tell_and_stop)
    hub.end()
    lost = heard.wait_for(ConnectionLost)
    client.close()
    assert heard.events[-2:] == [last_words, lost]
    assert len(heard.all(ConnectionLost)) == 1


def test_a_file_that_waits_for_an_answer_is_not_kept_at_the_end(network: MemoryNetwork, tmp_path: Path) -> None:
    """Its sender can be told nothing any more; the user is, before he is told of the loss."""
    config = ClientConfig("hub", name="Ann", downloads=tmp_path / "in", close_timeout=0.01, **ANY_HUB)
    client = Client(config, connect_with=network.connect)
    heard = Heard(client)
    hub = connect(client, network, BOB)
    hub.send(hub_packets.file(2, "a.txt", b"hello"))
    heard.wait_for(FileOffered)
    hub.end()
    heard.wait_for(ConnectionLost)
    client.close()
    assert [type(event) for event in heard.events[-2:]] == [FileNotSaved, ConnectionLost]
    assert list((tmp_path / "in").iterdir()) == []


def test_what_fails_on_another_thread_is_told_before_the_loss(
    client: Client, network: MemoryNetwork, tmp_path: Path
) -> None:
    """ConnectionLost is the last event, whatever was still under way."""
    path = tmp_path / "a.bin"
    path.write_bytes(b"x" * 5_000_000)
    heard = Heard(client)
    hub = connect(client, network, BOB)
    transfers = [client.send_file(path, 2) for _ in range(3)]
    hub.take_until(PacketType.FILE_CHUNK)
    hub.transport.cut()
    heard.wait_for(ConnectionLost)
    client.close()
    assert isinstance(heard.events[-1], ConnectionLost)
    assert [event.transfer for event in heard.all(FileNotSent)] == [transfer.number for transfer in transfers]
    assert {transfer.wait(10.0) for transfer in transfers} == {TransferState.NOT_SENT}


def test_the_thread_that_sends_files_begins_with_the_first(client: Client, network: MemoryNetwork) -> None:
    """Once."""

    def senders() -> list[threading.Thread]:
        return [thread for thread in threading.enumerate() if thread.name == "tcpipclient-file-sender"]

    connect(client, network, BOB)
    assert senders() == []
    client.send_file(__file__, 2)
    (first,) = senders()
    client.send_file(__file__, 2)
    assert senders() == [first]
    client.close()
    assert senders() == []


def test_no_thread_begins_for_a_file_after_the_end(client: Client, network: MemoryNetwork) -> None:
    """Nobody would join it."""
    connect(client, network, BOB)
    link = client._maybe_link
    assert link is not None
    client.close()
    link.send_file(FileJob(9, Path(__file__), 2, "late", 1))
    assert link._file_thread.ident is None
