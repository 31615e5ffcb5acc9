"""The client's session: how it begins and ends, who is there, and what keeps it alive.

Thread: pytest's main thread.
"""

from dataclasses import replace

import pytest

from commonlib.classic.file_receiving import FileFailed
from commonlib.classic.keepalive import SERVER_SILENCE_SECONDS
from commonlib.classic.layouts import ClientDataPacket, DataPacket
from commonlib.classic.packet import SERVER, PacketType, type_of
from commonlib.exceptions import FieldError
from commonlib.ticks import ticks_from_unix
from tcpipclient.core import events
from tcpipclient.core.classic_session import ClassicSession
from tcpipclient.core.events import Loss
from tcpipclient.core.exceptions import NotConnectedError
from tcpipclient.core.order import State
from tcpipclient.core.profile import Profile
from tests.support import hub_packets
from tests.support.clock import NOW, WALL
from tests.support.recordings import divided
from tests.support.sessions import ANN, BOB, EVE, receive, registered_session, sent


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


def test_registered_is_the_first_event_of_its_block() -> None:
    """What came before it in the same bytes is told behind it, and before what came after it."""
    session = ClassicSession(ANN, NOW)
    receive(session, hub_packets.greeting(1))
    wrong = hub_packets.ping(ticks_from_unix(WALL + 1000))
    told = receive(session, wrong, hub_packets.registered(1), hub_packets.person(2, "Bob"))
    assert [type(event) for event in told] == [events.Registered, events.ClockDiffered, events.PersonJoined]


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


def test_nobody_floods_the_log_with_what_is_passed_over() -> None:
    """The first five are told, then the 10th, 100th, 1000th."""
    session = registered_session()
    told = [event for _ in range(1000) for event in receive(session, DataPacket(PacketType.MY_CREDENTIALS).encode())]
    assert len(told) == 5 + 3


def test_a_profile_without_a_name_is_refused_at_once() -> None:
    """Clients pass over somebody without a name."""
    with pytest.raises(FieldError):
        ClassicSession(Profile(""), NOW)
