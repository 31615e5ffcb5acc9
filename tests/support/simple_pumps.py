"""Pumps as simple as they can be: they move units instead of bytes, over a stream in memory, one message at a time.

Owns what passes between two of them. It must never act by itself: the test has each message arrive. Thread: the test's
own.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from commonlib.transfer.messages import EntryKind, TopEntry, Totals
from commonlib.transfer.states import OfferState, Tally
from commonlib.wire.way_messages import Role
from tcpipclient.core.transfers import orders
from tcpipclient.core.transfers.orders import Verb
from tcpipclient.core.transfers.pump_news import Moved, PumpEnded, PumpNews, StateChanged, WayLost

UNITS = 4
"""Bytes of each offer; they go one by one."""


def totals(size: int = UNITS) -> Totals:
    """One file of so many bytes."""
    return Totals(files=1, size=size)


def top(name: str = "file", size: int = UNITS) -> list[TopEntry]:
    """Its name."""
    return [TopEntry(EntryKind.FILE, name, size)]


class PumpOwner(Protocol):
    """Whose pump it is.

    Attributes:
        transfers: The names of batches, by their numbers.
        disk: How many units are there of what was received.
        sent: All units that went out.
    """

    transfers: dict[int, bytes]
    disk: dict[tuple[bytes, int], int]
    sent: list[tuple[bytes, int, int]]

    def take_news(self, pump: "PumpEnd", news: PumpNews) -> None:
        """The pump tells something."""

    def do_later(self, act: Callable[[], None]) -> None:
        """Have something happen in its time."""


@dataclass(slots=True, eq=False)
class PumpEnd:
    """One end of a stream, as simple as a pump can be."""

    end: PumpOwner
    order: orders.StartPump
    stream: "Stream"
    agreed: list[object] = field(default_factory=list)
    names: list[tuple[bytes, int]] = field(default_factory=list)
    settled: set[int] = field(default_factory=set)
    paused: bool = False
    is_over: bool = False
    is_cancelling: bool = False
    state: OfferState = OfferState.OFFERED

    def tell(self, news: PumpNews) -> None:
        if not self.is_over:
            self.is_over = isinstance(news, PumpEnded | WayLost)
            self.end.take_news(self, news)

    def tell_state(self, state: OfferState) -> None:
        if state is not self.state:
            self.state = state
            self.tell(StateChanged(state))

    @property
    def tally(self) -> Tally:
        return Tally(listed=len(self.names), saved=len(self.settled), size=UNITS * len(self.settled))

    @property
    def is_settled(self) -> bool:
        return bool(self.names) and len(self.settled) == len(self.names)

    def offer(self, number: int) -> None:
        """The sender makes a further offer."""
        transfer = self.end.transfers[self.order.number]
        self.names.append((transfer, number))
        self.stream.send(self, ("offer", len(self.names) - 1, (transfer, number)))

    def receive(self, kind: str, index: int, what: object) -> None:
        """What the other end has sent."""
        match kind:
            case "offer":
                assert isinstance(what, tuple)
                self.receive_offer(index, what)
            case "accept":
                assert isinstance(what, int)
                self.receive_accepted(index, what)
            case "unit" if self.is_cancelling:
                pass
            case "unit":
                assert isinstance(what, int)
                self.receive_unit(index, what)
            case "settled":
                self.settled.add(index)
                self.tell(Moved(UNITS * len(self.settled), len(self.settled)))
                if self.is_settled:
                    self.tell_state(OfferState.SAVED)
            case "end":
                if self.order.role is Role.RECEIVER:
                    self.stream.send(self, ("end", 0, None))
                self.tell(PumpEnded(OfferState.SAVED, self.tally))
            case "cancel":
                self.stream.send(self, ("cancelled", 0, None))
                self.tell(self.cancelled(str(what)))
            case "cancelled":
                self.tell(self.cancelled(""))
            case _:
                self.tell(WayLost("The other end has closed it.", self.tally))

    def receive_offer(self, index: int, name: tuple[bytes, int]) -> None:
        """To the receiver: it agrees to what was agreed upon."""
        self.names.append(name)
        assert self.agreed, "something was offered that was not agreed upon"
        self.agreed.pop(0)
        self.tell_state(OfferState.RUNNING)
        self.stream.send(self, ("accept", index, self.end.disk.setdefault(name, 0)))

    def receive_accepted(self, index: int, there: int) -> None:
        """To the sender: so many units are there, the others go."""
        self.tell_state(OfferState.RUNNING)
        for unit in range(there, UNITS):
            self.end.sent.append((*self.names[index], unit))
            self.stream.send(self, ("unit", index, unit))
        if there == UNITS:
            self.stream.send(self, ("unit", index, UNITS))

    def receive_unit(self, index: int, unit: int) -> None:
        """To the receiver: one more is there, or, as the last word, none was missing."""
        disk, name = self.end.disk, self.names[index]
        disk[name] = max(disk[name], min(unit + 1, UNITS))
        self.tell(Moved(sum(disk[it] for it in self.names), len(self.settled)))
        if disk[name] == UNITS and index not in self.settled:
            self.settled.add(index)
            self.stream.send(self, ("settled", index, None))
            if self.is_settled:
                self.tell_state(OfferState.SAVED)

    def cancelled(self, why: str) -> PumpEnded:
        return PumpEnded(OfferState.SAVED if self.is_settled else OfferState.CANCELLED, self.tally, why)

    def command(self, order: orders.TellPump) -> None:
        """What its book has it told."""
        match order.verb:
            case Verb.PAUSE | Verb.RESUME:
                self.paused = order.verb is Verb.PAUSE
                self.stream.tell_pause()
            case Verb.CANCEL:
                # Nothing more is sent, and nothing that comes is taken.
                self.is_cancelling = True
                kept = [it for it in self.stream.waiting[self.order.role.other] if it[0] != "unit"]
                self.stream.waiting[self.order.role.other] = deque(kept)
                self.stream.send(self, ("cancel", 0, order.why))
            case Verb.LEAVE:
                self.stream.send(self, ("eof", 0, None))
                self.end.do_later(lambda: self.tell(WayLost("It was left.", self.tally, is_left=True)))
            case Verb.FINISH:
                self.stream.send(self, ("end", 0, None))


class Stream:
    """A connection between two pumps."""

    def __init__(self, transfer: bytes) -> None:
        self.transfer = transfer
        self.ends: dict[Role, PumpEnd] = {}
        self.opened: set[Role] = set()
        self.closed: set[Role] = set()
        self.is_cut = False
        self.waiting: dict[Role, deque[tuple[str, int, object]]] = {role: deque() for role in Role}

    def send(self, sender: PumpEnd, message: tuple[str, int, object]) -> None:
        self.waiting[sender.order.role.other].append(message)

    @property
    def deliverable(self) -> list[Role]:
        """At which ends something can arrive."""
        paused = any(end.paused for end in self.ends.values())
        return [
            role
            for role, end in self.ends.items()
            if not end.is_over and self.waiting[role] and not (paused and self.waiting[role][0][0] == "unit")
        ]

    def deliver(self, role: Role) -> None:
        self.ends[role].receive(*self.waiting[role].popleft())

    def tell_pause(self) -> None:
        paused = any(end.paused for end in self.ends.values())
        for end in self.ends.values():
            if end.state in (OfferState.RUNNING, OfferState.PAUSED):
                end.tell_state(OfferState.PAUSED if paused else OfferState.RUNNING)

    def cut(self) -> None:
        """The network between the ends is gone."""
        self.is_cut = True
        for end in list(self.ends.values()):
            end.tell(WayLost("The connection broke.", end.tally))
