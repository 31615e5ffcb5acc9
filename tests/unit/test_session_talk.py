"""The client's session: texts, commands and files, what they become and what is put on the wire for them.

Thread: pytest's main thread.
"""

from dataclasses import replace

import pytest

from commonlib.classic.file_receiving import FileBegan, FileCompleted, FileDataArrived, FileFailed, FileKey
from commonlib.classic.layouts import BigStringPacket, DataPacket
from commonlib.classic.packet import SERVER, Layout, PacketType
from commonlib.exceptions import FieldError
from tcpipclient.core import events
from tcpipclient.core.exceptions import UnknownPersonError
from tests.support import hub_packets
from tests.support.clock import NOW
from tests.support.recordings import divided
from tests.support.sessions import BOB, EVE, receive, registered_session, sent


def test_a_text_arrives_whole_and_is_confirmed_to_its_sender_alone() -> None:
    """The pieces of texts from two people, mixed, are told apart; each receipt names the sender as its recipient."""
    session = registered_session(BOB, EVE)
    long, short = "L" * 300 + "tail", "hello"
    from_bob, from_eve = divided(hub_packets.text(2, long, (5, -6))), divided(hub_packets.text(3, short))
    told = receive(session, from_bob[0], from_eve[0], from_bob[1], from_eve[1], from_bob[2])
    assert told == [events.TextArrived(3, "Eve", short, (0, 0)), events.TextArrived(2, "Bob", long, (5, -6))]
    assert [(packet.packet_type, packet.id_to) for packet in sent(session)] == [
        (PacketType.MESSAGE_RECEIVED, 3),
        (PacketType.MESSAGE_RECEIVED, 2),
    ]


def test_a_text_of_the_operator_has_no_name() -> None:
    """The hub itself is id 0, and so is the receipt's recipient."""
    session = registered_session()
    assert receive(session, hub_packets.text(0, "maintenance at noon")) == [
        events.TextArrived(0, "", "maintenance at noon", (0, 0))
    ]
    assert [packet.id_to for packet in sent(session)] == [SERVER]


def test_a_text_without_its_beginning_is_passed_over() -> None:
    """The end of a text that never began is told to the log and not confirmed."""
    session = registered_session(BOB)
    (ignored,) = receive(session, divided(hub_packets.text(2, "x"))[-1])
    assert isinstance(ignored, events.PacketIgnored)
    assert "id 2" in ignored.detail
    assert session.data_to_send() == b""


def test_a_leaver_takes_his_begun_text_with_him() -> None:
    """The next one with his id does not end what he began."""
    session = registered_session(BOB)
    first, last = divided(hub_packets.text(2, "half"))
    receive(session, first, hub_packets.left(2), BOB)
    (ignored,) = receive(session, last)
    assert isinstance(ignored, events.PacketIgnored)


def test_receipts_confirm_the_oldest_text_of_that_recipient() -> None:
    """Each receipt is for the oldest waiting text to its sender; one from somebody who owes none changes nothing."""
    session = registered_session(BOB, EVE)
    session.send_text(10, "first", (2, 3))
    session.send_text(11, "second", (2,))
    told = receive(session, hub_packets.receipt(2), hub_packets.receipt(2, to=1), hub_packets.receipt(2))
    assert told == [events.TextDelivered(10, 2), events.TextDelivered(11, 2)]
    assert receive(session, hub_packets.receipt(3)) == [events.TextDelivered(10, 3)]


def test_the_hub_confirms_a_text_to_its_operator() -> None:
    """Its receipt has no sender."""
    session = registered_session()
    session.send_text(4, "to the server", (SERVER,))
    assert [packet.id_to for packet in sent(session)] == [SERVER, SERVER]
    assert receive(session, hub_packets.receipt(0)) == [events.TextDelivered(4, SERVER)]


def test_texts_to_those_who_leave_are_not_delivered() -> None:
    """Who leaves confirms nothing any more; nor does anybody once the connection has ended."""
    session = registered_session(BOB, EVE)
    session.send_text(1, "hi", (2, 3))
    told = receive(session, hub_packets.left(2))
    assert [event for event in told if isinstance(event, events.TextNotDelivered)] == [
        events.TextNotDelivered(1, 2, "The recipient left before he confirmed the text.")
    ]
    ended = session.receive_eof()
    assert [event.recipient for event in ended if isinstance(event, events.TextNotDelivered)] == [3]


def test_a_text_reaches_each_recipient_as_his_own() -> None:
    """The whole sequence is repeated with another idTo; somebody who left meanwhile is told as not delivered."""
    session = registered_session(BOB, EVE)
    session.send_text(1, "hi", (2, 77, 3), (8, 9))
    packets = sent(session)
    assert [(packet.id_to, packet.data_type) for packet in packets] == [(2, 0), (2, 2), (3, 0), (3, 2)]
    assert {(packet.id_from, packet.text_a, packet.data(16), packet.data(17)) for packet in packets} == {
        (1, "hi", 8, 9)
    }
    (gone,) = session.receive_tick(NOW)
    assert isinstance(gone, events.TextNotDelivered)
    assert gone.recipient == 77


def test_own_commands_come_in_their_layouts() -> None:
    """An unregistered number is DATA, a registered one what it was registered as; the sender is told."""
    session = registered_session(BOB)
    big = BigStringPacket(200, id_to=1, id_from=2, text="B" * 1006, extra=5)
    data = DataPacket(300, id_to=1, id_from=2, text_a="A")
    session.add_command(200, Layout.BIG_STRING)
    assert receive(session, big.encode(), data.encode()) == [
        events.CommandArrived(200, 2, replace(big, string_length=1006)),
        events.CommandArrived(300, 2, DataPacket.decode(data.encode())),
    ]


def test_own_commands_go_to_each_recipient() -> None:
    """The packet is repeated with another idTo, at its layout's place; whoever has left is passed over."""
    session = registered_session(BOB, EVE)
    session.send_command(BigStringPacket(200, text="x"), (2, 77, 3))
    packets = divided(session.data_to_send())
    assert [BigStringPacket.decode(packet).id_to for packet in packets] == [2, 3]
    with pytest.raises(FieldError):
        session.send_command(DataPacket(PacketType.MESSAGE), (2,))
    assert session.data_to_send() == b""


def test_recipients_are_those_who_are_there() -> None:
    """The roster, ourselves and the hub; for a file not the hub, which would give it to everyone."""
    session = registered_session(BOB)
    session.check_recipients((2, 1, SERVER))
    with pytest.raises(UnknownPersonError) as caught:
        session.check_recipients((2, 3))
    assert caught.value.person == 3
    with pytest.raises(UnknownPersonError):
        session.offer_file(1, SERVER, "a.txt", 1)


def test_an_incoming_file_is_handed_up_and_confirmed_by_name() -> None:
    """Its bytes come in order under the sender's id and FileID; DoneRecievingFile goes to him with the name he gave."""
    session = registered_session(BOB)
    content = bytes(range(256)) * 16
    told = receive(session, hub_packets.file(2, "a b.bin", content, file_id=9))
    key = FileKey(2, 9)
    assert told[0] == FileBegan(key, "a b.bin", len(content))
    assert b"".join(event.data for event in told if isinstance(event, FileDataArrived)) == content
    assert told[-1] == FileCompleted(key, hub_packets.DATE, hub_packets.DATE)
    session.confirm_file(key, "a b.bin")
    (done,) = sent(session)
    assert (done.packet_type, done.id_to, done.text_a) == (PacketType.DONE_RECEIVING_FILE, 2, "a b.bin")


def test_a_file_that_we_gave_up_is_passed_over() -> None:
    """The rest of a file that we do not want still comes, and nothing is handed up."""
    session = registered_session(BOB)
    first, *rest = divided(hub_packets.file(2, "big.bin", b"x" * 5000))
    receive(session, first)
    session.give_up_file(FileKey(2, 7))
    assert receive(session, *rest) == []


def test_a_recipient_who_leaves_fails_our_file() -> None:
    """Of ours to him, and before he is told as gone."""
    session = registered_session(BOB, EVE)
    for transfer, recipient in ((1, 2), (2, 3)):
        session.offer_file(transfer, recipient, "a.txt", 1)
    told = receive(session, hub_packets.left(2))
    assert [type(event) for event in told] == [events.FileNotSent, events.PersonLeft]
    assert (session.outgoing.is_going(1), session.outgoing.is_going(2)) == (False, True)


def test_a_sender_who_leaves_fails_his_file() -> None:
    """And so does one of whom nothing came for a minute."""
    session = registered_session(BOB, EVE)
    receive(session, divided(hub_packets.file(2, "a", b"x" * 2000))[0])
    receive(session, divided(hub_packets.file(3, "b", b"x" * 2000))[0])
    told = receive(session, hub_packets.left(2))
    assert told[0] == FileFailed(FileKey(2, 7), "its sender left", "a")
    (late,) = session.receive_tick(NOW + 60)
    assert isinstance(late, FileFailed)
    assert late.key == FileKey(3, 7)
