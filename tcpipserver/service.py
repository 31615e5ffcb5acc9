"""The hub as a whole: builds its parts, starts them, stops them in the right order.

Owns the order. Must never decide anything about clients. `start`, `stop` and `wait` may be called from any thread,
`stop` as often as one likes.
"""

import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar, cast

import commonlib
from commonlib.exceptions import ChatError
from commonlib.meaning import Meaning
from tcpipserver.config import ServerConfig
from tcpipserver.dialects.classic import ClassicEncoder, LayoutRegistry
from tcpipserver.dialects.unfinished import UnfinishedTexts
from tcpipserver.hub import inputs
from tcpipserver.hub.brain import Hub
from tcpipserver.net.arrivals import Arrivals
from tcpipserver.net.clock import Clock, SystemClock
from tcpipserver.net.credit import Budget
from tcpipserver.net.descriptors import raise_limit
from tcpipserver.net.dispatcher import GOODBYE_SECONDS, Asked, Dispatcher, Drained, Happened
from tcpipserver.net.group import SocketGroups
from tcpipserver.net.handlers import Handlers
from tcpipserver.net.listener import Listener
from tcpipserver.net.normalizer import Chunk, Normalizer
from tcpipserver.net.outbox import Waiting

log = logging.getLogger(__name__)
event_log = logging.getLogger("tcpipserver.events")

_JOIN_SECONDS = 10.0
_ANSWER_SECONDS = 10.0

Answer = TypeVar("Answer")


class NotRunningError(ChatError):
    """Something was asked of a hub that is not running."""

    def __str__(self) -> str:
        return "The hub is not running: start it first."


class AlreadyStartedError(ChatError):
    """A hub was started for the second time."""

    def __str__(self) -> str:
        return "The hub has been started already: make a new one to start again."


class Service:
    """One hub. It can be started once.

    Attributes:
        handlers: What a program on the server's side has registered.
        failure: What broke, as a sentence, once the hub has stopped because a thread of its own broke.
    """

    def __init__(self, config: ServerConfig, clock: Clock | None = None) -> None:
        self._config = config
        self._clock = clock or SystemClock()
        self._registry = LayoutRegistry()
        self._unfinished = UnfinishedTexts()
        self._raw: queue.Queue[Chunk | None] = queue.Queue()
        self._waiting = Waiting()
        self._budget = Budget()
        self.handlers = Handlers(lambda handlers: self._dispatcher.post(Drained(handlers)), self._fail)
        self._dispatcher = Dispatcher(
            Hub(),
            ClassicEncoder(_version_numbers()),
            self.handlers,
            self._clock,
            self._waiting,
            self._fail,
        )
        self._normalizer = Normalizer(self._raw, self._dispatcher.post, self._fail)
        self._groups = SocketGroups(
            self._raw,
            lambda connection: self._dispatcher.post(Drained(connection)),
            self._fail,
            config.sockets_per_group,
        )
        self._arrivals: Arrivals | None = None
        self._listener: Listener | None = None
        self._has_started = False
        self._stop_lock = threading.Lock()
        self._ended = threading.Event()
        self.failure: str | None = None

    @property
    def port(self) -> int:
        """The port that the hub listens on.

        Raises:
            NotRunningError: It does not listen.
        """
        if self._listener is None:
            raise NotRunningError
        return self._listener.port

    @property
    def registry(self) -> LayoutRegistry:
        """The layouts of commands; may be added to at any time."""
        return self._registry

    def start(self) -> None:
        """Listen, and return when newcomers are accepted.

        Raises:
            ListenError: The hub cannot listen where it was told to; nothing is left running.
            AlreadyStartedError: It runs, or has run.
        """
        if self._has_started:
            raise AlreadyStartedError
        room = raise_limit()
        capacity = room if self._config.most_clients is None else min(room, self._config.most_clients)
        self._arrivals = Arrivals(
            self._dispatcher,
            self._raw,
            self._groups,
            self._registry,
            self._unfinished,
            self._clock,
            self._budget,
            self._waiting,
            seconds=self._config.arrival_seconds,
            most=self._config.most_arriving,
            capacity=capacity,
        )
        self._listener = Listener(self._config.host, self._config.port, self._arrivals, self._fail)
        self._has_started = True
        self.handlers.start()
        self._dispatcher.start()
        self._normalizer.start()
        self._listener.start()
        event_log.log(
            Meaning.GOOD, "The hub listens on port %d and has room for %d clients.", self._listener.port, capacity
        )

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until the hub has stopped or broken; whether it has."""
        return self._ended.wait(timeout)

    def stop(self) -> None:
        """Say goodbye to everybody, and return when no thread and no socket is left."""
        with self._stop_lock:
            if self._listener is None:
                return
            listener, self._listener = self._listener, None
            has_ended = listener.stop(_JOIN_SECONDS)
            if self._arrivals is not None:
                self._arrivals.stop(_JOIN_SECONDS)
            self._say_goodbye()
            self._join(has_ended)
            self._ended.set()

    def prepare(self, happened: inputs.Input) -> None:
        """Give the brain an input, as the first thing it hears where the hub has not been started yet."""
        self._dispatcher.post(Happened(happened))

    def tell(self, happened: inputs.Input) -> None:
        """Give the brain an input from the server's side.

        Raises:
            NotRunningError: There is no hub to tell it to.
        """
        if self._listener is None:
            raise NotRunningError
        self._dispatcher.post(Happened(happened))

    def ask(self, question: Callable[[Hub], Answer]) -> Answer:
        """Have the brain answer a question on its own thread. Not to be called on that thread.

        Raises:
            NotRunningError: There is no hub to ask, or it is being stopped.
        """
        if self._listener is None:
            raise NotRunningError
        return self._ask(question)

    def _ask(self, question: Callable[[Hub], Answer]) -> Answer:
        answer: Future[object] = Future()
        self._dispatcher.post(Asked(question, answer))
        try:
            return cast(Answer, answer.result(_ANSWER_SECONDS))
        except TimeoutError:
            raise NotRunningError from None

    def _say_goodbye(self) -> None:
        """Have the brain take leave, and wait until all connections have ended.

        After a thread has broken, those that still run get a moment for it, and nothing else is waited for.
        """
        self._dispatcher.post(Happened(inputs.Stopped()))
        patience = GOODBYE_SECONDS
        if self.failure is None:
            try:
                self._ask(lambda _: None)
                patience += _JOIN_SECONDS
            except NotRunningError:
                pass  # The dispatcher broke a moment ago.
        self._dispatcher.is_empty.wait(patience)

    def _join(self, has_listener_ended: bool) -> None:
        """Stop the threads, those first that give work to others."""
        ended = [
            has_listener_ended,
            self._groups.stop_readers(_JOIN_SECONDS),
            self._normalizer.stop(_JOIN_SECONDS),
            self._dispatcher.stop(_JOIN_SECONDS),
            self._groups.stop_flushers(_JOIN_SECONDS),
            self.handlers.stop(_JOIN_SECONDS),
        ]
        for connection in self._dispatcher.left_over():
            connection.close()
        if not all(ended):
            log.error("A thread of the hub did not end within %.0f seconds.", _JOIN_SECONDS)

    def _fail(self, thread_name: str) -> None:
        """A thread broke: whoever waits for the hub shall stop it."""
        self.failure = f"The hub's {thread_name} thread broke; the log says how. Start the hub again."
        self._ended.set()


def _version_numbers() -> tuple[int, int, int]:
    major, minor, build = commonlib.__version__.split(".")
    return int(major), int(minor), int(build)
