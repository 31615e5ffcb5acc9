"""The classic wire as a dialect of the hub (docs/protocol.md, "Sequences" and "Routing").

Owns the translation of packets into inputs, and of items into packets. Must never decide who hears what, and never lets
a client say what only a server may. Pure: `cut` runs on the arrival's, later the normalizer's thread, `receive` and
`encode` on the dispatcher's; they share no state.
"""

from commonlib.classic.codepage import clamp_text, decode_text, encode_text
from commonlib.classic.cutter import PacketCutter, Run, cut_runs
from commonlib.classic.layouts import (
    ADDRESS_WIDTH,
    STATION_NAME_WIDTH,
    TEXT_WIDTH,
    USER_NAME_WIDTH,
    VERSION_WIDTH,
    ClientDataPacket,
    DataPacket,
    integers,
)
from commonlib.classic.packet import PACKET_SIZE, Layout, LayoutTable, PacketType, stamp_sender
from commonlib.classic.texts import LARGEST_TEXT, split_text
from commonlib.exceptions import ProtocolError
from commonlib.printable import printable
from commonlib.wire.greeting import with_mark
from tcpipserver.dialects.unfinished import UnfinishedTexts
from tcpipserver.hub import effects, inputs
from tcpipserver.hub.people import Credentials, Details, Person, Wire

_SERVERS_OWN_TYPES = frozenset(
    {
        PacketType.REQUEST_CREDENTIALS,
        PacketType.REGISTERED,
        PacketType.HOST_EXITING,
        PacketType.CLIENT_DISCONNECTING,
    }
)
_UNDERSTOOD_TYPES = frozenset(
    {
        PacketType.PING,
        PacketType.PING_RESPONSE,
        PacketType.MY_CREDENTIALS,
        PacketType.CREDENTIALS_UPDATE,
        PacketType.CLIENT_DATA,
        PacketType.CLOSE,
        PacketType.MESSAGE,
        PacketType.MESSAGE_RECEIVED,
    }
)
"""What the hub answers or acts upon itself; all else is passed on."""
_NO_TYPE = 0
"""No packet's type: what a stream of zeros looks like, which is not to reach everybody."""
_TOO_MUCH_UNFINISHED = "of all texts that were begun and not ended its own take most room, and one was forgotten"
_GREETING_SIZE_MARK = 16
"""What the original writes into Packet_Size of a greeting."""


class LayoutRegistry:
    """The layout table of a running hub: replaced as a whole when somebody registers a command.

    May be read on any thread; whoever registers does so on one thread at a time.
    """

    def __init__(self) -> None:
        self.table = LayoutTable()

    def register(self, number: int, layout: Layout) -> None:
        """Give a command of somebody's own its layout.

        Raises:
            FieldError: The number belongs to the protocol or does not fit into 16 bits.
        """
        self.table = self.table.with_command(number, layout)


class ClassicDialect:
    """One classic connection, known to the hub by its number; `unfinished` is the whole hub's."""

    __slots__ = ("_connection", "_cutter", "_registry", "_unfinished")

    def __init__(self, connection: int, registry: LayoutRegistry, unfinished: UnfinishedTexts) -> None:
        self._connection = connection
        self._registry = registry
        self._unfinished = unfinished
        self._cutter = PacketCutter()

    def cut(self, data: bytes) -> list[Run]:
        """Add a chunk of the stream; returns the whole packets that there are now, as runs."""
        return cut_runs(self._cutter.receive_data(data), self._registry.table)

    def receive(self, run: Run) -> list[inputs.Input]:
        """What a run of packets means to the hub. What the protocol does not allow becomes Misbehaved."""
        if run.packet_type in _SERVERS_OWN_TYPES:
            return [self._misbehaved(f"it sent type {run.packet_type}, which is for servers to send")]
        if run.packet_type == _NO_TYPE:
            return [self._misbehaved("it sent type 0, which is none")]
        if run.packet_type not in _UNDERSTOOD_TYPES:
            return [
                inputs.PacketsSent(self._connection, run.packet_type, run.layout, run.id_to, run.packets, run.file_id)
            ]
        translated = (self._maybe_translate(run, packet) for packet in run.each())
        told = [happened for happened in translated if happened is not None]
        if run.packet_type == PacketType.MESSAGE:
            while (connection := self._unfinished.maybe_make_room()) is not None:
                told.append(inputs.Misbehaved(connection, _TOO_MUCH_UNFINISHED))
        return told

    @property
    def wire(self) -> Wire:
        """The classic one."""
        return Wire.CLASSIC

    def take_in(self) -> None:
        """This wire takes the same of everybody."""

    def receive_end(self) -> None:
        """The connection has ended: nothing of it is kept."""
        self._unfinished.forget(self._connection)

    def _maybe_translate(self, run: Run, packet: bytes) -> inputs.Input | None:
        connection = self._connection
        match run.packet_type:
            case PacketType.MESSAGE:
                return self._maybe_text(run, packet)
            case PacketType.MESSAGE_RECEIVED:
                return inputs.TextReceived(connection, run.id_to, packet)
            case PacketType.PING:
                return inputs.PingAsked(connection)
            case PacketType.PING_RESPONSE:
                return inputs.PingAnswered(connection, DataPacket.decode(packet).long(1))
            case PacketType.CLIENT_DATA:
                return inputs.DetailsChanged(connection, _read_details(packet))
            case PacketType.CLOSE:
                return inputs.LeaveAnnounced(connection)
            case _:
                return inputs.CredentialsChanged(connection, read_credentials(packet))

    def _maybe_text(self, run: Run, packet: bytes) -> inputs.Input | None:
        try:
            joined = self._unfinished.receive_packet(self._connection, run.id_to, packet)
        except ProtocolError as error:
            return self._misbehaved(error.detail)
        if joined is None:
            return None
        return inputs.TextSaid(self._connection, run.id_to, joined.text, joined.numbers, joined.packets)

    def _misbehaved(self, detail: str) -> inputs.Misbehaved:
        return inputs.Misbehaved(self._connection, detail)


def read_credentials(packet: bytes) -> Credentials:
    """What a MyCredentials or CredentialsUpdate packet says."""
    said = DataPacket.decode(packet)
    return Credentials(
        name=said.text_150[:USER_NAME_WIDTH],
        computer=said.text_a[:STATION_NAME_WIDTH],
        version=said.text_b[:VERSION_WIDTH],
    )


def _read_details(packet: bytes) -> Details:
    """A client's word about itself; the id, name and address in it are not its own to choose here."""
    said = ClientDataPacket.decode(packet)
    return Details(
        alternate_address=said.alternate_address,
        colour=said.colour,
        status=said.status,
        listening_port=said.listening_port,
        status_ticks=said.status_ticks,
        mask=said.mask_to,
    )


class ClassicEncoder:
    """Turns items into packets; the same bytes for every classic recipient, so each item is encoded once."""

    def __init__(self, version: tuple[int, int, int]) -> None:
        self._version = version
        self._people: dict[int, tuple[Person, bytes]] = {}

    def encode(self, item: effects.Item) -> bytes:
        """The packets of an item, joined."""
        match item:
            case effects.Packets():
                return stamp_sender(item.packets, item.layout, item.sender)
            case effects.Text():
                return self._text(item)
            case effects.Receipt():
                packet = item.packets or DataPacket(PacketType.MESSAGE_RECEIVED).encode()
                return stamp_sender(packet, Layout.DATA, item.sender)
            case effects.PeopleDetails():
                return b"".join([self._person(person) for person in item.people])
            case effects.PersonRegistered():
                version = integers(dict(zip((6, 7, 8), self._version, strict=True)))
                return _announcement(PacketType.REGISTERED, item.client_id, version)
            case effects.PersonLeft():
                self._people.pop(item.client_id, None)
                return _announcement(PacketType.CLIENT_DISCONNECTING, item.client_id)
            case effects.HubExiting() | effects.Refused():
                return _announcement(PacketType.HOST_EXITING, 0)
            case effects.Ping():
                return DataPacket(PacketType.PING, longs=(item.ticks,)).encode()
            case effects.Greeting():
                return _greeting(item)
            case _:
                return b""

    def forget_people(self) -> None:
        """Nobody is here any more: of the last to go nobody was told, so nothing was encoded that lets go of him."""
        self._people.clear()

    def _person(self, person: Person) -> bytes:
        """One ClientData packet. Kept until he changes or leaves, because every newcomer is told about everybody."""
        kept = self._people.get(person.id)
        if kept is None or kept[0] is not person:
            kept = self._people[person.id] = (person, _encode_person(person))
        return kept[1]

    def _text(self, item: effects.Text) -> bytes:
        packets = item.packets or b"".join(
            # What comes from the modern wire can be longer than one text of this.
            split_text(item.text[start : start + LARGEST_TEXT], id_to=item.recipient, numbers=item.numbers)
            for start in range(0, max(len(item.text), 1), LARGEST_TEXT)
        )
        return stamp_sender(packets, Layout.DATA, item.sender)


def _greeting(item: effects.Greeting) -> bytes:
    greeting = DataPacket(
        PacketType.REQUEST_CREDENTIALS,
        packet_size=_GREETING_SIZE_MARK,
        id_to=item.client_id,
        longs=(item.ticks,),
        text_a=_fitting(item.address, TEXT_WIDTH),
    )
    return (greeting if item.mark is None else with_mark(greeting, item.mark)).encode()


def _announcement(packet_type: PacketType, client_id: int, numbers: tuple[int, ...] = ()) -> bytes:
    return DataPacket(packet_type, packet_size=PACKET_SIZE, id_from=client_id, integers=numbers).encode()


def _encode_person(person: Person) -> bytes:
    """One ClientData packet."""
    credentials, details = person.credentials, person.details
    return ClientDataPacket(
        PacketType.CLIENT_DATA,
        packet_size=PACKET_SIZE,
        mask_to=details.mask,
        user_name=_fitting(credentials.name, USER_NAME_WIDTH),
        # An address that was cut would be somebody else's: a long one is shown with an ellipsis, so that it is none.
        address=_fitting(printable(person.address, ADDRESS_WIDTH), ADDRESS_WIDTH),
        alternate_address=_fitting(details.alternate_address, ADDRESS_WIDTH),
        client_version=_fitting(credentials.version, VERSION_WIDTH),
        station_name=_fitting(credentials.computer, STATION_NAME_WIDTH),
        client_id=person.id,
        colour=details.colour,
        status=details.status,
        listening_port=details.listening_port,
        status_ticks=details.status_ticks,
    ).encode()


def _fitting(text: str, width: int) -> str:
    """As much of a text as a field holds, in the characters of the wire: joining accents can make a text longer."""
    return clamp_text(decode_text(encode_text(text)), width)
