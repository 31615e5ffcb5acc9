"""Taking connections of other clients, for the ways that are waited for, and for nobody else.

Owns the listening socket, how many strangers may try at once, and the tokens that are waited for. Must never say a word
to whoever does not show such a token: anybody in the network can connect here. Threads: `ExpectedWays` is for any
thread; the rest are tasks on the listener's loop.
"""

import contextlib
import hmac
import math
import os
import selectors
import socket
import ssl
import threading
from collections import Counter, deque
from collections.abc import Callable

from commonlib.identity import Fingerprint
from commonlib.values import dataclass
from commonlib.wire.preface import Preface, PrefaceError
from commonlib.wire.way_messages import WayOpened
from tcpipclient.net.clock import Clock
from tcpipclient.net.late_logger import LateLogger
from tcpipclient.net.peer.loop import Loop, Steps, Task, Wait
from tcpipclient.net.peer.proving import ATTEMPT_ERRORS, check_preface, read_preface, shake_hands

MOST_STRANGERS = 16
"""Connections that have shown no token yet; for a further one the oldest of the busiest address is closed."""
STRANGER_SECONDS = 10.0
"""What one of them has for everything."""
EARLY_SECONDS = 2.0
"""How long a token is held that is not known: the hub may have told the other end of it a moment before us."""
PORTS_TRIED = 20
_BACKLOG = 512
"""Connections that the system keeps until we take them: whoever comes while there is no room tries again after a
second, and by then his search has gone through the hub."""
_TOKENS_REMEMBERED = 64
_PAUSE_SECONDS = 1.0
_LARGEST_PORT = 65_535

_log = LateLogger(__name__)


@dataclass(frozen=True, slots=True)
class ExpectedWay:
    """A way on which the other end may connect to us.

    Attributes:
        take: Is given the connection, of which all is proved; called on the listener's thread. It owns it then.
    """

    opened: WayOpened
    take: Callable[[ssl.SSLSocket], object]


class ExpectedWays:
    """The ways that are waited for. Each is given out once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._expected: list[ExpectedWay] = []
        self._over: deque[bytes] = deque(maxlen=_TOKENS_REMEMBERED)

    def add(self, expected: ExpectedWay) -> None:
        """Wait for a way until it is forgotten or has come."""
        with self._lock:
            self._expected.append(expected)

    def forget(self, token: bytes) -> None:
        """Wait for it no more; one that is not there is no harm."""
        with self._lock:
            self._expected = [expected for expected in self._expected if expected.opened.token != token]
            self._over.append(token)

    def is_over(self, token: bytes) -> bool:
        """Whether the way of a token was waited for and is not any more, as far as that is remembered."""
        with self._lock:
            return token in self._over

    def maybe_find(self, token: bytes) -> ExpectedWay | None:
        """The way of a token; how long the look takes tells nothing about the tokens."""
        found = None
        with self._lock:
            for expected in self._expected:
                if hmac.compare_digest(expected.opened.token, token):
                    found = expected
        return found

    def take(self, expected: ExpectedWay) -> bool:
        """Use up a way that was found; False when somebody else was faster."""
        with self._lock:
            if expected not in self._expected:
                return False
            self._expected.remove(expected)
            self._over.append(expected.opened.token)
            return True


class PeerListener:
    """The tasks that take connections.

    Args:
        listening: From `listening_socket`; it is closed with the loop.
        context: Of a TLS server with our key.
        own: Fingerprint of that key.
    """

    def __init__(
        self,
        listening: socket.socket,
        loop: Loop,
        clock: Clock,
        expected: ExpectedWays,
        *,
        context: ssl.SSLContext,
        own: Fingerprint,
    ) -> None:
        self._listening = listening
        self._loop = loop
        self._clock = clock
        self._expected = expected
        self._context = context
        self._own = own
        self._strangers: dict[Task, str] = {}
        self._early: list[Task] = []

    def begin(self) -> None:
        """Begin to accept."""
        self._loop.spawn(self._accept(), self._listening)

    def look_again(self) -> None:
        """Another way is expected: a token that came too early may be that of it."""
        for task in self._early:
            self._loop.wake(task)

    def _accept(self) -> Steps[None]:
        with self._listening:
            while True:
                yield Wait(math.inf, self._listening, selectors.EVENT_READ)
                try:
                    self._accept_some()
                except OSError as error:
                    # Without descriptors it would be ready again at once, for ever.
                    _log.warning("no connection from other clients can be taken now: %s", error)
                    yield Wait(self._clock.now() + _PAUSE_SECONDS)

    def _accept_some(self) -> None:
        # No more at a time than there is room for: those who are here already have their turn between.
        for _ in range(MOST_STRANGERS):
            try:
                accepted, address = self._listening.accept()
            except (BlockingIOError, ConnectionError):
                return
            accepted.setblocking(False)
            self._make_room()
            self._strangers[self._loop.spawn(self._receive(accepted), accepted)] = str(address[0])

    def _make_room(self) -> None:
        self._strangers = {task: host for task, host in self._strangers.items() if not task.has_ended}
        if len(self._strangers) < MOST_STRANGERS:
            return
        # Whoever tries too often is in his own way: an honest handshake is over in a few milliseconds.
        [(busiest, _)] = Counter(self._strangers.values()).most_common(1)
        oldest = next(task for task, host in self._strangers.items() if host == busiest)
        self._loop.cancel(oldest)
        del self._strangers[oldest]

    def _receive(self, accepted: socket.socket) -> Steps[None]:
        deadline = self._clock.now() + STRANGER_SECONDS
        try:
            with contextlib.suppress(OSError):
                accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            inside = yield from shake_hands(accepted, self._context, deadline, server_side=True)
            try:
                expected = yield from self._recognise((yield from read_preface(inside, deadline)))
            except BaseException:
                inside.close()
                raise
        except ATTEMPT_ERRORS as error:
            _log.debug("a connection was not taken: %s", error)
            return
        expected.take(inside)

    def _recognise(self, preface: Preface) -> Steps[ExpectedWay]:
        """The way that a preface is for, used up. Raises ProtocolError."""
        deadline = self._clock.now() + EARLY_SECONDS
        expected = self._expected.maybe_find(preface.token)
        task = self._loop.current
        assert task is not None
        self._early.append(task)
        try:
            while expected is None:
                # The second of two connections to us comes when the first one has been chosen.
                if self._expected.is_over(preface.token) or not (yield Wait(deadline)):
                    raise PrefaceError("its token is not one that is waited for")
                expected = self._expected.maybe_find(preface.token)
        finally:
            self._early.remove(task)
        check_preface(preface, expected.opened, self._own)
        if not self._expected.take(expected):
            raise PrefaceError("its token was used a moment ago")
        return expected


def listening_socket(first_port: int) -> socket.socket:
    """A non-blocking socket that listens on all addresses of this machine, IPv6 too where the system can.

    Args:
        first_port: The one that is best; else one of the 19 behind it, else any. 0 for any at once.

    Raises:
        OSError: There is no port at all.
    """
    behind_last = min(first_port + PORTS_TRIED, _LARGEST_PORT + 1) if first_port else 0
    for port in range(first_port, behind_last):
        with contextlib.suppress(OSError):
            return _listening_at(port)
    return _listening_at(0)


def _listening_at(port: int) -> socket.socket:
    if socket.has_dualstack_ipv6():
        try:
            return _bound(socket.AF_INET6, port)
        except OSError:
            pass  # Taken, which the next line finds again; or IPv6 is switched off.
    return _bound(socket.AF_INET, port)


def _bound(family: socket.AddressFamily, port: int) -> socket.socket:
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        else:
            # There, another program could else take the port as well, and the connections with it.
            listening.setsockopt(socket.SOL_SOCKET, getattr(socket, "SO_EXCLUSIVEADDRUSE", 0), 1)
        if family == socket.AF_INET6:
            listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        listening.bind(("", port))
        listening.listen(_BACKLOG)
        listening.setblocking(False)
    except BaseException:
        listening.close()
        raise
    return listening
