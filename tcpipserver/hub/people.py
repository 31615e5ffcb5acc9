"""The people on the hub, as values and as the hub keeps them.

Owns Credentials, Details, Person, KnownKey and Member. Must never hold what belongs to a socket: a member is known by
the number of his connection. Pure: values go anywhere; a Member belongs to the dispatcher thread.
"""

from dataclasses import dataclass, field, replace
from enum import Enum

from commonlib.classic.keepalive import KeepAlive
from commonlib.classic.packet import LARGEST_SHORT_ID
from commonlib.identity import Fingerprint
from tcpipserver.hub.allowance import Allowance, about_files
from tcpipserver.hub.receipts import UnansweredTexts, Writer

LONGEST_NAME = 64
"""Characters of a person's and of a computer's name, of a version and of an address; the classic wire cuts shorter."""
DEFAULT_LISTENING_PORT = 9998


class Wire(Enum):
    """What a connection speaks: it is chosen by the client's first bytes, and never changes."""

    CLASSIC = "classic"
    MODERN = "modern"


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a client says of itself when it arrives: texts of the peer's own choice."""

    name: str
    computer: str = ""
    version: str = ""

    def clamped(self, longest: int = LONGEST_NAME) -> "Credentials":
        """With every text cut to so many characters, and to what a wire can carry on."""
        longest = min(longest, LONGEST_NAME)
        return Credentials(self.name[:longest], self.computer[:longest], self.version[:longest])

    def presentable(self, client_id: int, known_as: str = "", longest: int = LONGEST_NAME) -> "Credentials":
        """Clamped, and with a name in place of none: the one he is known by, or one made of his id.

        Classic clients overlook people without a name: one who gave none would hear everybody and be seen by nobody.
        """
        clamped = self.clamped(longest)
        return clamped if clamped.name.strip() else replace(clamped, name=known_as[:longest] or f"Client {client_id}")


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
        """With its text cut to what a wire can carry on."""
        return replace(self, alternate_address=self.alternate_address[:LONGEST_NAME])


@dataclass(frozen=True, slots=True)
class Person:
    """One registered client as all others see it.

    Attributes:
        id: From 1, unique on the hub. Above 65535 he is only told of on the modern wire: the classic one has no room.
        address: IP address as the hub sees it.
        key: Fingerprint of the key that he proved; None on the classic wire, where nobody proves anything.
        session: How many-th connection of his key this is, from 1: the lowest number that is free when he comes.
    """

    id: int
    address: str
    credentials: Credentials
    details: Details = Details()
    key: Fingerprint | None = None
    session: int = 1

    @property
    def wire(self) -> Wire:
        """What his connection speaks: whoever has proved a key speaks the modern wire, and all else is classic."""
        return Wire.CLASSIC if self.key is None else Wire.MODERN

    @property
    def has_short_id(self) -> bool:
        """Whether the classic wire has room for his id."""
        return self.id <= LARGEST_SHORT_ID

    @property
    def name(self) -> str:
        """The name he gave himself, or was given for want of one."""
        return self.credentials.name


@dataclass(frozen=True, slots=True)
class KnownKey:
    """Somebody as the hub remembers him, whether he is here or not.

    Attributes:
        name, computer: What he called himself last; he gets the name back when he comes without one.
        first_seen, last_seen: Unix seconds; 0 for a key that was never here (the operator let it in beforehand).
        is_admitted: He has shown that he knows the join code, or the operator let him in: he is not asked again.
        banned_for: Why he is kept out, "" where the operator gave no reason; None while he is not.
    """

    key: Fingerprint
    name: str = ""
    computer: str = ""
    first_seen: float = 0.0
    last_seen: float = 0.0
    is_admitted: bool = False
    banned_for: str | None = None

    @property
    def is_banned(self) -> bool:
        """Whether the operator keeps him out."""
        return self.banned_for is not None


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
        says_of_files: How much he may still say about files at this moment.
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
    says_of_files: Allowance = field(default_factory=about_files)
    wanted: Person | None = None

    @property
    def id(self) -> int:
        """His id on the hub."""
        return self.person.id

    @property
    def wire(self) -> Wire:
        """What his connection speaks."""
        return self.person.wire

    def hears_of(self, other: "Member") -> bool:
        """Whether he is told of somebody at all: the classic wire has no room for wide ids."""
        return self.wire is Wire.MODERN or other.person.has_short_id

    @property
    def as_writer(self) -> Writer:
        """How those to whom he writes remember him."""
        return Writer(self.connection, self.id)
