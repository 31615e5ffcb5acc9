"""Who somebody is: the fingerprint of a public key, and the code by which people compare two of them.

Owns the forms of a fingerprint (bytes, hexadecimal digits, words and digits) and what it takes to sign as somebody.
Must never hold a private key or decide whom to trust. Described in docs/protocol.md, "M2. TLS".
Pure: any thread.
"""

import hashlib
from typing import NewType, Protocol

from commonlib.exceptions import ChatError
from commonlib.keywords import KEY_WORDS

Fingerprint = NewType("Fingerprint", bytes)
"""SHA-256 of a public key in its SubjectPublicKeyInfo form (RFC 5280, DER): 32 bytes, the identity of its owner."""

FINGERPRINT_SIZE = 32
_WORDS_SHOWN = 5
_DIGIT_BYTES = 8
_DIGITS = 6


class FingerprintError(ChatError, ValueError):
    """What was typed as a fingerprint is none.

    Attributes:
        typed: As it was typed.
    """

    def __init__(self, typed: str) -> None:
        super().__init__(typed)
        self.typed = typed

    def __str__(self) -> str:
        return (
            f"{self.typed!r} is no fingerprint: it has {2 * FINGERPRINT_SIZE} digits of 0-9 and a-f. "
            "Copy the one that the hub shows at its start."
        )


class Signer(Protocol):
    """Somebody who can prove that he is the owner of a key, as storage.keyfile.Identity does."""

    @property
    def spki(self) -> bytes:
        """The public key: SubjectPublicKeyInfo, DER."""

    @property
    def fingerprint(self) -> Fingerprint:
        """Of that key."""

    def sign(self, message: bytes) -> bytes:
        """An ECDSA signature (SHA-256, DER) of the message."""


def fingerprint_of(spki: bytes) -> Fingerprint:
    """The fingerprint of a public key in its SubjectPublicKeyInfo form (DER); the key itself is not looked at."""
    return Fingerprint(hashlib.sha256(spki).digest())


def fingerprint_to_hex(fingerprint: Fingerprint) -> str:
    """64 lower-case hexadecimal digits."""
    return fingerprint.hex()


def fingerprint_from_hex(typed: str) -> Fingerprint:
    """The fingerprint that somebody typed or pasted, in any case, with or without spaces, colons and dashes.

    Raises FingerprintError.
    """
    digits = "".join(typed.split()).replace(":", "").replace("-", "")
    try:
        fingerprint = bytes.fromhex(digits)
    except ValueError:
        raise FingerprintError(typed) from None
    if len(fingerprint) != FINGERPRINT_SIZE:
        raise FingerprintError(typed)
    return Fingerprint(fingerprint)


def key_code(fingerprint: Fingerprint) -> str:
    """Five words and six digits, to be read aloud and compared: "amber river stone kettle falcon 482 193".

    Sixty bits of the fingerprint: 8 for each word, the digits from the bytes behind them. Making a second key with the
    same code takes about 2**60 tries.
    """
    words = (KEY_WORDS[byte] for byte in fingerprint[:_WORDS_SHOWN])
    return " ".join((*words, short_key_code(fingerprint)))


def short_key_code(fingerprint: Fingerprint) -> str:
    """The six digits alone, "482 193": enough to tell two people in a list apart, too little to trust a key by."""
    behind_words = fingerprint[_WORDS_SHOWN : _WORDS_SHOWN + _DIGIT_BYTES]
    digits = f"{int.from_bytes(behind_words) % 10**_DIGITS:0{_DIGITS}}"
    return f"{digits[:3]} {digits[3:]}"
