"""What can happen to the hub: the inputs of its brain, the same for every dialect.

Owns the input values. Must never hold behaviour. Pure: made by the dialects, the arrival and the dispatcher, used on
the dispatcher thread. A connection is named by its number, counted up from 1 and never used twice.
"""

from dataclasses import dataclass

from commonlib.classic.packet import Layout
from commonlib.identity import Fingerprint
from commonlib.wire.way_messages import FilesAnswered, FilesCancelled, FilesOffered, WayWanted
from tcpipserver.hub.admission import Policy
from tcpipserver.hub.people import Credentials, Details, KnownKey


@dataclass(frozen=True, slots=True)
class Arrived:
    """Somebody has connected and is to be greeted.

    Attributes:
        address: His IP address.
        nonce: 32 random bytes for his proof, never used before; empty where only the classic wire is spoken.
    """

    connection: int
    address: str
    nonce: bytes = b""


@dataclass(frozen=True, slots=True)
class Joined:
    """Somebody who was greeted has introduced himself.

    Attributes:
        key: Fingerprint of the key that he has proved; None is a client of the classic wire.
        details: What he says about himself besides, where the wire lets him say it at once.
        has_joined_by_code: Whether he has just shown that he knows the join code.
    """

    connection: int
    credentials: Credentials
    key: Fingerprint | None = None
    details: Details | None = None
    has_joined_by_code: bool = False


@dataclass(frozen=True, slots=True)
class BecameRelay:
    """A connection that was greeted is one half of a way between two members: nobody comes in by it."""

    connection: int


@dataclass(frozen=True, slots=True)
class CredentialsChanged:
    """A member goes by another name, or from another computer."""

    connection: int
    credentials: Credentials


@dataclass(frozen=True, slots=True)
class DetailsChanged:
    """A member's colour, status, alternate address or listening port changed."""

    connection: int
    details: Details


@dataclass(frozen=True, slots=True)
class ProfileChanged:
    """Both at once, as the modern wire says it."""

    connection: int
    credentials: Credentials
    details: Details


@dataclass(frozen=True, slots=True)
class TextSaid:
    """A member said a whole text to id `to`; 0 is the hub's operator.

    Attributes:
        packets: The text in classic packets, where it came in such, for passing on untouched; else empty.
        number: Chosen by the sender, for the receipt; 0 where his wire has none.
    """

    connection: int
    to: int
    text: str
    numbers: tuple[int, int] = (0, 0)
    packets: bytes = b""
    number: int = 0


@dataclass(frozen=True, slots=True)
class TextReceived:
    """A member confirms a text.

    Attributes:
        to: Id of the text's sender; 0, as originals write, is whoever sent the oldest text not confirmed.
        packets: His receipt as a classic packet, for passing on untouched; else empty.
        number: As in TextSaid; 0 is the oldest text of that sender that was not confirmed.
    """

    connection: int
    to: int
    packets: bytes = b""
    number: int = 0


@dataclass(frozen=True, slots=True)
class PacketsSent:
    """A member sent classic packets, all of one type for one recipient, that are to be passed on.

    Attributes:
        to: Id of the recipient; 0 is everyone, or the server's handler for the number.
        file_id: FileID where the layout is one of the file layouts.
        file_name: The name in full of a file that begins, where the wire carries it beside the packet; else "".
    """

    connection: int
    packet_type: int
    layout: Layout
    to: int
    packets: bytes
    file_id: int = 0
    file_name: str = ""


@dataclass(frozen=True, slots=True)
class CommandSent:
    """A member sent a command with a payload, which the classic wire has no room for.

    Attributes:
        to: Id of the recipient; 0 is the server's handler for the number, or everyone on the modern wire.
    """

    connection: int
    to: int
    number: int
    payload: bytes


@dataclass(frozen=True, slots=True)
class FilesSaid:
    """A member says something to id `to` about files that pass between the two of them."""

    connection: int
    to: int
    said: FilesOffered | FilesAnswered | FilesCancelled | WayWanted


@dataclass(frozen=True, slots=True)
class PingAsked:
    """A member wants to know whether the hub is there, and what its clock says; with the clock of his own, or 0."""

    connection: int
    ticks: int = 0


@dataclass(frozen=True, slots=True)
class LatenciesAsked:
    """A member wants to know how long these ids take to answer the hub; at most as many as fit into one answer."""

    connection: int
    ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SignOfLife:
    """Something came from a member that asks nothing of the hub, a frame of a later version for instance."""

    connection: int


@dataclass(frozen=True, slots=True)
class PingAnswered:
    """A member answered a ping that carried this clock."""

    connection: int
    ticks: int


@dataclass(frozen=True, slots=True)
class Misbehaved:
    """A member sent what the protocol does not allow; it was ignored."""

    connection: int
    detail: str


@dataclass(frozen=True, slots=True)
class StreamBroken:
    """What comes from somebody cannot be understood any more: his connection is to be ended, with a word about it."""

    connection: int
    detail: str


@dataclass(frozen=True, slots=True)
class LeaveAnnounced:
    """A member says that he is leaving."""

    connection: int


@dataclass(frozen=True, slots=True)
class ConnectionLost:
    """A connection has ended, or is to be ended by us.

    Attributes:
        reason: Continues «… is gone: » or «… did not register: ».
        is_expected: It is nothing to worry about: a client comes to look, asks its user, and comes again.
    """

    connection: int
    reason: str
    is_expected: bool = False


@dataclass(frozen=True, slots=True)
class Ticked:
    """Time has passed.

    Attributes:
        held_back: The connections that we ourselves keep from sending, or have since the last tick.
        waits_for: Of those, who waits for the slow reader of what he sends: (his connection, the reader's).
    """

    held_back: frozenset[int] = frozenset()
    waits_for: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class AnnouncementsDue:
    """The moment that `Hub.next_due` told has come: what was kept for a moment is to be told now."""


@dataclass(frozen=True, slots=True)
class OperatorSaid:
    """The operator, or a program on the server's side, says a text to these ids; None is everyone."""

    to: tuple[int, ...] | None
    text: str
    numbers: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class OperatorSentPackets:
    """A program on the server's side sends packets of one layout to these ids; None is everyone. idTo is set for it."""

    to: tuple[int, ...] | None
    layout: Layout
    packets: bytes


@dataclass(frozen=True, slots=True)
class OperatorKicked:
    """The operator sends these ids away. `reason` is a text for them; "" is none."""

    ids: tuple[int, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class OperatorSentCommand:
    """A program on the server's side sends a command with a payload to these ids of the modern wire; None is all."""

    to: tuple[int, ...] | None
    number: int
    payload: bytes


@dataclass(frozen=True, slots=True)
class OperatorBanned:
    """The operator keeps these keys out from now on, and those of these ids; `reason` is for them, "" is none.

    Whoever is here on the classic wire has no key to be kept out by: he is sent away.
    """

    keys: tuple[Fingerprint, ...] = ()
    ids: tuple[int, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class OperatorUnbanned:
    """The operator does not keep this key out any more."""

    key: Fingerprint


@dataclass(frozen=True, slots=True)
class OperatorApproved:
    """The operator lets this key in, now and whenever it comes again. It need not be waiting."""

    key: Fingerprint


@dataclass(frozen=True, slots=True)
class OperatorDenied:
    """The operator does not let this key in this time; `reason` is a text for him, "" is none."""

    key: Fingerprint
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PolicyChanged:
    """From now on this says who may join."""

    policy: Policy


@dataclass(frozen=True, slots=True)
class KeysLoaded:
    """The hub remembers these from before it was started; to be told before anybody comes."""

    known: tuple[KnownKey, ...]


@dataclass(frozen=True, slots=True)
class CommandHandled:
    """From now on commands of this number for id 0 go to a handler on the server's side instead of to everyone."""

    packet_type: int


@dataclass(frozen=True, slots=True)
class Stopped:
    """The hub is to say goodbye to everybody."""


AboutHimself = (
    CredentialsChanged
    | DetailsChanged
    | ProfileChanged
    | PingAsked
    | PingAnswered
    | LatenciesAsked
    | SignOfLife
    | StreamBroken
    | LeaveAnnounced
)
"""What a registered client says about himself, or shows by sending anything."""

FromMember = AboutHimself | TextSaid | TextReceived | PacketsSent | CommandSent | FilesSaid | Misbehaved
"""What a registered client can do."""

FromServer = OperatorSaid | OperatorSentPackets | OperatorSentCommand | CommandHandled
"""What the operator says, and programs on the server's side do."""

Decision = OperatorKicked | OperatorBanned | OperatorUnbanned | OperatorApproved | OperatorDenied | PolicyChanged
"""What the operator decides about people."""

Input = (
    FromMember
    | FromServer
    | Decision
    | Arrived
    | BecameRelay
    | Joined
    | ConnectionLost
    | Ticked
    | AnnouncementsDue
    | KeysLoaded
    | Stopped
)
