"""Keys and certificates read by hand are those that the package `cryptography` reads."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    SECP384R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_public_key,
    load_pem_private_key,
)
from cryptography.x509 import load_pem_x509_certificate

from commonlib.keyforms import (
    FormError,
    der_in_pem,
    is_usual_spki,
    secret_in_pem,
    spki_in_certificate,
    spki_of_point,
)
from commonlib.storage.keyfile import make_identity

IDENTITY = make_identity()
CERTIFICATE = load_pem_x509_certificate(IDENTITY.certificate).public_bytes(Encoding.DER)


def pem_of(key: EllipticCurvePrivateKey, form: PrivateFormat = PrivateFormat.PKCS8) -> bytes:
    return key.private_bytes(Encoding.PEM, form, NoEncryption())


def test_a_public_key_has_its_usual_form() -> None:
    """Twenty keys, with leading zeroes in some of their coordinates sooner or later."""
    for _ in range(20):
        key = generate_private_key(SECP256R1()).public_key()
        point = key.public_numbers()
        spki = spki_of_point(point.x, point.y)
        assert spki == key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        assert is_usual_spki(spki)
    assert len(spki_of_point(1, 2)) == len(IDENTITY.spki)


def test_another_form_of_a_public_key_is_not_the_usual_one() -> None:
    """Of another curve, with its point compressed, cut off, or with something behind."""
    other = generate_private_key(SECP384R1()).public_key()
    assert not is_usual_spki(other.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    key = load_der_public_key(IDENTITY.spki)
    assert isinstance(key, EllipticCurvePublicKey)
    assert not is_usual_spki(key.public_bytes(Encoding.X962, PublicFormat.CompressedPoint))
    assert not is_usual_spki(IDENTITY.spki[:-1])
    assert not is_usual_spki(IDENTITY.spki + b"\0")


def test_the_key_in_a_certificate_is_found() -> None:
    """In our own, read from its file as TLS shows it."""
    assert spki_in_certificate(CERTIFICATE) == IDENTITY.spki
    assert der_in_pem(IDENTITY.certificate, b"CERTIFICATE") == CERTIFICATE


def test_a_certificate_that_is_cut_or_longer_is_refused() -> None:
    """Wherever it ends."""
    for end in range(len(CERTIFICATE)):
        with pytest.raises(FormError):
            spki_in_certificate(CERTIFICATE[:end])
    with pytest.raises(FormError, match="more behind"):
        spki_in_certificate(CERTIFICATE + b"\0")


def test_a_changed_certificate_never_shows_another_key_of_the_usual_form_in_another_place() -> None:
    """Each byte changed in turn: the key stands where it stood, is one of changed bytes, or the whole is refused."""
    place = CERTIFICATE.index(IDENTITY.spki)
    for at in range(len(CERTIFICATE)):
        changed = bytearray(CERTIFICATE)
        changed[at] ^= 0xFF
        try:
            found = spki_in_certificate(bytes(changed))
        except FormError:
            continue
        if is_usual_spki(found):
            assert found == bytes(changed[place : place + len(IDENTITY.spki)])


@pytest.mark.parametrize(
    "certificate",
    ["3080020100", "308102ffff", "30820002ffff", "3085000000000000", "30", "3000", "3003020100", "02020000", "30ff"],
)
def test_lengths_that_der_does_not_know_are_refused(certificate: str) -> None:
    """Without an end, with more digits than needed, longer than what is there."""
    with pytest.raises(FormError):
        spki_in_certificate(bytes.fromhex(certificate))


def test_the_secret_in_our_own_file_is_found() -> None:
    """It is the one that the package finds, with the public key beside it."""
    pem = IDENTITY.private_pem()
    key = load_pem_private_key(pem, None)
    assert isinstance(key, EllipticCurvePrivateKey)
    assert secret_in_pem(pem) == (key.private_numbers().private_value, IDENTITY.spki)


def test_another_form_of_a_private_key_is_left_to_others() -> None:
    """The older form, another curve, something around it, half of it: all are told, none is guessed."""
    key = generate_private_key(SECP256R1())
    good = pem_of(key)
    others = [pem_of(key, PrivateFormat.TraditionalOpenSSL), pem_of(generate_private_key(SECP384R1()))]
    others += [
        b"",
        b"\n" + good,
        good + b"\n",
        good[: len(good) // 2],
        good.replace(b"M", b"*", 1),
        IDENTITY.certificate,
    ]
    for pem in others:
        with pytest.raises(FormError):
            secret_in_pem(pem)
