"""All ways of one client to others: searched for, taken, told.

Owns the two threads on which all connections are made, and the searches. Must never carry a file's bytes, or block
whoever asks for something. Threads: its methods are anybody's; `tell` is called on the thread that searches and must be
quick, as all other searches wait for it. Strangers, who may connect from anywhere, have a thread of their own: whatever
they do costs those who are known nothing. Each of the two looks after the other.
"""

import ssl
import threading
from collections.abc import Callable

from commonlib.exceptions import ChatError
from commonlib.identity import Signer
from commonlib.storage.contexts import client_context
from commonlib.wire.way_messages import WayOpened
from tcpipclient.core.way_rule import WayRule
from tcpipclient.net.clock import Clock
from tcpipclient.net.late_logger import LateLogger
from tcpipclient.net.peer.link import LinkStands, WayFailed, WayNews
from tcpipclient.net.peer.listening import ExpectedWays, PeerListener, listening_socket
from tcpipclient.net.peer.loop import Loop
from tcpipclient.net.peer.own_addresses import own_addresses
from tcpipclient.net.peer.search import Search, Surroundings

MOST_WAYS = 24
"""Searches at one time: so many sockets are the most that Windows waits for on one thread."""
MOST_WAYS_EACH = 8
"""Of those to one person: he cannot keep us from finding others."""

_FAILED = "The part of the program that makes connections has failed; its log says why. Start the program again."
_BUSY = "Too many connections to others are being made now. Try again in a while."

_log = LateLogger(__name__)


class Ways:
    """The ways of one client. Nothing runs before the first of `open` and `start_listening`.

    Args:
        signer: Our key.
        server_context: Gives the TLS settings of a server with that key; called once, where they are needed.
        hub: Gives address (not a name) and port of the hub, as our connection to it has them now. Called on any thread.
        rule: By which ways connections may go.
        tell: Is told, for each way that is opened and not given up, either a link that stands or why there is none.
        listening_port: The port that is best; 0 for any, None for never listening.
    """

    def __init__(
        self,
        signer: Signer,
        server_context: Callable[[], ssl.SSLContext],
        hub: Callable[[], tuple[str, int]],
        rule: WayRule,
        clock: Clock,
        tell: Callable[[WayNews], None],
        *,
        listening_port: int | None = None,
    ) -> None:
        self._signer = signer
        self._make_server_context = server_context
        self._hub = hub
        self._rule = rule
        self._clock = clock
        self._tell = tell
        self._listening_port = None if rule is WayRule.HUB else listening_port
        # Guards all below that is not the searching thread's; held while nothing is waited for but a file.
        self._lock = threading.RLock()
        self._server_context: ssl.SSLContext | None = None
        self._client_context: ssl.SSLContext | None = None
        self._searching: Loop | None = None
        self._strangers: Loop | None = None
        self._listener: PeerListener | None = None
        self._port = 0
        self._has_closed = False
        self._expected = ExpectedWays()
        self._searches: dict[bytes, Search] = {}

    @property
    def port(self) -> int:
        """Where we listen; 0 where we do not."""
        return self._port

    @property
    def addresses(self) -> tuple[str, ...]:
        """Up to 16 addresses of this computer."""
        return own_addresses(self._hub()[0])

    def start_listening(self) -> int:
        """Take connections of other clients from now on; the port, 0 where it cannot be done or may not. Never raises.

        On Windows it may be now that the user is asked by the firewall; whatever he answers, the rest goes on.
        """
        with self._lock:
            if self._port or self._listening_port is None or self._has_closed:
                return self._port
            try:
                context = self._own_server_context()
                listening = listening_socket(self._listening_port)
            except (OSError, ChatError) as error:
                _log.warning("other clients cannot connect to this one: %s", error)
                return 0
            self._start()
            assert self._strangers is not None
            self._listener = PeerListener(
                listening, self._strangers, self._clock, self._expected, context=context, own=self._signer.fingerprint
            )
            if not self._strangers.post(self._listener.begin):
                listening.close()
                return 0
            self._port = listening.getsockname()[1]
            return self._port

    def open(self, opened: WayOpened) -> None:
        """Search for a link; what comes of it is told within ten seconds. A second one of the same token is ignored."""
        with self._lock:
            if self._has_closed:
                return
            self._start()
            assert self._searching is not None
            assert self._strangers is not None
            is_begun = self._searching.post(lambda: self._begin(opened))
            self._look_after()
        if not is_begun:
            self._tell(WayFailed(opened.transfer, opened.token, _FAILED))

    def give_up(self, transfer: bytes) -> None:
        """Nobody wants a way for a transfer any more. A link that was found meanwhile may still be told."""
        with self._lock:
            if self._searching is not None:
                self._searching.post(lambda: self._give_up(transfer))

    def close(self) -> None:
        """End it all, and wait until nothing is left but the links that were told. Nothing is told any more."""
        with self._lock:
            self._has_closed = True
            loops = [loop for loop in (self._strangers, self._searching) if loop is not None]
        for loop in loops:
            loop.stop()
        self._port = 0

    # Under the lock

    def _start(self) -> None:
        if self._searching is not None:
            return
        self._searching = Loop("ways", self._clock, self._searching_failed)
        self._strangers = Loop("peer-listener", self._clock, self._listening_failed)
        self._searching.watched, self._strangers.watched = self._strangers, self._searching
        self._searching.start()
        self._strangers.start()

    def _look_after(self) -> None:
        """Wake the other thread: it sleeps for as long as there is nobody to look after."""
        if self._strangers is not None:
            self._strangers.post(self._look_again)

    def _own_server_context(self) -> ssl.SSLContext:
        with self._lock:
            if self._server_context is None:
                self._server_context = self._make_server_context()
            return self._server_context

    def _own_client_context(self) -> ssl.SSLContext:
        with self._lock:
            if self._client_context is None:
                self._client_context = client_context()
            return self._client_context

    # On the thread that searches

    def _begin(self, opened: WayOpened) -> None:
        if opened.token in self._searches:
            return
        to_him = sum(search.opened.peer_key == opened.peer_key for search in self._searches.values())
        if len(self._searches) >= MOST_WAYS or to_him >= MOST_WAYS_EACH:
            self._tell(WayFailed(opened.transfer, opened.token, _BUSY))
            return
        surroundings = Surroundings(
            loop=self._searching_loop(),
            clock=self._clock,
            signer=self._signer,
            rule=self._rule,
            server_context=self._own_server_context,
            client_context=self._own_client_context,
            hub=self._hub,
            expected=self._expected if self._port else None,
            watch=self._look_after,
        )
        search = self._searches[opened.token] = Search(opened, surroundings, self._told)
        search.begin()

    def _searching_loop(self) -> Loop:
        assert self._searching is not None, "it is its thread that asks"
        return self._searching

    def _give_up(self, transfer: bytes) -> None:
        for token, search in list(self._searches.items()):
            if search.opened.transfer == transfer:
                search.give_up()
                del self._searches[token]

    def _told(self, news: WayNews) -> None:
        del self._searches[news.token]
        if not self._has_closed:
            self._tell(news)
        elif isinstance(news, LinkStands):
            news.link.close()

    def _searching_failed(self) -> None:
        for search in list(self._searches.values()):
            search.fail(_FAILED)

    # On the thread of strangers

    def _look_again(self) -> None:
        if self._listener is not None:
            self._listener.look_again()

    def _listening_failed(self) -> None:
        self._port = 0
