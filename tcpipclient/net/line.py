"""The way to a hub while one thread alone uses it: who goes it, until when, and what it becomes.

Owns the deadline of an arrival. Must never look at what passes. Runs on the thread that connects.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from commonlib.identity import Signer
from commonlib.values import dataclass
from tcpipclient.config import ClientConfig
from tcpipclient.core.events import Event
from tcpipclient.core.exceptions import ArrivalClosedError, ConnectTimedOutError
from tcpipclient.core.profile import Profile
from tcpipclient.core.session import Session
from tcpipclient.net.clock import Clock
from tcpipclient.net.normalizer import Cutter
from tcpipclient.net.transport import Transport
from tcpipclient.trust import TrustStore

if TYPE_CHECKING:
    # What only an encrypted connection needs is loaded when there is one.
    from tcpipclient.net.secure_transport import SecureTransport


@dataclass(frozen=True, slots=True)
class Way:
    """A way into a hub: what the link's threads need of its wire.

    Attributes:
        deadline: When the hub must have taken us in, monotonic seconds.
        unread: Bytes that came already and nobody has cut yet; they go first.
        secure: The transport, where it is one that encrypts.
    """

    transport: Transport
    session: Session
    cutter: Cutter
    deadline: float
    unread: bytes = b""
    secure: "SecureTransport | None" = None


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who knocks, and what he goes by.

    Attributes:
        trust: What he remembers of hubs.
        identity: Gives his key; called where it is needed, since making one takes time.
        tell: Is told what happens before he is in.
    """

    config: ClientConfig
    profile: Profile
    clock: Clock
    trust: TrustStore
    identity: Callable[[], Signer]
    tell: Callable[[Event], None]


class Line:
    """The connection.

    Attributes:
        transport: What it goes by.
        deadline: By when all must be done, monotonic seconds by the visitor's clock.
    """

    def __init__(self, transport: Transport, visitor: Visitor, deadline: float) -> None:
        self.transport = transport
        self.deadline = deadline
        self._clock = visitor.clock
        self._place = (visitor.config.host, visitor.config.port)

    def receive(self) -> bytes:
        """Wait for what comes next.

        Raises:
            ConnectTimedOutError: The moment has come.
            ArrivalClosedError: The connection has ended.
        """
        rest = self.deadline - self._clock.now()
        try:
            data = self.transport.receive(rest) if rest > 0 else None
        except TimeoutError:
            data = None
        except OSError as error:
            raise ArrivalClosedError(*self._place, error.strerror or str(error)) from None
        if data is None:
            raise ConnectTimedOutError(*self._place, "No hub")
        if not data:
            raise ArrivalClosedError(*self._place)
        return data

    def send(self, data: bytes) -> None:
        """Send little enough for the system to take at once; nothing is no harm. Raises ArrivalClosedError."""
        try:
            if data:
                self.transport.send(data)
        except OSError as error:
            raise ArrivalClosedError(*self._place, error.strerror or str(error)) from None
