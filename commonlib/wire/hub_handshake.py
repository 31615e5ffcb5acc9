"""The hub's end of an arrival on the modern wire: the client's key proved, the join code where one is asked.

Owns what a hub says and hears from the first byte of TLS until the client is accepted or refused. Must never decide
that: it says who has proved what, and is told. Described in docs/protocol.md, "M4. The proof" and "M5. Arrival".
Pure; a handshake belongs to one connection and to one thread. Errors are told in handshake.py.
"""

from commonlib.identity import Fingerprint, fingerprint_of
from commonlib.values import dataclass
from commonlib.wire.bounds import USUAL, Bounds
from commonlib.wire.frames import FrameCutter
from commonlib.wire.handshake import Established, Handshake, State, nonce_in, wrong_time
from commonlib.wire.join import Entropy, HubJoin, JoinCodeError, Parties
from commonlib.wire.messages import Hello, JoinCodeAsked, JoinCodeConfirmed, JoinCodeTried, Refused
from commonlib.wire.proof import ProofError, proof_message, verify_proof
from commonlib.wire.reasons import RefusalReason
from commonlib.wire.schema import Message
from commonlib.wire.tls import TlsContext, TlsPiece


@dataclass(frozen=True, slots=True)
class Proved:
    """A client has proved its key: now it is to be accepted, refused, or asked for the join code.

    Attributes:
        hello: What it says about itself.
        fingerprint: Who it is.
    """

    hello: Hello
    fingerprint: Fingerprint


@dataclass(frozen=True, slots=True)
class CodeTried:
    """The client has tried to show that it knows the join code: the try is to be checked, or the client refused."""


HubEvent = Proved | CodeTried


_ASKED_OF_USERS = {State.HELLO: "whether this is the right hub", State.TRIED: "for the join code"}


class HubHandshake(Handshake[HubEvent]):
    """The hub's end of an arrival, from the client's first byte on.

    Args:
        context: From storage.contexts.server_context.
        greeting: The 1024 bytes that were sent to this client, with the mark.
        hub: The hub's own fingerprint.
        bounds: What the client may send meanwhile.
    """

    def __init__(self, context: TlsContext, greeting: bytes, hub: Fingerprint, bounds: Bounds = USUAL) -> None:
        super().__init__(TlsPiece(context, True, bounds.tls), FrameCutter(bounds.body), bounds)
        self._greeting = greeting
        self._nonce = nonce_in(greeting)
        self._hub = hub
        self._client: Fingerprint | None = None
        self._join: HubJoin | None = None
        self._tried: JoinCodeTried | None = None

    @property
    def maybe_asking(self) -> str | None:
        """What a client that goes away now, or has just ended TLS, may have to ask its user about; None for no such."""
        return _ASKED_OF_USERS.get(self._ended_in or self._state)

    def ask_code(self, code: str, entropy: Entropy) -> None:
        """Ask the client, who has proved its key, for the join code. Raises ProtocolError as `receive_data` does."""
        assert self._state is State.DECISION
        assert self._client is not None
        with self._failing():
            self._join = HubJoin(code, Parties(self._hub, self._client, self._nonce), entropy)
            self._send(JoinCodeAsked(exchange=self._join.exchange))
            self._state = State.TRIED
            self._read_frames()

    def check_code(self) -> None:
        """Check what the client has tried; then it is to be accepted or refused. Counting tries is for the caller.

        Raises JoinCodeError when the client does not know the code; it has been told.
        """
        assert self._join is not None
        assert self._tried is not None
        tried, self._tried = self._tried, None
        with self._failing():
            try:
                confirmation = self._join.confirm(tried.exchange, tried.confirmation)
            except JoinCodeError:
                self.refuse(Refused(reason=RefusalReason.CODE_WRONG))
                raise
            self._send(JoinCodeConfirmed(confirmation=confirmation))

    def refuse(self, refused: Refused) -> None:
        """Tell the client, where TLS is ready for it, that it is not taken in. Raises ProtocolError."""
        is_reachable = self._state not in (State.TLS, State.OVER)
        self._state = State.OVER
        if is_reachable:
            self._send(refused)
            self._piece.send_eof()

    def accept(self) -> Established:
        """The client, who has proved its key, is taken in; others go on with the connection, beginning with Welcome."""
        assert self._state is State.DECISION
        assert self._tried is None
        self._state = State.ARRIVED
        return self._established()

    def _state_after_tls(self) -> State:
        return State.HELLO

    def _receive_message(self, message: Message) -> None:
        match message:
            # Not a second time: whoever proves that he knows the code is who was asked for it.
            case Hello() if self._state is State.HELLO:
                self._receive_hello(message)
            case JoinCodeTried() if self._state is State.TRIED:
                self._tried = message
                self._state = State.DECISION
                self._events.append(CodeTried())
            case _:
                raise wrong_time(message)

    def _receive_hello(self, hello: Hello) -> None:
        client = fingerprint_of(hello.key)
        signed = proof_message(self._nonce, self._greeting, self._hub, client)
        try:
            verify_proof(hello.key, signed, hello.proof)
        except ProofError:
            self.refuse(Refused(reason=RefusalReason.NOT_PROVED))
            raise
        self._client = client
        self._state = State.DECISION
        self._events.append(Proved(hello, client))
