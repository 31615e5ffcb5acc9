"""The client's proof: only the owner of the key can give it, and only here and now."""

import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP384R1, EllipticCurvePublicKey, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
)
from cryptography.x509 import load_pem_x509_certificate

from commonlib.wire.proof import (
    ProofError,
    check_key,
    fingerprint_of_certificate,
    proof_message,
    verify_proof,
)
from tests.support.tls_pairs import identity_of

HUB, CLIENT, STRANGER = identity_of("hub"), identity_of("client"), identity_of("stranger")
NONCE = bytes(range(32))
GREETING = bytes(range(256)) * 4
MESSAGE = proof_message(NONCE, GREETING, HUB.fingerprint, CLIENT.fingerprint)


def test_the_bytes_that_are_signed_are_those_of_the_protocol() -> None:
    """Written down once more here, so that no change of them goes unseen: other programs rely on it."""
    parts = (b"tcpipchat client proof 1\x00", NONCE, hashlib.sha256(GREETING).digest(), HUB.fingerprint)
    assert b"".join(parts) + CLIENT.fingerprint == MESSAGE


def test_a_proof_of_the_key_holds() -> None:
    """Made by the client, checked by the hub."""
    verify_proof(CLIENT.spki, MESSAGE, CLIENT.sign(MESSAGE))


@pytest.mark.parametrize(
    "other",
    [
        proof_message(bytes(32), GREETING, HUB.fingerprint, CLIENT.fingerprint),
        proof_message(NONCE, b"\x01" + GREETING[1:], HUB.fingerprint, CLIENT.fingerprint),
        proof_message(NONCE, GREETING, STRANGER.fingerprint, CLIENT.fingerprint),
        proof_message(NONCE, GREETING, HUB.fingerprint, STRANGER.fingerprint),
        MESSAGE[len(b"tcpipchat client proof 1\x00") :],
    ],
    ids=["another connection", "a greeting that was changed", "another hub", "another client", "no context"],
)
def test_a_proof_holds_for_nothing_else(other: bytes) -> None:
    """Neither forwarded nor replayed nor with a greeting that somebody changed on the way."""
    with pytest.raises(ProofError, match="signature"):
        verify_proof(CLIENT.spki, MESSAGE, CLIENT.sign(other))


def test_nobody_proves_the_key_of_another() -> None:
    """Whoever has only seen the public key has nothing to sign with."""
    with pytest.raises(ProofError, match="signature"):
        verify_proof(CLIENT.spki, MESSAGE, STRANGER.sign(MESSAGE))


@pytest.mark.parametrize("signature", [b"", bytes(64), b"\x30\x06\x02\x01\x00\x02\x01\x00", bytes(range(256))])
def test_what_is_no_signature_is_a_wrong_one(signature: bytes) -> None:
    """Zeroes among them, which careless programs took for a good one."""
    with pytest.raises(ProofError, match="signature"):
        verify_proof(CLIENT.spki, MESSAGE, signature)


def other_keys() -> dict[str, bytes]:
    """Public keys that this wire does not know."""
    der, info = Encoding.DER, PublicFormat.SubjectPublicKeyInfo
    key = load_der_public_key(CLIENT.spki)
    assert isinstance(key, EllipticCurvePublicKey)
    point = key.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    return {
        "nothing": b"",
        "noise": bytes(range(91)),
        "a key of another curve": generate_private_key(SECP384R1()).public_key().public_bytes(der, info),
        "a key of another kind": Ed25519PrivateKey.generate().public_key().public_bytes(der, info),
        "a certificate": load_pem_x509_certificate(CLIENT.certificate).public_bytes(der),
        "a point that is not on the curve": CLIENT.spki[:-1] + bytes((CLIENT.spki[-1] ^ 1,)),
        "more behind the key": CLIENT.spki + b"\x00",
        "the same key with its point compressed": bytes.fromhex("3039301306072a8648ce3d020106082a8648ce3d030107032200")
        + point,
    }


@pytest.mark.parametrize("what", other_keys())
def test_no_other_key_is_taken(what: str) -> None:
    """One person has one fingerprint, however the key might be written."""
    with pytest.raises(ProofError, match="key"):
        check_key(other_keys()[what])
    with pytest.raises(ProofError, match="key"):
        verify_proof(other_keys()[what], MESSAGE, CLIENT.sign(MESSAGE))


def test_the_fingerprint_of_a_certificate_is_that_of_its_key() -> None:
    """A renewed certificate does not change who somebody is."""
    certificate = load_pem_x509_certificate(HUB.certificate).public_bytes(Encoding.DER)
    assert fingerprint_of_certificate(certificate) == HUB.fingerprint
    check_key(HUB.spki)


@pytest.mark.parametrize("certificate", [b"", bytes(100), HUB.spki, HUB.certificate])
def test_what_is_no_certificate_is_refused(certificate: bytes) -> None:
    """A hub may show anything."""
    with pytest.raises(ProofError, match="certificate"):
        fingerprint_of_certificate(certificate)
