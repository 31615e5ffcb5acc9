"""Texts of the classic wire: one text is a start packet, any number of guts and an end (docs/protocol.md, "Texts").

Owns splitting and joining. Must never trust a count or a total that a packet states: a text is what its pieces hold.
Pure; a joiner belongs to one connection and to one thread at a time.
"""

from collections.abc import Hashable

from commonlib.classic.codepage import decode_text, encode_text
from commonlib.classic.layouts import TEXT_WIDTH, DataPacket, integers
from commonlib.classic.packet import MessagePart, PacketType
from commonlib.exceptions import FieldError, ProtocolError
from commonlib.values import dataclass, field

LARGEST_TEXT = 1_000_000
"""Characters of one text, and of all texts together that one connection has begun and not ended; 3.5 MB of packets."""
MOST_OPEN_TEXTS = 64
"""Texts that one connection may have begun and not ended."""
SMALLEST_NUMBER = -(1 << 31)
LARGEST_NUMBER = (1 << 31) - 1

_MESSAGE_SIZE_MARK = 16
"""What originals write into Packet_Size of a text."""


@dataclass(frozen=True, slots=True)
class JoinedText:
    """A whole text.

    Attributes:
        numbers: The two numbers that the user typed, signed 32 bits (Data16 and Data17 of the end packet).
        packets: The packets as they came, for passing on byte for byte.
    """

    text: str
    numbers: tuple[int, int]
    packets: bytes


def split_text(text: str, *, id_to: int, id_from: int = 0, numbers: tuple[int, int] = (0, 0)) -> bytes:
    """The packets of a text, joined. Each piece has up to 300 characters; the end packet repeats the last piece.

    Raises:
        FieldError: The text has more than LARGEST_TEXT characters, a number is no signed 32-bit number, or an id no
            unsigned one.
    """
    if len(text) > LARGEST_TEXT:
        raise FieldError("The text", f"it has {len(text)} characters, and {LARGEST_TEXT} is the most that is sent")
    if not all(SMALLEST_NUMBER <= number <= LARGEST_NUMBER for number in numbers):
        raise FieldError("A number", f"it must lie between {SMALLEST_NUMBER} and {LARGEST_NUMBER}")
    said = decode_text(encode_text(text))
    pieces = [said[i : i + TEXT_WIDTH] for i in range(0, len(said), TEXT_WIDTH)] or [""]
    parts = [(MessagePart.GUTS, len(piece), piece) for piece in pieces]
    parts[0] = (MessagePart.START, len(pieces[0]), pieces[0])
    parts.append((MessagePart.END, len(said), pieces[-1]))
    return b"".join(
        DataPacket(
            PacketType.MESSAGE,
            packet_size=_MESSAGE_SIZE_MARK,
            data_type=part,
            id_to=id_to,
            id_from=id_from,
            integers=integers({1: count, 16: numbers[0], 17: numbers[1]}),
            text_a=piece,
        ).encode()
        for part, count, piece in parts
    )


@dataclass(slots=True)
class _Begun:
    pieces: list[str] = field(default_factory=list)
    packets: list[bytes] = field(default_factory=list)


class TextJoiner:
    """Joins the texts of one connection.

    Interleaved texts are told apart by a key: the hub joins by recipient, a client by sender. A text that is begun anew
    under its key takes the place of the one before.
    """

    def __init__(self, largest_text: int = LARGEST_TEXT, most_open: int = MOST_OPEN_TEXTS) -> None:
        self._largest_text = largest_text
        self._most_packets = -(-largest_text // TEXT_WIDTH)
        self._most_open = most_open
        self._begun: dict[Hashable, _Begun] = {}
        self._packet_count = 0

    @property
    def packet_count(self) -> int:
        """Packets of unfinished texts that are kept."""
        return self._packet_count

    def receive_packet(self, key: Hashable, packet: bytes) -> JoinedText | None:
        """Add a Message packet of 1024 bytes; returns the text that it ends, else None.

        Raises:
            ProtocolError: The packet continues a text that never began, is of no known part, makes a text too long or
                begins too many. A text too long is forgotten.
        """
        decoded = DataPacket.decode(packet)
        match decoded.data_type:
            case MessagePart.START:
                self.forget(key)
                if len(self._begun) >= self._most_open:
                    raise ProtocolError(f"more than {self._most_open} texts were begun and not ended")
                self._begun[key] = _Begun()
                self._add(key, decoded.text_a, packet)
                return None
            case MessagePart.GUTS:
                self._add(key, decoded.text_a, packet)
                return None
            case MessagePart.END:
                begun = self._known(key)
                self.forget(key)
                numbers = (decoded.data(16), decoded.data(17))
                return JoinedText("".join(begun.pieces), numbers, b"".join((*begun.packets, packet)))
            case unknown:
                raise ProtocolError(f"a text has no part of kind {unknown}")

    def forget(self, key: Hashable) -> None:
        """Drop what has been collected under a key, because its sender or recipient has left."""
        begun = self._begun.pop(key, None)
        if begun is not None:
            self._packet_count -= len(begun.packets)

    def forget_longest(self) -> Hashable:
        """Drop the longest text that has been begun, of which there must be one; returns its key."""
        longest = max(self._begun, key=lambda key: len(self._begun[key].packets))
        self.forget(longest)
        return longest

    def _known(self, key: Hashable) -> _Begun:
        if key not in self._begun:
            raise ProtocolError("a text goes on that never began")
        return self._begun[key]

    def _add(self, key: Hashable, piece: str, packet: bytes) -> None:
        begun = self._known(key)
        begun.pieces.append(piece)
        begun.packets.append(packet)
        self._packet_count += 1
        if self._packet_count <= self._most_packets:
            return
        # The longest has to go, whoever spoke last: a client hears everybody, and one must not silence the others.
        if self.forget_longest() == key:
            raise ProtocolError(f"its unfinished texts have more than {self._largest_text} characters")
