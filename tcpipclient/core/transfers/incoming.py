"""A batch that somebody sends us: offered, answered by our user or his rule, received.

Owns its offers and our answers. Must never know a disk, nor agree to anything by itself. Pure: used by the book of
batches; times are monotonic seconds.
"""

from collections.abc import Callable

from commonlib.printable import printable
from commonlib.transfer.manifest import shown_paths
from commonlib.transfer.messages import Offer
from commonlib.values import dataclass, field
from commonlib.wire.way_messages import FilesAnswered, FilesOffered, Role
from tcpipclient.core.batch_events import BatchOffered, BatchState, OfferedEntry
from tcpipclient.core.events import Direction
from tcpipclient.core.transfers.ongoing import OngoingBatch
from tcpipclient.core.transfers.orders import AddToPump, Consider, Listen, Order, Say, StartPump
from tcpipclient.core.transfers.peers import Peer, Peers
from tcpipclient.core.transfers.pump_news import AgreedOffer
from tcpipclient.core.transfers.saved_entries import SavedEntries
from tcpipclient.core.transfers.sentences import because

_OTHER = "it is not what was accepted"


@dataclass(slots=True)
class _Offered:
    """One question to our user.

    Attributes:
        was_told: Whether he has been asked; before he cannot have answered.
        accepted: His answer; None before.
        settled: Whether all of it has come to an end.
        saved: What of it this batch has saved, for the pumps.
    """

    message: FilesOffered
    was_told: bool = False
    accepted: bool | None = None
    settled: bool = False
    saved: SavedEntries = field(default_factory=SavedEntries)


class IncomingBatch(OngoingBatch):
    """One batch of somebody's."""

    direction = Direction.INCOMING
    role = Role.RECEIVER

    def __init__(
        self, number: int, transfer: bytes, peer: Peer, peers: Peers, order: Callable[[Order], None], now: float
    ) -> None:
        super().__init__(number, transfer, peer, peers, BatchState.OFFERED, order, now)
        self._offers: dict[int, _Offered] = {}
        self._agreed: list[int] = []
        self._in_pump: list[int] = []

    @property
    def totals(self) -> tuple[int, int]:
        """As OngoingBatch."""
        counted = [it.message.totals for it in self._offers.values() if it.accepted is not False]
        return sum(totals.size for totals in counted), sum(totals.files for totals in counted)

    @property
    def offers(self) -> int:
        """How many are remembered."""
        return len(self._offers)

    @property
    def unanswered(self) -> int:
        """Offers that wait for our user."""
        return sum(offered.accepted is None for offered in self._offers.values())

    @property
    def _entries(self) -> int:
        """Files, folders and links of all that is not declined."""
        return sum(it.message.totals.entries for it in self._offers.values() if it.accepted is not False)

    # The sender

    def receive_offer(self, message: FilesOffered) -> bool:
        """He asks; False where he has asked something else under this number."""
        known = self._offers.get(message.offer)
        if known is None:
            self._offers[message.offer] = _Offered(message)
            self._order(Consider(self._offered(message), self.totals[0], self._entries))
            return True
        if known.message != message:
            return False
        if known.accepted is not None:
            # He was away, and may not have heard it.
            self._answer(message.offer, accepted=known.accepted)
        return True

    def is_new(self, offer: int) -> bool:
        """Whether nothing was offered under this number."""
        return offer not in self._offers

    # Our user

    def was_told(self, offer: int) -> None:
        """Our user has been asked about an offer."""
        self._offers[offer].was_told = True

    def accept(self, offer: int | None, now: float) -> None:
        """Take one offer, or all that our user has been asked about."""
        accepted = self._asked(offer)
        if accepted:
            self._order(Listen())
        for number in accepted:
            self._offers[number].accepted = True
            self._agreed.append(number)
            self._known_end = None
            if self.pump:
                self._in_pump.append(number)
                self._order(AddToPump(self.number, self.pump, number, _agreed(self._offers[number])))
            # Behind that: the pump knows of it before the sender can offer it on the connection.
            self._answer(number, accepted=True)
        if accepted and self.state is BatchState.OFFERED:
            self.show(BatchState.CONNECTING, now)
        self.look_for_way(now)

    def decline(self, offer: int | None, why: str, reason: str, now: float) -> None:
        """Do not take one offer, or all that our user has been asked about; `why` is for the sender's user."""
        declined = self._asked(offer)
        for number in declined:
            self._offers[number].accepted = False
            self._answer(number, accepted=False, why=why)
        if declined and not self._agreed and not self.has_open:
            self.end(BatchState.DECLINED, reason, now)

    def pause(self, now: float) -> None:
        """As OngoingBatch; what was not accepted cannot be paused."""
        if self._agreed:
            super().pause(now)

    @property
    def needs_way(self) -> bool:
        """As OngoingBatch."""
        return bool(self._due)

    # Pumps

    @property
    def _due(self) -> list[int]:
        """The offers that were agreed to and are not settled, in the order of the agreement."""
        return [number for number in self._agreed if not self._offers[number].settled]

    @property
    def has_open(self) -> bool:
        """As OngoingBatch."""
        return any(offered.accepted is None for offered in self._offers.values())

    def _start_order(self, token: bytes) -> StartPump:
        self._in_pump = self._due
        agreed = tuple(_agreed(self._offers[number]) for number in self._in_pump)
        return StartPump(self.number, self.pump, token, self.role, agreed=agreed, paused=self.paused_here)

    def _settle(self) -> None:
        for number in self._in_pump:
            self._offers[number].settled = True

    def _last_word(self, state: BatchState, why: str) -> str:
        match state:
            case BatchState.SAVED:
                return ""
            case BatchState.CANCELLED:
                return f"{self.name} has cancelled it{because(why)}. What was saved stays."
            case BatchState.DECLINED:
                return f"It was not taken: {why or _OTHER}. See to that, and have it sent again."
            case _:
                return f"Some of it could not be saved{because(why)}. See which, and have it sent again."

    # Our own steps

    def _asked(self, offer: int | None) -> list[int]:
        """The offers that an answer is about: those that our user has been asked about and has not answered."""
        open_ones = [number for number, it in self._offers.items() if it.was_told and it.accepted is None]
        return [number for number in open_ones if offer in (None, number)]

    def _answer(self, offer: int, *, accepted: bool, why: str = "") -> None:
        if self._peers.is_here(self.peer):
            answer = FilesAnswered(transfer=self.transfer, offer=offer, accepted=accepted, why=why)
            self._order(Say(self.peer.id, answer))

    def _offered(self, message: FilesOffered) -> BatchOffered:
        """What the user is asked, without what only the disk knows."""
        paths = shown_paths(Offer(offer=0, totals=message.totals, top=message.top, others=message.others))
        entries = tuple(
            OfferedEntry(top.kind, path[-1], printable(top.name), top.size)
            for top, path in zip(message.top, paths, strict=True)
        )
        peer = self.peer
        return BatchOffered(
            self.number, message.offer, peer.id, peer.name, peer.key, message.totals, entries, message.others
        )


def _agreed(offered: _Offered) -> AgreedOffer:
    message = offered.message
    return AgreedOffer(message.totals, tuple(message.top), message.others, offered.saved)
