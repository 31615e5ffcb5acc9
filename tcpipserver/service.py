"""The hub as a whole: builds its parts, starts them, stops them in the right order.

Owns the order. Must never decide anything about clients. `start`, `stop` and `wait` may be called from any thread,
`stop` as often as one likes.
"""

import logging
import os
import queue
import threading
from collections.abc import Callable
from typing import TypeVar

import commonlib
from commonlib.exceptions import ChatError
from commonlib.identity import Fingerprint
from commonlib.storage.contexts import server_context
from commonlib.storage.keyfile import Identity, load_or_make_identity, make_identity
from tcpipserver.announcing import tell_of_opening
from tcpipserver.config import ServerConfig, check_join_code
from tcpipserver.control.listener import ControlListener
from tcpipserver.control.picture import Facts, Picture, picture_of
from tcpipserver.dialects.classic import ClassicEncoder, LayoutRegistry
from tcpipserver.dialects.modern_encoder import ModernEncoder
from tcpipserver.dialects.unfinished import UnfinishedTexts
from tcpipserver.hub import effects, inputs
from tcpipserver.hub.admission import Policy
from tcpipserver.hub.brain import Hub
from tcpipserver.hub.doorkeeper import Doorkeeper
from tcpipserver.hub.overview import Relayed
from tcpipserver.hub.people import Wire
from tcpipserver.net.arrivals import Arrivals
from tcpipserver.net.clock import Clock, SystemClock
from tcpipserver.net.credit import Budget
from tcpipserver.net.descriptors import raise_limit
from tcpipserver.net.dispatcher import Dispatcher
from tcpipserver.net.goodbyes import GOODBYE_SECONDS
from tcpipserver.net.group import SocketGroups
from tcpipserver.net.handlers import Handlers
from tcpipserver.net.inbox import Drained, Happened
from tcpipserver.net.listener import Listener
from tcpipserver.net.newcomer import Entrance
from tcpipserver.net.normalizer import Chunk, Normalizer
from tcpipserver.net.outbox import Waiting
from tcpipserver.net.relays import Relays
from tcpipserver.net.shared_doorkeeper import SharedDoorkeeper
from tcpipserver.store import Store

log = logging.getLogger(__name__)

_JOIN_SECONDS = 10.0
_SETTLE_SECONDS = 5.0
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
        version = _version_numbers()
        self._config = config
        self._clock = clock or SystemClock()
        self._registry = LayoutRegistry()
        self._unfinished = UnfinishedTexts()
        self._raw: queue.SimpleQueue[Chunk | None] = queue.SimpleQueue()
        self._waiting = Waiting()
        self._budget = Budget()
        self._relays = Relays(config.limits, self._clock)
        self.handlers = Handlers(lambda handlers: self._dispatcher.post(Drained(handlers)), self._fail)
        self._store: Store | None = None
        self._identity: Identity | None = None
        self._dispatcher = Dispatcher(
            Hub(policy=config.policy, limits=config.limits),
            {Wire.CLASSIC: ClassicEncoder(version), Wire.MODERN: ModernEncoder(version, config.hub_name)},
            self.handlers,
            self._clock,
            self._waiting,
            self._relays,
            self._fail,
            keep=self._keep,
            retired=self._release,
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
        self._control: ControlListener | None = None
        self._has_started = False
        self._started = 0.0
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
    def fingerprint(self) -> Fingerprint:
        """Of the hub's key.

        Raises:
            NotRunningError: It has not been started.
        """
        if self._identity is None:
            raise NotRunningError
        return self._identity.fingerprint

    @property
    def registry(self) -> LayoutRegistry:
        """The layouts of commands; may be added to at any time."""
        return self._registry

    def start(self) -> None:
        """Listen, and return when newcomers are accepted.

        Raises:
            ListenError: The hub cannot listen where it was told to; nothing is left running.
            FolderInUseError: Another hub works with the data folder; nothing is left running.
            StorageError: The data folder or the key in it cannot be used; nothing is left running.
            StoreError: The keys that it knows cannot be read; nothing is left running.
            NoJoinCodeError: It is to ask for a join code that it does not have.
            AlreadyStartedError: It runs, or has run.
        """
        if self._has_started:
            raise AlreadyStartedError
        check_join_code(self._config.policy, self._config.join_code)
        if self._config.data_dir is not None:
            control = ControlListener(self._config.data_dir, self, self._fail)
            control.open()
            self._control = control
        room = raise_limit()
        capacity = room if self._config.most_clients is None else min(room, self._config.most_clients)
        try:
            identity = self._load()
            self._arrivals = self._make_arrivals(identity, capacity)
            self._listener = Listener(self._config.host, self._config.port, self._arrivals, self._fail)
        except ChatError:
            if self._store is not None:
                self._store.close()
            self._close_control()
            raise
        self._identity = identity
        self._has_started = True
        self._started = self._clock.wall()
        if self._store is not None:
            self._store.start()
        self.handlers.start()
        self._dispatcher.start()
        self._normalizer.start()
        self._listener.start()
        if self._control is not None:
            self._control.start()
        tell_of_opening(self._listener.port, capacity, identity.fingerprint, self._config)

    def _load(self) -> Identity:
        """Who the hub is, and whom it knows."""
        folder = self._config.data_dir
        if folder is None:
            return make_identity()
        identity = load_or_make_identity(folder)
        store = Store(folder, self._fail)
        self.prepare(inputs.KeysLoaded(tuple(store.open())))
        self._store = store
        return identity

    def _make_arrivals(self, identity: Identity, capacity: int) -> Arrivals:
        config = self._config
        entrance = Entrance(
            dispatcher=self._dispatcher,
            groups=self._groups,
            relays=self._relays,
            doorkeeper=SharedDoorkeeper(Doorkeeper(config.limits), self._clock),
            registry=self._registry,
            unfinished=self._unfinished,
            clock=self._clock,
            limits=config.limits,
            context=server_context(identity) if config.is_encrypting else None,
            hub=identity.fingerprint,
            joining=config.policy.joining,
            join_code=config.join_code,
        )
        return Arrivals(entrance, self._budget, self._waiting, capacity=capacity)

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
            self._relays.stop()
            if self._arrivals is not None:
                self._arrivals.stop(_JOIN_SECONDS)
            self._say_goodbye()
            self._join(has_ended)
            self._close_control()
            self._ended.set()

    def settle(self) -> None:
        """Wait until what the brain was told before is done and kept; not for ever, where the disk is slow.

        Raises:
            NotRunningError: The hub has ended meanwhile.
        """
        self.ask(lambda _: None)
        if self._store is not None:
            self._store.settle(_SETTLE_SECONDS)

    def ask_to_stop(self) -> None:
        """Have whoever waits for the hub stop it, as where it has stopped by itself."""
        self._ended.set()

    @property
    def relayed(self) -> Relayed:
        """What goes from client to client through the hub."""
        return Relayed(self._relays.running, self._relays.passed_bytes)

    def picture(self) -> Picture:
        """The hub as `tcpipserver ctl` sees it.

        Raises:
            NotRunningError: There is no hub to look at.
        """
        facts = Facts(
            version=commonlib.__version__,
            pid=os.getpid(),
            port=self.port,
            fingerprint=self.fingerprint,
            started=self._started,
            now=self._clock.wall(),
            relays=self.relayed.ways,
            relayed_bytes=self.relayed.size,
        )
        overview, known = self.ask(lambda hub: (hub.overview(), hub.known()))
        return picture_of(overview, known, facts)

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

    def change_policy(self, policy: Policy, join_code: str = "") -> None:
        """From now on this says who may join; who is here stays.

        Args:
            join_code: What new keys have to know where the policy asks for a code.

        Raises:
            NoJoinCodeError: It asks for one, and there is none.
            NotRunningError: There is no hub to change.
        """
        check_join_code(policy, join_code)
        if self._arrivals is None:
            raise NotRunningError
        self._arrivals.change_door(policy.joining, join_code)
        self.tell(inputs.PolicyChanged(policy))

    def ask(self, question: Callable[[Hub], Answer]) -> Answer:
        """Have the brain answer a question on its own thread. Not to be called on that thread.

        Raises:
            NotRunningError: There is no hub to ask, or it is being stopped.
        """
        if self._listener is None:
            raise NotRunningError
        return self._ask(question)

    def _ask(self, question: Callable[[Hub], Answer]) -> Answer:
        try:
            return self._dispatcher.ask(question, _ANSWER_SECONDS)
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
            self._store is None or self._store.stop(_JOIN_SECONDS),
        ]
        for connection in self._dispatcher.left_over():
            connection.close()
        if not all(ended):
            log.error("A thread of the hub did not end within %.0f seconds.", _JOIN_SECONDS)

    def _close_control(self) -> None:
        """Last of all: the data folder may be another hub's from here on."""
        if self._control is not None and not self._control.stop(_JOIN_SECONDS):
            log.error("A caller of 'tcpipserver ctl' did not go within %.0f seconds.", _JOIN_SECONDS)

    def _release(self, number: int) -> None:
        if self._arrivals is not None:
            self._arrivals.release(number)

    def _keep(self, effect: effects.Remember | effects.Forget) -> None:
        if self._store is not None:
            self._store.keep(effect)

    def _fail(self, thread_name: str) -> None:
        """A thread broke: whoever waits for the hub shall stop it."""
        self.failure = f"The hub's {thread_name} thread broke; the log says how. Start the hub again."
        self._ended.set()


def _version_numbers() -> tuple[int, int, int]:
    major, minor, build = commonlib.__version__.split(".")
    return int(major), int(minor), int(build)
