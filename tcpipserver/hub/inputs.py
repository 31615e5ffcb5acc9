"""What can happen to the hub: the inputs of its brain, the same for every dialect.

Owns the input values. Must never hold behaviour. Pure: made by the dialects, the arrival and the dispatcher, used on
the dispatcher thread. A connection is named by its number, counted up from 1 and never used twice.
"""

from dataclasses import dataclass

from commonlib.classic.packet import Layout
from tcpipserver.hub.people import Credentials, Details


@dataclass(frozen=True, slots=True)
class Arrived:
    """Somebody has connected and is to be greeted. `address` is his IP address."""

    connection: int
    address: str


@dataclass(frozen=True, slots=True)
class Joined:
    """Somebody who was greeted has introduced himself."""

    connection: int
    credentials: Credentials


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
class TextSaid:
    """A member said a whole text to id `to`; 0 is the hub's operator.

    Attributes:
        packets: The text in classic packets, where it came in such, for passing on untouched; else empty.
    """

    connection: int
    to: int
    text: str
    numbers: tuple[int, int] = (0, 0)
    packets: bytes = b""


@dataclass(frozen=True, slots=True)
class TextReceived:
    """A member confirms a text.

    Attributes:
        to: Id of the text's sender; 0, as originals write, is whoever sent the oldest text not confirmed.
        packets: His receipt as a classic packet, for passing on untouched; else empty.
    """

    connection: int
    to: int
    packets: bytes = b""


@dataclass(frozen=True, slots=True)
class PacketsSent:
    """A member sent classic packets, all of one type for one recipient, that are to be passed on.

    Attributes:
        to: Id of the recipient; 0 is everyone, or the server's handler for the number.
        file_id: FileID where the layout is one of the file layouts.
    """

    connection: int
    packet_type: int
    layout: Layout
    to: int
    packets: bytes
    file_id: int = 0


@dataclass(frozen=True, slots=True)
class PingAsked:
    """A member wants to know whether the hub is there, and what its clock says."""

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
class LeaveAnnounced:
    """A member says that he is leaving."""

    connection: int


@dataclass(frozen=True, slots=True)
class ConnectionLost:
    """A connection has ended, or is to be ended by us; `reason` continues «… is gone: » or «… did not register: »."""

    connection: int
    reason: str


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
class CommandHandled:
    """From now on packets of this type for id 0 go to a handler on the server's side instead of to everyone."""

    packet_type: int


@dataclass(frozen=True, slots=True)
class Stopped:
    """The hub is to say goodbye to everybody."""


FromMember = (
    CredentialsChanged
    | DetailsChanged
    | TextSaid
    | TextReceived
    | PacketsSent
    | PingAsked
    | PingAnswered
    | Misbehaved
    | LeaveAnnounced
)
"""What a registered client can do."""

Input = (
    FromMember
    | Arrived
    | Joined
    | ConnectionLost
    | Ticked
    | OperatorSaid
    | OperatorSentPackets
    | OperatorKicked
    | CommandHandled
    | Stopped
)
