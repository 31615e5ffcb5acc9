"""A batch that we send: looked through, its turn awaited, offered, accepted, moved, added to.

Owns its offers and the receiver's answers. Must never know a disk: what there is to send is told. Pure: used by the
book of batches; times are monotonic seconds.
"""

from collections.abc import Callable, Sequence
from pathlib import PurePath

from commonlib.transfer.messages import TopEntry, Totals
from commonlib.transfer.states import OfferState
from commonlib.values import dataclass
from commonlib.wire.way_messages import FilesAnswered, FilesOffered, Role
from tcpipclient.core.batch_events import BatchProblem, BatchState
from tcpipclient.core.events import Direction
from tcpipclient.core.transfers.ongoing import OngoingBatch
from tcpipclient.core.transfers.orders import AddToPump, Order, Say, Scan, StartPump, Verb
from tcpipclient.core.transfers.peers import Peer, Peers
from tcpipclient.core.transfers.pump_news import PumpNews, StateChanged
from tcpipclient.core.transfers.sentences import because

TURN_SECONDS = 10.0
"""A batch that nobody has answered, or to which there is no way, keeps others waiting for so long."""

_ALL_ENDED = (OfferState.SAVED, OfferState.FAILED, OfferState.DECLINED, OfferState.CANCELLED)


@dataclass(slots=True)
class _Offer:
    """One question to the receiver's user.

    Attributes:
        said: Whether he was asked.
        accepted: His answer; None before.
        settled: Whether all of it has come to an end.
    """

    number: int
    paths: tuple[PurePath, ...]
    message: FilesOffered | None = None
    said: bool = False
    accepted: bool | None = None
    settled: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it may still come to be agreed upon."""
        return self.accepted is None


class OutgoingBatch(OngoingBatch):
    """One batch of ours.

    Attributes:
        links: Whether links are sent.
        has_begun: Whether its turn has come.
    """

    direction = Direction.OUTGOING
    role = Role.SENDER

    def __init__(
        self,
        number: int,
        transfer: bytes,
        peer: Peer,
        peers: Peers,
        order: Callable[[Order], None],
        now: float,
        *,
        links: bool,
    ) -> None:
        super().__init__(number, transfer, peer, peers, BatchState.WAITING, order, now)
        self.links = links
        self.has_begun = False
        self._offers: list[_Offer] = []
        self._agreed: list[int] = []
        self._in_pump: list[int] = []
        self._is_finishing = False
        self._agreed_by = 0
        self._is_pump_done = False
        self._refusal = ""

    # What is sent

    @property
    def paths(self) -> tuple[PurePath, ...]:
        """All that the user has named."""
        return tuple(path for offer in self._offers for path in offer.paths)

    @property
    def totals(self) -> tuple[int, int]:
        """As OngoingBatch."""
        counted = [it.message.totals for it in self._offers if it.message is not None and it.accepted is not False]
        return sum(totals.size for totals in counted), sum(totals.files for totals in counted)

    def add(self, paths: Sequence[PurePath]) -> None:
        """Send this, too."""
        offer = _Offer(len(self._offers), tuple(paths))
        self._offers.append(offer)
        self._order(Scan(self.number, offer.number, offer.paths, self.links))

    def scanned(
        self,
        offer: int,
        totals: Totals,
        top: Sequence[TopEntry],
        others: int,
        problems: Sequence[BatchProblem],
        now: float,
    ) -> None:
        """So much there is to be sent."""
        self._offers[offer].message = FilesOffered(
            transfer=self.transfer, offer=offer, totals=totals, top=list(top), others=others
        )
        for problem in problems:
            self.add_problem(problem)
        self.tell_progress(now)
        if self.has_begun:
            self._say_offers()

    def scan_failed(self, offer: int, why: str, now: float) -> None:
        """It cannot be sent; `why` is a sentence."""
        self._refuse(offer, why, BatchState.FAILED, now)

    # Its turn

    @property
    def is_ready(self) -> bool:
        """Whether it waits for nothing but its turn."""
        if self.has_begun or self.state.is_over or self.paused_here or not self._peers.is_here(self.peer):
            return False
        return all(offer.message is not None for offer in self._offers if offer.is_open)

    def holds_turn(self, now: float) -> bool:
        """Whether others have to wait for it."""
        passed_at = self.maybe_passed_at
        return self.state in (BatchState.RUNNING, BatchState.VERIFIED) or (passed_at is not None and now < passed_at)

    @property
    def maybe_passed_at(self) -> float | None:
        """When others need not wait for it any more, because nothing flows; None where that is no matter of time."""
        if self.state in (BatchState.OFFERED, BatchState.CONNECTING):
            return self.since + TURN_SECONDS
        return None

    @property
    def is_unanswered(self) -> bool:
        """Whether its receiver has been asked and has agreed to nothing."""
        return self.state is BatchState.OFFERED

    def begin(self, now: float) -> None:
        """Its turn has come."""
        self.has_begun = True
        self._say_offers()
        self.show(BatchState.OFFERED, now)
        # Said along with the offer: where the answer comes at once, the way is there at once, too.
        self.search.want(self.peer.id, now)

    def show_place(self, place: int, now: float) -> None:
        """Where it stands in the queue, from 1."""
        self.show(BatchState.PAUSED if self.paused_here else BatchState.WAITING, now, place=place)

    # The receiver

    def receive_answer(self, answer: FilesAnswered, why: str, now: float) -> bool:
        """What he says to an offer; False where it was not made, or was answered before. `why` is fit to be shown."""
        offer = self._offers[answer.offer] if answer.offer < len(self._offers) else None
        if offer is None or not offer.said or not offer.is_open:
            return False
        if not answer.accepted:
            self._refuse(offer.number, why, BatchState.DECLINED, now)
            return True
        offer.accepted = True
        self._agreed_by = self.peer.id
        self._known_end = None
        self._agreed.append(offer.number)
        if self.pump and not self._is_finishing:
            self._in_pump.append(offer.number)
            self._is_pump_done = False
            self._order(AddToPump(self.number, self.pump, offer.number))
        elif self.state in (BatchState.OFFERED, BatchState.WAITING):
            self.show(BatchState.CONNECTING, now)
        self.look_for_way(now)
        return True

    def receive_unheard(self) -> None:
        """The hub says that it could not pass on what we said: whoever it was for is not there, or we say too much."""
        for offer in self._offers:
            offer.said = offer.said and not offer.is_open

    def receive_cancelled(self, reason: str, now: float) -> None:
        """As OngoingBatch; but one who has come back and has agreed before is asked again: he was restarted."""
        is_back = self._agreed_by != self.peer.id and self._known_end is None
        if is_back and self.needs_way and not self.pump:
            self._offer_anew(now)
        else:
            super().receive_cancelled(reason, now)

    def meet(self, peer: Peer, now: float) -> None:
        """As OngoingBatch; what was not answered is asked again."""
        super().meet(peer, now)
        if self.has_begun:
            self.receive_unheard()
            self._say_offers()

    @property
    def needs_way(self) -> bool:
        """As OngoingBatch."""
        return bool(self._due)

    # Pumps

    def receive_news(self, pump: int, news: PumpNews, now: float) -> None:
        """As OngoingBatch; when all is settled and nothing is open, nothing more will be offered."""
        super().receive_news(pump, news, now)
        if pump == self.pump and isinstance(news, StateChanged):
            self._is_pump_done = news.state in _ALL_ENDED
            self._maybe_finish()

    @property
    def _due(self) -> list[int]:
        """The offers that were agreed to and are not settled, in the order of the agreement."""
        return [number for number in self._agreed if not self._offers[number].settled]

    def _start_order(self, token: bytes) -> StartPump:
        self._in_pump = self._due
        self._is_finishing = self._is_pump_done = False
        return StartPump(self.number, self.pump, token, self.role, offers=tuple(self._in_pump), paused=self.paused_here)

    def _last_word(self, state: BatchState, why: str) -> str:
        match state:
            case BatchState.SAVED:
                return self._refusal
            case BatchState.CANCELLED:
                return f"{self.name} has cancelled it{because(why)}. What was saved there stays."
            case BatchState.DECLINED:
                return f"{self.name} has declined it{because(why)}. Ask, and send it again."
            case _:
                return f"Some of it could not be sent{because(why)}. See which, and send it again."

    def _settle(self) -> None:
        for number in self._in_pump:
            self._offers[number].settled = True

    @property
    def has_open(self) -> bool:
        """As OngoingBatch."""
        return any(offer.is_open for offer in self._offers)

    def _maybe_finish(self) -> None:
        if self.pump and self._is_pump_done and not self.has_open and not self._is_finishing:
            self._is_finishing = True
            self._tell_pump(Verb.FINISH)

    # Offers

    def _say_offers(self) -> None:
        """Ask all that was not asked yet."""
        for offer in self._offers:
            if offer.message is not None and not offer.said and offer.is_open and self._peers.is_here(self.peer):
                offer.said = True
                self._order(Say(self.peer.id, offer.message))

    def _offer_anew(self, now: float) -> None:
        self.search.stop()
        for number in self._due:
            self._offers[number].accepted = None
            self._offers[number].said = False
        self._agreed.clear()
        self._wayless_since = None
        self.begin(now)

    def _refuse(self, number: int, why: str, state: BatchState, now: float) -> None:
        """An offer is no use any more: with the last one the batch is over."""
        self._offers[number].accepted = False
        self._refusal = why
        if self._agreed or self.has_open:
            self.show(self.state, now, detail=why)
            self._maybe_finish()
        else:
            self.end(state, why, now)
