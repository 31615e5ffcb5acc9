"""The classic wire as the hub speaks it: packets to inputs, items to packets."""

import pytest

from commonlib.classic.file_layouts import FileChunkPacket, FileStartPacket
from commonlib.classic.layouts import BigStringPacket, ClientDataPacket, DataPacket, integers
from commonlib.classic.packet import PACKET_SIZE, Layout, MessagePart, PacketType
from commonlib.classic.texts import LARGEST_TEXT, TextJoiner, split_text
from commonlib.exceptions import FieldError
from commonlib.wire.greeting import Door, Mark, maybe_mark
from commonlib.wire.reasons import RefusalReason
from tcpipserver.dialects.classic import ClassicDialect, ClassicEncoder, LayoutRegistry
from tcpipserver.dialects.unfinished import UnfinishedTexts
from tcpipserver.hub import effects, inputs
from tcpipserver.hub.people import Credentials, Details, Person
from tests.support.recordings import divided

CONNECTION = 12
OWN = 100
TICKS = 639_310_015_672_500_000


def received(*packets: bytes, registry: LayoutRegistry | None = None) -> list[inputs.Input]:
    """What packets that come in one chunk mean to the hub."""
    return received_by(ClassicDialect(CONNECTION, registry or LayoutRegistry(), UnfinishedTexts()), *packets)


def received_by(dialect: ClassicDialect, *packets: bytes) -> list[inputs.Input]:
    return [happened for run in dialect.cut(b"".join(packets)) for happened in dialect.receive(run)]


def encoded(item: effects.Item) -> bytes:
    return ClassicEncoder((1, 2, 3)).encode(item)


def encoded_data(item: effects.Item) -> DataPacket:
    return DataPacket.decode(encoded(item))


# In


def test_what_the_hub_understands_becomes_its_input() -> None:
    """One input a packet, in order, each about this connection."""
    assert received(
        DataPacket(PacketType.PING, longs=(5,)).encode(),
        DataPacket(PacketType.PING_RESPONSE, longs=(TICKS,)).encode(),
        DataPacket(PacketType.PING_RESPONSE, longs=(-1,)).encode(),
        DataPacket(PacketType.MESSAGE_RECEIVED, id_to=3).encode(),
        DataPacket(PacketType.CLOSE).encode(),
    ) == [
        inputs.PingAsked(CONNECTION),
        inputs.PingAnswered(CONNECTION, TICKS),
        inputs.PingAnswered(CONNECTION, -1),
        inputs.TextReceived(CONNECTION, 3, DataPacket(PacketType.MESSAGE_RECEIVED, id_to=3).encode()),
        inputs.LeaveAnnounced(CONNECTION),
    ]


@pytest.mark.parametrize("packet_type", [PacketType.CREDENTIALS_UPDATE, PacketType.MY_CREDENTIALS])
def test_credentials_may_change(packet_type: PacketType) -> None:
    """By the packet that is for it, and by a second introduction."""
    packet = DataPacket(packet_type, text_a="vm", text_b="1.2", text_150="Alice").encode()
    assert received(packet) == [inputs.CredentialsChanged(CONNECTION, Credentials("Alice", "vm", "1.2"))]


def test_a_client_tells_its_own_details() -> None:
    """Colour, status, alternate address, listening port and mask; its id, name and address are not its to tell."""
    packet = ClientDataPacket(
        PacketType.CLIENT_DATA,
        mask_to=6,
        user_name="Mallory",
        address="192.0.2.66",
        alternate_address="a" * 30,
        client_id=1,
        colour=0x00FF7F,
        status=3,
        listening_port=10_001,
        status_ticks=-5,
    ).encode()
    assert received(packet) == [
        inputs.DetailsChanged(
            CONNECTION,
            Details("a" * 30, colour=0x00FF7F, status=3, listening_port=10_001, status_ticks=-5, mask=6),
        )
    ]


@pytest.mark.parametrize("packet_type", [0, 3, 5, 6, 8])
def test_what_only_a_server_may_say_is_misbehaviour(packet_type: int) -> None:
    """It reaches nobody: a client that could say it could send others away. Type 0 is no packet at all."""
    (happened,) = received(DataPacket(packet_type, id_to=1).encode())
    assert isinstance(happened, inputs.Misbehaved)
    assert happened.connection == CONNECTION
    assert happened.detail.startswith(f"it sent type {packet_type}, which is ")


@pytest.mark.parametrize("packet_type", [16, 17, OWN, 65535])
def test_all_other_types_pass_as_data(packet_type: int) -> None:
    """Also those that nobody has registered."""
    packet = DataPacket(packet_type, id_to=70_000, mask_to=3, app_level=4).encode()
    assert received(packet) == [inputs.PacketsSent(CONNECTION, packet_type, Layout.DATA, 70_000, packet)]


def test_a_registered_command_has_its_own_layout() -> None:
    """Which tells where its recipient stands; from now on, for connections that are there already."""
    registry = LayoutRegistry()
    dialect = ClassicDialect(CONNECTION, registry, UnfinishedTexts())
    packet = BigStringPacket(OWN, id_to=3, text="hello").encode()
    assert received_by(dialect, packet) != [inputs.PacketsSent(CONNECTION, OWN, Layout.BIG_STRING, 3, packet)]
    registry.register(OWN, Layout.BIG_STRING)
    assert received_by(dialect, packet) == [inputs.PacketsSent(CONNECTION, OWN, Layout.BIG_STRING, 3, packet)]


def test_the_protocols_own_numbers_cannot_be_registered() -> None:
    """Their layouts are fixed."""
    with pytest.raises(FieldError):
        LayoutRegistry().register(PacketType.MESSAGE, Layout.BIG_STRING)


def test_a_file_passes_in_runs() -> None:
    """All chunks of one file to one recipient are one input, with the file's number."""
    start = FileStartPacket(PacketType.FILE_START, id_to=2, file_id=718, name="a.txt").encode()
    chunk = FileChunkPacket(PacketType.FILE_CHUNK, id_to=2, file_id=718, content=b"x").encode()
    end = FileStartPacket(PacketType.FILE_END, id_to=2, file_id=718).encode()
    assert received(start, chunk, chunk, chunk, end) == [
        inputs.PacketsSent(CONNECTION, 13, Layout.FILE_START, 2, start, 718),
        inputs.PacketsSent(CONNECTION, 14, Layout.FILE_CHUNK, 2, chunk * 3, 718),
        inputs.PacketsSent(CONNECTION, 15, Layout.FILE_START, 2, end, 718),
    ]


def test_a_text_is_one_input_with_its_packets_untouched() -> None:
    """However it is cut; nothing is said before its end is there."""
    packets = split_text("l" * 700, id_to=2, numbers=(123456, -1))
    said = inputs.TextSaid(CONNECTION, 2, "l" * 700, (123456, -1), packets)
    assert received(packets) == [said]
    dialect = ClassicDialect(CONNECTION, LayoutRegistry(), UnfinishedTexts())
    assert [received_by(dialect, packets[i : i + 100]) for i in range(0, len(packets), 100)][-2:] == [[], [said]]


def test_texts_to_two_people_may_be_mixed() -> None:
    """Each comes out whole."""
    to_bob, to_carol = (divided(split_text(name, id_to=to)) for name, to in (("to Bob", 2), ("to Carol", 3)))
    said = received(to_bob[0], to_carol[0], to_bob[1], to_carol[1])
    assert [(text.to, text.text) for text in said if isinstance(text, inputs.TextSaid)] == [
        (2, "to Bob"),
        (3, "to Carol"),
    ]


@pytest.mark.parametrize(
    ("part", "detail"),
    [
        (MessagePart.GUTS, "a text goes on that never began"),
        (MessagePart.END, "a text goes on that never began"),
        (7, "a text has no part of kind 7"),
    ],
)
def test_a_broken_text_is_misbehaviour_and_the_next_one_is_read(part: int, detail: str) -> None:
    """What is broken is ignored alone."""
    broken = DataPacket(PacketType.MESSAGE, data_type=part, id_to=2).encode()
    whole = split_text("hello", id_to=2)
    assert received(broken, whole) == [
        inputs.Misbehaved(CONNECTION, detail),
        inputs.TextSaid(CONNECTION, 2, "hello", (0, 0), whole),
    ]


def test_a_text_without_end_costs_a_bounded_amount() -> None:
    """What is too long is forgotten; it does not come out when it ends at last."""
    dialect = ClassicDialect(CONNECTION, LayoutRegistry(), UnfinishedTexts())
    start, guts, end = divided(split_text("x" * 600, id_to=2))
    too_long = received_by(dialect, start, guts * (LARGEST_TEXT // 300 + 1))
    detail = f"its unfinished texts have more than {LARGEST_TEXT} characters"
    assert too_long == [inputs.Misbehaved(CONNECTION, detail)]
    assert received_by(dialect, end) == [inputs.Misbehaved(CONNECTION, "a text goes on that never began")]


# Out


def test_a_greeting_says_id_address_and_clock() -> None:
    """As the original wrote it, down to the size that nobody reads."""
    assert encoded_data(effects.Greeting(7, "192.0.2.7", TICKS)) == DataPacket.decode(
        DataPacket(PacketType.REQUEST_CREDENTIALS, packet_size=16, id_to=7, longs=(TICKS,), text_a="192.0.2.7").encode()
    )


def test_a_greeting_may_be_marked() -> None:
    """For clients that speak the modern wire; originals see no difference in what they read."""
    mark = Mark(bytes(range(32)), Door.ASKS_FOR_CODE)
    plain, marked = (encoded(effects.Greeting(7, "192.0.2.7", TICKS, one)) for one in (None, mark))
    assert (maybe_mark(plain), maybe_mark(marked)) == (None, mark)
    seen = [
        (one.packet_type, one.packet_size, one.id_to, one.longs, one.text_a)
        for one in map(DataPacket.decode, (plain, marked))
    ]
    assert seen[0] == seen[1]


def test_one_who_is_refused_hears_that_the_hub_exits() -> None:
    """The wire has no other word for it, and no reason."""
    refused = effects.Refused(RefusalReason.NOT_PROVED, "no")
    assert encoded(refused) == encoded(effects.HubExiting())


def test_announcements_carry_the_id_that_they_are_about() -> None:
    """Registered with the server's version, the others plain."""
    registered = encoded_data(effects.PersonRegistered(7))
    assert (registered.packet_type, registered.id_from) == (PacketType.REGISTERED, 7)
    assert registered.integers == integers({6: 1, 7: 2, 8: 3})
    left = encoded_data(effects.PersonLeft(7))
    assert (left.packet_type, left.id_from) == (PacketType.CLIENT_DISCONNECTING, 7)
    exiting = encoded_data(effects.HubExiting())
    assert (exiting.packet_type, exiting.id_from) == (PacketType.HOST_EXITING, 0)


def test_a_ping_carries_the_clock() -> None:
    """In DataLong1."""
    assert encoded_data(effects.Ping(TICKS)).longs[0] == TICKS


def test_people_are_one_packet_each() -> None:
    """With all that is known about them."""
    alice = Person(
        1,
        "192.0.2.7",
        Credentials("Alice", "vm", "1.2"),
        Details("alternate", colour=0x00FF7F, status=3, listening_port=10_001, status_ticks=TICKS, mask=6),
    )
    bob = Person(2, "192.0.2.8", Credentials("Bob"))
    packets = divided(encoded(effects.PeopleDetails((alice, bob))))
    assert [ClientDataPacket.decode(packet) for packet in packets] == [
        ClientDataPacket(
            PacketType.CLIENT_DATA,
            packet_size=PACKET_SIZE,
            mask_to=6,
            user_name="Alice",
            address="192.0.2.7",
            alternate_address="alternate",
            client_version="1.2",
            station_name="vm",
            client_id=1,
            colour=0x00FF7F,
            status=3,
            listening_port=10_001,
            status_ticks=TICKS,
        ),
        ClientDataPacket(
            PacketType.CLIENT_DATA,
            packet_size=PACKET_SIZE,
            user_name="Bob",
            address="192.0.2.8",
            client_id=2,
            listening_port=9998,
        ),
    ]


def test_a_long_address_is_not_cut_into_another_one() -> None:
    """What has no room ends in an ellipsis, so that nobody takes it for an address."""
    long_one = "2001:db8:1111:2222:3333:4444:5555:6666"
    packet = encoded(effects.PeopleDetails((Person(1, long_one, Credentials("Alice")),)))
    assert ClientDataPacket.decode(packet).address == "2001:db8:1111:2222:3333:4444:…"
    assert encoded_data(effects.Greeting(1, long_one, TICKS)).text_a == long_one


@pytest.mark.parametrize("name", ["क़" * 50, "\ud800" * 50, "e\u0301" * 25, "😀" * 50, "a\0b"])
def test_names_that_grow_or_have_no_letters_on_the_wire_fit(name: str) -> None:
    """Whatever characters a name has, its packet can be written."""
    person = Person(1, "192.0.2.7", Credentials(name, name, name[:30]), Details(name[:30]))
    assert len(ClientDataPacket.decode(encoded(effects.PeopleDetails((person,)))).user_name) <= 50


def test_a_text_from_a_classic_client_goes_out_as_it_came_but_for_its_sender() -> None:
    """The hub writes who said it into every packet, whatever stood there."""
    packets = split_text("l" * 700, id_to=2, id_from=66, numbers=(1, 2))
    item = effects.Text(1, 2, "not looked at", (9, 9), packets)
    assert encoded(item) == split_text("l" * 700, id_to=2, id_from=1, numbers=(1, 2))


def test_a_text_from_elsewhere_is_split() -> None:
    """The operator's, for instance."""
    item = effects.Text(0, 2, "l" * 700, (1, 2), b"")
    assert encoded(item) == split_text("l" * 700, id_to=2, id_from=0, numbers=(1, 2))


def test_a_text_longer_than_this_wire_has_goes_out_as_several() -> None:
    """The modern wire has longer ones; none is lost."""
    said = "a" * LARGEST_TEXT + "b"
    packets = divided(encoded(effects.Text(1, 2, said, (3, 4), b"")))
    joiner = TextJoiner()
    joined = [text for packet in packets if (text := joiner.receive_packet(1, packet)) is not None]
    assert [(text.text, text.numbers) for text in joined] == [("a" * LARGEST_TEXT, (3, 4)), ("b", (3, 4))]


def test_names_of_the_other_wire_are_cut_to_the_fields_of_this() -> None:
    """They are longer, and may have letters that this one lacks."""
    stranger = Person(1, "192.0.2.7", Credentials("Ö" * 64, "c" * 64, "v" * 64), Details("a" * 64))
    told = ClientDataPacket.decode(encoded(effects.PeopleDetails((stranger,))))
    assert (told.user_name, told.station_name) == ("Ö" * 50, "c" * 50)
    assert (told.client_version, told.alternate_address) == ("v" * 30, "a" * 30)
    wide = Person(1, "", Credentials("爱丽丝 🙂"))
    assert ClientDataPacket.decode(encoded(effects.PeopleDetails((wide,)))).user_name == "??? ?"


def test_a_receipt_goes_out_as_it_came_but_for_its_sender() -> None:
    """The server's own is made here."""
    theirs = DataPacket(PacketType.MESSAGE_RECEIVED, id_from=66, id_to=1, mask_to=5)
    received_receipt = encoded_data(effects.Receipt(2, theirs.encode()))
    assert (received_receipt.id_from, received_receipt.id_to, received_receipt.mask_to) == (2, 1, 5)
    assert encoded(effects.Receipt(0, b"")) == DataPacket(PacketType.MESSAGE_RECEIVED).encode()


@pytest.mark.parametrize(
    ("layout", "packet"),
    [
        (Layout.DATA, DataPacket(OWN, id_to=2, id_from=66, mask_to=3, app_level=4, text_a="a")),
        (Layout.BIG_STRING, BigStringPacket(OWN, id_to=2, id_from=66, text="a")),
        (Layout.FILE_START, FileStartPacket(13, id_to=2, id_from=66, file_id=5, name="a")),
        (Layout.FILE_CHUNK, FileChunkPacket(14, id_to=2, id_from=66, file_id=5, content=b"a")),
    ],
)
def test_the_sender_is_stamped_where_its_layout_has_it(
    layout: Layout, packet: DataPacket | BigStringPacket | FileStartPacket | FileChunkPacket
) -> None:
    """On every packet that passes, file packets too; nothing else is touched, maskTo and nAppLevel neither."""
    item = effects.Packets(65535, layout, packet.encode() * 3)
    for passed in divided(encoded(item)):
        assert type(packet).decode(passed).id_from == 65535
        place = layout.place.from_offset, layout.place.from_offset + layout.place.width
        original = packet.encode()
        assert passed[: place[0]] + passed[place[1] :] == original[: place[0]] + original[place[1] :]
