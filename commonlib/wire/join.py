"""The join code: both ends show that they know it, and neither tells it.

Owns SPAKE2 with both fingerprints as identities and the confirmations behind it, which the client gives first: whoever
pretends to be a hub can try one code for each client that comes, and learns nothing to go on with at home.
Must never draw random numbers (they come in as a function) nor count wrong codes. Described in docs/protocol.md,
"M5. Arrival". Pure; an exchange belongs to one connection. The package `spake2` is imported at the first use.
"""

import hashlib
import hmac
import unicodedata
from collections.abc import Callable
from typing import Protocol

from commonlib.exceptions import ProtocolError
from commonlib.identity import Fingerprint
from commonlib.values import dataclass

Entropy = Callable[[int], bytes]
"""So many random bytes, fit for secrets, as os.urandom gives them."""

_MESSAGE_SIZE = 33
_CLIENT = b"tcpipchat join code client 1\0"
_HUB = b"tcpipchat join code hub 1\0"


class JoinCodeError(ProtocolError):
    """The other side does not know the join code, or does not keep to the exchange: one guess is used up."""


@dataclass(frozen=True, slots=True)
class Parties:
    """Between whom, and on which connection.

    Attributes:
        nonce: That of the greeting.
    """

    hub: Fingerprint
    client: Fingerprint
    nonce: bytes


class _Exchange(Protocol):
    """What is used of an object of the package spake2, which has no types."""

    def start(self) -> bytes: ...

    def finish(self, message: bytes) -> bytes: ...


class HubJoin:
    """The hub's side, for one try.

    Attributes:
        exchange: For JoinCodeAsked.
    """

    __slots__ = ("_nonce", "_side", "exchange")

    def __init__(self, code: str, parties: Parties, entropy: Entropy) -> None:
        from spake2 import SPAKE2_B

        self._side: _Exchange = SPAKE2_B(*_spake2_arguments(code, parties), entropy_f=entropy)
        self._nonce = parties.nonce
        self.exchange = self._side.start()

    def confirm(self, exchange: bytes, confirmation: bytes) -> bytes:
        """Take what JoinCodeTried says; returns the confirmation for JoinCodeConfirmed. Not to be called twice.

        Raises:
            JoinCodeError: The client does not know the code.
        """
        key = _shared_key(self._side, exchange)
        if not hmac.compare_digest(confirmation, _confirmation(key, _CLIENT, self._nonce)):
            raise JoinCodeError("the join code is a wrong one")
        return _confirmation(key, _HUB, self._nonce)


class ClientJoin:
    """The client's side, for one try.

    Attributes:
        exchange: For JoinCodeTried, as is `confirmation`.
    """

    __slots__ = ("_key", "_nonce", "confirmation", "exchange")

    def __init__(self, code: str, parties: Parties, hubs_exchange: bytes, entropy: Entropy) -> None:
        """Answer what JoinCodeAsked says. Raises JoinCodeError when that is no beginning of an exchange."""
        from spake2 import SPAKE2_A

        side: _Exchange = SPAKE2_A(*_spake2_arguments(code, parties), entropy_f=entropy)
        self.exchange = side.start()
        self._key = _shared_key(side, hubs_exchange)
        self._nonce = parties.nonce
        self.confirmation = _confirmation(self._key, _CLIENT, parties.nonce)

    def check(self, confirmation: bytes) -> None:
        """Take what JoinCodeConfirmed says. Raises JoinCodeError when the hub does not know the code."""
        if not hmac.compare_digest(confirmation, _confirmation(self._key, _HUB, self._nonce)):
            raise JoinCodeError("it does not know the join code")


def normal_join_code(typed: str) -> str:
    """A join code as it is compared: without spaces and dashes of any kind, in lower case, composed (NFC)."""
    letters = (letter for letter in typed if not letter.isspace() and unicodedata.category(letter) != "Pd")
    # The accents last: a space may have stood before one.
    return unicodedata.normalize("NFC", "".join(letters).lower())


def _spake2_arguments(code: str, parties: Parties) -> tuple[bytes, bytes, bytes]:
    """Password, identity of side A (the client), identity of side B (the hub)."""
    password = normal_join_code(code).encode(errors="surrogatepass")
    return password, bytes(parties.client), bytes(parties.hub)


def _shared_key(side: _Exchange, message: bytes) -> bytes:
    """32 bytes that both have if they know the same code. Raises JoinCodeError for what is no message of SPAKE2."""
    from spake2 import SPAKEError
    from spake2.ed25519_basic import NotOnCurve

    # The package does not look at the length: one point could be written in many ways.
    if len(message) != _MESSAGE_SIZE:
        raise JoinCodeError("its part of the exchange has a wrong length")
    try:
        return side.finish(message)
    except (SPAKEError, NotOnCurve, ValueError):
        raise JoinCodeError("its part of the exchange is none") from None


def _confirmation(key: bytes, whose: bytes, nonce: bytes) -> bytes:
    return hmac.digest(key, whose + nonce, hashlib.sha256)
