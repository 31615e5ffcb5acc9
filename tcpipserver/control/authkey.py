"""How the operator's command line and the hub prove to each other that they have read the same key.

Owns the bytes of it: the hub sends a nonce, the caller sends one of his own with his proof, the hub answers with its
own proof. Must never send the key, or anything else before the proof. Pure: the nonces are passed in; any thread.

The key lies in a file that only the hub's user can read. On Unix the modes of the socket and its folder say the same
already; on Windows a named pipe can be seen by everybody, and tried from other machines.
"""

import hmac

KEY_SIZE = 32
NONCE_SIZE = 32
PROOF_SIZE = 32
LARGEST_GREETING = NONCE_SIZE + PROOF_SIZE
"""Bytes of the largest message before the proof is given."""

_CALLER = b"tcpipserver control, caller\0"
_HUB = b"tcpipserver control, hub\0"


class IntruderError(Exception):
    """The other side has not read the key. Not shown to anybody: each side says in its own words what that means."""


def caller_greeting(key: bytes, hub_nonce: bytes, own_nonce: bytes) -> bytes:
    """What the caller answers to the hub's nonce. Raises IntruderError when that is no nonce."""
    if len(hub_nonce) != NONCE_SIZE:
        raise IntruderError
    return own_nonce + _proof(key, _CALLER, hub_nonce, own_nonce)


def hub_answer(key: bytes, own_nonce: bytes, greeting: bytes) -> bytes:
    """What the hub answers to the caller's greeting. Raises IntruderError when it proves nothing."""
    nonce, proof = greeting[:NONCE_SIZE], greeting[NONCE_SIZE:]
    if not hmac.compare_digest(proof, _proof(key, _CALLER, own_nonce, nonce)):
        raise IntruderError
    return _proof(key, _HUB, own_nonce, nonce)


def check_hub(key: bytes, hub_nonce: bytes, own_nonce: bytes, answer: bytes) -> None:
    """Look at the hub's answer. Raises IntruderError when it proves nothing."""
    if not hmac.compare_digest(answer, _proof(key, _HUB, hub_nonce, own_nonce)):
        raise IntruderError


def _proof(key: bytes, who: bytes, hub_nonce: bytes, caller_nonce: bytes) -> bytes:
    return hmac.digest(key, who + hub_nonce + caller_nonce, "sha256")
