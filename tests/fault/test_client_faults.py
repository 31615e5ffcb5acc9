"""What goes wrong around a client: no hub, a wrong one, one that vanishes, one that lies.

Thread: pytest's main thread; clients and servers run beside it.
"""

import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from commonlib.classic.layouts import DataPacket
from commonlib.classic.packet import PacketType
from tcpipclient import (
    Accept,
    Client,
    ClientConfig,
    ConnectError,
    ConnectionLost,
    FileNotSaved,
    FileOffered,
    Loss,
    NotAHubError,
    RefusedError,
    TextArrived,
    TransferState,
)
from tcpipclient.config import ClientSettings
from tests.support import hub_packets
from tests.support.clients import ANY_HUB, Heard, MemoryClient
from tests.support.original_server import OriginalServer
from tests.support.recordings import divided
from tests.support.scripted_hub import connect

BOB = hub_packets.person(2, "Bob")


def test_a_port_where_nothing_listens_is_refused_with_the_next_step() -> None:
    """Nothing is left running."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(RefusedError, match=f"127.0.0.1 port {port}"):
        Client("127.0.0.1", port=port).connect()


def test_another_service_is_no_hub() -> None:
    """Here one that speaks first, as mail servers do."""

    def greet(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            connection.sendall(b"220 mail.example ESMTP\r\n")
            connection.recv(100)

    with socket.create_server(("127.0.0.1", 0)) as listener, ThreadPoolExecutor(1) as pool:
        pool.submit(greet, listener)
        with pytest.raises(NotAHubError, match="is no hub"):
            Client("127.0.0.1", port=listener.getsockname()[1]).connect()


def test_a_service_that_waits_for_us_is_not_waited_for() -> None:
    """Such as a web server; the accepted connection stays open and silent."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = ClientConfig("127.0.0.1", listener.getsockname()[1], register_timeout=0.05)
        with pytest.raises(ConnectError, match="No hub answered"):
            Client(config).connect()


def test_a_hub_that_vanishes_in_the_middle_of_a_file_fails_it_at_both_ends(tmp_path: Path) -> None:
    """Both hear why, nothing is kept, and the threads end by themselves."""
    path = tmp_path / "a.bin"
    path.write_bytes(b"x" * 50_000_000)
    with OriginalServer() as server:
        at = ClientSettings(**ANY_HUB, port=server.port)
        bob = Client("127.0.0.1", name="Bob", downloads=tmp_path / "Bob", accept=Accept.ALL, **at)
        bob_heard = Heard(bob)
        bob.connect()
        ann = Client("127.0.0.1", name="Ann", **at)
        ann_heard = Heard(ann)
        ann.connect()
        bob.on_event(lambda event: server.vanish() if isinstance(event, FileOffered) else None)
        transfer = ann.send_file(path, bob.own_id)
        assert ann_heard.wait_for(ConnectionLost).loss is Loss.CLOSED
        assert bob_heard.wait_for(ConnectionLost).loss is Loss.CLOSED
        assert transfer.wait(10.0) is TransferState.NOT_SENT
        assert "connection to the hub ended" in bob_heard.wait_for(FileNotSaved).reason
        assert list((tmp_path / "Bob").iterdir()) == []
        ann.close()
        bob.close()


@pytest.mark.parametrize(
    "lies",
    [
        hub_packets.file(2, "a.bin", b"x" * 3000)[:-1024] + hub_packets.file(2, "b.bin", b"y"),
        b"".join(packet for packet in reversed(divided(hub_packets.file(2, "a.bin", b"x" * 3000)))),
        DataPacket(PacketType.FILE_CHUNK).encode() * 300,
        DataPacket(PacketType.MESSAGE, data_type=9, id_from=2).encode() * 3,
        DataPacket(PacketType.CLIENT_DATA).encode() * 3,
        bytes(range(256)) * 400,
    ],
    ids=["a file within a file", "a file backwards", "parts of nothing", "no known part", "nobody", "rubbish"],
)
def test_a_hub_that_lies_does_not_harm(tmp_path: Path, lies: bytes) -> None:
    """What comes after it is heard as ever, and no torn file is left."""
    config = ClientConfig(
        "hub", name="Ann", downloads=tmp_path / "in", accept=Accept.ALL, close_timeout=0.01, **ANY_HUB
    )
    client = MemoryClient(config)
    heard = Heard(client)
    hub = connect(client, client.network, BOB)
    hub.send(lies, hub_packets.text(2, "after"))
    assert heard.wait_for(TextArrived).text == "after"
    hub.end()
    heard.wait_for(ConnectionLost)
    client.close()
    kept = [path.name for path in (tmp_path / "in").iterdir()] if (tmp_path / "in").exists() else []
    assert "a.bin" not in kept
    assert not [name for name in kept if name.endswith(".part")]


def test_ten_thousand_people_are_no_trouble() -> None:
    """A roster is as large as the wire allows, and no larger."""
    client = MemoryClient(ClientConfig("hub", name="Ann", close_timeout=0.01, **ANY_HUB))
    people = [hub_packets.person(client_id, f"person {client_id}") for client_id in range(2, 10_002)]
    connect(client, client.network, *people)
    assert len(client.people) == 10_000
    client.close()


def test_names_with_control_characters_reach_the_handler_untouched(tmp_path: Path) -> None:
    """Showing them is the handler's business; the file that is written has a safe name."""
    config = ClientConfig("hub", name="Ann", downloads=tmp_path / "in", close_timeout=0.01, **ANY_HUB)
    client = MemoryClient(config)
    heard = Heard(client)
    hub = connect(client, client.network, hub_packets.person(2, "B\x1b[31mob"))
    start = bytearray(hub_packets.file(2, "name", b"x"))
    start[12:110] = b"..\\..\\evil\x1b.exe".ljust(98, b"\0")
    hub.send(bytes(start))
    offered = heard.wait_for(FileOffered)
    assert offered.sender_name == "B\x1b[31mob"
    assert offered.sent_name == "..\\..\\evil\x1b.exe"
    assert not set(offered.name) & set("\\/\x1b")
    client.accept_file(offered.transfer)
    client.close()
    threads = [thread.name for thread in threading.enumerate()]
    assert not [name for name in threads if name.startswith("tcpipclient-")]
