"""The own key of an installation: made once, kept in key.pem, with a certificate for TLS in cert.pem beside it.

Owns both files and what they must hold. The key is the identity; the certificate is only how TLS carries it, and is
made anew whenever it is missing or not of that key. Must never replace a key that is there.
Blocks on the disk: any thread that may wait for one. Safe to race against other programs that start.
"""

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from commonlib.identity import Fingerprint, fingerprint_of
from commonlib.keyforms import FormError, der_in_pem, secret_in_pem, spki_in_certificate, spki_of_point
from commonlib.storage.owner_only import (
    StorageError,
    make_private_folder,
    place_once,
    read_owner_only,
    write_owner_only,
)
from commonlib.values import dataclass, field

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey

# The package `cryptography` costs about as much time to import as all of ours: it is imported where it is used.

KEY_FILE = "key.pem"
CERTIFICATE_FILE = "cert.pem"

_COMMON_NAME = "tcpipchat"
# Nobody checks the dates, the key is pinned: a clock that is wrong must not keep two ends apart. RFC 5280 4.1.2.5 has
# the last one for "no end".
_NOT_BEFORE = datetime(2000, 1, 1, tzinfo=UTC)
_NOT_AFTER = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Identity:
    """A key pair of ours: a value, which several threads may use at once.

    Attributes:
        spki: The public key: SubjectPublicKeyInfo, DER.
        fingerprint: Of that key.
        certificate: PEM, self-signed.
        folder: Where both files are; None for an identity that lives in memory only.
    """

    spki: bytes
    fingerprint: Fingerprint
    certificate: bytes = field(repr=False, compare=False)
    folder: Path | None
    _private_key: "EllipticCurvePrivateKey" = field(repr=False, compare=False)

    def sign(self, message: bytes) -> bytes:
        """An ECDSA signature (P-256, SHA-256, DER) of the message."""
        return self._private_key.sign(message, _ecdsa())

    def private_pem(self) -> bytes:
        """The private key, PEM, not encrypted: for a file that only its owner may read."""
        return _private_pem(self._private_key)


def _ecdsa() -> "ECDSA":
    """ECDSA with SHA-256, as the package has it; making its own loads half of the package, to no use here."""
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
    from cryptography.hazmat.primitives.hashes import SHA256

    class WithSha256(ECDSA):
        def __init__(self) -> None:
            pass

        algorithm = property(lambda _: SHA256())
        deterministic_signing = property(lambda _: False)

    return WithSha256()


def make_identity() -> Identity:
    """A new identity that lives in memory only."""
    key = _generate_key()
    return _identity(key, _make_certificate(key), None)


def load_or_make_identity(folder: Path) -> Identity:
    """The identity kept in a folder; the folder and the identity are made when they are not there.

    When several programs start at once in one folder, all get the same identity.

    Raises:
        StorageError: The folder or a file cannot be used; its text says what to do.
    """
    make_private_folder(folder)
    path = folder / KEY_FILE
    try:
        key = _parse_key(path, read_owner_only(path))
    except FileNotFoundError:
        place_once(path, _private_pem(_generate_key()))
        # Read back in any case: another program may have been first.
        key = _parse_key(path, read_owner_only(path))
    return _identity(key, _load_or_make_certificate(folder / CERTIFICATE_FILE, key), folder)


def _generate_key() -> "EllipticCurvePrivateKey":
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

    return generate_private_key(SECP256R1())


def _identity(key: "EllipticCurvePrivateKey", certificate: bytes, folder: Path | None) -> Identity:
    spki = _spki(key)
    return Identity(spki, fingerprint_of(spki), certificate, folder, key)


def _spki(key: "EllipticCurvePrivateKey") -> bytes:
    point = key.public_key().public_numbers()
    return spki_of_point(point.x, point.y)


def _private_pem(key: "EllipticCurvePrivateKey") -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _maybe_usual_key(pem: bytes) -> "EllipticCurvePrivateKey | None":
    """The key in a file as we write it: what reads all forms takes longer to load than to connect."""
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key

    try:
        secret, spki = secret_in_pem(pem)
        key = derive_private_key(secret, SECP256R1())
    except ValueError:
        return None
    return key if _spki(key) == spki else None


def _parse_key(path: Path, pem: bytes) -> "EllipticCurvePrivateKey":
    """Raises StorageError when it is no P-256 key in the clear."""
    usual = _maybe_usual_key(pem)
    if usual is not None:
        return usual
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    advice = (
        "Bring it back from a backup; or delete it, and a new one is made: "
        "then everybody who knows this installation has to trust it anew."
    )
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise StorageError(path, "it holds no key that can be read", advice) from error
    if not isinstance(key, EllipticCurvePrivateKey) or not isinstance(key.curve, SECP256R1):
        raise StorageError(path, "it holds a key of another kind than P-256", advice)
    return key


def _load_or_make_certificate(path: Path, key: "EllipticCurvePrivateKey") -> bytes:
    """The certificate in the file, or a new one in its place. Raises StorageError when it cannot be written."""
    try:
        certificate = path.read_bytes()
    except OSError:
        certificate = b""
    if not _is_certificate_of(certificate, key):
        certificate = _make_certificate(key)
        write_owner_only(path, certificate)
    return certificate


def _is_certificate_of(pem: bytes, key: "EllipticCurvePrivateKey") -> bool:
    try:
        return spki_in_certificate(der_in_pem(pem, b"CERTIFICATE")) == _spki(key)
    except FormError:
        return False


def _make_certificate(key: "EllipticCurvePrivateKey") -> bytes:
    """A certificate for the key, signed by itself, PEM. It names nobody: whoever connects is shown it."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import Encoding
    from cryptography.x509 import CertificateBuilder, Name, NameAttribute
    from cryptography.x509.oid import NameOID

    name = Name([NameAttribute(NameOID.COMMON_NAME, _COMMON_NAME)])
    # A number of the key's own: two keys of one name and one number confuse some who read certificates.
    serial_number = int.from_bytes(hashlib.sha256(_spki(key)).digest()[:15]) | 1
    builder = CertificateBuilder(name, name, key.public_key(), serial_number, _NOT_BEFORE, _NOT_AFTER)
    return builder.sign(key, SHA256()).public_bytes(Encoding.PEM)
