"""The client's end of an arrival on the modern wire: the hub's key shown, the own key proved, the join code given.

Owns what a client says and hears from behind the greeting until Welcome or Refused. Must never decide whether a hub is
to be trusted: it shows the hub's key, and says nothing inside TLS until it is told. Described in docs/protocol.md,
"M2. TLS", "M4. The proof" and "M5. Arrival". Pure; a handshake belongs to one connection and to one thread. Errors are
told in handshake.py.
"""

from commonlib.identity import Fingerprint, Signer
from commonlib.values import dataclass
from commonlib.wire.frames import LARGEST_BODY, FrameCutter
from commonlib.wire.greeting import VERSION
from commonlib.wire.handshake import Established, Handshake, State, nonce_in, wrong_time
from commonlib.wire.join import ClientJoin, Entropy, Parties
from commonlib.wire.messages import (
    ApprovalAwaited,
    Closing,
    Hello,
    JoinCodeAsked,
    JoinCodeConfirmed,
    JoinCodeTried,
    Ping,
    Pong,
    Profile,
    Refused,
    Welcome,
)
from commonlib.wire.proof import fingerprint_of_certificate, proof_message
from commonlib.wire.schema import Message
from commonlib.wire.tls import TlsContext, TlsPiece


@dataclass(frozen=True, slots=True)
class HubShown:
    """The hub has shown its key, and nothing was said to it yet: trust it, or close the connection."""

    fingerprint: Fingerprint


ClientEvent = HubShown | JoinCodeAsked | ApprovalAwaited | Welcome | Refused | Closing
"""What a client is told; JoinCodeAsked is to be answered by `try_code`; Welcome, Refused and Closing are the last."""


class ClientHandshake(Handshake[ClientEvent]):
    """The client's end of an arrival, from behind the greeting on; there is something to send at once.

    Args:
        context: From storage.contexts.client_context.
        greeting: The 1024 bytes as they came; there must be a mark in them.
        identity: Who the client is.
        profile: What it says about itself.
    """

    def __init__(self, context: TlsContext, greeting: bytes, identity: Signer, profile: Profile) -> None:
        # Behind Welcome, in the same bytes, the roster may come in frames of any length.
        super().__init__(TlsPiece(context, False), FrameCutter(LARGEST_BODY))
        self._greeting = greeting
        self._nonce = nonce_in(greeting)
        self._identity = identity
        self._profile = profile
        self._hub: Fingerprint | None = None
        self._asked: JoinCodeAsked | None = None
        self._join: ClientJoin | None = None

    def trust(self) -> None:
        """Go on with the hub that was shown: say who we are, and prove it. Raises ProtocolError as `receive_data`."""
        assert self._state is State.TRUST
        assert self._hub is not None
        own = self._identity
        proof = own.sign(proof_message(self._nonce, self._greeting, self._hub, own.fingerprint))
        with self._failing():
            self._send(Hello(version=VERSION, key=own.spki, proof=proof, profile=self._profile))
            self._state = State.VERDICT
            self._read_frames()

    def try_code(self, code: str, entropy: Entropy) -> None:
        """Answer JoinCodeAsked. Raises ProtocolError as `receive_data` does."""
        assert self._state is State.TRY
        assert self._hub is not None
        assert self._asked is not None
        with self._failing():
            parties = Parties(self._hub, self._identity.fingerprint, self._nonce)
            self._join = ClientJoin(code, parties, self._asked.exchange, entropy)
            self._send(JoinCodeTried(exchange=self._join.exchange, confirmation=self._join.confirmation))
            self._state = State.CONFIRMED
            self._read_frames()

    def hand_over(self) -> Established:
        """After Welcome: others go on with the connection, beginning with the roster."""
        assert self._state is State.ARRIVED
        return self._established()

    def _state_after_tls(self) -> State:
        self._hub = fingerprint_of_certificate(self._piece.peer_certificate())
        self._events.append(HubShown(self._hub))
        return State.TRUST

    def _receive_message(self, message: Message) -> None:
        match message:
            case Refused() | Closing():
                self._state = State.OVER
                self._events.append(message)
            case JoinCodeConfirmed() if self._state is State.CONFIRMED and self._join is not None:
                self._join.check(message.confirmation)
                self._state = State.VERDICT
            # A hub that was asked to show that it knows the code does nothing else before it has.
            case _ if self._state is State.CONFIRMED:
                raise wrong_time(message)
            case JoinCodeAsked() if self._asked is None:
                self._asked = message
                self._state = State.TRY
                self._events.append(message)
            case ApprovalAwaited():
                self._events.append(message)
            case Welcome():
                self._state = State.ARRIVED
                self._events.append(message)
            case Ping(clock=clock):
                # The operator may take his time.
                self._send(Pong(clock=clock))
            case _:
                raise wrong_time(message)
