"""Whatever packets classic clients send, the hub can say all that follows from them, in whole and truthful packets."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from commonlib.classic.layouts import ClientDataPacket, DataPacket
from commonlib.classic.packet import PACKET_SIZE, Layout, MessagePart, PacketType, sender_of, type_of
from commonlib.classic.texts import split_text
from tests.support.memory_hub import MemoryHub
from tests.support.recordings import divided

FROM_THE_HUB = {PacketType.PING, PacketType.CLIENT_DATA, PacketType.CLIENT_DISCONNECTING}
"""What somebody who is registered already may hear from the hub itself while nobody comes."""
FOR_SERVERS_TO_SAY = {PacketType.REQUEST_CREDENTIALS, PacketType.REGISTERED, PacketType.HOST_EXITING}
BIG_COMMAND = 200
CLIENTS = (1, 2, 3)

bits_16 = st.integers(0, 0xFFFF)
bits_32 = st.integers(0, 0xFFFFFFFF)
some_id = st.integers(0, 5) | bits_32
own_types = st.sampled_from([0, *PacketType, 17, BIG_COMMAND]) | bits_16


def wire_text(width: int) -> st.SearchStrategy[bytes]:
    """An array of 8-bit characters as anybody may fill it: with garbage behind a NUL, or without one."""
    return st.binary(max_size=width).map(lambda text: text.ljust(width, b"\0")) | st.binary(
        min_size=width, max_size=width
    )


@st.composite
def packets(draw: st.DrawFn) -> bytes:
    """One packet of any type, with a likely recipient, or any bytes at all."""
    packet = bytearray(draw(st.binary(min_size=PACKET_SIZE, max_size=PACKET_SIZE) | st.just(bytes(PACKET_SIZE))))
    packet[0:2] = draw(own_types).to_bytes(2, "little")
    if packet[0:2] == BIG_COMMAND.to_bytes(2, "little"):
        packet[2:6] = draw(some_id).to_bytes(4, "little")
    elif 13 <= packet[0] <= 15 and not packet[1]:
        packet[2:8] = b"".join(draw(st.integers(0, 4)).to_bytes(2, "little") for _ in range(3))
    else:
        packet[4:6] = draw(st.integers(0, 3)).to_bytes(2, "little")
        packet[8:12] = draw(some_id).to_bytes(4, "little")
    if packet[0:2] == b"\x07\0":
        packet[16:206] = b"".join(draw(wire_text(width)) for width in (50, 30, 30, 30, 50))
    return bytes(packet)


def introduction(name: str) -> bytes:
    return DataPacket(PacketType.MY_CREDENTIALS, text_150=name).encode()


def hub_of_three() -> MemoryHub:
    """A hub with three people, who have heard all that there was to hear at their arrival."""
    hub = MemoryHub()
    hub.registry.register(BIG_COMMAND, Layout.BIG_STRING)
    for number in CLIENTS:
        assert hub.connect() == number
        hub.receive_data(number, introduction(f"client {number}"))
    for number in CLIENTS:
        hub.data_to_send(number)
    return hub


@given(st.lists(st.tuples(st.sampled_from(CLIENTS), st.lists(packets(), min_size=1, max_size=3)), max_size=20))
def test_all_that_follows_from_any_packets_can_be_said(spoken: list[tuple[int, list[bytes]]]) -> None:
    """Nothing raises, packets are whole, and what passes says truly who sent it, wherever its layout says so."""
    hub = hub_of_three()
    for sender, said in spoken:
        was_here = {person.id for person in hub.hub.people()}
        hub.receive_data(sender, b"".join(said))
        for reader in CLIENTS:
            for packet in divided(hub.data_to_send(reader)):
                assert len(packet) == PACKET_SIZE
                assert reader in was_here
                assert type_of(packet) not in FOR_SERVERS_TO_SAY
                if type_of(packet) == PacketType.CLIENT_DISCONNECTING:
                    assert sender_of(packet, Layout.DATA) not in {person.id for person in hub.hub.people()}
                if type_of(packet) in FROM_THE_HUB:
                    continue
                stamped = sender_of(packet, hub.registry.table.layout_of(type_of(packet)))
                is_servers_receipt = type_of(packet) == PacketType.MESSAGE_RECEIVED and stamped == 0
                assert stamped == sender or is_servers_receipt


@given(st.lists(st.tuples(st.sampled_from(CLIENTS), packets()), max_size=20))
def test_everybody_sees_the_same_people_on_the_wire(spoken: list[tuple[int, bytes]]) -> None:
    """From the packets alone each client makes the roster that the hub has, as originals read it."""
    hub = MemoryHub()
    seen: dict[int, dict[int, ClientDataPacket]] = {number: {} for number in CLIENTS}
    for _ in CLIENTS:
        hub.connect()
    introductions = [(number, introduction("" if number == 2 else "x")) for number in CLIENTS]
    for sender, said in [*introductions, *spoken]:
        hub.receive_data(sender, said)
        for number in CLIENTS:
            note_people(seen[number], divided(hub.data_to_send(number)))
    people = {person.id: person for person in hub.hub.people()}
    for number in people:
        assert set(seen[number]) == set(people) - {number}
        for client_id, packet in seen[number].items():
            credentials = people[client_id].credentials
            assert (packet.user_name, packet.station_name) == (credentials.name, credentials.computer)
            assert packet.colour == people[client_id].details.colour


def note_people(seen: dict[int, ClientDataPacket], heard: list[bytes]) -> None:
    """What an original does with ClientData, in which it overlooks empty names, and with ClientDisconnecting."""
    for packet in heard:
        if type_of(packet) == PacketType.CLIENT_DATA:
            details = ClientDataPacket.decode(packet)
            if details.user_name:
                seen[details.client_id] = details
        elif type_of(packet) == PacketType.CLIENT_DISCONNECTING:
            seen.pop(DataPacket.decode(packet).id_from, None)


@given(
    st.lists(st.tuples(st.sampled_from([1, 2]), st.text("abc", max_size=700)), min_size=1, max_size=8),
    st.randoms(use_true_random=False),
)
def test_a_text_goes_out_whole_however_two_writers_mix_theirs(said: list[tuple[int, str]], random: Random) -> None:
    """Originals join by arrival alone: what comes between start and end they take for a part of it."""
    hub = hub_of_three()
    unsent = {
        writer: [packet for who, text in said if who == writer for packet in text_to_3(text)] for writer in (1, 2)
    }
    while any(unsent.values()):
        writer = random.choice([writer for writer in unsent if unsent[writer]])
        hub.receive_data(writer, unsent[writer].pop(0))
    heard = [DataPacket.decode(packet) for packet in divided(hub.data_to_send(3))]
    joined: list[tuple[int, str]] = []
    writer_now, collected = 0, ""
    for packet in heard:
        if packet.data_type == MessagePart.START:
            writer_now, collected = packet.id_from, ""
        assert packet.id_from == writer_now
        if packet.data_type == MessagePart.END:
            joined.append((writer_now, collected))
        else:
            collected += packet.text_a
    for writer in (1, 2):
        assert [text for who, text in joined if who == writer] == [text for who, text in said if who == writer]


def text_to_3(text: str) -> list[bytes]:
    return divided(split_text(text, id_to=3))


@given(
    st.sampled_from([16, 17, 65535, BIG_COMMAND, 13, 14, 15]),
    st.binary(min_size=PACKET_SIZE, max_size=PACKET_SIZE),
    st.integers(1, 3),
)
def test_what_passes_differs_in_its_sender_alone(packet_type: int, content: bytes, count: int) -> None:
    """Every byte but those of idFrom reaches the recipient as it was sent: maskTo and nAppLevel, too."""
    hub = hub_of_three()
    place = hub.registry.table.layout_of(packet_type).place
    packet = with_number(packet_type.to_bytes(2, "little") + content[2:], place.to_offset, place.width, 2)
    hub.receive_data(1, packet * count)
    assert hub.data_to_send(2) == with_number(packet, place.from_offset, place.width, 1) * count
    assert hub.data_to_send(1) == hub.data_to_send(3) == b""


def with_number(packet: bytes, offset: int, width: int, number: int) -> bytes:
    return packet[:offset] + number.to_bytes(width, "little") + packet[offset + width :]
