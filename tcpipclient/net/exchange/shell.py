"""The thread that owns the book of batches, and what other threads may ask of it.

Owns the thread, the inbox in front of it, and to which connection to a hub it belongs now. Must never wait for the
network or a disk on that thread. Threads: `post`, `attach`, `detach` and `receive_...` are anybody's; handlers of users
run on the dispatcher's thread of the connection, and while there is none on the exchange's own.
"""

import queue
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from commonlib.values import dataclass
from tcpipclient.config import MOST_UNASKED, Accept, ClientConfig
from tcpipclient.core.batch_events import BatchEvent, BatchOffered
from tcpipclient.core.events import Event, PacketIgnored, PersonChanged, PersonJoined, PersonLeft, Registered
from tcpipclient.core.transfers import orders
from tcpipclient.core.transfers.book import TransferBook
from tcpipclient.core.transfers.said import SaidOfFiles
from tcpipclient.net.clock import Clock
from tcpipclient.net.exchange.carrier import Carrier
from tcpipclient.net.exchange.disk import MOST_AT_A_DISK, DiskLooks, with_disk
from tcpipclient.net.exchange.hub_line import HubLine, maybe_peer
from tcpipclient.net.exchange.telling import Telling
from tcpipclient.net.late_logger import LateLogger
from tcpipclient.net.peer.speed_limiter import SpeedLimiter
from tcpipclient.net.threads import make_thread

if TYPE_CHECKING:
    # Loaded where it is needed: it is of the end that receives.
    from commonlib.transfer.resume import Choices

_LONGEST_WAIT = 3600.0
_GOODBYE_SECONDS = 1.0
"""How long the other ends are given to be told, where all the rest is not waited for."""
_LOOK_SECONDS = 2.0
"""How long looks at a disk are waited for at the end: whoever looks is told at his next step that nobody wants it."""
_NO_FOLDER = "no folder for received files was set"
_NOT_TAKEN = "files are not taken there"

_log = LateLogger(__name__)


@dataclass(frozen=True, slots=True)
class Keeping:
    """Where a batch goes that was accepted, and what is done with names that are there."""

    folder: Path
    choices: "Choices"


class ExchangeShell:
    """The batches of one client, over all its connections to a hub. Nothing runs before there is a batch.

    Args:
        next_number: Gives each batch its number.
        told: Is given each event before the handlers are, on the thread on which they run.

    Attributes:
        limiter: The limit on speed.
    """

    def __init__(
        self,
        config: ClientConfig,
        clock: Clock,
        next_number: Callable[[], int],
        told: Callable[[BatchEvent | PacketIgnored], None],
    ) -> None:
        self.limiter = SpeedLimiter(config.speed_limit)
        self._config = config
        self._clock = clock
        self._told = told
        self._book = TransferBook(config.at_once, next_number, config.ways)
        self._scans = DiskLooks("exchange-scans", MOST_AT_A_DISK)
        self._looks = DiskLooks("exchange-looks")
        self._telling = Telling()
        self._carrier = Carrier(
            self._book,
            clock,
            self.limiter,
            self._scans,
            self.post,
            consider=self._consider,
            tell=lambda order: self._tell(order.event),
        )
        self._inbox: queue.SimpleQueue[Callable[[float], object]] = queue.SimpleQueue()
        self._wake = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closed = False
        self._has_finished = False
        self._is_said = threading.Event()
        self._line: HubLine | None = None
        self._last_line: HubLine | None = None
        self._considered: dict[tuple[int, int], orders.Consider] = {}

    # From any thread

    def post(self, call: Callable[[float], object]) -> bool:
        """Have something done on the exchange's thread, with the time then; False, and it is not, once it is closed."""
        with self._lock:
            if self._closed:
                return False
            if self._thread is None:
                self._thread = make_thread("exchange", self._work, self._give_up)
                self._inbox.put(self._find_hub)
                self._thread.start()
            # Under the lock, so that nothing comes behind the end.
            self._inbox.put(call)
        self._wake.set()
        return True

    @property
    def book(self) -> TransferBook:
        """The book; for calls that are posted."""
        return self._book

    @property
    def listening_port(self) -> int:
        """Where others may connect to us; 0 where they may not."""
        return self._carrier.listening_port

    def let_listen(self, *, wanted: bool) -> None:
        """Whether to listen from the next acceptance on."""
        self._carrier.may_listen = wanted

    @property
    def is_on_own_thread(self) -> bool:
        """Whether the calling thread is the exchange's."""
        return threading.current_thread() is self._thread

    def attach(self, line: HubLine) -> None:
        """Belong to this connection from now on."""
        self._line = self._last_line = line

    def detach(self, line: HubLine) -> None:
        """The connection has ended; called on its dispatcher's thread, when nothing else is told any more."""
        if self._line is not line:
            return
        self._tell_waiting()
        self._line = None
        if self._is_running:
            self.post(self._lose_hub)

    def receive_event(self, line: HubLine, event: Event) -> None:
        """Learn who is there. Before there is any batch nobody has to be known."""
        if self._line is not line or not self._is_running:
            return
        match event:
            case Registered():
                self.post(self._find_hub)
            case PersonJoined(person) | PersonChanged(person):
                peer = maybe_peer(person)
                if peer is not None:
                    self.post(lambda now: self._book.put_peer(peer, now))
            case PersonLeft(person):
                self.post(lambda now: self._book.remove_peer(person.id, now))

    def receive_said(self, line: HubLine, said: SaidOfFiles) -> None:
        """Take what somebody says about a batch."""
        if self._line is line:
            self.post(lambda now: self._book.receive(said.sender, said.message, now))

    def accept(self, number: int, offer: int | None, folder: Path | None, choices: "Choices") -> None:
        """Take what is offered; only the first answer says where to."""

        def take(now: float) -> None:
            if folder is None:
                self._book.decline(number, _NO_FOLDER, now, offer, f"It was declined: {_NO_FOLDER}.")
            elif self._book.is_ongoing(number):
                self._carrier.keeping.setdefault(number, Keeping(folder, choices))
                self._book.accept(number, now, offer)

        self.post(take)

    def close(self, *, wait: bool) -> None:
        """End all batches, tell the other ends, and end all threads; with `wait` return when they have ended."""
        with self._lock:
            if not self._closed and self._thread is not None:
                self._inbox.put(self._finish)
                self._wake.set()
            self._closed = True
            thread = self._thread
        self._scans.stop()
        self._looks.stop()
        if thread is None or self.is_on_own_thread:
            return
        # Whoever does not wait for the end may be about to leave the hub.
        self._is_said.wait(_GOODBYE_SECONDS)
        if wait:
            thread.join()

    # On the exchange's thread

    @property
    def _is_running(self) -> bool:
        return self._thread is not None

    def _work(self) -> None:
        while not self._has_finished:
            due = self._book.due
            now = self._clock.now()
            self._clock.wait(self._wake, now + _LONGEST_WAIT if due is None else due)
            self._wake.clear()
            self._take_inbox()
            now = self._clock.now()
            due = self._book.due
            if due is not None and now >= due:
                self._book.tick(now)
                self._carry_out()
            if self._line is None:
                self._tell_waiting()
        self._is_said.set()
        self._carrier.close()
        self._leave_disks()

    def _leave_disks(self) -> None:
        """Whoever closes is not held by a disk that never answers."""
        have_ended = [looks.join(_LOOK_SECONDS) for looks in (self._scans, self._looks)]
        if not all(have_ended):
            _log.warning("a disk or network drive does not answer; what waits for it is left behind, and ends with it")

    def _take_inbox(self) -> None:
        while not self._has_finished:
            try:
                call = self._inbox.get_nowait()
            except queue.Empty:
                return
            call(self._clock.now())
            self._carry_out()

    def _carry_out(self) -> None:
        while ordered := self._book.take_orders():
            self._carrier.carry_out(ordered)

    def _find_hub(self, now: float) -> None:
        line = self._line
        peers = None if line is None else line.peers()
        if line is not None and peers is not None:
            self._carrier.use(line)
            self._book.find_hub(peers, now)

    def _lose_hub(self, now: float) -> None:
        self._carrier.use(None)
        self._book.lose_hub(now)

    def _finish(self, now: float) -> None:
        self._book.close(now)
        self._has_finished = True

    def _give_up(self) -> None:
        """The thread has failed: nothing is taken any more, and what runs ends, as far as that can still be done."""
        self._closed = True
        self._scans.stop()
        self._looks.stop()
        self._is_said.set()
        self._carrier.close()
        self._finish(self._clock.now())
        self._carry_out()

    def _consider(self, order: orders.Consider) -> None:
        offered = order.offered
        self._considered[offered.transfer, offered.offer] = order
        folder = self._settings.downloads
        self._looks.look(lambda: self._tell(with_disk(offered, folder)), lambda: self._tell(offered))

    # What users are told

    def _tell(self, event: BatchEvent | PacketIgnored) -> None:
        self._telling.put(event)
        line = self._line
        if line is not None:
            line.post(self._tell_waiting)
        else:
            self._wake.set()

    def _tell_waiting(self) -> None:
        """On the thread on which handlers run."""
        self._telling.tell(self._handle)

    def _handle(self, event: BatchEvent | PacketIgnored) -> None:
        self._told(event)
        if isinstance(event, BatchOffered):
            # Before the handlers, for their answers come behind it.
            self.post(lambda _: self._book.was_told(event.transfer, event.offer))
        if self._last_line is not None:
            self._last_line.tell(event)
        if isinstance(event, BatchOffered):
            self._answer_by_rule(event)

    def _answer_by_rule(self, offered: BatchOffered) -> None:
        config = self._settings
        considered = self._considered.pop((offered.transfer, offered.offer))
        verdict = self._maybe_verdict(offered)
        if verdict and not _is_too_large(considered, config.largest_unasked):
            from commonlib.transfer.resume import Choices

            choices = Choices(config.conflict, config.links)
            self.accept(offered.transfer, offered.offer, config.downloads, choices)
        elif verdict is False:
            why = _NOT_TAKEN if config.downloads is not None else _NO_FOLDER
            reason = f"It was declined: {why}."
            self.post(lambda now: self._book.decline(offered.transfer, _NOT_TAKEN, now, offered.offer, reason))

    def _maybe_verdict(self, offered: BatchOffered) -> bool | None:
        """True or False by the rule, None where the user is to be asked. A rule that fails says no."""
        config = self._settings
        if config.downloads is None or config.accept is Accept.NONE:
            return False
        match config.accept:
            case Accept():
                return True if config.accept is Accept.ALL else None
            case decide:
                try:
                    return bool(decide(offered))
                except Exception:  # noqa: BLE001 - the user's function must not end the thread
                    _log.exception("the function that accepts files has failed; the batch is declined")
                    return False

    @property
    def _settings(self) -> ClientConfig:
        return self._config if self._last_line is None else self._last_line.config


def _is_too_large(considered: orders.Consider, largest: int | None) -> bool:
    """Whether the user is to be asked though his rule would take it."""
    return largest is not None and (considered.size > largest or considered.entries > MOST_UNASKED)
