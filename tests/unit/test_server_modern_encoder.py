"""What the hub tells a client of the modern wire."""

from dataclasses import replace

import pytest

from commonlib.classic.file_layouts import FileStartPacket
from commonlib.classic.packet import Layout, PacketType
from commonlib.identity import Fingerprint
from commonlib.wire import messages
from commonlib.wire.frames import LARGEST_BODY, FrameCutter
from commonlib.wire.messages import LARGEST_TEXT, decode_message
from commonlib.wire.reasons import ClosingReason, RefusalReason
from commonlib.wire.schema import Message
from commonlib.wire.way_messages import FilesCancelled
from tcpipserver.dialects.modern_encoder import BLOCK, ModernEncoder
from tcpipserver.hub import effects
from tcpipserver.hub.people import Credentials, Details, Person

ALICE, BOB = 70_000, 2
CANCELLED = FilesCancelled(transfer=bytes(16), why="no room")
KEY = Fingerprint(b"k" * 32)
FILE_START = FileStartPacket(PacketType.FILE_START, id_to=BOB, file_id=7, name="a.txt").encode()


def told(item: effects.Item, encoder: ModernEncoder | None = None) -> list[tuple[int, int, Message]]:
    """Recipient, sender and message of each frame of an item."""
    encoded = (encoder or ModernEncoder((1, 2, 3), "Office")).encode(item)
    return [(frame.to, frame.sender, decode_message(frame)) for frame in FrameCutter().receive_data(encoded)]


def _people_in(message: Message) -> list[messages.Person]:
    assert isinstance(message, messages.People)
    return message.people


@pytest.mark.parametrize(
    ("item", "to", "sender", "message"),
    [
        (
            effects.Welcome(ALICE, "Alice", 2),
            0,
            0,
            messages.Welcome(own_id=ALICE, version=(1, 2, 3), hub_name="Office", name="Alice", session=2),
        ),
        (effects.RosterComplete(), 0, 0, messages.RosterComplete()),
        (effects.Files(ALICE, BOB, CANCELLED), BOB, ALICE, CANCELLED),
        (effects.ApprovalAwaited(), 0, 0, messages.ApprovalAwaited()),
        (
            effects.Refused(RefusalReason.BANNED, "too loud", 60),
            0,
            0,
            messages.Refused(reason=6, text="too loud", seconds=60),
        ),
        (effects.PeopleLeft((3, ALICE)), 0, 0, messages.PeopleLeft(ids=[3, ALICE])),
        (effects.HubExiting(), 0, 0, messages.Closing(reason=2)),
        (effects.Closing(ClosingReason.KICKED, "too loud"), 0, 0, messages.Closing(reason=3, text="too loud")),
        (effects.Ping(-5), 0, 0, messages.Ping(clock=-5)),
        (effects.Pong(5), 0, 0, messages.Pong(clock=5)),
        (effects.Latencies(((BOB, 0.0015),)), 0, 0, messages.Latencies(latencies=[(BOB, 1500)])),
        (
            effects.Text(ALICE, BOB, "hello 🙂", (1, -2), b"ignored", 7),
            BOB,
            ALICE,
            messages.Text(number=7, text="hello 🙂", numbers=(1, -2)),
        ),
        (effects.Receipt(ALICE, b"ignored", BOB, 7), BOB, ALICE, messages.Receipt(number=7)),
        (
            effects.Packets(ALICE, Layout.FILE_START, FILE_START, BOB, "файл.txt"),
            BOB,
            ALICE,
            messages.FileBegan(name="файл.txt", packet=FILE_START),
        ),
        (
            effects.Packets(ALICE, Layout.FILE_START, FILE_START, BOB),
            BOB,
            ALICE,
            messages.ClassicPackets(packets=FILE_START),
        ),
        (
            effects.Command(ALICE, BOB, 100, b"\x00"),
            BOB,
            ALICE,
            messages.Command(number=100, payload=b"\x00"),
        ),
    ],
)
def test_items_become_frames(item: effects.Item, to: int, sender: int, message: Message) -> None:
    """Each its own, with both ends in the header."""
    assert told(item) == [(to, sender, message)]


@pytest.mark.parametrize(
    "item", [effects.Greeting(1, "192.0.2.7", 0), effects.PersonRegistered(1), effects.PersonLeft(1)]
)
def test_what_is_for_the_classic_wire_is_nothing(item: effects.Item) -> None:
    """It is said in other words here."""
    assert told(item) == []


def test_people_are_told_with_all_that_is_known() -> None:
    """Key and session of those who proved one; without a key one is on the classic wire."""
    details = Details("192.0.2.9", colour=0xFF, status=3, listening_port=1, status_ticks=-4, mask=6)
    alice = Person(ALICE, "2001:db8::1", Credentials("Ålice 爱", "vm", "1.2"), details, KEY, 2)
    bob = Person(BOB, "192.0.2.8", Credentials("Bob"))
    assert told(effects.PeopleDetails((alice, bob))) == [
        (
            0,
            0,
            messages.People(
                people=[
                    messages.Person(
                        id=ALICE,
                        name="Ålice 爱",
                        computer="vm",
                        program="1.2",
                        address="2001:db8::1",
                        alternate_address="192.0.2.9",
                        colour=0xFF,
                        status=3,
                        status_ticks=-4,
                        listening_port=1,
                        key=KEY,
                        session=2,
                    ),
                    messages.Person(id=BOB, name="Bob", address="192.0.2.8"),
                ]
            ),
        )
    ]


def test_one_who_has_changed_is_told_as_he_is_now() -> None:
    """What was encoded for others before is kept only as long as it is true."""
    encoder = ModernEncoder((1, 0, 0))
    for name in ("Bob", "Robert"):
        person = Person(BOB, "192.0.2.8", Credentials(name))
        assert told(effects.PeopleDetails((person,)), encoder) == [
            (0, 0, messages.People(people=[messages.Person(id=BOB, name=name, address="192.0.2.8")]))
        ]


def test_a_roster_is_told_as_it_is_whatever_was_kept_of_the_one_before() -> None:
    """Also where somebody among them has changed or left, many have come or gone, or nobody is here."""
    encoder = ModernEncoder((1, 0, 0))
    here = [Person(number, "192.0.2.8", Credentials(f"name {number}")) for number in range(1, 3 * BLOCK + 4)]
    changed = [replace(one, credentials=Credentials("new")) if one.id in (5, 250, 302) else one for one in here]
    without = [one for one in changed if one.id != BLOCK + 7]
    for people in (here[:-5], here, changed, changed, without, without[:BLOCK], [], without):
        frames = told(effects.Roster(tuple(people)), encoder)
        named = [(one.id, one.name) for *_, message in frames for one in _people_in(message)]
        assert named == [(one.id, one.name) for one in people]


def test_the_bytes_of_a_roster_are_kept_for_the_next_newcomer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of people who are the same nobody is looked at again: it is the one who has come since who is new."""
    encoder = ModernEncoder((1, 0, 0))
    people = tuple(Person(number, "192.0.2.8", Credentials("")) for number in range(1, 2 * BLOCK + 5))
    whole = ModernEncoder((1, 0, 0)).encode(effects.Roster(people))
    encoder.encode(effects.Roster(people[:-1]))
    looked_at: list[int] = []
    look_at = encoder._encoded

    def noted(some: tuple[Person, ...]) -> list[bytes]:
        looked_at.append(len(some))
        return look_at(some)

    monkeypatch.setattr(encoder, "_encoded", noted)
    assert encoder.encode(effects.Roster(people)) == whole
    assert looked_at == [1]


def test_a_text_longer_than_a_frame_comes_in_several() -> None:
    """The classic wire has texts of a million characters that take three bytes here; none is lost."""
    said = "€" * 1_000_000
    pieces = [
        message.text
        for _, _, message in told(effects.Text(1, BOB, said, (0, 0), b""))
        if isinstance(message, messages.Text)
    ]
    assert len(pieces) > 1
    assert "".join(pieces) == said


@pytest.mark.parametrize("said", ["", "x" * LARGEST_TEXT, "€" * (LARGEST_TEXT // 3)])
def test_a_text_that_fits_is_one_frame(said: str) -> None:
    """The empty one, too."""
    ((_, _, message),) = told(effects.Text(1, BOB, said, (0, 0), b""))
    assert message == messages.Text(number=0, text=said)


def test_a_block_longer_than_a_frame_comes_in_several() -> None:
    """Readers hand over a megabyte and what waited for it."""
    block = (b"\x0e\x00" + bytes(1022)) * 1025
    parts = [
        message.packets
        for _, _, message in told(effects.Packets(1, Layout.FILE_CHUNK, block, BOB))
        if isinstance(message, messages.ClassicPackets)
    ]
    assert [len(part) for part in parts] == [LARGEST_BODY, 1024]
    assert b"".join(parts) == block


def test_what_utf_8_cannot_say_does_not_break_the_hub() -> None:
    """Half of a surrogate pair, which a window or a program can hand over, becomes a question mark."""
    assert told(effects.Text(0, BOB, "a\ud800b", (0, 0), b""))[0][2] == messages.Text(number=0, text="a?b")
    assert told(effects.Closing(ClosingReason.KICKED, "\udfff"))[0][2] == messages.Closing(reason=3, text="?")


def test_a_reason_is_cut_to_what_a_client_takes() -> None:
    """Else the whole message would say nothing to him."""
    (closing,) = told(effects.Closing(ClosingReason.KICKED, "x" * 501))
    (refused,) = told(effects.Refused(RefusalReason.DENIED, "x" * 501))
    assert closing[2] == messages.Closing(reason=3, text="x" * 500)
    assert refused[2] == messages.Refused(reason=7, text="x" * 500)


def test_more_who_left_than_a_frame_takes_come_in_several() -> None:
    """All of them are told."""
    frames = told(effects.PeopleLeft(tuple(range(1, 10_002))))
    assert [len(message.ids) for _, _, message in frames if isinstance(message, messages.PeopleLeft)] == [10_000, 1]
