"""One newcomer: greeted, listened to on the wire that he chooses, and handed over to those who stay with him.

Owns the socket until then, and the bound on what is read. Must never send more than the greeting before
his first byte has chosen, and never lose a byte: what came behind the introduction is handed over before the reader
reads the next one. Runs on the newcomer's handler thread.
"""

import os
import queue
import ssl
from dataclasses import dataclass
from typing import NoReturn

from commonlib.classic.packet import PACKET_SIZE
from commonlib.exceptions import ProtocolError
from commonlib.identity import Fingerprint, fingerprint_of
from commonlib.wire.bounds import Bounds
from commonlib.wire.frames import FrameCutter, encode_frame
from commonlib.wire.greeting import FIRST_BYTE_OF_TLS, Mark, maybe_mark
from commonlib.wire.handshake import HandshakeError
from commonlib.wire.hub_handshake import CodeTried, HubHandshake, Proved
from commonlib.wire.messages import Hello, Refused, decode_message
from commonlib.wire.proof import ProofError
from commonlib.wire.reasons import RefusalReason
from commonlib.wire.relay_join import FIRST_BYTES, RelayJoin
from tcpipserver.dialects.arrival import Arrival, may_begin_classic
from tcpipserver.dialects.classic import LayoutRegistry
from tcpipserver.dialects.modern import ModernDialect, read_profile
from tcpipserver.dialects.unfinished import UnfinishedTexts
from tcpipserver.hub import inputs
from tcpipserver.hub.admission import Joining
from tcpipserver.hub.doorkeeper import Visit
from tcpipserver.hub.limits import Limits
from tcpipserver.hub.relaybook import UsedTokenError, WrongTokenError
from tcpipserver.net.clock import Clock
from tcpipserver.net.connection import Connection
from tcpipserver.net.deadlines import Deadlines
from tcpipserver.net.dispatcher import Dispatcher
from tcpipserver.net.group import SocketGroups
from tcpipserver.net.inbox import Happened
from tcpipserver.net.normalizer import cut
from tcpipserver.net.relays import NoRelayError, Relays
from tcpipserver.net.shared_doorkeeper import SharedDoorkeeper

_READ_BYTES = 16 << 10
_TOO_BUSY = "the hub was too busy to greet it"


class ArrivalFailedError(Exception):
    """An arrival ends without an introduction; its text continues «… did not register: ». Stays inside this room."""


class ConnectionClosedError(ArrivalFailedError):
    """Nothing more comes."""

    def __init__(self) -> None:
        super().__init__("it closed the connection without saying who it is")


class WentAskingError(ArrivalFailedError):
    """A client has gone away to ask its user; it comes again with the answer, or not at all. Nobody did wrong."""

    def __init__(self, asking: str) -> None:
        super().__init__(f"it went away, as clients do to ask their users {asking}")


@dataclass(frozen=True, slots=True)
class Entrance:
    """What everybody who arrives meets.

    Attributes:
        context: The hub's side of TLS; None is the clear, for measuring alone.
        hub: The hub's own fingerprint.
        joining: What is asked of new keys.
        join_code: What they have to know, where that is a code.
    """

    dispatcher: Dispatcher
    groups: SocketGroups
    relays: Relays
    doorkeeper: SharedDoorkeeper
    registry: LayoutRegistry
    unfinished: UnfinishedTexts
    clock: Clock
    limits: Limits
    context: ssl.SSLContext | None
    hub: Fingerprint
    joining: Joining
    join_code: str


class Newcomer:
    """One arrival."""

    def __init__(self, connection: Connection, visit: Visit, entrance: Entrance, deadlines: Deadlines) -> None:
        self._connection = connection
        self._visit = visit
        self._entrance = entrance
        self._deadlines = deadlines
        self._deadline = deadlines.begin(connection.socket)
        self._received = 0

    def arrive(self) -> bool:
        """Run the arrival to its end; whether the socket belongs to the reader now. Else it was a relay's, until now.

        Raises:
            ArrivalFailedError, ProtocolError, OSError: It does not come to that; TimeoutError where it takes too long.
        """
        greeting, first = self._first_words()
        context, limits = self._entrance.context, self._entrance.limits
        mark = maybe_mark(greeting)
        if mark is not None and first[0] == FIRST_BYTES[0]:
            self._relay(mark, first)
            return False
        if context is None and not may_begin_classic(first):
            self._join_in_the_clear(first)
        elif context is not None and first[0] == FIRST_BYTE_OF_TLS and mark is not None:
            bounds = Bounds(limits.early_frame_bytes, limits.handshake_bytes, limits.early_plaintext_bytes)
            self._join_modern(HubHandshake(context, greeting, self._entrance.hub, bounds), first)
        else:
            self._join_classic(first)
        return True

    # The socket

    def _first_words(self) -> tuple[bytes, bytes]:
        """The greeting, which the dispatcher sends, and what is said to it: to wait once is enough for both."""
        greetings = self._connection.greetings
        assert greetings is not None
        try:
            first = self._read()
        except (ArrivalFailedError, OSError) as error:
            was_greeted = not greetings.empty()
            self._take_greeting(greetings)  # The socket is not to be closed before the dispatcher is done with it.
            if isinstance(error, TimeoutError) and not was_greeted:
                raise ArrivalFailedError(_TOO_BUSY) from None
            raise
        return self._take_greeting(greetings), first

    def _take_greeting(self, greetings: "queue.SimpleQueue[bytes | None]") -> bytes:
        try:
            greeting = greetings.get(timeout=self._entrance.limits.arrival_seconds)
        except queue.Empty:
            raise ArrivalFailedError(_TOO_BUSY) from None
        if greeting is None:
            raise ArrivalFailedError("there was no place for it")
        return greeting

    def _send(self, data: bytes) -> None:
        if data:
            try:
                self._connection.socket.sendall(data)
            except OSError:
                self._left()
                raise

    def _read(self) -> bytes:
        try:
            data = self._connection.socket.recv(_READ_BYTES)
        except OSError:
            self._left()  # On some systems a socket that we have shut ourselves breaks, instead of ending.
            raise
        if not data:
            self._left()
            raise ConnectionClosedError
        self._received += len(data)
        if self._received > self._entrance.limits.early_bytes:
            raise ArrivalFailedError("it sent too much without saying who it is")
        return data

    def _left(self) -> float:
        """Seconds until the deadline; raises TimeoutError behind it, when all else that fails comes of it."""
        left = self._deadline - self._entrance.clock.now()
        if left <= 0:
            raise TimeoutError
        return left

    # The classic wire

    def _join_classic(self, data: bytes) -> None:
        arrival = Arrival()
        while (introduction := arrival.receive_data(data)) is None:
            data = self._read()
        seconds = self._entrance.doorkeeper.seconds_locked_out(self._visit)
        if seconds:
            raise ArrivalFailedError(_locked_out(seconds))
        self._hand_over(inputs.Joined(self._connection.number, introduction.credentials), introduction.unread)

    # The modern wire

    def _join_modern(self, handshake: HubHandshake, data: bytes) -> None:
        try:
            hello, key, has_joined_by_code = self._shake_hands(handshake, data)
        except ProtocolError:
            self._send(handshake.data_to_send())  # Why, where TLS can say it.
            raise
        established = handshake.accept()
        self._connection.outbox.secure(established.piece)
        self._welcome(hello, key, established.unread, has_joined_by_code)

    def _shake_hands(self, handshake: HubHandshake, data: bytes) -> tuple[Hello, Fingerprint, bool]:
        """Go on until the client may be taken in; returns what he says, who he is, and whether he gave the code."""
        doorkeeper, visit = self._entrance.doorkeeper, self._visit
        proved: Proved | None = None
        while True:
            try:
                handshake.receive_data(data)
            except HandshakeError:
                if handshake.maybe_asking is not None:
                    raise WentAskingError(handshake.maybe_asking) from None
                raise
            except ProofError:
                doorkeeper.fail(visit)
                raise
            for event in handshake.events_received():
                match event:
                    case Proved():
                        proved = event
                        if not self._asks_code(handshake, proved.fingerprint):
                            self._send(handshake.data_to_send())
                            return proved.hello, proved.fingerprint, False
                        handshake.ask_code(self._entrance.join_code, os.urandom)
                    case CodeTried():
                        assert proved is not None
                        self._check_code(handshake)
                        self._send(handshake.data_to_send())
                        return proved.hello, proved.fingerprint, True
            self._send(handshake.data_to_send())
            try:
                data = self._read()
            except ConnectionClosedError:
                if handshake.maybe_asking is not None:
                    raise WentAskingError(handshake.maybe_asking) from None
                raise

    def _asks_code(self, handshake: HubHandshake, key: Fingerprint) -> bool:
        """Whether one who has proved his key has to show the join code; raises where he is not taken in.

        Where no code is asked and his address is not locked out, the brain judges him when it is told of him: to ask it
        before is a way to its thread and back.
        """
        seconds = self._entrance.doorkeeper.seconds_locked_out(self._visit)
        if not seconds and self._entrance.joining is not Joining.CODE:
            return False
        try:
            verdict = self._entrance.dispatcher.ask(lambda hub: hub.judge(key), self._left())
        except TimeoutError:
            raise ArrivalFailedError("the hub was too busy to take it in") from None
        if verdict.refusal is not None:
            self._refuse(handshake, verdict.refusal.reason, verdict.refusal.text, verdict.refusal.seconds)
        if seconds and not verdict.passes_lock_out:
            self._refuse(handshake, RefusalReason.LOCKED_OUT, "", seconds)
        return verdict.asks_code

    def _check_code(self, handshake: HubHandshake) -> None:
        seconds = self._entrance.doorkeeper.begin_guess(self._visit)
        if seconds:
            self._refuse(handshake, RefusalReason.LOCKED_OUT, "", seconds)
        handshake.check_code()
        self._entrance.doorkeeper.guess_was_right(self._visit)

    def _refuse(self, handshake: HubHandshake, reason: RefusalReason, text: str, seconds: int) -> NoReturn:
        handshake.refuse(Refused(reason=reason, text=text, seconds=seconds))
        self._send(handshake.data_to_send())
        raise ArrivalFailedError(
            _locked_out(seconds) if reason is RefusalReason.LOCKED_OUT else f"it was refused ({reason.name.lower()})"
        )

    def _welcome(self, hello: Hello, key: Fingerprint, unread: bytes, has_joined_by_code: bool) -> None:
        connection = self._connection
        connection.dialect = ModernDialect(connection.number, self._entrance.registry, self._entrance.limits)
        credentials, details = read_profile(hello.profile)
        self._hand_over(inputs.Joined(connection.number, credentials, key, details, has_joined_by_code), unread)

    def _join_in_the_clear(self, data: bytes) -> None:
        """The modern wire as it is inside TLS: the client says who he is, and nothing of it is proved."""
        cutter = FrameCutter(self._entrance.limits.early_frame_bytes)
        while not (frames := cutter.receive_data(data)):
            data = self._read()
        hello = decode_message(frames[0])
        if not isinstance(hello, Hello):
            raise ProtocolError("it began with something else than Hello")
        unread = b"".join(map(encode_frame, frames[1:])) + cutter.take_unfinished()
        self._welcome(hello, fingerprint_of(hello.key), unread, has_joined_by_code=False)

    # A way between two clients

    def _relay(self, mark: Mark, data: bytes) -> None:
        """Join this connection to its other half, and carry its bytes until both have ended."""
        while len(data) < PACKET_SIZE:
            data += self._read()
        join = RelayJoin.decode(data[:PACKET_SIZE])
        self._deadlines.end(self._connection.socket)
        try:
            self._entrance.relays.run(join, mark.nonce, self._connection.socket, data[PACKET_SIZE:], self._be_relay)
        except WrongTokenError as error:
            self._entrance.doorkeeper.fail(self._visit)
            raise ArrivalFailedError(str(error)) from None
        except (UsedTokenError, NoRelayError) as error:
            raise ArrivalFailedError(str(error)) from None

    def _be_relay(self) -> None:
        """Both halves are here: neither counts as a stranger any more, nor comes in."""
        self._entrance.doorkeeper.prove(self._visit)
        self._entrance.dispatcher.post(Happened(inputs.BecameRelay(self._connection.number)))

    # Both

    def _hand_over(self, joined: inputs.Joined, unread: bytes) -> None:
        """Hand everything over: first who it is, then what it said already, then the socket."""
        entrance, connection = self._entrance, self._connection
        group = entrance.groups.place()
        self._deadlines.end(connection.socket)
        connection.register(group)
        entrance.doorkeeper.prove(self._visit)
        entrance.dispatcher.post(Happened(joined))
        if unread:
            connection.credit.add_read(len(unread))
            entrance.dispatcher.post([cut(connection, unread, len(unread))])
        group.reader.add(connection)


def _locked_out(seconds: int) -> str:
    return f"its address is locked out for {seconds} more seconds, after too many wrong proofs or join codes"
