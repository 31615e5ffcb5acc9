"""People of both wires on one hub: they talk, confirm, pass files and commands, and see each other come and go.

Threads: the hub's own, and pytest's main thread as every client.
"""

import pytest

from commonlib.classic.file_layouts import FileStartPacket
from commonlib.classic.layouts import DataPacket
from commonlib.classic.packet import PacketType
from commonlib.classic.texts import TextJoiner
from commonlib.wire.messages import (
    ClassicPackets,
    Command,
    FileBegan,
    People,
    PeopleLeft,
    Ping,
    Pong,
    Profile,
    Receipt,
    Text,
    encode_message,
)
from tcpipserver.api import Server
from tcpipserver.config import ServerConfig
from tcpipserver.hub.inputs import OperatorSaid
from tcpipserver.net.handlers import Payload
from tests.support.classic_client import ClassicClient
from tests.support.modern_client import ModernClient
from tests.support.running_hub import running_hub

WORDS = "Grüße ☕ " * 200
"""Longer than a packet; the classic wire has no cup of coffee."""
OWN = 50_001


def text_at(cid: ClassicClient) -> str:
    """The next whole text that a classic client gets."""
    joiner = TextJoiner()
    while True:
        joined = joiner.receive_packet(0, cid.wait_for(PacketType.MESSAGE))
        if joined is not None:
            return joined.text


def test_texts_and_receipts_pass_both_ways() -> None:
    """In full between modern clients; a classic one sees what his characters have, and all of it."""
    with running_hub() as hub:
        ann, bob, cid = hub.join_modern("Ann"), hub.join_modern("Bob"), hub.join("Cid")
        ann.send(Text(number=11, text=WORDS, numbers=(-1, 2)), to=bob.id)
        frame, text = bob.wait_for_frame(Text)
        assert (frame.sender, text.text, text.numbers, text.number) == (ann.id, WORDS, (-1, 2), 11)
        bob.send(Receipt(number=11), to=ann.id)
        frame, receipt = ann.wait_for_frame(Receipt)
        assert (frame.sender, receipt.number) == (bob.id, 11)

        ann.send(Text(number=12, text=WORDS), to=cid.id)
        assert text_at(cid) == WORDS.replace("☕", "?")
        cid.send(DataPacket(PacketType.MESSAGE_RECEIVED, id_to=ann.id).encode())
        frame, receipt = ann.wait_for_frame(Receipt)
        assert (frame.sender, receipt.number) == (cid.id, 12)

        cid.say("Hello Ann", to=ann.id)
        frame, text = ann.wait_for_frame(Text)
        assert (frame.sender, text.text) == (cid.id, "Hello Ann")
        ann.send(Receipt(number=text.number), to=cid.id)
        assert DataPacket.decode(cid.wait_for(PacketType.MESSAGE_RECEIVED)).id_from == ann.id


def test_files_pass_both_ways() -> None:
    """As the classic wire's packets, in frames where one end has frames; the full name reaches whoever can read it."""
    with running_hub() as hub:
        ann, bob, cid = hub.join_modern("Ann"), hub.join_modern("Bob"), hub.join("Cid")
        start = FileStartPacket(
            PacketType.FILE_START, file_id=7, file_size=5, name="caf_.txt", first_part=b"12345"
        ).encode()
        end = FileStartPacket(PacketType.FILE_END, file_id=7, file_size=5).encode()
        for to in (bob.id, cid.id):
            ann.send(FileBegan(name="café ☕.txt", packet=start), ClassicPackets(packets=end), to=to)
        assert bob.wait_for(FileBegan).name == "café ☕.txt"
        assert bob.wait_for(ClassicPackets).packets[:2] == end[:2]
        began = FileStartPacket.decode(cid.wait_for(PacketType.FILE_START))
        assert (began.name, began.id_from, began.id_to, began.first_part[:5]) == ("caf_.txt", ann.id, cid.id, b"12345")
        cid.wait_for(PacketType.FILE_END)

        cid.send(FileStartPacket(PacketType.FILE_START, id_to=ann.id, file_id=9, file_size=5, name="a").encode())
        frame, packets = ann.wait_for_frame(ClassicPackets)
        assert frame.sender == cid.id
        assert FileStartPacket.decode(packets.packets).name == "a"


def test_commands_reach_those_who_can_read_them() -> None:
    """A payload of any length only the modern wire; a classic command everybody."""
    with running_hub() as hub:
        ann, bob, cid = hub.join_modern("Ann"), hub.join_modern("Bob"), hub.join("Cid")
        payload = bytes(range(256)) * 3000
        ann.send(Command(number=OWN, payload=payload), to=bob.id)
        assert bob.wait_for(Command).payload == payload
        ann.send(Command(number=OWN, payload=b"to all"))
        for client in (ann, bob):
            client.wait_for(Command, lambda command: command.payload == b"to all")
        cid.send(DataPacket(OWN, longs=(5,)).encode())
        for client in (ann, bob):
            assert DataPacket.decode(client.wait_for(ClassicPackets).packets).long(1) == 5
        cid.wait_for(OWN)
        assert cid.count(OWN) == 1


def test_everybody_sees_everybody_come_change_and_go() -> None:
    """In the words of his own wire."""
    with running_hub() as hub:
        ann, cid = hub.join_modern("Ann"), hub.join("Cid")
        assert ann.wait_for_person(cid.id).name == "Cid"
        bob = hub.join_modern("Bob")
        cid.wait_for(PacketType.REGISTERED, lambda packet: DataPacket.decode(packet).id_from == bob.id)
        bob.send(Profile(name="Robert"))
        cid.wait_for(PacketType.CLIENT_DATA, lambda packet: b"Robert" in packet)
        ann.wait_for(People, lambda told: "Robert" in [person.name for person in told.people])
        bob.close()
        assert ann.wait_for(PeopleLeft).ids == [bob.id]
        cid.wait_for(PacketType.CLIENT_DISCONNECTING)


def test_the_server_talks_to_all_and_hears_all() -> None:
    """Its texts reach both wires; a ping of a client is answered with his own clock."""
    with running_hub() as hub:
        ann, cid = hub.join_modern("Ann"), hub.join("Cid")
        hub.service.tell(OperatorSaid(None, "Hello all"))
        frame, text = ann.wait_for_frame(Text)
        assert (frame.sender, text.text) == (0, "Hello all")
        assert text_at(cid) == "Hello all"
        ann.send(Ping(clock=4711))
        assert ann.wait_for(Pong).clock == 4711


def test_many_senders_at_once_leave_every_record_in_its_place() -> None:
    """Two of each wire flood one modern client through the hub; he decrypts everything and misses nothing."""
    with running_hub() as hub:
        ann = hub.join_modern("Ann")
        writers = [hub.join_modern("Bob"), hub.join_modern("Bea")]
        originals = [hub.join("Cid"), hub.join("Cleo")]
        for number in range(1, 101):
            for writer in writers:
                writer.send(Text(number=number, text="x" * (number * 97)), to=ann.id)
            for original in originals:
                original.say("y" * number, to=ann.id)
        told = [ann.wait_for_frame(Text) for _ in range(400)]
        for writer in writers:
            assert [text.number for frame, text in told if frame.sender == writer.id] == list(range(1, 101))
        for original in originals:
            assert [len(text.text) for frame, text in told if frame.sender == original.id] == list(range(1, 101))


def test_a_handler_of_a_program_gets_payloads() -> None:
    """And answers with one; nobody else hears of it."""
    with Server(ServerConfig(host="127.0.0.1", port=0)) as server:

        def answer(asked: Payload) -> None:
            server.send_payload(OWN, asked.payload[::-1], to=[asked.sender.id])

        server.on_payload(OWN, answer)
        with ModernClient(server.port).register("Ann") as ann, ModernClient(server.port).register("Bob") as bob:
            ann.send(Command(number=OWN, payload=b"abc"))
            frame, answered = ann.wait_for_frame(Command)
            assert (frame.sender, answered.payload) == (0, b"cba")
            bob.echo()
            assert not any(frame.sender != bob.id for frame in bob.frames if frame.type == Command.frame_type)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_nothing_that_people_say_is_on_the_network(encoding: str) -> None:
    """Neither names nor texts, names of files, their bytes or keys: whoever watches sees the greeting and TLS."""
    secrets = ["Annabelle", "Bartholomew", "the meeting is at noon", "letter.txt", "contents of the letter"]
    with running_hub() as hub:
        ann, bob = hub.join_modern(secrets[0]), hub.join_modern(secrets[1])
        packet = FileStartPacket(
            PacketType.FILE_START, file_id=1, file_size=22, name=secrets[3], first_part=secrets[4].encode()
        ).encode()
        ann.send(Text(number=1, text=secrets[2]), FileBegan(name=secrets[3], packet=packet), to=bob.id)
        assert bob.wait_for(Text).text == secrets[2]
        assert bob.wait_for(FileBegan).packet.endswith(packet[12:])
        for traffic in (bytes(ann.traffic), bytes(bob.traffic)):
            assert len(traffic) > 1000
            for secret in secrets:
                assert secret.encode(encoding) not in traffic
            assert ann.identity.fingerprint not in traffic
        assert encode_message(Text(number=1, text=secrets[2])) not in bytes(ann.traffic)
