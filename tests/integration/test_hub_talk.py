"""What people hear of each other through a running hub: who comes and goes, texts, receipts, packets, files.

Threads: the hub's own, and pytest's main thread as every client.
"""

import random
from datetime import datetime

import pytest

import commonlib
from commonlib.classic.file_sending import FileSending
from commonlib.classic.layouts import BigStringPacket, ClientDataPacket, DataPacket
from commonlib.classic.packet import Layout, PacketType, stamp_sender
from commonlib.classic.texts import split_text
from commonlib.meaning import Meaning
from commonlib.ticks import ticks_from_unix
from tests.support.classic_client import ECHO, ClassicClient, credentials
from tests.support.clock import WALL, FakeClock
from tests.support.recordings import divided
from tests.support.running_hub import running_hub

LIE = 4321
"""What a client writes into idFrom that is not its id."""


def types_of(client: ClassicClient) -> list[int]:
    """The types of all packets that a client has read."""
    return [DataPacket.decode(packet).packet_type for packet in client.packets]


def details_of(client: ClassicClient) -> list[tuple[int, str]]:
    """Id and name in each ClientData packet that a client has read."""
    packets = [ClientDataPacket.decode(packet) for packet in client.packets]
    return [(packet.client_id, packet.user_name) for packet in packets if packet.packet_type == PacketType.CLIENT_DATA]


# Coming, changing, going


def test_everybody_learns_of_everybody() -> None:
    """A newcomer is told of all who are here, they are told of him, and then all hear that he is registered."""
    with running_hub() as hub:
        ann, bob, cid = hub.join("Ann"), hub.join("Bob"), hub.join("Cid")
        for client in (ann, bob, cid):
            client.echo()
        assert details_of(ann) == [(2, "Bob"), (3, "Cid")]
        assert details_of(bob) == [(1, "Ann"), (3, "Cid")]
        assert details_of(cid) == [(1, "Ann"), (2, "Bob")]
        assert types_of(cid) == [
            PacketType.REQUEST_CREDENTIALS,
            PacketType.CLIENT_DATA,
            PacketType.CLIENT_DATA,
            PacketType.REGISTERED,
            ECHO,
        ]
        assert types_of(ann).count(PacketType.REGISTERED) == 3


def test_registered_tells_the_version_of_the_hub() -> None:
    """Data6, Data7 and Data8 are the three numbers of the project's version."""
    with running_hub() as hub:
        ann = hub.join("Ann")
        registered = DataPacket.decode(ann.packets[-1])
        assert [str(registered.data(number)) for number in (6, 7, 8)] == commonlib.__version__.split(".")


def test_new_credentials_are_told_to_the_others() -> None:
    """Who goes by another name is told of to all but himself."""
    with running_hub() as hub:
        ann, bob = hub.join("Ann"), hub.join("Bob")
        update = DataPacket(PacketType.CREDENTIALS_UPDATE, text_150="Anna", text_a="lap").encode()
        ann.send(update)
        bob.wait_for(PacketType.CLIENT_DATA, lambda packet: ClientDataPacket.decode(packet).user_name == "Anna")
        ann.echo()
        assert details_of(ann) == [(2, "Bob")]
        assert hub.log.count("Ann (1) now goes by Anna (1)") == 1


def test_details_are_kept_and_told() -> None:
    """Colour, status, alternate address, listening port and mask reach those who are here and those who come later."""
    told = ClientDataPacket(
        PacketType.CLIENT_DATA,
        mask_to=5,
        user_name="Mallory",
        address="203.0.113.9",
        alternate_address="192.0.2.8",
        client_id=77,
        colour=0x00BBCCDD,
        status=3,
        listening_port=9997,
        status_ticks=123,
    )
    with running_hub() as hub:
        ann, bob = hub.join("Ann"), hub.join("Bob")
        ann.send(told.encode())
        heard = ClientDataPacket.decode(
            bob.wait_for(PacketType.CLIENT_DATA, lambda packet: ClientDataPacket.decode(packet).status == 3)
        )
        cid = hub.join("Cid")
        told_to_cid = [packet for packet in map(ClientDataPacket.decode, cid.packets) if packet.status == 3]
        for packet in (heard, *told_to_cid):
            assert packet.packet_type == PacketType.CLIENT_DATA
            assert (packet.client_id, packet.user_name, packet.address) == (ann.id, "Ann", "127.0.0.1")
            assert (packet.mask_to, packet.colour, packet.status) == (5, 0x00BBCCDD, 3)
            assert (packet.alternate_address, packet.listening_port, packet.status_ticks) == ("192.0.2.8", 9997, 123)
        assert len(told_to_cid) == 1


def test_one_who_says_goodbye_hears_it_and_is_let_go() -> None:
    """After Close everybody is told who left, and the hub ends that connection."""
    with running_hub() as hub:
        ann, bob = hub.join("Ann"), hub.join("Bob")
        bob.send(DataPacket(PacketType.CLOSE).encode())
        for client in (ann, bob):
            assert DataPacket.decode(client.wait_for(PacketType.CLIENT_DISCONNECTING)).id_from == bob.id
        bob.wait_for_end()
        hub.wait_for_members(1)


@pytest.mark.parametrize("how", ["closed", "reset", "shut", "half a packet"])
def test_a_lost_connection_is_told_to_the_others(how: str) -> None:
    """However a connection ends, the others hear of it once, and the log says who is gone."""
    with running_hub() as hub:
        ann, bob = hub.join("Ann"), hub.join("Bob")
        match how:
            case "closed":
                bob.close()
            case "reset":
                bob.reset()
            case "shut":
                bob.shut()
            case _:
                bob.send(DataPacket(777, id_to=ann.id).encode()[:700])
                bob.close()
        assert DataPacket.decode(ann.wait_for(PacketType.CLIENT_DISCONNECTING)).id_from == bob.id
        hub.log.wait_for("Bob (2) is gone: ")
        ann.echo()
        assert types_of(ann).count(PacketType.CLIENT_DISCONNECTING) == 1
        assert not ann.has_received(777)


def test_an_id_is_not_given_again_soon() -> None:
    """Ids count up; one who comes after somebody has left does not get his id."""
    with running_hub(clock=FakeClock()) as hub:
        ann, bob = hub.join("Ann"), hub.join("Bob")
        bob.close()
        ann.wait_for(PacketType.CLIENT_DISCONNECTING)
        assert hub.join("Cid").id == 3


# Texts


def test_a_text_arrives_as_it_was_sent() -> None:
    """All its packets come through untouched, in one piece, with the sender's own id whatever he wrote there."""
    with running_hub() as hub:
        ann, bob = hub.join("Ann"), hub.join("Bob")
        said = split_text("x" * 1000, id_to=bob.id, id_from=LIE, numbers=(7, -8))
        ann.send(said)
        received = [bob.wait_for(PacketType.MESSAGE) for _ in divided(said)]
        assert b"".join(received) == stamp_sender(said, Layout.DATA, ann.id)


def test_texts_of_two_to_a_third_are_not_mixed() -> None:
    """An original joins texts by arrival, so a text that is sent piece by piece goes on whole."""
    with running_hub() as hub:
        ann, bob, cid = hub.join("Ann"), hub.join("Bob"), hub.join("Cid")
        texts = [divided(split_text(letter * 900, id_to=cid.id)) for letter in "ab"]
        for pieces in zip(*texts, strict=True):
            for client, piece in zip((ann, bob), pieces, strict=True):
                client.send(piece)
                client.echo()
        senders = [DataPacket.decode(cid.wait_for(PacketType.MESSAGE)).id_from for _ in range(8)]
        assert senders == [ann.id] * 4 + [bob.id] * 4


def test_a_receipt_goes_to_the_one_who_wrote() -> None:
    """A receipt without an address, as originals send it, reaches the writer of the oldest text and nobody else."""
    with running_hub() as hub:
        ann, bob, cid = hub.join("Ann"), hub.join("Bob"), hub.join("Cid")
        ann.say("hello", to=bob.id)
        bob.wait_for(PacketType.MESSAGE)
        bob.send(DataPacket(PacketType.MESSAGE_RECEIVED, id_from=LIE).encode())
        assert DataPacket.decode(ann.wait_for(PacketType.MESSAGE_RECEIVED)).id_from == bob.id
        for client in (bob, cid):
            client.echo()
            assert not client.has_received(PacketType.MESSAGE_RECEIVED)


def test_a_text_to_the_server_is_confirmed_and_logged() -> None:
    """Id 0 is the server: it answers with a receipt, its log shows text and numbers, and nobody else hears it."""
    with running_hub() as hub:
        ann, bob = hub.join("Ann"), hub.join("Bob")
        ann.say("anybody\nthere", to=0, numbers=(3, -4))
        assert DataPacket.decode(ann.wait_for(PacketType.MESSAGE_RECEIVED)).id_from == 0
        hub.settle()
        assert hub.log.lines(Meaning.TALK) == ["Ann (1) to the server, with 3 and -4: anybody\\nthere"]
        bob.echo()
        assert not bob.has_received(PacketType.MESSAGE)


def test_a_ping_is_answered_to_the_one_who_asked() -> None:
    """A client's Ping comes back as a Ping with the hub's clock, to him alone."""
    with running_hub(clock=FakeClock()) as hub:
        ann, bob = hub.join("Ann"), hub.join("Bob")
        ann.send(DataPacket(PacketType.PING, packet_size=99).encode())
        assert DataPacket.decode(ann.wait_for(PacketType.PING)).long(1) == ticks_from_unix(WALL)
        bob.echo()
        assert not bob.has_received(PacketType.PING)


# Packets and files


def test_a_command_without_address_reaches_all() -> None:
    """What the hub does not know goes to everybody, the sender too, with the sender's id in it."""
    with running_hub() as hub:
        ann, bob = hub.join("Ann"), hub.join("Bob")
        ann.send(DataPacket(777, id_from=LIE, text_a="news").encode())
        for client in (ann, bob):
            assert DataPacket.decode(client.wait_for(777)).id_from == ann.id


def test_a_command_with_an_address_reaches_one() -> None:
    """What is addressed goes to that one alone; to an id that is not here, nowhere, and the log says so."""
    with running_hub() as hub:
        ann, bob, cid = hub.join("Ann"), hub.join("Bob"), hub.join("Cid")
        ann.send(DataPacket(777, id_to=bob.id).encode() + DataPacket(777, id_to=99).encode())
        bob.wait_for(777)
        hub.log.wait_for("Ann (1) sent packets of type 777 to id 99, who is not here.")
        for client in (ann, cid):
            client.echo()
            assert not client.has_received(777)


def test_a_registered_layout_puts_the_ids_in_its_own_places() -> None:
    """A command registered as BIGSTRING is routed and stamped by that layout's fields."""
    with running_hub() as hub:
        hub.service.registry.register(778, Layout.BIG_STRING)
        ann, bob = hub.join("Ann"), hub.join("Bob")
        ann.send(BigStringPacket(778, id_to=bob.id, id_from=LIE, text="y" * 1006).encode())
        received = BigStringPacket.decode(bob.wait_for(778))
        assert (received.id_from, received.text) == (ann.id, "y" * 1006)


def test_a_file_passes_byte_for_byte() -> None:
    """A file of a megabyte reaches its recipient packet for packet; only idFrom is set right, at its own place."""
    content = random.Random(1).randbytes((1 << 20) + 77)
    moment = datetime(2026, 11, 23, 3, 32, 47)  # noqa: DTZ001 - the wire's dates have no zone
    with running_hub() as hub:
        ann, bob = hub.join("Ann"), hub.join("Bob")
        sending = FileSending(
            file_id=9, id_to=bob.id, id_from=LIE, name="a.bin", size=len(content), created=moment, modified=moment
        )
        packets = sending.send_data(content) + sending.finish()
        ann.send(packets)
        bob.wait_for(PacketType.FILE_END)
        start = types_of(bob).index(PacketType.FILE_START)
        assert b"".join(bob.packets[start:]) == stamp_sender(packets, Layout.FILE_START, ann.id)
        bob.send(DataPacket(PacketType.DONE_RECEIVING_FILE, id_to=ann.id, text_a="a.bin").encode())
        assert DataPacket.decode(ann.wait_for(PacketType.DONE_RECEIVING_FILE)).id_from == bob.id


@pytest.mark.parametrize("size", [1, 333, 1023, 1024, 1025, 5000])
def test_packets_cut_anywhere_arrive_whole(size: int) -> None:
    """In whatever pieces a client sends them, packets go on whole and in order."""
    with running_hub() as hub:
        ann = hub.connect()
        ann.greet()
        numbers = range(12)
        stream = credentials("Ann") + b"".join(
            DataPacket(ECHO, id_to=ann.id, longs=(number,)).encode() for number in numbers
        )
        for offset in range(0, len(stream), size):
            ann.send(stream[offset : offset + size])
        assert [DataPacket.decode(ann.wait_for(ECHO)).long(1) for _ in numbers] == list(numbers)
