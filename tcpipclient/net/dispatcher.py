"""The dispatcher thread: gives the packets to the session, writes received files, and runs the user's handler.

Owns the client's one thread of events, and the end of a connection: whatever ends it, this thread tidies up and tells.
Must never wait for the network. Runs on a thread of its own; what other threads may call stands first.
"""

import queue
import threading
from collections.abc import Callable, Iterable

from commonlib.classic.file_receiving import FileBegan, FileCompleted, FileDataArrived, FileFailed
from tcpipclient.core.events import ConnectionLost, Event, FileProgressed, Loss, Registered
from tcpipclient.core.session import Session, SessionEvent
from tcpipclient.core.transfers.said import SaidOfFiles
from tcpipclient.net.clock import Clock
from tcpipclient.net.gate import Gate
from tcpipclient.net.incoming import IncomingFiles
from tcpipclient.net.late_logger import LateLogger
from tcpipclient.net.normalizer import Block, BlockQueue, Unreadable
from tcpipclient.net.outbox import Outbox
from tcpipclient.net.reader import MOST_WAITING, Ended

TICK_SECONDS = 1.0

_log = LateLogger(__name__)


class Dispatcher:
    """One connection's events.

    Args:
        blocks: From the normalizer; `wake` is set when something is in it.
        handlers_of: Gives the handlers that are to be told of an event, in their order; what one raises is logged.
        take_said: Takes what is said of batches.
        ended: Is told that the connection has ended, behind everything else.
        abort: Ends the connection at once.
        tidy_up: Ends all other threads; called once, on this thread, after the last packet.

    Attributes:
        settled: Set when the hub has taken us in, or when it will not and all other threads have ended.
        registered: Whether it has.
        lost: Why the connection ended without our asking, when it has.
    """

    def __init__(
        self,
        gate: Gate,
        outbox: Outbox,
        clock: Clock,
        incoming: IncomingFiles,
        blocks: BlockQueue,
        wake: threading.Event,
        *,
        handlers_of: Callable[[Event], Iterable[Callable[[Event], object]]],
        take_said: Callable[[SaidOfFiles], None],
        ended: Callable[[], None],
        abort: Callable[[], None],
        tidy_up: Callable[[], None],
    ) -> None:
        self.settled = threading.Event()
        self.registered = False
        self.lost: ConnectionLost | None = None
        self._gate = gate
        self._outbox = outbox
        self._clock = clock
        self._incoming = incoming
        self._blocks = blocks
        self._wake = wake
        self._handlers_of = handlers_of
        self._take_said = take_said
        self._ended = ended
        self._abort = abort
        self._tidy_up = tidy_up
        self._posted: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._progress_lock = threading.Lock()
        self._progress: dict[int, FileProgressed] = {}
        self._deadline: float | None = None
        self._nothing_more_comes = False

    # From any thread

    def post(self, call: Callable[[], None]) -> None:
        """Have something done on the dispatcher thread, soon; not at all where the connection ends before."""
        self._posted.put(call)
        self._wake.set()

    def post_events(self, told: list[Event]) -> None:
        """Have events told that came about on another thread."""

        def tell_all() -> None:
            for event in told:
                self.tell(event)

        self.post(tell_all)

    def tell_progress(self, progress: FileProgressed) -> None:
        """Have progress told; where the thread is behind, only the latest of each transfer."""
        with self._progress_lock:
            self._progress[progress.transfer] = progress
        self._wake.set()

    def end_by(self, deadline: float) -> None:
        """We have said goodbye: the hub has until this moment, in monotonic seconds, to end the connection."""
        self._deadline = deadline
        self._wake.set()

    # On the dispatcher thread

    def work(self) -> None:
        """The thread's work; returns when the connection has ended, all is tidy and every event was told."""
        try:
            next_tick = self._clock.now() + TICK_SECONDS
            while not self._gate.run(Session.has_ended):
                self._clock.wait(self._wake, next_tick if self._deadline is None else min(next_tick, self._deadline))
                self._wake.clear()
                self._take_blocks()
                self._take_posted()
                self._tell_progress()
                now = self._clock.now()
                if now >= next_tick:
                    self._receive_tick(now)
                    next_tick = now + TICK_SECONDS
                self._look_at_limits(now)
        finally:
            self._end()

    def fail(self) -> None:
        """A thread of ours has failed: end the connection and say so; nothing where it has ended already."""
        reason = "The client has failed; its log says why. Connect again, and report what the log says."
        self._receive(lambda session: session.fail(Loss.DEFECT, reason))

    def tell(self, event: Event) -> None:
        """Tell the handlers; before the hub has taken us in there is nothing to tell."""
        if isinstance(event, Registered):
            self.registered = True
            self.settled.set()
        if not self.registered:
            return
        for handler in self._handlers_of(event):
            try:
                handler(event)
            except Exception:  # noqa: BLE001 - a handler of the user's must not end the thread
                _log.exception("a handler has failed on %s", type(event).__name__)

    def _take_blocks(self) -> None:
        for _ in range(MOST_WAITING):
            try:
                item = self._blocks.get_nowait()
            except queue.Empty:
                return
            self._take(item)
        # What else is there is for the next round: the clock must not wait for a hub that never pauses.
        self._wake.set()

    def _take(self, item: Block | Unreadable | Ended) -> None:
        match item:
            case bytes() | list():
                now, wall = self._clock.now(), self._clock.wall()
                self._receive(lambda session: session.receive_block(item, now, wall))
            case Unreadable():
                self._receive(Session.receive_unreadable)
            case Ended():
                self._nothing_more_comes = True
                self._receive(lambda session: session.receive_eof(item.said))

    def _receive(self, act: Callable[[Session], list[SessionEvent]]) -> None:
        for event in self._gate.run(act):
            if isinstance(event, FileBegan | FileDataArrived | FileCompleted | FileFailed):
                self._incoming.receive(event, self.tell)
            elif isinstance(event, SaidOfFiles):
                self._take_said(event)
            elif isinstance(event, ConnectionLost):
                self.lost = event
            else:
                self.tell(event)

    def _receive_tick(self, now: float) -> None:
        self._receive(lambda session: session.receive_tick(now))

    def _take_posted(self) -> None:
        for _ in range(self._posted.qsize()):
            self._posted.get_nowait()()

    def _tell_progress(self) -> None:
        with self._progress_lock:
            collected, self._progress = self._progress, {}
        # What is over was told as over, and nothing comes after that.
        going = self._gate.run(
            lambda session: [
                progress for progress in collected.values() if session.outgoing.is_going(progress.transfer)
            ]
        )
        for progress in (*self._incoming.progress(), *going):
            self.tell(progress)

    def _look_at_limits(self, now: float) -> None:
        if self._outbox.is_overfull:
            reason = "The hub does not read what we send. Connect again when it is less busy."
            self._receive(lambda session: session.fail(Loss.NOT_READING, reason))
        if self._deadline is not None and now >= self._deadline:
            self._deadline = None
            self._abort()

    def _end(self) -> None:
        self.fail()
        self._abort()
        while not self._nothing_more_comes:
            # The normalizer may be waiting for room, and the reader for the normalizer.
            self._nothing_more_comes = isinstance(self._blocks.get(), Ended)
        self._tidy_up()
        self._take_posted()
        self._incoming.discard_all(self.tell)
        if self.lost is not None:
            self.tell(self.lost)
        self._ended()
        self.settled.set()
