"""The search for the link of one way: all attempts side by side, of which one is chosen and the others end.

Owns which attempts are made, when, and that exactly one piece of news comes of it. The sender of the files takes the
first connection that stands; the receiver cannot know which that is, keeps all, and goes by the one on which the stream
begins. Must never choose a connection whose other end is not proved. Runs on the thread of the loop. Described in
docs/protocol.md, "M10. The way".
"""

import socket
import ssl
from collections.abc import Callable

from commonlib.exceptions import ChatError
from commonlib.identity import Fingerprint, Signer
from commonlib.values import dataclass
from commonlib.wire.way_messages import Role, WayOpened
from tcpipclient.core.batch_events import WayKind
from tcpipclient.core.way_rule import WayRule
from tcpipclient.net.clock import Clock
from tcpipclient.net.late_logger import LateLogger
from tcpipclient.net.peer.dialling import Place, connect, places_to_try
from tcpipclient.net.peer.link import LinkStands, PeerLink, WayFailed, WayNews
from tcpipclient.net.peer.listening import ExpectedWay, ExpectedWays
from tcpipclient.net.peer.loop import Loop, Steps, Task, Wait
from tcpipclient.net.peer.proving import (
    ATTEMPT_ERRORS,
    check_preface,
    check_shown_key,
    read_first,
    read_preface,
    say_preface,
    shake_hands,
)
from tcpipclient.net.peer.relaying import join_relay

SEARCH_SECONDS = 10.0
"""After so long there is no way."""
DIRECT_SECONDS = 1.0
"""What direct connections are given before a sender of files asks the hub."""
READY_SECONDS = 0.25
"""After so long a receiver is at the hub: it is the sender who chooses, and some want no direct connection."""
SECONDS_APART = 0.25
"""Between two attempts at the addresses of the other end, unless one fails earlier."""

_NO_WAY = {
    WayRule.AUTO: "Neither a direct connection nor one through the hub could be made. Try again in a while.",
    WayRule.DIRECT: "No direct connection to the other computer could be made. Allow the way through the hub.",
    WayRule.HUB: "No connection through the hub could be made. Ask its operator whether it passes files on.",
}

_log = LateLogger(__name__)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What all searches of a client share.

    Attributes:
        signer: Our key.
        server_context: Gives the TLS settings of a server with that key; raises ChatError where it cannot be read.
        client_context: Gives those of a client.
        hub: Gives address and port of the hub, as our connection to it has them now.
        expected: Where the listener looks who is waited for; None where there is no listener or may not be one.
        watch: Called when something was added to `expected`.
    """

    loop: Loop
    clock: Clock
    signer: Signer
    rule: WayRule
    server_context: Callable[[], ssl.SSLContext]
    client_context: Callable[[], ssl.SSLContext]
    hub: Callable[[], tuple[str, int]]
    expected: ExpectedWays | None
    watch: Callable[[], object]


class Search:
    """One search.

    Args:
        tell: Is told what came of it, once, when nothing is left of the search but the link.
    """

    def __init__(self, opened: WayOpened, surroundings: Surroundings, tell: Callable[[WayNews], None]) -> None:
        self.opened = opened
        self._surroundings = surroundings
        self._loop = surroundings.loop
        self._tell = tell
        self._peer = Fingerprint(opened.peer_key)
        self._begun = surroundings.clock.now()
        self._deadline = self._begun + SEARCH_SECONDS
        self._attempts: list[Task] = []
        self._dials: list[Task] = []
        self._timer: Task | None = None
        self._is_over = False

    def begin(self) -> None:
        """Begin all attempts that the rule allows."""
        opened, around = self.opened, self._surroundings
        places = places_to_try(opened.addresses, opened.port, around.hub()[0])
        if around.rule is WayRule.HUB:
            places = []
        self._timer = self._loop.spawn(self._time_out())
        if around.expected is not None:
            around.expected.add(ExpectedWay(opened, self._take_in))
            around.watch()
        if places:
            self._dials.append(self._spawn(self._dial_in_turn(places)))
        if around.rule is not WayRule.DIRECT:
            is_only_way = not places and around.expected is None
            patience = DIRECT_SECONDS if opened.role is Role.SENDER else READY_SECONDS
            self._spawn(self._attempt(self._through_hub(self._begun + (0.0 if is_only_way else patience))))
        self._check_hope()

    def give_up(self) -> None:
        """Nobody wants it any more; nothing is told."""
        self._is_over = True
        if self._surroundings.expected is not None:
            self._surroundings.expected.forget(self.opened.token)
        for task in (*self._attempts, self._timer):
            if task is not None:
                self._loop.cancel(task)

    def fail(self, why: str) -> None:
        """It has come to nothing."""
        self._end(WayFailed(self.opened.transfer, self.opened.token, why))

    def _end(self, news: WayNews) -> None:
        if not self._is_over:
            self.give_up()
            self._tell(news)

    # Attempts

    def _dial_in_turn(self, places: list[Place]) -> Steps[None]:
        for number, place in enumerate(places):
            if number:
                yield Wait(self._surroundings.clock.now() + SECONDS_APART)
            self._dials.append(self._spawn(self._attempt(self._dialled(place))))

    def _dialled(self, place: Place) -> Steps[PeerLink]:
        context = self._surroundings.client_context()
        connected = yield from connect(place, self._deadline)
        inside = yield from self._client_inside(connected, context)
        return (yield from self._link(inside, WayKind.DIRECT))

    def _through_hub(self, moment: float) -> Steps[PeerLink]:
        around = self._surroundings
        if moment > self._begun:
            yield Wait(moment)
        if self.opened.role is Role.SENDER:
            context, go_inside = around.client_context(), self._client_inside
        else:
            context, go_inside = around.server_context(), self._server_inside
        connected = yield from join_relay(around.hub(), self.opened, self._deadline)
        inside = yield from go_inside(connected, context)
        return (yield from self._link(inside, WayKind.HUB))

    def _take_in(self, inside: ssl.SSLSocket) -> None:
        """On the listener's thread: a connection of which all is proved."""

        def begin() -> None:
            if self._is_over:
                inside.close()
            else:
                self._spawn(self._attempt(self._link(inside, WayKind.DIRECT)), inside)

        if not self._loop.post(begin):
            inside.close()

    # Parts of attempts

    def _client_inside(self, connected: socket.socket, context: ssl.SSLContext) -> Steps[ssl.SSLSocket]:
        inside = yield from shake_hands(connected, context, self._deadline, server_side=False)
        try:
            check_shown_key(inside, self._peer)
            self._cancel_other_dials()
            yield from say_preface(inside, self.opened, self._surroundings.signer, self._deadline)
        except BaseException:
            inside.close()
            raise
        return inside

    def _server_inside(self, connected: socket.socket, context: ssl.SSLContext) -> Steps[ssl.SSLSocket]:
        inside = yield from shake_hands(connected, context, self._deadline, server_side=True)
        try:
            preface = yield from read_preface(inside, self._deadline)
            check_preface(preface, self.opened, self._surroundings.signer.fingerprint)
        except BaseException:
            inside.close()
            raise
        return inside

    def _link(self, inside: ssl.SSLSocket, way: WayKind) -> Steps[PeerLink]:
        """The link, when it is the one: at the receiver when the stream has begun on it."""
        first = b""
        try:
            if self.opened.role is Role.RECEIVER:
                first = yield from read_first(inside, self._deadline)
        except BaseException:
            inside.close()
            raise
        return PeerLink(inside, way, self.opened.role, self._peer, first)

    def _attempt(self, steps: Steps[PeerLink]) -> Steps[None]:
        try:
            link = yield from steps
        except (*ATTEMPT_ERRORS, ChatError) as error:
            _log.debug("an attempt at a way has failed: %s", error)
            for task in self._dials[:1]:
                self._loop.wake(task)
            self._check_hope()
        else:
            self._end(LinkStands(self.opened.transfer, self.opened.token, link))

    # Who is left

    def _spawn(self, steps: Steps[None], owned: socket.socket | None = None) -> Task:
        task = self._loop.spawn(steps, owned)
        self._attempts.append(task)
        return task

    def _cancel_other_dials(self) -> None:
        """The other end takes the token once: of several connections to it one alone may show it."""
        if self._loop.current in self._dials:
            for task in self._dials:
                self._loop.cancel(task)

    def _check_hope(self) -> None:
        """Fail at once where nothing is tried any more and nobody is waited for."""
        if self._surroundings.expected is not None:
            return
        if all(task.has_ended or task is self._loop.current for task in self._attempts):
            self._fail_for_all()

    def _time_out(self) -> Steps[None]:
        yield Wait(self._deadline)
        self._fail_for_all()

    def _fail_for_all(self) -> None:
        self.fail(_NO_WAY[self._surroundings.rule])
