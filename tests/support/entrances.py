"""What an arrival meets, with a test in the place of all others: it notes what is handed over.

Owns the stand-ins. They must never start a thread. Thread: the test's own.
"""

from dataclasses import dataclass, field

from commonlib.classic.layouts import DataPacket
from tcpipserver.dialects.classic import LayoutRegistry
from tcpipserver.dialects.unfinished import UnfinishedTexts
from tcpipserver.hub.admission import Joining
from tcpipserver.hub.doorkeeper import Doorkeeper, Visit
from tcpipserver.hub.limits import Limits
from tcpipserver.net.connection import Connection
from tcpipserver.net.inbox import Opened
from tcpipserver.net.newcomer import Entrance
from tcpipserver.net.relays import Relays
from tcpipserver.net.shared_doorkeeper import SharedDoorkeeper
from tests.support.clock import FakeClock
from tests.support.hub_connections import ADDRESS, NotingCaretaker
from tests.support.tls_pairs import identity_of, server_context_of

GREETING = DataPacket(3, id_to=1).encode()
"""One without a mark: of a hub that speaks the classic wire alone."""


@dataclass
class Surroundings(NotingCaretaker):
    """Stands for all that an arrival hands something to.

    Attributes:
        answer: What is answered to one who has connected: a greeting or a refusal.
        events: What was handed over to whom, in order.
        clock: Stands still until it is moved.
        breaks_at_place: Whether there can be no reader any more.
    """

    answer: bytes | None = GREETING
    events: list[object] = field(default_factory=list)
    clock: FakeClock = field(default_factory=FakeClock)
    breaks_at_place: bool = False

    def post(self, item: object) -> None:
        """As the dispatcher, who answers at once."""
        self.events.append(item)
        if isinstance(item, Opened):
            if self.answer is None:
                item.connection.dismiss()
            else:
                item.connection.send(self.answer)

    def place(self) -> "Surroundings":
        """As the groups."""
        if self.breaks_at_place:
            raise RuntimeError("can't start new thread")
        self.events.append("place")
        return self

    @property
    def reader(self) -> "Surroundings":
        """As a group."""
        return self

    def add(self, connection: Connection) -> None:
        """As a reader."""
        self.events.append(("add", connection.number))


def entrance_in(around: Surroundings, limits: Limits | None = None) -> Entrance:
    """An entrance at which a clock stands still."""
    limits = limits or Limits()
    clock = around.clock
    return Entrance(
        dispatcher=around,  # type: ignore[arg-type]
        groups=around,  # type: ignore[arg-type]
        relays=Relays(limits, clock),
        doorkeeper=SharedDoorkeeper(Doorkeeper(limits), clock),
        registry=LayoutRegistry(),
        unfinished=UnfinishedTexts(),
        clock=clock,
        limits=limits,
        context=server_context_of("hub"),
        hub=identity_of("hub").fingerprint,
        joining=Joining.OPEN,
        join_code="",
    )


def visit_in(entrance: Entrance) -> Visit:
    """Somebody has come in."""
    visit = entrance.doorkeeper.begin(ADDRESS[0])
    assert isinstance(visit, Visit)
    return visit
