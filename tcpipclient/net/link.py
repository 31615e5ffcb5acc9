"""A connection to a hub with its threads: put together, started, and ended.

Owns the order in which the parts begin and end. Must never know what a packet means. Threads: `start` is called once,
by whoever connects; `close` by any thread, the dispatcher's too.
"""

import queue
import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from tcpipclient.config import ClientConfig
from tcpipclient.core.events import Event, Loss
from tcpipclient.core.exceptions import (
    ArrivalClosedError,
    ConnectError,
    ConnectTimedOutError,
    HubBusyError,
    HubStoppingError,
    NotAHubError,
)
from tcpipclient.core.session import Session
from tcpipclient.core.transfers.said import SaidOfFiles
from tcpipclient.net.clock import AwakeClock, Clock
from tcpipclient.net.dispatcher import Dispatcher
from tcpipclient.net.entrance import CLOSED_MEANWHILE
from tcpipclient.net.file_sender import FileJob, FileSender
from tcpipclient.net.gate import Gate
from tcpipclient.net.incoming import IncomingFiles
from tcpipclient.net.late_logger import LateLogger
from tcpipclient.net.line import Way
from tcpipclient.net.normalizer import BlockQueue, normalize, pass_over
from tcpipclient.net.outbox import Outbox
from tcpipclient.net.reader import MOST_WAITING, Ended, RawQueue, read
from tcpipclient.net.threads import make_thread
from tcpipclient.net.writer import stop_writing, write

if TYPE_CHECKING:
    from tcpipclient.folder import DownloadFolder

_ARRIVAL_ERRORS = {
    Loss.CLOSED: ArrivalClosedError,
    Loss.HUB_EXITED: HubStoppingError,
    Loss.NOT_A_HUB: NotAHubError,
    Loss.SILENT: ConnectTimedOutError,
}

TIDY_SECONDS = 5.0
"""How long a close waits for the threads once the hub's time is over."""

_log = LateLogger(__name__)


class Link:
    """One connection to one hub, by a way that stands.

    Args:
        next_number: Gives each transfer its number.
        handlers_of: Gives the handlers of an event; they are called on the dispatcher thread.
        take_said: Takes what is said of batches, on the dispatcher thread.
        ended: Is told on the dispatcher thread that the connection has ended, behind everything else.

    Attributes:
        gate: The way to the session, for commands.
        outbox: Where commands wait for room.
        incoming: For answers to offers; to be used on the dispatcher thread, by `dispatcher.post`.
        file_sender: What sends files, one after another.
    """

    def __init__(
        self,
        way: Way,
        config: ClientConfig,
        clock: Clock,
        folder: "DownloadFolder | None",
        *,
        next_number: Callable[[], int],
        handlers_of: Callable[[Event], Iterable[Callable[[Event], object]]],
        take_said: Callable[[SaidOfFiles], None],
        ended: Callable[[], None],
    ) -> None:
        self._transport = transport = way.transport
        self._cutter = way.cutter
        self._config = config
        self._clock = clock = AwakeClock(clock)
        self._raw: RawQueue = queue.Queue(MOST_WAITING)
        if way.unread:
            self._raw.put(way.unread)
        self._blocks: BlockQueue = queue.Queue(MOST_WAITING)
        self._blocks_there = threading.Event()
        self.outbox = Outbox()
        self.gate = Gate(way.session, self.outbox)
        if way.secure is not None:
            way.secure.wake_writer = self.outbox.wake
        self.incoming = IncomingFiles(self.gate, folder, config.accept, next_number)
        self.dispatcher = Dispatcher(
            self.gate,
            self.outbox,
            clock,
            self.incoming,
            self._blocks,
            self._blocks_there,
            handlers_of=handlers_of,
            take_said=take_said,
            ended=ended,
            abort=transport.abort,
            tidy_up=self._tidy_up,
        )
        self.file_sender = FileSender(
            self.gate,
            self.outbox,
            clock,
            tell=self.dispatcher.post_events,
            tell_progress=self.dispatcher.tell_progress,
        )
        self._threads = [
            make_thread("writer", lambda: write(self.outbox, transport), self._writer_failed),
            make_thread("reader", lambda: read(transport, self._raw), self._reader_failed),
            make_thread("normalizer", self._normalize, self._normalizer_failed),
        ]
        # Begins with the first file: most commands send none on the classic wire. The lock guards the list above, too.
        self._file_thread = make_thread("file-sender", self.file_sender.work, self._thread_failed)
        self._threads_lock = threading.Lock()
        self._has_tidied_up = False
        self._dispatcher_thread = make_thread("dispatcher", self.dispatcher.work, self.dispatcher.settled.set)

    def start(self, timeout: float) -> None:
        """Start the threads and return when the hub has taken us in, after `timeout` seconds at most.

        Raises:
            ConnectError: One of its kinds says why it has not; nothing is left running then.
        """
        for thread in (*self._threads, self._dispatcher_thread):
            thread.start()
        in_time = False
        try:
            in_time = self.dispatcher.settled.wait(timeout)
        finally:
            if not self.dispatcher.registered:
                self._transport.abort()
                self._dispatcher_thread.join()
        if self.dispatcher.registered:
            return
        host, port, lost = self._config.host, self._config.port, self.dispatcher.lost
        if not in_time:
            raise ConnectTimedOutError(host, port, "No hub")
        if lost is None:
            raise ConnectError(host, port, CLOSED_MEANWHILE)
        raise _ARRIVAL_ERRORS.get(lost.loss, ConnectError)(host, port)

    def close(self) -> None:
        """Say goodbye, wait until what waits is sent and all threads have ended; on the dispatcher's, do not wait."""
        self.gate.leave()
        self.dispatcher.end_by(self._clock.now() + self._config.close_timeout)
        if self.is_dispatching():
            return
        # The dispatcher ends the rest; what may keep it is a handler that does not return.
        self._dispatcher_thread.join(self._config.close_timeout + TIDY_SECONDS)
        if self._dispatcher_thread.is_alive():
            _log.warning("a handler has not returned; the client's threads end when it does")

    def send_in_shares(
        self, shares: Iterable[tuple[int, ...]], send: Callable[[Session, tuple[int, ...]], None]
    ) -> None:
        """Have something sent to each share of its recipients, whenever there is room. Raises HubBusyError."""
        for some in shares:
            if not self.outbox.wait_for_room(self._config.send_timeout):
                raise HubBusyError(self._config.send_timeout)
            self.gate.run(lambda session, some=some: send(session, some))  # type: ignore[misc]

    def send_file(self, job: FileJob) -> None:
        """Send a file whose transfer the session has been told of, when the others are sent."""
        self.file_sender.send(job)
        with self._threads_lock:
            if self._file_thread not in self._threads and not self._has_tidied_up:
                self._threads.append(self._file_thread)
                self._file_thread.start()

    def hub_address(self) -> tuple[str, int]:
        """Address and port of the hub, as the connection has them."""
        return self._transport.peer_address() or (self._config.host, self._config.port)

    def ask_latencies(self, ids: tuple[int, ...]) -> None:
        """Have the hub asked how long these take to answer it. Raises NotConnectedError."""
        self.gate.run(lambda session: session.ask_latencies(ids, self._clock.now()))

    def is_dispatching(self) -> bool:
        """Whether the calling thread is the one that runs handlers."""
        return threading.current_thread() is self._dispatcher_thread

    def _normalize(self) -> None:
        normalize(self._raw, self._blocks, self._blocks_there, self._cutter)

    def _tidy_up(self) -> None:
        self.file_sender.stop()
        stop_writing(self.outbox, self._transport)
        with self._threads_lock:
            self._has_tidied_up = True
        for thread in self._threads:
            thread.join()
        self._transport.close()

    def _thread_failed(self) -> None:
        self.dispatcher.post(self.dispatcher.fail)

    def _writer_failed(self) -> None:
        stop_writing(self.outbox, self._transport)
        self._thread_failed()

    def _reader_failed(self) -> None:
        self._thread_failed()
        self._raw.put(Ended("the client has failed; its log says why"))

    def _normalizer_failed(self) -> None:
        self._thread_failed()
        self._blocks.put(pass_over(self._raw))
        self._blocks_there.set()
