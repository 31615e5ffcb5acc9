"""The class Client as a program uses it, over a network in memory.

Thread: pytest's main thread plays the hub; the client's threads run beside it.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import tcpipclient.net.entrance
from commonlib.classic.layouts import ClientDataPacket
from commonlib.classic.packet import PacketType
from tcpipclient import (
    EVERYONE,
    SERVER,
    Accept,
    AlreadyConnectedError,
    BigStringPacket,
    Client,
    ClientConfig,
    CommandArrived,
    ConnectError,
    DataPacket,
    FieldError,
    FileNotSaved,
    FileNotSent,
    FileOffered,
    FileSaved,
    HubBusyError,
    Layout,
    NotConnectedError,
    PersonChanged,
    SettingError,
    TextArrived,
    TransferState,
    UnknownPersonError,
    UnsendableFileError,
)
from tests.support import hub_packets
from tests.support.clients import ANY_HUB, Heard, MemoryClient
from tests.support.memory_network import MemoryNetwork, MemoryTransport
from tests.support.scripted_hub import ScriptedHub, connect

BOB = hub_packets.person(2, "Bob")
EVE = hub_packets.person(3, "Eve")


@pytest.fixture
def client(tmp_path: Path) -> Iterator[MemoryClient]:
    """A client that takes files when asked; closed in the end, without waiting for a hub that says nothing."""
    config = ClientConfig(
        "hub",
        name="Ann",
        downloads=tmp_path / "downloads",
        accept=Accept.ASK,
        send_timeout=0.05,
        close_timeout=0.01,
        **ANY_HUB,
    )
    client = MemoryClient(config, capacity=64 * 1024)
    yield client
    client.close()


def enter(client: MemoryClient, *people: bytes) -> ScriptedHub:
    """Connect the client; it gets the id 1."""
    return connect(client, client.network, *people)


def test_settings_come_in_one_value_or_as_keywords() -> None:
    """Both mean the same; what cannot be used is refused at once."""
    client = Client("hub", port=17, name="Ann", accept=Accept.NONE)
    assert client.config == ClientConfig("hub", 17, "Ann", accept=Accept.NONE)
    assert Client(client.config).config is client.config
    with pytest.raises(SettingError):
        Client("hub", port=0)


def test_before_connecting_there_is_nobody(client: MemoryClient) -> None:
    """And nothing can be sent; closing is fine, and then nothing can be connected."""
    assert (client.is_connected, client.own_id, client.people) == (False, 0, ())
    for command in (
        lambda: client.send_text("x"),
        lambda: client.send_command(DataPacket(99)),
        lambda: client.send_file(__file__, 2),
        lambda: client.update_profile(name="x"),
    ):
        with pytest.raises(NotConnectedError):
            command()
    client.accept_file(1)
    client.decline_file(1)
    client.close()
    with pytest.raises(AlreadyConnectedError):
        client.connect()


def test_a_client_connects_once(client: MemoryClient) -> None:
    """With who it is, and the roster complete."""
    hub = enter(client, EVE, BOB)
    assert client.is_connected
    assert client.own_id == 1
    assert [person.name for person in client.people] == ["Bob", "Eve"]
    with pytest.raises(AlreadyConnectedError):
        client.connect()
    hub.end()


def test_the_credentials_say_who_we_are(client: MemoryClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no computer's name is set, the system is asked."""
    monkeypatch.setattr(tcpipclient.net.entrance.platform, "node", lambda: "n" * 60)
    with ThreadPoolExecutor(1) as pool:
        credentials = pool.submit(lambda: ScriptedHub(client.network.accept()).let_in(1))
        client.connect()
    said = credentials.result()
    assert (said.text_150, said.text_a, said.text_b) == ("Ann", "n" * 50, client.config.version)


def test_a_text_goes_to_one_several_everyone_or_the_server(client: MemoryClient) -> None:
    """Each recipient once, and everyone is everybody else on the roster."""
    hub = enter(client, BOB, EVE)
    for to, expected in ((2, [2]), ([3, 2, 3], [3, 2]), (EVERYONE, [2, 3]), (SERVER, [0]), ([], [])):
        sent = client.send_text("hi", to=to, numbers=(4, 5))  # type: ignore[arg-type]
        assert list(sent.recipients) == expected
        for recipient in expected:
            for part in (0, 2):
                packet = DataPacket.decode(hub.take_until(PacketType.MESSAGE))
                assert (packet.id_to, packet.data_type, packet.text_a) == (recipient, part, "hi")
                assert (packet.data(16), packet.data(17)) == (4, 5)


def test_a_text_to_somebody_who_is_not_there_reaches_nobody(client: MemoryClient) -> None:
    """Nor one that is too long; and neither leaves anything in the books."""
    hub = enter(client, BOB)
    with pytest.raises(UnknownPersonError, match="id 7"):
        client.send_text("hi", to=[2, 7])
    with pytest.raises(FieldError):
        client.send_text("x" * 1_000_001, to=2)
    with pytest.raises(FieldError):
        client.send_text("x", to=2, numbers=(1 << 31, 0))
    assert client._books._texts == {}
    client.send_text("after", to=2)
    assert DataPacket.decode(hub.take()).text_a == "after"


def test_waiting_for_a_text_ends_with_its_receipts(client: MemoryClient) -> None:
    """Of all its recipients."""
    hub = enter(client, BOB, EVE)
    sent = client.send_text("hi")
    hub.send(hub_packets.receipt(2))
    assert not sent.wait(0.01)
    hub.send(hub_packets.receipt(3))
    assert sent.wait(10.0)


def test_a_handler_cannot_wait_for_a_receipt(client: MemoryClient) -> None:
    """It would wait for itself."""
    raised: list[BaseException] = []

    def answer(event: object) -> None:
        if isinstance(event, TextArrived):
            try:
                client.send_text("you too", to=event.sender).wait()
            except RuntimeError as error:
                raised.append(error)

    client.on_event(answer)
    heard = Heard(client)
    hub = enter(client, BOB)
    hub.send(hub_packets.text(2, "hello"))
    heard.wait_for(TextArrived)
    assert DataPacket.decode(hub.take_until(PacketType.MESSAGE)).text_a == "you too"
    assert len(raised) == 1


def test_a_hub_that_takes_nothing_makes_commands_fail_in_time(client: MemoryClient) -> None:
    """With an error that says so, instead of filling the memory."""
    enter(client, BOB)
    for _ in range(3):
        client.send_text("x" * 1_000_000, to=2)
    with pytest.raises(HubBusyError, match="took nothing"):
        client.send_text("x", to=2)


def test_commands_go_out_and_come_in(client: MemoryClient) -> None:
    """Each to its own handler, and to the handlers of all events; the last one registered counts."""
    arrived: list[CommandArrived] = []
    client.on_command(200, lambda _: pytest.fail("it was replaced"), Layout.DATA)
    client.on_command(200, arrived.append, Layout.BIG_STRING)
    heard = Heard(client)
    hub = enter(client, BOB, EVE)
    client.on_command(300, arrived.append)
    hub.send(BigStringPacket(200, id_to=1, id_from=2, text="B" * 1006).encode())
    hub.send(DataPacket(300, id_to=1, id_from=3, text_a="A").encode())
    hub.send(DataPacket(400, id_to=1, id_from=3).encode())
    heard.wait_for(CommandArrived, lambda event: event.number == 400)
    assert [(event.number, event.sender) for event in arrived] == [(200, 2), (300, 3)]
    assert arrived[0].packet.text == "B" * 1006  # type: ignore[union-attr]
    client.send_command(BigStringPacket(200, text="x"))
    assert [BigStringPacket.decode(hub.take()).id_to for _ in range(2)] == [2, 3]
    client.send_command(DataPacket(300, id_to=77), to=SERVER)
    assert DataPacket.decode(hub.take()).id_to == SERVER
    with pytest.raises(FieldError):
        client.send_command(DataPacket(PacketType.CLOSE))
    with pytest.raises(FieldError):
        client.on_command(PacketType.CLOSE, print)
    with pytest.raises(FieldError):
        client.on_command(500, print, Layout.FILE_CHUNK)


def test_a_file_that_cannot_be_sent_is_refused_at_once(client: MemoryClient, tmp_path: Path) -> None:
    """And leaves nothing in the books."""
    enter(client, BOB)
    (tmp_path / "a.txt").write_bytes(b"x")
    with pytest.raises(UnsendableFileError):
        client.send_file(tmp_path / "missing.txt", 2)
    with pytest.raises(UnsendableFileError):
        client.send_file(str(tmp_path), 2)
    for nobody in (7, SERVER):
        with pytest.raises(UnknownPersonError):
            client.send_file(tmp_path / "a.txt", nobody)
    assert client._books._transfers == {}


def test_texts_overtake_a_file(client: MemoryClient, tmp_path: Path) -> None:
    """Before the file's end, although it was sent first."""
    path = tmp_path / "big.bin"
    path.write_bytes(b"x" * 4_000_000)
    hub = enter(client, BOB)
    transfer = client.send_file(path, 2)
    hub.take_until(PacketType.FILE_START)
    client.send_text("quick", to=2)
    kinds = [DataPacket.decode(hub.take()).packet_type for _ in range(3000)]
    assert PacketType.MESSAGE in kinds
    assert PacketType.FILE_END not in kinds
    hub.take_until(PacketType.FILE_END)
    hub.send(hub_packets.done(2, "big.bin"))
    assert transfer.wait(10.0) is TransferState.SENT
    assert transfer.done == 4_000_000


@pytest.mark.parametrize("accept", [True, False])
def test_an_offer_is_answered_from_any_thread(client: MemoryClient, tmp_path: Path, accept: bool) -> None:
    """By its number."""
    heard = Heard(client)
    hub = enter(client, BOB)
    hub.send(hub_packets.file(2, "a.txt", b"hello"))
    offered = heard.wait_for(FileOffered)
    answer = client.accept_file if accept else client.decline_file
    answer(offered.transfer)
    if accept:
        saved = heard.wait_for(FileSaved)
        assert Path(saved.path).read_bytes() == b"hello"
        assert DataPacket.decode(hub.take_until(PacketType.DONE_RECEIVING_FILE)).text_a == "a.txt"
    else:
        assert heard.wait_for(FileNotSaved).declined
        assert list((tmp_path / "downloads").iterdir()) == []


def test_a_file_is_cancelled_by_its_number_whichever_way_it_goes(client: MemoryClient, tmp_path: Path) -> None:
    """Ours goes no further, one for us is not kept; without a connection there is nothing to cancel."""
    client.cancel_file(1)
    path = tmp_path / "big.bin"
    path.write_bytes(b"x" * 4_000_000)
    heard = Heard(client)
    hub = enter(client, BOB)
    transfer = client.send_file(path, 2)
    hub.take_until(PacketType.FILE_START)
    client.cancel_file(transfer.number)
    assert heard.wait_for(FileNotSent).cancelled
    assert transfer.wait(10.0) is TransferState.NOT_SENT
    hub.send(hub_packets.file(2, "a.txt", b"hello"))
    client.cancel_file(heard.wait_for(FileOffered).transfer)
    assert heard.wait_for(FileNotSaved).declined
    client.close()
    assert PacketType.FILE_END not in [DataPacket.decode(packet).packet_type for packet in hub.take_rest()]


def test_a_profile_is_changed_field_by_field(client: MemoryClient) -> None:
    """What is not given stays; a status gets the time since when it holds."""
    heard = Heard(client)
    hub = enter(client)
    client.update_profile(colour=0xFF0000, status=0)
    client.update_profile(name="Anna", alternate_address="10.0.0.1", listening_port=9990)
    hub.take_until(PacketType.CLIENT_DATA)
    assert DataPacket.decode(hub.take()).text_150 == "Anna"
    said = ClientDataPacket.decode(hub.take())
    assert (said.user_name, said.colour, said.status, said.listening_port) == ("Anna", 0xFF0000, 0, 9990)
    assert said.alternate_address == "10.0.0.1"
    assert said.status_ticks > 0
    with pytest.raises(FieldError):
        client.update_profile(listening_port=65536)
    assert heard.all(PersonChanged) == []


def test_a_client_that_is_closed_before_the_connection_stands_does_not_use_it() -> None:
    """It is given back to the system."""
    network = MemoryNetwork()
    made: list[MemoryTransport] = []

    def connect_late(host: str, port: int, timeout: float) -> MemoryTransport:
        client.close()
        made.append(network.connect(host, port, timeout))
        return made[0]

    client = Client(ClientConfig("hub", name="Ann", register_timeout=0.05, **ANY_HUB), connect_with=connect_late)
    with pytest.raises(ConnectError, match="closed while it was being connected"):
        client.connect()
    assert made[0].closed.is_set()


def test_the_context_manager_connects_and_closes() -> None:
    """Also when the block raises."""
    client = MemoryClient(ClientConfig("hub", name="Ann", close_timeout=0.01, **ANY_HUB))
    entered: list[bool] = []

    def use() -> None:
        with client:
            entered.append(client.is_connected)
            raise ZeroDivisionError

    with ThreadPoolExecutor(1) as pool:
        pool.submit(lambda: ScriptedHub(client.network.accept()).let_in(1))
        with pytest.raises(ZeroDivisionError):
            use()
    assert entered == [True]
    assert not client.is_connected
