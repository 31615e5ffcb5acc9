"""Our clients on our hub, encrypted: everything arrives as it was, and nobody on the network can read it.

Thread: pytest's main thread; clients, hub and wiretap run beside it.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from commonlib.classic.layouts import DataPacket
from commonlib.classic.packet import PacketType
from commonlib.wire.greeting import maybe_mark
from tcpipclient import (
    Accept,
    Client,
    ConnectionLost,
    FileSaved,
    HubChangedError,
    JoinCodeNeededError,
    LatenciesTold,
    LatencyMeasured,
    Loss,
    PayloadArrived,
    PayloadError,
    PersonJoined,
    Registered,
    TextArrived,
    TransferState,
    Trust,
    TurnedAwayError,
)
from tcpipclient import (
    DataPacket as CommandPacket,
)
from tcpipclient.config import ClientSettings
from tcpipserver.config import ServerConfig
from tcpipserver.hub.admission import Joining, Policy
from tcpipserver.hub.inputs import OperatorBanned, OperatorKicked
from tests.support import hub_packets
from tests.support.clients import Heard
from tests.support.leaks import wait_until
from tests.support.running_hub import RunningHub, running_hub
from tests.support.wiretap import wiretap

SECONDS = 10.0
ANN, BOB = "\u00c4nnchen \u0391\u03bd\u03bd\u03b1", "\u0411\u043e\u0431 \U0001f980"
SECRET = "The cake \U0001f382 is in the \u039a\u03b5\u03bb\u03bb\u03ac\u03c1\u03b9"
FILE_NAME = "\u03c3\u03c7\u03ad\u03b4\u03b9\u03b1 \u6587\u4ef6.txt"
CONTENT = b"nobody else may read these bytes. " * 5000


class Room:
    """A hub and clients on it that know it by its key.

    Args:
        port: Where they connect, when that is not the hub itself.
    """

    def __init__(self, stack: ExitStack, hub: RunningHub, folder: Path, port: int = 0) -> None:
        self.hub = hub
        self._stack = stack
        self._folder = folder
        self._port = port or hub.service.port

    def client(self, name: str, **settings: object) -> Client:
        """One that is not connected yet."""
        given = ClientSettings(
            port=self._port,
            name=name,
            trust=self.hub.service.fingerprint,
            downloads=self._folder / f"{name} downloads",
            data_dir=self._folder / f"{name} data",
            accept=Accept.ALL,
        )
        given.update(settings)  # type: ignore[typeddict-item]
        return Client("127.0.0.1", **given)

    def enter(self, name: str, **settings: object) -> tuple[Client, Heard]:
        """One that is in."""
        client = self.client(name, **settings)
        heard = Heard(client)
        self._stack.enter_context(client)
        return client, heard


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """With an open hub."""
    with running_hub() as hub, ExitStack() as stack:
        yield Room(stack, hub, tmp_path)


def test_nobody_on_the_network_can_read_what_two_clients_say(tmp_path: Path) -> None:
    """Names, texts, payloads, names of files and their bytes, in any encoding; only the greeting is in the clear."""
    source = tmp_path / FILE_NAME
    source.write_bytes(CONTENT)
    with running_hub() as hub, wiretap(hub.service.port) as tap:
        with ExitStack() as stack:
            room = Room(stack, hub, tmp_path, tap.port)
            bob, bob_heard = room.enter(BOB)
            ann, ann_heard = room.enter(ANN)
            assert ann.send_text(SECRET, to=bob.own_id).wait(SECONDS)
            ann.send_payload(99, CONTENT[:100], to=bob.own_id)
            assert ann.send_file(source, bob.own_id).wait(SECONDS) is TransferState.SENT
            assert bob_heard.wait_for(TextArrived).text == SECRET
            assert bob_heard.wait_for(PayloadArrived).payload == CONTENT[:100]
            saved = bob_heard.wait_for(FileSaved)
            assert (saved.name, saved.sender_name) == (FILE_NAME, ANN)
            assert Path(saved.path).read_bytes() == CONTENT
            assert ann_heard.wait_for(Registered).is_encrypted
        streams = tap.heard()
    assert len(streams) == 4
    for stream, is_from_hub in zip(streams, (False, True, False, True), strict=True):
        assert len(stream) > 1200
        hidden = stream[1024:] if is_from_hub else stream
        assert not is_from_hub or maybe_mark(stream[:1024]) is not None
        for text in (ANN, BOB, SECRET, FILE_NAME, "nobody else may"):
            for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
                assert text.encode(encoding) not in hidden


def test_names_and_keys_reach_the_others(room: Room) -> None:
    """Two people of one name are told apart by their keys; a second connection of one key is shown as such."""
    first, _ = room.enter("Ann")
    second, _ = room.enter("Ann")
    third, _ = room.enter("Ann", data_dir=None)
    _, heard = room.enter(BOB)
    people = {person.id: person for person in heard.wait_for(Registered).people}
    assert {person.name for person in people.values()} == {"Ann"}
    keys = [people[client.own_id].key for client in (first, second, third)]
    assert keys[0] == keys[1] != keys[2]
    assert [people[client.own_id].session for client in (first, second, third)] == [1, 2, 1]


def test_old_and_new_clients_talk_and_pass_files(room: Room, tmp_path: Path) -> None:
    """Both ways, over one hub; who is on the classic wire is seen to be."""
    ann, heard = room.enter("Ann")
    cid = room.hub.join("Cid")
    joined = heard.wait_for(PersonJoined).person
    assert (joined.name, joined.is_encrypted) == ("Cid", False)
    sent = ann.send_text("hello", to=cid.id)
    cid.wait_for(PacketType.MESSAGE)
    cid.send(DataPacket(PacketType.MESSAGE_RECEIVED, id_to=ann.own_id, id_from=cid.id).encode())
    assert sent.wait(SECONDS)
    cid.send(hub_packets.text(cid.id, "hello yourself", to=ann.own_id))
    assert heard.wait_for(TextArrived).text == "hello yourself"
    cid.send(hub_packets.file(cid.id, "old.bin", CONTENT, to=ann.own_id))
    assert Path(heard.wait_for(FileSaved).path).read_bytes() == CONTENT
    assert DataPacket.decode(cid.wait_for(PacketType.DONE_RECEIVING_FILE)).text_a == "old.bin"
    (tmp_path / "new.bin").write_bytes(b"x" * 3000)
    transfer = ann.send_file(tmp_path / "new.bin", cid.id)
    cid.wait_for(PacketType.FILE_END)
    cid.send(hub_packets.done(cid.id, "new.bin", to=ann.own_id))
    assert transfer.wait(SECONDS) is TransferState.SENT
    ann.send_command(CommandPacket(700, text_a="both"), to=cid.id)
    assert DataPacket.decode(cid.wait_for(700)).text_a == "both"
    with pytest.raises(PayloadError):
        ann.send_payload(700, b"", to=cid.id)


def test_who_is_sent_away_hears_why_and_who_is_banned_stays_out(room: Room) -> None:
    """In the operator's words."""
    ann, heard = room.enter("Ann")
    room.hub.service.tell(OperatorKicked((ann.own_id,), "too loud"))
    lost = heard.wait_for(ConnectionLost)
    assert lost.loss is Loss.KICKED
    assert "too loud" in lost.reason
    again, heard = room.enter("Ann")
    registered = heard.wait_for(Registered)
    key = next(person.key for person in room.enter("Looker")[0].people if person.id == registered.own_id)
    assert key is not None
    room.hub.service.tell(OperatorBanned(keys=(key,), reason="for good"))  # type: ignore[arg-type]
    assert heard.wait_for(ConnectionLost).loss is Loss.BANNED
    again.close()
    with pytest.raises(TurnedAwayError, match="for good"):
        room.client("Ann").connect()


def test_the_join_code_is_asked_for_once(tmp_path: Path) -> None:
    """Without it or with a wrong one nobody gets in; a key that has shown it needs it no more."""
    config = ServerConfig(policy=Policy(Joining.CODE), join_code="amber river 7")
    with running_hub(config) as hub, ExitStack() as stack:
        room = Room(stack, hub, tmp_path)
        for code in ("", "wrong"):
            with pytest.raises(JoinCodeNeededError) as caught:
                room.client("Ann", join_code=code).connect()
            assert caught.value.was_given is bool(code)
        for code in ("Amber-River 7", ""):
            ann, _ = room.enter("Ann", join_code=code)
            ann.close()


def test_a_hub_that_has_another_key_is_not_spoken_to(tmp_path: Path) -> None:
    """Two hubs at one address, one after the other: the second one hears nothing of who we are."""
    with running_hub() as hub, ExitStack() as stack:
        room = Room(stack, hub, tmp_path)
        room.enter("Ann", trust=Trust.FIRST_USE)
        with running_hub() as false_hub:
            client = room.client("Ann", port=false_hub.service.port, trust=hub.service.fingerprint)
            with pytest.raises(HubChangedError):
                client.connect()
            false_hub.log.wait_for("it went away, as clients do to ask their users whether this is the right hub")


def test_a_client_knows_what_the_hub_is_called(tmp_path: Path) -> None:
    """By the hub's own word."""
    with running_hub(ServerConfig(hub_name="Office")) as hub, ExitStack() as stack:
        ann, heard = Room(stack, hub, tmp_path).enter(ANN)
        assert ann.hub_name == heard.wait_for(Registered).hub_name == "Office"


def test_how_long_others_take_is_told_to_who_asks(room: Room) -> None:
    """Of both wires, and how long the hub took itself; who was never measured is in a later answer."""
    bob, _ = room.enter(BOB)
    cid = room.hub.join("Cid")
    ann, heard = room.enter(ANN)
    ann.ask_latencies((bob.own_id, cid.id))
    assert heard.wait_for(LatenciesTold).seconds_of == {}
    asked = DataPacket.decode(cid.wait_for(PacketType.PING))
    cid.send(DataPacket(PacketType.PING_RESPONSE, longs=(asked.long(1),)).encode())

    def all_are_told() -> bool:
        ann.ask_latencies((bob.own_id, cid.id))
        return any(set(told.seconds_of) == {bob.own_id, cid.id} for told in heard.all(LatenciesTold))

    assert wait_until(all_are_told, SECONDS)
    assert heard.wait_for(LatencyMeasured).seconds > 0
