"""Our client with an original server and original clients: what only they do.

An original client is played by a socket, byte for byte. Thread: pytest's main thread; clients and server run beside it.
"""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from commonlib.classic.layouts import ClientDataPacket, DataPacket
from commonlib.classic.packet import PACKET_SIZE, PacketType, type_of
from commonlib.classic.texts import split_text
from tcpipclient import (
    Accept,
    Client,
    ClientConfig,
    FileSaved,
    PersonChanged,
    PersonJoined,
    TextArrived,
    TextDelivered,
    TransferState,
)
from tests.support.clients import Heard
from tests.support.leaks import wait_until
from tests.support.original_server import OriginalServer
from tests.support.recordings import ALICE_TO_SERVER, recorded_packets

SECONDS = 10.0


class OriginalClient:
    """A client as the original program is one: it says what the test tells it, and hears everything."""

    def __init__(self, port: int, name: str) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), SECONDS)
        greeting = self.take_until(PacketType.REQUEST_CREDENTIALS)
        self.id = DataPacket.decode(greeting).id_to
        self.send(DataPacket(PacketType.MY_CREDENTIALS, text_a="vm", text_b="0.0.0", text_150=name).encode())
        self.take_until(PacketType.REGISTERED)

    def send(self, *packets: bytes) -> None:
        """Send packets."""
        self.socket.sendall(b"".join(packets))

    def take(self) -> bytes:
        """The next packet."""
        packet = b""
        while len(packet) < PACKET_SIZE:
            data = self.socket.recv(PACKET_SIZE - len(packet))
            assert data, "the server has closed the connection"
            packet += data
        return packet

    def take_until(self, *packet_types: PacketType) -> bytes:
        """The next packet of one of these types; what comes before it is passed over."""
        while type_of(packet := self.take()) not in packet_types:
            pass
        return packet


@pytest.fixture
def server() -> Iterator[OriginalServer]:
    """An original server on a free port."""
    with OriginalServer() as server:
        yield server


@pytest.fixture
def ann(server: OriginalServer, tmp_path: Path) -> Iterator[Client]:
    """Our client, who takes files; id 1."""
    config = ClientConfig(
        "127.0.0.1", server.port, "Ann", downloads=tmp_path / "Ann", accept=Accept.ALL, allow_unencrypted=True
    )
    with Client(config) as client:
        yield client


@pytest.fixture
def bob(server: OriginalServer, ann: Client) -> Iterator[OriginalClient]:
    """An original client, whom our client knows; id 2."""
    heard = Heard(ann)
    bob = OriginalClient(server.port, "Bob")
    with bob.socket:
        heard.wait_for(PersonJoined)
        yield bob


def test_an_originals_receipt_to_everybody_counts_where_one_is_due(ann: Client, bob: OriginalClient) -> None:
    """He leaves idTo 0, so the server shows it to all; whoever waits for no word of his passes it over."""
    heard = Heard(ann)
    bob.send(DataPacket(PacketType.MESSAGE_RECEIVED).encode())
    sent = ann.send_text("hello", to=bob.id)
    assert DataPacket.decode(bob.take_until(PacketType.MESSAGE)).text_a == "hello"
    bob.send(DataPacket(PacketType.MESSAGE_RECEIVED).encode(), split_text("and you?", id_to=ann.own_id))
    assert sent.wait(SECONDS)
    heard.wait_for(TextArrived)
    assert len(heard.all(TextDelivered)) == 1


def test_our_receipt_reaches_only_the_sender(server: OriginalServer, ann: Client, bob: OriginalClient) -> None:
    """With his id in idTo, which an original leaves 0."""
    eve = OriginalClient(server.port, "Eve")
    with eve.socket:
        bob.send(split_text("hello", id_to=ann.own_id))
        receipt = DataPacket.decode(bob.take_until(PacketType.MESSAGE_RECEIVED))
        assert (receipt.id_from, receipt.id_to) == (ann.own_id, bob.id)
        heard = Heard(ann)
        if len(ann.people) < 2:
            heard.wait_for(PersonJoined)
        ann.send_text("after", to=eve.id)
        assert type_of(eve.take_until(PacketType.MESSAGE_RECEIVED, PacketType.MESSAGE)) == PacketType.MESSAGE


def test_the_ping_before_an_originals_file_disturbs_nobody(ann: Client, bob: OriginalClient, tmp_path: Path) -> None:
    """It goes to everybody, with two bytes overwritten; the recorded packets themselves are sent."""
    heard = Heard(ann)
    recorded = recorded_packets(ALICE_TO_SERVER)
    begin = next(index for index, packet in enumerate(recorded) if type_of(packet) == PacketType.PING)
    to_ann = [_redirected(packet, ann.own_id, bob.id) for packet in recorded[begin:-1]]
    bob.send(*to_ann)
    for name, size in (("small.txt", 10), ("exact914.bin", 914), ("mid.bin", 3961)):
        done = DataPacket.decode(bob.take_until(PacketType.DONE_RECEIVING_FILE))
        assert (done.text_a, done.id_from) == (name, ann.own_id)
        assert heard.wait_for(FileSaved, lambda event, name=name: event.name == name).size == size  # type: ignore[misc]
    assert (tmp_path / "Ann" / "mid.bin").read_bytes() == bytes(7 * index % 256 for index in range(3961))
    assert ann.is_connected


def test_an_original_confirms_our_file_by_its_name(ann: Client, bob: OriginalClient, tmp_path: Path) -> None:
    """And only then is it sent."""
    path = tmp_path / "note.txt"
    path.write_text("hello")
    transfer = ann.send_file(path, bob.id)
    bob.take_until(PacketType.FILE_END)
    assert transfer.state in (TransferState.WAITING, TransferState.SENDING)
    bob.send(DataPacket(PacketType.DONE_RECEIVING_FILE, id_to=ann.own_id, text_a="note.txt").encode())
    assert transfer.wait(SECONDS) is TransferState.SENT


def test_an_originals_profile_changes_by_what_the_server_passes_on(ann: Client, bob: OriginalClient) -> None:
    """ClientData about himself is believed, about another it is not; ours reaches him the same way."""
    heard = Heard(ann)
    for client_id in (7, bob.id):
        bob.send(ClientDataPacket(PacketType.CLIENT_DATA, user_name="Robert", client_id=client_id, colour=255).encode())
    changed = heard.wait_for(PersonChanged)
    assert (changed.person.id, changed.person.name, changed.person.colour) == (bob.id, "Robert", 255)
    assert [person.id for person in ann.people] == [bob.id]
    ann.update_profile(name="Anna")
    said = ClientDataPacket.decode(bob.take_until(PacketType.CLIENT_DATA))
    # The first is his own, which the server passed back to him.
    while said.client_id != ann.own_id:
        said = ClientDataPacket.decode(bob.take_until(PacketType.CLIENT_DATA))
    assert said.user_name == "Anna"


def test_pings_of_the_server_and_of_others_are_answered(
    server: OriginalServer, ann: Client, bob: OriginalClient
) -> None:
    """Each with the clock that it carried, to the server; then a text to its operator still arrives."""
    ticks = server.ping()
    bob.send(DataPacket(PacketType.PING, longs=(5,)).encode())
    bob.take_until(PacketType.PING)
    bob.take_until(PacketType.PING)
    assert wait_until(lambda: len(server.ping_answers) == 2, SECONDS)
    assert ann.send_text("still here", to=0).wait(SECONDS)
    assert server.ping_answers == [(ann.own_id, ticks), (ann.own_id, 5)]
    assert server.texts == [(ann.own_id, "still here")]


def _redirected(packet: bytes, to: int, sender: int) -> bytes:
    """A recorded packet of Alice's to Bob, from another to another; file packets have both ids in 16 bits."""
    if type_of(packet) in (PacketType.PING, PacketType.PING_RESPONSE):
        return packet
    return packet[:2] + to.to_bytes(2, "little") + sender.to_bytes(2, "little") + packet[6:]
