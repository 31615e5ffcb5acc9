"""The client's session: what a hub's packets become, and what its commands put on the wire.

Thread: pytest's main thread.
"""

from dataclasses import replace

import pytest

from commonlib.classic.file_receiving import FileBegan, FileCompleted, FileDataArrived, FileFailed, FileKey
from commonlib.classic.keepalive import SERVER_SILENCE_SECONDS
from commonlib.classic.layouts import BigStringPacket, ClientDataPacket, DataPacket
from commonlib.classic.packet import SERVER, Layout, PacketType, type_of
from commonlib.exceptions import FieldError
from commonlib.ticks import ticks_from_unix
from tcpipclient.core import events
from tcpipclient.core.events import Loss
from tcpipclient.core.exceptions import NotConnectedError, UnknownPersonError
from tcpipclient.core.order import State
from tcpipclient.core.profile import Profile
from tcpipclient.core.session import ClassicSession, SessionEvent
from tests.support import hub_packets
from tests.support.clock import NOW, WALL
from tests.support.recordings import divided

ANN = Profile("Ann", "desk", "9.9")


def receive(session: ClassicSession, *packets: bytes, now: float = NOW) -> list[SessionEvent]:
    """Give a session packets in one block."""
    return session.receive_block(b"".join(packets), now, WALL)


def registered_session(*people: bytes, client_id: int = 1) -> ClassicSession:
    """A session that the hub has taken in, with nothing left to send."""
    session = ClassicSession(ANN, NOW)
    receive(session, hub_packets.greeting(client_id))
    receive(session, *people, hub_packets.registered(client_id))
    session.data_to_send()
    return session


def sent(session: ClassicSession) -> list[DataPacket]:
    """What the session wants to send, as DATA packets."""
    return [DataPacket.decode(packet) for packet in divided(session.data_to_send())]


BOB = hub_packets.person(2, "Bob")
EVE = hub_packets.person(3, "Eve")


def test_the_arrival_is_credentials_roster_and_registered() -> None:
    """The greeting is answered with who we are; when we are registered, everybody who is there is known and told."""
    session = ClassicSession(ANN, NOW)
    assert session.data_to_send() == b""
    assert receive(session, hub_packets.greeting(7)) == []
    (credentials,) = sent(session)
    assert credentials.packet_type == PacketType.MY_CREDENTIALS
    assert (credentials.text_150, credentials.text_a, credentials.text_b) == ("Ann", "desk", "9.9")
    assert receive(session, BOB) == []
    told = receive(session, EVE, hub_packets.registered(7))
    (registered,) = told
    assert isinstance(registered, events.Registered)
    assert (registered.own_id, registered.version) == (7, hub_packets.VERSION)
    assert [person.name for person in registered.people] == ["Bob", "Eve"]
    assert session.own_id == 7


def test_another_ones_registration_is_not_ours() -> None:
    """Registered goes to all; only the one with our own id takes us in."""
    session = ClassicSession(ANN, NOW)
    receive(session, hub_packets.greeting(7))
    assert receive(session, hub_packets.registered(3)) == []
    assert session.state is State.INTRODUCED


def test_what_was_to_tell_before_is_told_behind_registered() -> None:
    """A clock that differs in the greeting is told once we are in, not before Registered."""
    session = ClassicSession(ANN, NOW)
    assert receive(session, hub_packets.greeting(1, wall=WALL + 1000)) == []
    told = receive(session, hub_packets.registered(1))
    assert [type(event) for event in told] == [events.Registered, events.ClockDiffered]
    assert told[1] == events.ClockDiffered(1000.0)


@pytest.mark.parametrize("packet_type", [0, *(kind for kind in PacketType if kind != 3), 17, 65535])
def test_a_hub_that_begins_otherwise_is_none(packet_type: int) -> None:
    """Whatever but RequestCredentials comes first ends the connection, and nothing is sent."""
    session = ClassicSession(ANN, NOW)
    (lost,) = receive(session, DataPacket(packet_type, id_to=1).encode())
    assert isinstance(lost, events.ConnectionLost)
    assert lost.loss is Loss.NOT_A_HUB
    assert session.data_to_send() == b""
    assert receive(session, hub_packets.greeting(1)) == []


@pytest.mark.parametrize("client_id", [0, 65536, 0xFFFFFFFF])
def test_an_id_that_the_wire_cannot_say_is_refused(client_id: int) -> None:
    """An id outside 1 to 65535 would not fit file packets."""
    session = ClassicSession(ANN, NOW)
    (lost,) = receive(session, hub_packets.greeting(client_id))
    assert isinstance(lost, events.ConnectionLost)
    assert lost.loss is Loss.NOT_A_HUB


@pytest.mark.parametrize(
    "packet", [hub_packets.text(2, "early"), hub_packets.file(2, "early", b"x"), DataPacket(99).encode()]
)
def test_before_we_are_registered_talk_is_passed_over(packet: bytes) -> None:
    """Texts, files and commands to somebody who is still arriving change nothing and do not disturb the arrival."""
    session = ClassicSession(ANN, NOW)
    receive(session, hub_packets.greeting(1))
    session.data_to_send()
    receive(session, packet)
    assert session.data_to_send() == b""
    told = receive(session, hub_packets.registered(1))
    assert isinstance(told[0], events.Registered)
    assert all(isinstance(event, events.PacketIgnored) for event in told[1:])


def test_a_second_greeting_does_not_give_us_another_id() -> None:
    """An original passes on what another client calls a greeting."""
    session = registered_session()
    assert receive(session, hub_packets.greeting(9)) == [
        events.PacketIgnored("1 packets of type 3 came where they may not")
    ]
    assert session.own_id == 1
    assert session.data_to_send() == b""


def test_people_join_change_and_leave() -> None:
    """ClientData of an unknown id is somebody new, of a known one an update, ClientDisconnecting takes him away."""
    session = registered_session()
    (joined,) = receive(session, BOB)
    assert isinstance(joined, events.PersonJoined)
    bob = joined.person
    assert (bob.id, bob.name, bob.computer, bob.listening_port) == (2, "Bob", "vm", 9998)
    assert receive(session, BOB) == []
    (changed,) = receive(session, hub_packets.person(2, "Bob", colour=255, status=4))
    assert changed == events.PersonChanged(replace(bob, colour=255, status=4), before=bob)
    assert receive(session, hub_packets.left(2)) == [events.PersonLeft(replace(bob, colour=255, status=4))]
    assert session.roster.snapshot() == ()
    assert receive(session, hub_packets.left(2)) == []


def test_details_about_ourselves_put_nobody_on_the_roster() -> None:
    """An original passes our own ClientData back to us."""
    session = registered_session()
    assert receive(session, hub_packets.person(1, "Ann")) == []
    assert session.roster.snapshot() == ()


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


def test_pings_are_answered_with_their_own_clock() -> None:
    """PingResponse echoes DataLong1, whoever pinged."""
    session = registered_session()
    ticks = ticks_from_unix(WALL)
    assert receive(session, hub_packets.ping(ticks), hub_packets.ping(3, sender=2)) == []
    assert [(packet.packet_type, packet.long(1)) for packet in sent(session)] == [
        (PacketType.PING_RESPONSE, ticks),
        (PacketType.PING_RESPONSE, 3),
    ]


def test_a_wrong_clock_is_told_once_and_only_the_hubs() -> None:
    """More than 15 minutes are worth a warning, once; another client's clock is not."""
    session = registered_session()
    late = ticks_from_unix(WALL - 901)
    assert receive(session, hub_packets.ping(late, sender=2)) == []
    assert receive(session, hub_packets.ping(ticks_from_unix(WALL - 899))) == []
    assert receive(session, hub_packets.ping(late)) == [events.ClockDiffered(-901.0)]
    assert receive(session, hub_packets.ping(late)) == []


def test_a_hub_silent_for_five_minutes_is_given_up() -> None:
    """Anything heard of it starts the five minutes anew."""
    session = registered_session()
    receive(session, hub_packets.ping(), now=NOW + 100)
    assert session.receive_tick(NOW + 100 + SERVER_SILENCE_SECONDS - 1) == []
    (lost,) = session.receive_tick(NOW + 100 + SERVER_SILENCE_SECONDS)
    assert isinstance(lost, events.ConnectionLost)
    assert lost.loss is Loss.SILENT
    assert session.has_ended()


def test_a_hub_that_exits_is_told_and_nothing_of_it_is_believed_after() -> None:
    """HostExiting ends the session, once; one from another client does not."""
    session = registered_session()
    (ignored,) = receive(session, hub_packets.exiting(sender=2))
    assert isinstance(ignored, events.PacketIgnored)
    told = receive(session, hub_packets.exiting(), hub_packets.exiting(), BOB)
    assert [type(event) for event in told] == [events.HubExited, events.ConnectionLost]
    assert session.receive_eof() == []


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


@pytest.mark.parametrize("client_id", [None, 1])
def test_commands_need_a_registered_connection(client_id: int | None) -> None:
    """Before we are registered, and after we have left, nothing can be sent."""
    session = ClassicSession(ANN, NOW) if client_id is None else registered_session(BOB)
    session.leave()
    session.data_to_send()
    for command in (
        lambda: session.send_text(1, "x", (SERVER,)),
        lambda: session.send_command(DataPacket(99), (SERVER,)),
        lambda: session.offer_file(1, 2, "a", 1),
        lambda: session.update_profile(ANN),
        lambda: session.check_recipients(()),
    ):
        with pytest.raises(NotConnectedError):
            command()
    assert session.data_to_send() == b""


def test_a_new_profile_is_told_in_both_ways() -> None:
    """CredentialsUpdate is for our hub, ClientData about ourselves for an original; a misfit changes nothing."""
    session = registered_session(client_id=6)
    with pytest.raises(FieldError):
        session.update_profile(replace(ANN, name="n" * 51))
    assert session.data_to_send() == b""
    assert session.profile == ANN
    session.update_profile(replace(ANN, name="Anna", colour=0x0000FF, status=3, status_since=WALL))
    update, details = divided(session.data_to_send())
    assert type_of(update) == PacketType.CREDENTIALS_UPDATE
    assert DataPacket.decode(update).text_150 == "Anna"
    said = ClientDataPacket.decode(details)
    assert (said.client_id, said.id_from, said.user_name, said.colour, said.status) == (6, 6, "Anna", 0x0000FF, 3)
    assert said.address == "192.0.2.7"
    assert said.status_ticks == ticks_from_unix(WALL)


def test_leaving_says_close_and_is_no_loss() -> None:
    """After Close nothing goes out, what still comes is heard, and the end is not told as a loss."""
    session = registered_session(BOB)
    session.send_text(5, "last words", (2,))
    session.leave()
    assert [packet.packet_type for packet in sent(session)][-1] == PacketType.CLOSE
    told = receive(session, hub_packets.receipt(2), hub_packets.ping(), hub_packets.left(1))
    assert told == [events.TextDelivered(5, 2)]
    assert session.data_to_send() == b""
    assert session.receive_eof() == []
    assert session.has_ended()


def test_a_lost_connection_is_told_last() -> None:
    """Everything that was on its way is told as failed before the loss itself."""
    session = registered_session(BOB)
    session.send_text(1, "x", (2,))
    session.offer_file(2, 2, "a.txt", 1)
    receive(session, divided(hub_packets.file(2, "in.bin", b"x" * 2000))[0])
    told = session.receive_eof("connection reset")
    assert [type(event) for event in told] == [
        FileFailed,
        events.FileNotSent,
        events.TextNotDelivered,
        events.ConnectionLost,
    ]
    assert "connection reset" in told[-1].reason  # type: ignore[union-attr]
    assert session.receive_eof() == []


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


def test_nobody_floods_the_log_with_what_is_passed_over() -> None:
    """The first five are told, then the 10th, 100th, 1000th."""
    session = registered_session()
    told = [event for _ in range(1000) for event in receive(session, DataPacket(PacketType.MY_CREDENTIALS).encode())]
    assert len(told) == 5 + 3


def test_a_profile_without_a_name_is_refused_at_once() -> None:
    """Clients pass over somebody without a name."""
    with pytest.raises(FieldError):
        ClassicSession(Profile(""), NOW)
