"""Our client, fed what the original server sent in the recorded session, reports the same people, texts and files.

Two clients were there: Alice, who said and sent everything, and Bob, who received it (README.md here). A clock in the
recorded greeting is the recording's, so the session is told that it lives at that time. Thread: pytest's main thread.
"""

from hypothesis import given
from hypothesis import strategies as st

from commonlib.classic.cutter import PacketCutter
from commonlib.classic.file_receiving import FileBegan, FileCompleted, FileDataArrived
from commonlib.classic.layouts import DataPacket
from commonlib.classic.packet import PacketType, type_of
from commonlib.ticks import unix_from_ticks
from tcpipclient.core import events
from tcpipclient.core.events import Person
from tcpipclient.core.profile import Profile
from tcpipclient.core.classic_session import ClassicSession
from tcpipclient.core.session import SessionEvent
from tests.support.recordings import (
    BOB_TO_SERVER,
    SERVER_TO_ALICE,
    SERVER_TO_BOB,
    divided,
    recorded_packets,
    recorded_stream,
)

NOW = 1000.0
ALICE = Person(1, "Alice", computer="vm", address="127.0.0.1")
BOB = Person(2, "Bob", computer="vm", address="127.0.0.1")
TEXTS = ("hello Bob, short text", "L" * 299 + "M" + "N" * 300 + "tail end")
FILES = {"small.txt": 10, "exact914.bin": 914, "mid.bin": 3961}
# Where a stream is cut: sorted, so that neighbours are the ends of a chunk.
cuts = st.lists(st.integers(0, len(recorded_stream(SERVER_TO_BOB))), max_size=40).map(sorted)


def replay(session: ClassicSession, stream: bytes, cut_at: list[int]) -> list[SessionEvent]:
    """Give a session a stream in chunks, confirming each file that is whole, as the client's threads do."""
    greeting = DataPacket.decode(stream[:1024])
    wall = unix_from_ticks(greeting.long(1))
    assert wall is not None
    cutter = PacketCutter()
    names: dict[object, str] = {}
    told: list[SessionEvent] = []
    for begin, end in zip([0, *cut_at], [*cut_at, len(stream)], strict=True):
        for event in session.receive_block(cutter.receive_data(stream[begin:end]), NOW, wall):
            told.append(event)
            if isinstance(event, FileBegan):
                names[event.key] = event.name
            elif isinstance(event, FileCompleted):
                session.confirm_file(event.key, names[event.key])
    return told


@given(cuts)
def test_bob_hears_what_he_heard(cut_at: list[int]) -> None:
    """One person, two texts with their numbers, three files byte for byte, no loss, in any chunking."""
    told = replay(ClassicSession(Profile("Bob"), NOW), recorded_stream(SERVER_TO_BOB), cut_at)
    assert [event for event in told if not isinstance(event, FileBegan | FileDataArrived | FileCompleted)] == [
        events.Registered(2, (1, 0, 0), (ALICE,)),
        *(events.TextArrived(1, "Alice", text, (123456, 54321)) for text in TEXTS),
    ]
    assert {event.name: event.size for event in told if isinstance(event, FileBegan)} == FILES
    contents = {
        began.name: b"".join(
            event.data for event in told if isinstance(event, FileDataArrived) and event.key == began.key
        )
        for began in told
        if isinstance(began, FileBegan)
    }
    assert contents["small.txt"] == b"tiny file\n"
    assert contents["exact914.bin"] == bytes(index % 251 for index in range(914))
    assert contents["mid.bin"] == bytes(7 * index % 256 for index in range(3961))
    dates = [(event.created, event.modified) for event in told if isinstance(event, FileCompleted)]
    assert len(dates) == 3
    # 11/23/2026 is a day in one order of month and day only.
    assert {(f"{created}", f"{modified}") for created, modified in dates} == {
        ("2026-11-23 03:32:47", "2026-11-23 03:32:47")
    }


def test_bob_answers_as_the_original_did() -> None:
    """The same packets in the same order; ours name the sender in receipts, where the original left 0."""
    session = ClassicSession(Profile("Bob", "vm", "0.0.0"), NOW)
    replay(session, recorded_stream(SERVER_TO_BOB), [])
    session.leave()
    ours = [DataPacket.decode(packet) for packet in divided(session.data_to_send())]
    theirs = [DataPacket.decode(packet) for packet in recorded_packets(BOB_TO_SERVER)]
    # The original says Close twice.
    theirs.pop()
    fields = [(packet.packet_type, packet.text_a, packet.text_b, packet.text_150, packet.long(1)) for packet in ours]
    expected = [
        (packet.packet_type, packet.text_a, packet.text_b, packet.text_150, packet.long(1)) for packet in theirs
    ]
    assert sorted(fields, key=lambda field: field[0]) == sorted(expected, key=lambda field: field[0])
    for packet in ours:
        if packet.packet_type == PacketType.MESSAGE_RECEIVED:
            assert packet.id_to == 1


def test_alice_learns_that_all_has_arrived() -> None:
    """Bob comes and goes; her texts to him and to the server are confirmed, and her files are saved."""
    session = ClassicSession(Profile("Alice"), NOW)
    packets = recorded_packets(SERVER_TO_ALICE)
    told: list[SessionEvent] = []
    wall = unix_from_ticks(DataPacket.decode(packets[0]).long(1))
    assert wall is not None
    for packet in packets:
        if type_of(packet) == PacketType.MESSAGE_RECEIVED and not any(
            isinstance(event, events.TextDelivered) for event in told
        ):
            # She has spoken by now: two texts to Bob, one to the server, and three files.
            for number, (text, recipient) in enumerate([(TEXTS[0], 2), (TEXTS[1], 2), ("to the server only", 0)]):
                session.send_text(number, text, (recipient,))
            for transfer, (name, size) in enumerate(FILES.items(), start=10):
                session.offer_file(transfer, 2, name, size)
                session.outgoing.end_file(transfer)
        told += session.receive_block(packet, NOW, wall)
    assert told == [
        events.Registered(1, (1, 0, 0), ()),
        events.PersonJoined(BOB),
        events.TextDelivered(0, 2),
        events.TextDelivered(1, 2),
        events.TextDelivered(2, 0),
        *(events.FileSent(transfer, 2, name, size) for transfer, (name, size) in enumerate(FILES.items(), start=10)),
        events.PersonLeft(BOB),
    ]
