"""Texts, commands and files of a client's session on the modern wire.

Thread: pytest's main thread.
"""

import pytest

from commonlib.classic.cutter import cut_runs
from commonlib.classic.file_receiving import FileBegan, FileCompleted, FileDataArrived, FileFailed, FileKey
from commonlib.classic.layouts import BigStringPacket, DataPacket
from commonlib.classic.packet import Layout, LayoutTable, PacketType
from commonlib.classic.texts import LARGEST_TEXT
from commonlib.exceptions import FieldError
from commonlib.wire import messages
from tcpipclient.core import events
from tcpipclient.core.exceptions import PayloadError, UnknownPersonError
from tcpipclient.core.modern_session import ModernSession
from tests.support import hub_packets
from tests.support.modern_sessions import BOB, EVE, frame, modern_session, packets_in, receive, said, said_in
from tests.support.recordings import divided

FULL_NAME = "Ωμέγα — 文件 🎈.txt"


def sent_file(session: ModernSession, content: bytes, name: str = FULL_NAME, to: int = 2) -> bytes:
    """All frames of a file that a session sends."""
    session.offer_file(9, to, name, len(content))
    machine = session.maybe_begin_file(9, hub_packets.DATE, hub_packets.DATE)
    assert machine is not None
    stream = machine.send_data(content) + machine.finish()
    session.outgoing.end_file(9)
    return stream


def test_a_text_arrives_whole_and_is_confirmed_by_its_number() -> None:
    """To its sender alone; in any characters."""
    session = modern_session(BOB)
    told = receive(session, frame(messages.Text(number=1 << 62, text="Γειά 🎈", numbers=(5, -7)), sender=2))
    assert told == [events.TextArrived(2, "Bob", "Γειά 🎈", (5, -7))]
    assert said(session) == [(2, messages.Receipt(number=1 << 62))]


def test_texts_of_the_operator_and_of_the_classic_wire_are_confirmed_too() -> None:
    """The first have no sender in the roster, the others no number."""
    session = modern_session(EVE)
    told = receive(
        session, frame(messages.Text(number=4, text="all")), frame(messages.Text(number=0, text="hi"), sender=3)
    )
    assert [(event.sender, event.sender_name) for event in told if isinstance(event, events.TextArrived)] == [
        (0, ""),
        (3, "Eve"),
    ]
    assert said(session) == [(0, messages.Receipt(number=4)), (3, messages.Receipt(number=0))]


def test_receipts_confirm_the_text_that_they_name() -> None:
    """In any order; each once; never one that somebody else was sent; 0 is the oldest."""
    session = modern_session(BOB, EVE)
    for number in (1, 2, 3):
        session.send_text(number, "x", (2,))
    session.send_text(4, "x", (3,))
    told = receive(session, *(frame(messages.Receipt(number=number), sender=2) for number in (2, 2, 4, 9, 0, 0, 0)))
    assert told == [events.TextDelivered(2, 2), events.TextDelivered(1, 2), events.TextDelivered(3, 2)]
    assert receive(session, frame(messages.Receipt(number=4), sender=3)) == [events.TextDelivered(4, 3)]


def test_a_text_goes_to_each_in_one_frame() -> None:
    """With the number by which it is confirmed, and both numbers beside it."""
    session = modern_session(BOB, EVE)
    session.send_text(7, "x" * 5000, (2, 3, 0), (1, -2))
    assert said(session) == [(to, messages.Text(number=7, text="x" * 5000, numbers=(1, -2))) for to in (2, 3, 0)]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [("x" * (LARGEST_TEXT + 1), (0, 0)), ("🎈" * 300_000, (0, 0)), ("x", (1 << 31, 0)), ("half \ud83c", (0, 0))],
    ids=["long", "long in bytes", "number", "half a character"],
)
def test_a_text_that_does_not_fit_is_refused(text: str, numbers: tuple[int, int]) -> None:
    """Nobody is sent anything, and nothing is waited for."""
    session = modern_session(BOB)
    with pytest.raises(FieldError):
        session.send_text(1, text, (2,), numbers)
    assert session.data_to_send() == b""
    assert session.receive_eof()[:-1] == []


def test_texts_to_those_who_leave_are_not_delivered() -> None:
    """At once, and also where he was gone before."""
    session = modern_session(BOB)
    session.send_text(1, "x", (2,))
    told = receive(session, frame(messages.PeopleLeft(ids=[2])))
    assert [type(event) for event in told] == [events.TextNotDelivered, events.PersonLeft]
    session.send_text(2, "x", (2,))
    (late,) = session.receive_tick(0.0)
    assert isinstance(late, events.TextNotDelivered)


def test_payloads_go_and_come_as_they_are() -> None:
    """Any bytes, to people and to the hub."""
    session = modern_session(BOB)
    session.send_payload(99, b"\0\xff", (2, 0))
    assert said(session) == [(to, messages.Command(number=99, payload=b"\0\xff")) for to in (2, 0)]
    told = receive(session, frame(messages.Command(number=17, payload=b"x"), sender=2))
    assert told == [events.PayloadArrived(17, 2, b"x")]


def test_a_payload_cannot_go_to_the_classic_wire() -> None:
    """And nobody is sent anything then, nor where it does not fit."""
    session = modern_session(BOB, EVE)
    with pytest.raises(PayloadError) as caught:
        session.send_payload(99, b"x", (2, 3))
    assert caught.value.person == 3
    for number, payload in ((16, b""), (99, b"x" * (messages.LARGEST_PAYLOAD + 1))):
        with pytest.raises(FieldError):
            session.send_payload(number, payload, (2,))
    assert session.data_to_send() == b""


def test_own_commands_ride_inside_a_frame() -> None:
    """Both ways, in their layouts; the addresses that count are the frame's."""
    session = modern_session(BOB)
    session.add_command(300, Layout.BIG_STRING)
    session.send_command(BigStringPacket(300, text="big"), (2,))
    sent = said(session)
    assert [to for to, _ in sent] == [2]
    assert BigStringPacket.decode(packets_in(sent)).text == "big"
    packets = DataPacket(99, id_from=55, text_a="small").encode() + BigStringPacket(300, id_from=55, text="B").encode()
    told = receive(session, frame(messages.ClassicPackets(packets=packets), sender=2))
    commands = [event for event in told if isinstance(event, events.CommandArrived)]
    assert [(command.number, command.sender) for command in commands] == [(99, 2), (300, 2)]
    assert isinstance(commands[1].packet, BigStringPacket)


@pytest.mark.parametrize("packet_type", [PacketType.MESSAGE, PacketType.REGISTERED, PacketType.HOST_EXITING, 0])
def test_other_packets_inside_a_frame_are_passed_over(packet_type: int) -> None:
    """What the hub translates never comes in this way, nor what only a hub may say."""
    session = modern_session(BOB)
    packets = messages.ClassicPackets(packets=DataPacket(packet_type).encode())
    assert [type(event) for event in receive(session, frame(packets, sender=2))] == [events.PacketIgnored]
    assert not session.has_ended()


def test_a_file_goes_out_in_frames_with_its_name_in_full() -> None:
    """The packets inside are those of the classic wire, with the name as that can say it."""
    session = modern_session(BOB)
    content = bytes(range(256)) * 20
    sent = said_in(sent_file(session, content))
    assert {to for to, _ in sent} == {2}
    began = sent[0][1]
    assert isinstance(began, messages.FileBegan)
    assert began.name == FULL_NAME
    runs = cut_runs(packets_in(sent), LayoutTable())
    assert [run.packet_type for run in runs] == [PacketType.FILE_START, PacketType.FILE_CHUNK, PacketType.FILE_END]
    for _, message in sent:
        assert len(cut_runs(packets_in([(2, message)]), LayoutTable())) == 1


@pytest.mark.parametrize("name", ["half \udcff.txt", "n" * 300])
def test_a_name_that_no_frame_can_have_is_made_to_fit(name: str) -> None:
    """Some systems have such files; they are sent all the same."""
    session = modern_session(BOB)
    (_, began), *_ = said_in(sent_file(session, b"x", name))
    assert isinstance(began, messages.FileBegan)
    assert 1 <= len(began.name) <= messages.LONGEST_FILE_NAME


def test_a_file_between_two_of_ours_has_its_full_name_and_is_confirmed() -> None:
    """Also with ids that no packet has room for."""
    wide = 0x1_0002
    sender = modern_session(messages.Person(id=wide, name="Bob", key=BOB.key))
    receiver = modern_session(BOB, own_id=wide)
    stream = sent_file(sender, b"y" * 3000, to=wide)
    told = [event for _, message in said_in(stream) for event in receive(receiver, frame(message, sender=2))]
    began = told[0]
    assert isinstance(began, FileBegan)
    assert (began.full_name, began.size) == (FULL_NAME, 3000)
    assert b"".join(event.data for event in told if isinstance(event, FileDataArrived)) == b"y" * 3000
    assert isinstance(told[-1], FileCompleted)
    receiver.confirm_file(began.key, began.name)
    ((to, done),) = said(receiver)
    assert to == 2
    assert receive(sender, frame(done, sender=wide)) == [events.FileSent(9, wide, FULL_NAME, 3000)]


def test_a_file_of_the_classic_wire_has_the_name_that_its_packet_gives() -> None:
    """The sender is the frame's, whatever the packets say."""
    session = modern_session(EVE)
    told = []
    for packet in divided(hub_packets.file(55, "a.txt", b"x" * 2000)):
        told += receive(session, frame(messages.ClassicPackets(packets=packet), sender=3))
    began = told[0]
    assert isinstance(began, FileBegan)
    assert (began.key, began.name, began.full_name) == (FileKey(3, 7), "a.txt", "")
    assert isinstance(told[-1], FileCompleted)


def test_a_file_that_we_gave_up_is_passed_over() -> None:
    """By its key and its serial number."""
    session = modern_session(EVE)
    start, *rest = divided(hub_packets.file(3, "a.txt", b"x" * 2000))
    began = receive(session, frame(messages.ClassicPackets(packets=start), sender=3))[0]
    assert isinstance(began, FileBegan)
    session.give_up_file(began.key, began.serial)
    assert receive(session, frame(messages.ClassicPackets(packets=rest[0]), sender=3)) == []


def test_who_leaves_fails_his_files_and_ours_for_him() -> None:
    """At once."""
    session = modern_session(BOB)
    sent_file(session, b"x")
    receive(
        session, frame(messages.ClassicPackets(packets=divided(hub_packets.file(2, "a", b"x" * 2000))[0]), sender=2)
    )
    told = receive(session, frame(messages.PeopleLeft(ids=[2])))
    assert [type(event) for event in told] == [FileFailed, events.FileNotSent, events.PersonLeft]


def test_what_begins_a_file_must_be_a_files_first_packet() -> None:
    """Another packet in its place is passed over."""
    session = modern_session(BOB)
    wrong = messages.FileBegan(name="a", packet=DataPacket(99).encode())
    assert [type(event) for event in receive(session, frame(wrong, sender=2))] == [events.PacketIgnored]


def test_nobody_is_sent_a_file_who_is_not_there() -> None:
    """Nor the hub; and one that is over is not begun."""
    session = modern_session(BOB)
    for nobody in (0, 77):
        with pytest.raises(UnknownPersonError):
            session.offer_file(1, nobody, "a", 1)
    assert session.maybe_begin_file(1, hub_packets.DATE, hub_packets.DATE) is None
