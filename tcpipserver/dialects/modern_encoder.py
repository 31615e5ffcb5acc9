"""The modern wire as a dialect of the hub: from items to frames (docs/protocol.md, "The modern wire").

Owns the translation of items into frames. Must never decide who hears what, nor raise: what somebody else chose is cut
or mended to what a frame can carry. Pure: run by the dispatcher's thread.
"""

from collections.abc import Iterator

from commonlib.classic.packet import PACKET_SIZE, PacketType, type_of
from commonlib.printable import printable
from commonlib.wire import messages
from commonlib.wire.frames import LARGEST_BODY
from commonlib.wire.messages import LARGEST_TEXT, LONGEST_LATENCY, encode_message
from commonlib.wire.reasons import ClosingReason
from commonlib.wire.roster import encode_person, people_frames
from commonlib.wire.schema import LONGEST_NAME, LONGEST_REASON
from tcpipserver.hub import effects
from tcpipserver.hub.people import Person

MOST_KEPT_PEOPLE = 70_000
BLOCK = 100
"""People of a roster whose bytes are kept together."""
_BYTES_PER_CHARACTER = 4


class ModernEncoder:
    """Turns items into frames; the same bytes for every recipient, so each item is encoded once.

    Args:
        version: Of the hub's program.
        hub_name: What the operator calls the hub; "" for nothing.
    """

    def __init__(self, version: tuple[int, int, int], hub_name: str = "") -> None:
        self._version = version
        self._hub_name = _sendable(hub_name)[:LONGEST_NAME]
        self._people: dict[int, tuple[Person, bytes]] = {}
        self._blocks: list[tuple[tuple[Person, ...], bytes]] = []
        self._rest: tuple[tuple[Person, ...], list[bytes]] = ((), [])

    def encode(self, item: effects.Item) -> bytes:
        """The frames of an item, joined; none where it is for the classic wire only."""
        match item:
            case effects.Text():
                return _text(item)
            case effects.Receipt():
                return encode_message(messages.Receipt(number=item.number), item.recipient, item.sender)
            case effects.Packets():
                return _packets(item)
            case effects.Command():
                command = messages.Command(number=item.number, payload=item.payload)
                return encode_message(command, item.recipient, item.sender)
            case effects.Files():
                return encode_message(item.said, item.recipient, item.sender)
            case effects.Ping():
                return encode_message(messages.Ping(clock=item.ticks))
            case effects.Pong():
                return encode_message(messages.Pong(clock=item.ticks))
            case effects.Latencies():
                return _latencies(item)
            case _:
                return self._attendance(item)

    def forget_people(self) -> None:
        """Nobody is connected: what was made of people is of no more use."""
        self._people.clear()
        self._blocks.clear()
        self._rest = ((), [])

    def _attendance(self, item: effects.Item) -> bytes:
        match item:
            case effects.PeopleDetails():
                return people_frames(self._encoded(item.people))
            case effects.Roster():
                return self._roster(item.people)
            case effects.PeopleLeft():
                return self._people_left(item.ids)
            case effects.Welcome():
                return self._welcome(item)
            case effects.RosterComplete():
                return encode_message(messages.RosterComplete())
            case effects.ApprovalAwaited():
                return encode_message(messages.ApprovalAwaited())
            case effects.Refused():
                text = _sendable(item.text)[:LONGEST_REASON]
                return encode_message(messages.Refused(reason=int(item.reason), text=text, seconds=item.seconds))
            case effects.Closing():
                text = _sendable(item.text)[:LONGEST_REASON]
                return encode_message(messages.Closing(reason=int(item.reason), text=text))
            case effects.HubExiting():
                return encode_message(messages.Closing(reason=int(ClosingReason.STOPPING)))
            case _:
                return b""

    def _welcome(self, item: effects.Welcome) -> bytes:
        welcome = messages.Welcome(
            own_id=item.client_id,
            version=self._version,
            hub_name=self._hub_name,
            name=item.name,
            session=item.session,
        )
        return encode_message(welcome)

    def _people_left(self, ids: tuple[int, ...]) -> bytes:
        for client_id in ids:
            self._people.pop(client_id, None)
        return b"".join(
            encode_message(messages.PeopleLeft(ids=list(ids[start : start + messages.MOST_IDS])))
            for start in range(0, len(ids), messages.MOST_IDS)
        )

    def _roster(self, people: tuple[Person, ...]) -> bytes:
        """A whole roster. Its full blocks are kept: for the next newcomer most of them are the same."""
        full = len(people) // BLOCK
        for number in range(full):
            block = people[number * BLOCK : (number + 1) * BLOCK]
            # Two of the same people are one object, so that to compare blocks is to compare addresses.
            if number == len(self._blocks):
                self._blocks.append((block, people_frames(self._encoded(block))))
            elif self._blocks[number][0] != block:
                self._blocks[number] = (block, people_frames(self._encoded(block)))
        del self._blocks[full:]
        return b"".join([frames for _, frames in self._blocks]) + people_frames(self._rest_of(people[full * BLOCK :]))

    def _rest_of(self, people: tuple[Person, ...]) -> list[bytes]:
        """Those behind the last full block: mostly those of the last time, and the one who has come since."""
        before, encoded = self._rest
        if people[: len(before)] != before:
            before, encoded = (), []
        self._rest = people, [*encoded, *self._encoded(people[len(before) :])]
        return self._rest[1]

    def _encoded(self, people: tuple[Person, ...]) -> list[bytes]:
        """Each of these people. Kept until he changes or leaves, because all newcomers of a moment are told of him."""
        encoded = []
        for person in people:
            kept = self._people.get(person.id)
            if kept is None or kept[0] is not person:
                if len(self._people) >= MOST_KEPT_PEOPLE:
                    self._people.clear()  # Of those who left while nobody was here to be told of it.
                kept = self._people[person.id] = (person, encode_person(_told_person(person)))
            encoded.append(kept[1])
        return encoded


def _told_person(person: Person) -> messages.Person:
    credentials, details = person.credentials, person.details
    return messages.Person(
        id=person.id,
        name=credentials.name,
        computer=credentials.computer,
        program=credentials.version,
        # An address that was cut would be somebody else's: a long one is shown with an ellipsis, so that it is none.
        address=printable(person.address, LONGEST_NAME),
        alternate_address=details.alternate_address,
        colour=details.colour,
        status=details.status,
        status_ticks=details.status_ticks,
        listening_port=details.listening_port,
        key=person.key,
        session=person.session,
    )


def _latencies(item: effects.Latencies) -> bytes:
    told = [(client_id, min(round(seconds * 1e6), LONGEST_LATENCY)) for client_id, seconds in item.latencies]
    return encode_message(messages.Latencies(latencies=told))


def _text(item: effects.Text) -> bytes:
    return b"".join(
        encode_message(messages.Text(number=item.number, text=piece, numbers=item.numbers), item.recipient, item.sender)
        for piece in _fitting(_sendable(item.text))
    )


def _fitting(text: str) -> Iterator[str]:
    """A text as it fits into frames: one that came from the classic wire can be longer than one in UTF-8."""
    if len(text) * _BYTES_PER_CHARACTER <= LARGEST_TEXT or len(text.encode()) <= LARGEST_TEXT:
        yield text
        return
    longest = LARGEST_TEXT // _BYTES_PER_CHARACTER
    for start in range(0, len(text), longest):
        yield text[start : start + longest]


def _packets(item: effects.Packets) -> bytes:
    packets, to, sender = item.packets, item.recipient, item.sender
    if item.file_name and len(packets) == PACKET_SIZE and type_of(packets) == PacketType.FILE_START:
        return encode_message(messages.FileBegan(name=item.file_name, packet=packets), to, sender)
    return b"".join(
        encode_message(messages.ClassicPackets(packets=packets[start : start + LARGEST_BODY]), to, sender)
        for start in range(0, len(packets), LARGEST_BODY)
    )


def _sendable(text: str) -> str:
    """With a question mark for each half of a surrogate pair, which UTF-8 has no bytes for."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
