"""What batches of both directions have in common: the search for a way, and the pump on it.

Owns when a way is needed, that one pump of a batch runs at most, and how long the other end is waited for. Must never
know a disk, a socket or a clock. Pure: used by the book of batches; times are monotonic seconds.

A link that stands beside a pump which runs is held until that one has left its own: both ends change over, and nothing
is written by two at once.
"""

from abc import abstractmethod
from collections.abc import Callable

from commonlib.transfer.states import OfferState
from commonlib.values import dataclass
from commonlib.wire.way_messages import FilesCancelled, Role, WayOpened
from tcpipclient.core.batch_events import BatchState, WayKind
from tcpipclient.core.transfers.orders import Order, Say, StartPump, TellPump, Verb
from tcpipclient.core.transfers.peers import Peer, Peers
from tcpipclient.core.transfers.pump_news import (
    Moved,
    ProblemTold,
    PumpEnded,
    PumpNews,
    StateChanged,
    TopSaved,
    WayLost,
)
from tcpipclient.core.transfers.sentences import sentence
from tcpipclient.core.transfers.told import ToldBatch
from tcpipclient.core.transfers.way_search import Phase, WaySearch

GONE_SECONDS = 120.0
"""Who has been away for so long, with no way to him, is not waited for any more."""
WAYLESS_SECONDS = 600.0
"""After so long on one hub without any way a batch is given up."""
LASTING_SECONDS = 30.0
"""A connection that stood for so long was one, even where nothing flowed."""
UPGRADE_SECONDS = 30.0
"""After so long through the hub a direct way is tried again; then after twice as long, and so on."""
CANCEL_SECONDS = 5.0
"""A pump that was told to stop has so long to come to terms with the other end."""

_NEXT = "Have it sent again: it goes on from where it stopped."
_SHOWN = {
    OfferState.RUNNING: BatchState.RUNNING,
    OfferState.PAUSED: BatchState.PAUSED,
    OfferState.VERIFIED: BatchState.VERIFIED,
}
_ENDS = {
    OfferState.SAVED: BatchState.SAVED,
    OfferState.DECLINED: BatchState.DECLINED,
    OfferState.CANCELLED: BatchState.CANCELLED,
}


@dataclass(frozen=True, slots=True)
class _Ending:
    """How a batch is to end as soon as its pump has, and by when at the latest; `why` is for the other end."""

    state: BatchState
    reason: str
    deadline: float
    why: str = ""


class OngoingBatch(ToldBatch):
    """One batch, from when it is known until it is over.

    Attributes:
        tries_direct: Whether a direct way may be tried.
        most_failures: After so many attempts in a row it is given up; None where there are other ways to try.
        search: For a way.
    """

    role: Role
    tries_direct = True
    most_failures: int | None = None

    def __init__(
        self,
        number: int,
        transfer: bytes,
        peer: Peer,
        peers: Peers,
        state: BatchState,
        order: Callable[[Order], None],
        now: float,
    ) -> None:
        super().__init__(number, peer, state, order, now)
        self.transfer = transfer
        self.search = WaySearch(transfer, self.role, order)
        self._peers = peers
        self._pumps = 0
        self._pump_since = now
        self._held_way: WayKind | None = None
        self._takes_any = False
        self._upgrade_after = UPGRADE_SECONDS
        self._upgrade_due: float | None = None
        self._ending: _Ending | None = None
        self._known_end: BatchState | None = None
        self._wayless_since: float | None = None
        self._gone_since: float | None = None

    # What is asked of those of one direction

    @property
    @abstractmethod
    def needs_way(self) -> bool:
        """Whether something that both have agreed to is not settled."""

    @property
    @abstractmethod
    def has_open(self) -> bool:
        """Whether an answer of the receiver's user is still missing."""

    @abstractmethod
    def _start_order(self, token: bytes) -> StartPump:
        """The order that starts a pump for all that both have agreed to."""

    @abstractmethod
    def _settle(self) -> None:
        """All that the pump was for is settled."""

    @abstractmethod
    def _last_word(self, state: BatchState, why: str) -> str:
        """The reason that is told with an end of which the pump has told; `why` is the other end's, or ""."""

    # Our user

    def pause(self, now: float) -> None:
        """Let nothing flow until `resume`."""
        if not self.paused_here:
            self.paused_here = True
            self._tell_pump(Verb.PAUSE)
            self.show(BatchState.PAUSED if self.state is BatchState.WAITING else self.state, now)

    def resume(self, now: float) -> None:
        """End our own pause."""
        if self.paused_here:
            self.paused_here = False
            self._tell_pump(Verb.RESUME)
            waits = self.state is BatchState.PAUSED and not self.pump
            self.show(BatchState.WAITING if waits else self.state, now)

    def cancel(self, why: str, reason: str, now: float) -> None:
        """Give it up: the other end is told `why`, our user `reason`."""
        if self.state.is_over or self._ending is not None:
            return
        if self.pump:
            self._ending = _Ending(BatchState.CANCELLED, reason, now + CANCEL_SECONDS, why)
            self._tell_pump(Verb.CANCEL, why)
            self.search.stop()
            return
        self.say_cancelled(why)
        self.end(BatchState.CANCELLED, reason, now)

    # The other end, by the hub

    def receive_cancelled(self, reason: str, now: float) -> None:
        """He has given it up, or knows nothing of it. What the pump tells at its end counts more."""
        if self._ending is not None:
            return
        if not self.pump:
            self._end_as_known(BatchState.CANCELLED, reason, now)
            return
        self._ending = _Ending(BatchState.CANCELLED, reason, now + CANCEL_SECONDS)
        self.search.stop()
        self._tell_pump(Verb.LEAVE)

    def receive_wanted(self, now: float) -> None:
        """He wants a way: because there is none, because his end of it has broken, or to change to a better one."""
        if self.needs_way and self._ending is None:
            # Where it is not we who look for a better one, his end of ours has broken.
            self._takes_any = self._takes_any or bool(self.pump and self.search.phase is Phase.IDLE)
            self.search.want(self.peer.id, now)

    def receive_opened(self, opened: WayOpened, now: float) -> None:
        """The hub introduces us to each other."""
        if self.needs_way and self._ending is None:
            self.search.open(opened, now)

    def receive_refused(self, why: str, now: float) -> None:
        """The hub cannot reach him."""
        if self.search.phase is Phase.WANTED:
            self.way_failed(why, now)

    def meet(self, peer: Peer, now: float) -> None:
        """He is here, maybe under another id than before."""
        self.peer = peer
        self._gone_since = None
        self.look_for_way(now)

    def lose_peer(self, now: float) -> None:
        """He has left the hub; a way that runs goes on."""
        if self._gone_since is None:
            self._gone_since = now
        self.search.lose_hub()

    def lose_hub(self) -> None:
        """We have lost the hub; a way that runs goes on, and nobody's time runs out while there is none."""
        self._gone_since = self._wayless_since = None
        self.search.lose_hub()

    def find_hub(self) -> None:
        """We are on a hub, maybe another one: what was said to the one before, and begun by its word, is nothing."""
        self.lose_hub()
        if self.search.phase is Phase.OPENING:
            self.search.stop()

    def say_cancelled(self, why: str) -> None:
        """Tell the other end that we give it up, where he can be told."""
        if self._peers.is_here(self.peer):
            self._order(Say(self.peer.id, FilesCancelled(transfer=self.transfer, why=why)))

    # Ways

    def look_for_way(self, now: float) -> None:
        """Begin to search where a way is needed and there is none."""
        if not self.needs_way or self.pump:
            return
        if self._wayless_since is None and self._peers.is_connected:
            self._wayless_since = now
        if self.search.phase is Phase.IDLE and self._peers.is_here(self.peer):
            self.search.want(self.peer.id, now)

    def link_stands(self, way: WayKind, now: float) -> None:
        """There is a connection."""
        self.search.hold()
        self._held_way = way
        if not self.pump and self.needs_way:
            self._start(now)
        elif self.pump and self._is_better(way):
            self._tell_pump(Verb.LEAVE)
        else:
            self.search.stop()

    def way_failed(self, why: str, now: float) -> None:
        """No connection came about. Beside a pump that runs there is no hurry to try again."""
        self.search.fail(why, now)
        if self.pump:
            self.search.stop()
        elif self.most_failures is not None and self.search.failures >= self.most_failures:
            self._give_up(f"no direct connection to {self.name} came about, and no other was allowed", now)

    # The pump

    def receive_news(self, pump: int, news: PumpNews, now: float) -> None:
        """What the pump tells; of one that is not ours any more nothing counts."""
        if pump != self.pump:
            return
        match news:
            case Moved(done, files_done, current):
                if self.progress.move(done, files_done, current, now):
                    self.search.succeed()
                    self._wayless_since = None
                self.tell_progress(now)
            case StateChanged():
                self._receive_state(news, now)
            case ProblemTold(problem):
                self.add_problem(problem)
            case TopSaved(path):
                self.add_path(path)
            case WayLost():
                self._receive_lost(news, now)
            case _:
                self._receive_ended(news, now)

    # Time

    @property
    def due(self) -> float | None:
        """When `tick` has something to do; None for never."""
        times = [self.stale_at, self.search.due, None if self._ending is None else self._ending.deadline]
        if self.pump:
            times.append(self._upgrade_due)
        else:
            times.append(None if self._gone_since is None else self._gone_since + GONE_SECONDS)
            times.append(None if self._wayless_since is None else self._wayless_since + WAYLESS_SECONDS)
        return min((time for time in times if time is not None), default=None)

    def tick(self, now: float) -> None:
        """Do what is due."""
        self.tick_progress(now)
        if self._ending is not None:
            if now >= self._ending.deadline:
                self.say_cancelled(self._ending.why)
                self._end_as_known(self._ending.state, self._ending.reason, now)
        elif not self.pump and _has_passed(self._gone_since, GONE_SECONDS, now):
            self._give_up(f"{self.name} has left the hub and has not come back", now)
        elif not self.pump and _has_passed(self._wayless_since, WAYLESS_SECONDS, now):
            self._give_up(f"no connection to {self.name} came about", now)
        elif _has_passed(self.search.due, 0.0, now):
            self._tick_search(now)
        elif self.pump and _has_passed(self._upgrade_due, 0.0, now):
            self._upgrade_after *= 2
            self._upgrade_due = now + self._upgrade_after
            if self._peers.is_here(self.peer):
                self.search.want(self.peer.id, now)

    # The end

    def end(self, state: BatchState, reason: str, now: float) -> None:
        """It is over: nothing of it is left, and its end is told."""
        self.search.stop()
        self._tell_pump(Verb.LEAVE)
        self._stop_pump()
        self._ending = self._wayless_since = self._gone_since = None
        self.tell_end(state, reason, now)

    # Our own steps

    def _start(self, now: float) -> None:
        self._pumps += 1
        self.pump = self._pumps
        self._pump_since = now
        self._way = self._held_way
        self._takes_any = False
        may_improve = self.role is Role.SENDER and self.tries_direct and self._way is WayKind.HUB
        self._upgrade_due = now + self._upgrade_after if may_improve else None
        if self._began is None:
            self._began = now
        self._order(self._start_order(self.search.take()))

    def _stop_pump(self) -> None:
        self.pump = 0
        self.progress.stop()

    def _tell_pump(self, verb: Verb, why: str = "") -> None:
        if self.pump:
            self._order(TellPump(self.number, self.pump, verb, why))

    def _is_better(self, way: WayKind) -> bool:
        """Whether to change to a link that stands beside one that is used: the sender's choice, the other follows."""
        return self.role is Role.RECEIVER or self._takes_any or way is not self._way

    def _receive_state(self, news: StateChanged, now: float) -> None:
        if news.state is OfferState.RUNNING and self.state is not BatchState.RUNNING:
            self.progress.restart(now)
        if news.state in (OfferState.SAVED, OfferState.FAILED):
            self._known_end = _ENDS.get(news.state, BatchState.FAILED)
        self.show(_SHOWN.get(news.state, self.state), now)

    def _receive_lost(self, lost: WayLost, now: float) -> None:
        self._stop_pump()
        self._ledger.lose(lost.tally)
        if now - self._pump_since >= LASTING_SECONDS:
            self._wayless_since = None
        if lost.is_settled:
            self._known_end = BatchState.FAILED if lost.tally.failed else BatchState.SAVED
        if self._ending is not None:
            self.say_cancelled(self._ending.why)
            self._end_as_known(self._ending.state, self._ending.reason, now)
            return
        self.show(BatchState.CONNECTING, now, detail="" if lost.is_left else sentence(lost.why))
        if self.search.phase is Phase.HELD:
            self._start(now)
        else:
            self.search.fail(sentence(lost.why), now)
        self.look_for_way(now)

    def _receive_ended(self, ended: PumpEnded, now: float) -> None:
        self._stop_pump()
        self._ledger.settle(ended.tally, is_whole=ended.state is not OfferState.CANCELLED)
        self._settle()
        state = _ENDS.get(ended.state, BatchState.FAILED)
        if state is BatchState.CANCELLED and self._ending is not None:
            self.end(self._ending.state, self._ending.reason, now)
        elif state is BatchState.CANCELLED or self._ending is not None or not (self.needs_way or self.has_open):
            if state is BatchState.SAVED and self._ledger.outcome.failed:
                state = BatchState.FAILED  # In an earlier round of it.
            self.end(state, self._last_word(state, ended.why), now)
        else:
            self.progress.settle()
            self.show(BatchState.CONNECTING if self.needs_way else BatchState.OFFERED, now)
            self.look_for_way(now)

    def _end_as_known(self, state: BatchState, reason: str, now: float) -> None:
        """End it; where all was settled before, and only the other end's last word did not come, that counts."""
        if self._known_end is None or self.has_open:
            self.end(state, reason, now)
        else:
            self.end(self._known_end, self._last_word(self._known_end, ""), now)

    def _give_up(self, why: str, now: float) -> None:
        self.say_cancelled(why)
        self._end_as_known(BatchState.FAILED, f"Not all of it came through: {why}. {self.search.why or _NEXT}", now)

    def _tick_search(self, now: float) -> None:
        is_lost = self.search.phase is Phase.OPENING
        self.search.stop()
        if is_lost:
            self.way_failed("No connection came about.", now)
        else:
            self.look_for_way(now)


def _has_passed(since: float | None, seconds: float, now: float) -> bool:
    return since is not None and now >= since + seconds
