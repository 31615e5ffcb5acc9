"""The client's proof that it has its key, bound to one hub, one connection and one greeting.

Owns the bytes that are signed, what counts as a key, and the check of a signature. Must never decide what follows from
a wrong one. Described in docs/protocol.md, "M4. The proof".
Pure: any thread. The package `cryptography` is imported at the first use: it costs as much time as all of ours.
"""

import hashlib
from typing import TYPE_CHECKING

from commonlib.exceptions import ProtocolError
from commonlib.identity import Fingerprint, fingerprint_of
from commonlib.keyforms import FormError, is_usual_spki, spki_in_certificate

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

_CONTEXT = b"tcpipchat client proof 1\0"


class ProofError(ProtocolError):
    """A key is none that this wire knows, or a signature is not that of the key."""


def proof_message(nonce: bytes, greeting: bytes, hub: Fingerprint, client: Fingerprint) -> bytes:
    """What a client signs and a hub checks.

    Args:
        nonce: The 32 bytes in the greeting. The hub takes its own, never what a client says.
        greeting: All 1024 bytes, as the client received them or as the hub sent them.
        hub: Fingerprint of the hub: the client's view is that of the certificate that it was shown.
        client: Fingerprint of the client.
    """
    return b"".join((_CONTEXT, nonce, hashlib.sha256(greeting).digest(), hub, client))


def verify_proof(spki: bytes, message: bytes, signature: bytes) -> None:
    """Check that the owner of a key has signed a message.

    Args:
        spki: The public key, as `check_key` wants it.
        message: From `proof_message`.
        signature: ECDSA with SHA-256, DER.

    Raises:
        ProofError: The key is not one, or the signature is not its.
    """
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
    from cryptography.hazmat.primitives.hashes import SHA256

    try:
        _key_in(spki).verify(signature, message, ECDSA(SHA256()))
    except InvalidSignature:
        raise ProofError("the signature is not that of the key") from None


def check_key(spki: bytes) -> None:
    """Whether a public key is one on P-256, in the one form (DER) that it has as a SubjectPublicKeyInfo.

    Raises:
        ProofError: It is not.
    """
    _key_in(spki)


def fingerprint_of_certificate(certificate: bytes) -> Fingerprint:
    """The fingerprint of the key in a certificate (DER). That the other side has this key is what TLS has proved.

    Raises:
        ProofError: It is no certificate, or none of a key on P-256 in the usual form.
    """
    try:
        spki = spki_in_certificate(certificate)
    except FormError:
        raise ProofError("what was shown as a certificate is none") from None
    if not is_usual_spki(spki):
        raise ProofError("the key in the certificate is not one on the curve P-256, in the usual form")
    return fingerprint_of(spki)


def _key_in(spki: bytes) -> "EllipticCurvePublicKey":
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

    try:
        key = load_der_public_key(spki)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise ProofError("what was shown as a key is none") from None
    if not isinstance(key, EllipticCurvePublicKey) or not isinstance(key.curve, SECP256R1):
        raise ProofError("the key is not one on the curve P-256")
    if key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo) != spki:
        # A point may be written in other ways, too: one key would be several people.
        raise ProofError("the key is not written in the usual form")
    return key
