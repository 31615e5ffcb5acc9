"""The people on the hub, as values and as the hub keeps them.

Owns Credentials, Details, Person and Member. Must never hold what belongs to a socket: a member is known by the number
of his connection. Pure: values go anywhere; a Member belongs to the dispatcher thread.
"""

from dataclasses import dataclass, field, replace

from commonlib.classic.keepalive import KeepAlive
from tcpipserver.hub.receipts import UnansweredTexts, Writer

LONGEST_NAME = 50
"""Characters of a person's and of a computer's name."""
LONGEST_VERSION = 30
LONGEST_ADDRESS = 30
DEFAULT_LISTENING_PORT = 9998


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a client says of itself when it arrives: texts of the peer's own choice."""

    name: str
    computer: str = ""
    version: str = ""

    def clamped(self) -> "Credentials":
        """With every text cut to what the wire can carry on."""
        return Credentials(self.name[:LONGEST_NAME], self.computer[:LONGEST_NAME], self.version[:LONGEST_VERSION])

    def presentable(self, client_id: int) -> "Credentials":
        """Clamped, and with a name in place of none.

        Classic clients overlook people without a name: one who gave none would hear everybody and be seen by nobody.
        """
        clamped = self.clamped()
        return clamped if clamped.name.strip() else replace(clamped, name=f"Client {client_id}")


@dataclass(frozen=True, slots=True)
class Details:
    """What a client may add and change: passed on to everybody, used by nobody here.

    Attributes:
        colour: 0x00BBGGRR.
        status: A number of the clients' own; since status_ticks, in ticks.
        listening_port: Where the client would take direct connections.
        mask: maskTo as the client wrote it.
    """

    alternate_address: str = ""
    colour: int = 0
    status: int = 0
    listening_port: int = DEFAULT_LISTENING_PORT
    status_ticks: int = 0
    mask: int = 0

    def clamped(self) -> "Details":
        """With its text cut to what the wire can carry on."""
        return replace(self, alternate_address=self.alternate_address[:LONGEST_ADDRESS])


@dataclass(frozen=True, slots=True)
class Person:
    """One registered client as all others see it.

    Attributes:
        id: 1 to 65535, unique on the hub.
        address: IP address as the hub sees it.
    """

    id: int
    address: str
    credentials: Credentials
    details: Details = Details()

    @property
    def name(self) -> str:
        """The name he gave himself, or was given for want of one."""
        return self.credentials.name


@dataclass(slots=True)
class Traffic:
    """What has passed the hub.

    Attributes:
        size: Bytes of texts, files and commands as they came in.
        texts: Whole texts, those to the server too.
    """

    size: int = 0
    texts: int = 0


@dataclass(slots=True)
class Member:
    """A registered client as the hub keeps it.

    Attributes:
        connection: Number of his connection.
        since: When he registered, Unix seconds.
        unanswered: The texts that he was given and has not confirmed.
        troubles: How often he broke the protocol.
        sent: What he sent and the hub passed on.
        changes_told: How often the others were told since the last tick that he has changed.
        wanted: How he wants to be seen, where the others are not told of it before the next tick.
    """

    connection: int
    person: Person
    keepalive: KeepAlive
    since: float
    unanswered: UnansweredTexts = field(default_factory=UnansweredTexts)
    troubles: int = 0
    sent: Traffic = field(default_factory=Traffic)
    changes_told: int = 0
    wanted: Person | None = None

    @property
    def id(self) -> int:
        """His id on the hub."""
        return self.person.id

    @property
    def as_writer(self) -> Writer:
        """How those to whom he writes remember him."""
        return Writer(self.connection, self.id)
