"""What the window hears of: values that the hub's threads and the control thread put into the feed.

Owns the values. Must never hold behaviour, nor anything that changes. Pure: made on any thread, used on the Tk thread.
Times are Unix seconds, since they are shown.
"""

from dataclasses import dataclass, field

from commonlib.identity import Fingerprint
from commonlib.meaning import Meaning
from tcpipserver.gui.firewall import Firewall
from tcpipserver.hub.admission import Policy
from tcpipserver.hub.overview import NOT_RELAYED, Overview, Relayed
from tcpipserver.hub.people import Person


@dataclass(frozen=True, slots=True)
class LineLogged:
    """A line of the event log."""

    wall: float
    meaning: Meaning
    text: str


@dataclass(frozen=True, slots=True)
class TextSaid:
    """A client said a text to the server, with the two numbers that were typed."""

    wall: float
    sender: Person
    text: str
    numbers: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Lost:
    """So many lines or texts came faster than the window took them, and are not shown."""

    count: int


@dataclass(frozen=True, slots=True)
class HubStarted:
    """The hub listens on this port.

    Attributes:
        key: Of the hub; None where nothing is encrypted.
    """

    port: int
    wall: float
    key: Fingerprint | None = None


@dataclass(frozen=True, slots=True)
class JoinCodeKnown:
    """This is what new keys have to know where a join code is asked for."""

    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PolicySet:
    """This is who may join from now on."""

    policy: Policy


@dataclass(frozen=True, slots=True)
class ListenRefused:
    """The hub could not listen; `sentence` says why.

    Attributes:
        free_port: The next one on which it could; None where there is none, or the port is not what is wrong.
    """

    port: int
    sentence: str
    free_port: int | None


@dataclass(frozen=True, slots=True)
class HubStopped:
    """The hub has stopped.

    Attributes:
        failure: A sentence where it broke; "" where it was told to stop.
    """

    failure: str = ""


@dataclass(frozen=True, slots=True)
class HubLooked:
    """What the hub looks like at this moment."""

    overview: Overview
    relayed: Relayed = NOT_RELAYED


@dataclass(frozen=True, slots=True)
class MachineLooked:
    """What is known of this machine.

    Attributes:
        addresses: Its IPv4 and IPv6 addresses by which others may reach it, in no particular order.
        is_dark: Whether the system prefers dark windows; None where that cannot be known.
    """

    addresses: tuple[str, ...]
    firewall: Firewall
    is_dark: bool | None


@dataclass(frozen=True, slots=True)
class LogSaved:
    """The lines were written to this file."""

    path: str


@dataclass(frozen=True, slots=True)
class WorkFailed:
    """Something that the operator asked for could not be done; the sentence says what and why."""

    sentence: str


Event = (
    LineLogged
    | TextSaid
    | Lost
    | HubStarted
    | ListenRefused
    | HubStopped
    | JoinCodeKnown
    | PolicySet
    | HubLooked
    | MachineLooked
    | LogSaved
    | WorkFailed
)
