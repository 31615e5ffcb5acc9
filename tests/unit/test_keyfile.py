"""The own key of an installation, kept in a folder."""

import base64
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP384R1,
    EllipticCurvePublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_public_key,
    load_pem_private_key,
)
from cryptography.x509 import load_pem_x509_certificate

from commonlib.identity import fingerprint_of
from commonlib.keyforms import der_in_pem
from commonlib.storage.keyfile import CERTIFICATE_FILE, KEY_FILE, Identity, load_or_make_identity, make_identity
from commonlib.storage.owner_only import StorageError, write_owner_only

ROOT = Path(__file__).resolve().parents[2]


def test_an_identity_is_made_once(tmp_path: Path) -> None:
    """The second start finds the first one's key and certificate."""
    first = load_or_make_identity(tmp_path / "new" / "folder")
    again = load_or_make_identity(tmp_path / "new" / "folder")
    assert again == first
    assert again.certificate == first.certificate
    assert first.fingerprint == fingerprint_of(first.spki)


def test_two_identities_differ(tmp_path: Path) -> None:
    """Each folder has its own, and one in memory too."""
    three = {load_or_make_identity(tmp_path / "a").fingerprint, load_or_make_identity(tmp_path / "b").fingerprint}
    assert len(three | {make_identity().fingerprint}) == 3


def test_programs_that_start_together_have_one_identity(tmp_path: Path) -> None:
    """Threads and processes: whoever comes second takes what the first has made."""
    folder = tmp_path / "folder"
    command = (
        "import sys; from pathlib import Path; from commonlib.storage.keyfile import load_or_make_identity;"
        "print(load_or_make_identity(Path(sys.argv[1])).fingerprint.hex())"
    )
    processes = [
        subprocess.Popen([sys.executable, "-c", command, str(folder)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    with ThreadPoolExecutor(4) as pool:
        found = {identity.fingerprint.hex() for identity in pool.map(load_or_make_identity, [folder] * 4)}
    found |= {process.communicate(timeout=60)[0].strip() for process in processes}
    assert len(found) == 1
    assert sorted(path.name for path in folder.iterdir()) == [CERTIFICATE_FILE, KEY_FILE]


def test_a_signature_is_that_of_the_key() -> None:
    """And of the message."""
    identity = make_identity()
    public = load_der_public_key(identity.spki)
    assert isinstance(public, EllipticCurvePublicKey)
    public.verify(identity.sign(b"message"), b"message", ECDSA(SHA256()))
    with pytest.raises(InvalidSignature):
        public.verify(identity.sign(b"message"), b"another", ECDSA(SHA256()))


def test_the_secret_is_not_shown(tmp_path: Path) -> None:
    """What a traceback or a log prints of an identity holds no key."""
    identity = load_or_make_identity(tmp_path)
    secret = load_pem_private_key(identity.private_pem(), None)
    assert "PrivateKey" not in repr(identity)
    assert b"PRIVATE" not in identity.certificate
    assert secret.public_key() == load_der_public_key(identity.spki)


def test_a_certificate_is_made_anew_for_the_same_key(tmp_path: Path) -> None:
    """Whether it is gone, spoilt or of another key: the identity stays."""
    first = load_or_make_identity(tmp_path)
    path = tmp_path / CERTIFICATE_FILE
    for spoilt in (None, b"", b"-----BEGIN CERTIFICATE-----\n", make_identity().certificate):
        path.unlink()
        if spoilt is not None:
            path.write_bytes(spoilt)
        assert load_or_make_identity(tmp_path) == first, spoilt
        certificate = load_pem_x509_certificate(path.read_bytes())
        assert certificate.public_key() == load_der_public_key(first.spki)


def test_a_certificate_names_nobody_and_has_no_end() -> None:
    """A clock that is wrong keeps nobody out, and a stranger learns nothing from it."""
    certificate = load_pem_x509_certificate(make_identity().certificate)
    assert certificate.subject.rfc4514_string() == "CN=tcpipchat"
    assert (certificate.not_valid_before_utc.year, certificate.not_valid_after_utc.year) == (2000, 9999)


def spoilt_keys() -> dict[str, bytes]:
    """What may stand in key.pem and is of no use."""
    good = make_identity().private_pem()
    key = load_pem_private_key(good, None)
    clear, pem, pkcs8 = NoEncryption(), Encoding.PEM, PrivateFormat.PKCS8
    return {
        "nothing": b"",
        "noise": bytes(range(256)),
        "half of it": good[: len(good) // 2],
        "a certificate": make_identity().certificate,
        "a key under a password": key.private_bytes(pem, pkcs8, BestAvailableEncryption(b"password")),
        "a key of another curve": generate_private_key(SECP384R1()).private_bytes(pem, pkcs8, clear),
        "a key of another kind": Ed25519PrivateKey.generate().private_bytes(pem, pkcs8, clear),
    }


def test_a_spoilt_key_is_told_and_never_replaced(tmp_path: Path) -> None:
    """Making a new one unasked would make a stranger of somebody whom all know."""
    path = tmp_path / KEY_FILE
    for what, content in spoilt_keys().items():
        write_owner_only(path, content)
        with pytest.raises(StorageError, match="backup"):
            load_or_make_identity(tmp_path)
        assert path.read_bytes() == content, what


def test_an_identity_in_memory_has_no_folder(tmp_path: Path) -> None:
    """One that is kept knows where."""
    assert make_identity().folder is None
    kept: Identity = load_or_make_identity(tmp_path)
    assert kept.folder == tmp_path


def test_a_key_in_another_form_is_read_too(tmp_path: Path) -> None:
    """Somebody may have brought his own: the older form of the same key is the same identity."""
    first = load_or_make_identity(tmp_path)
    key = load_pem_private_key(first.private_pem(), None)
    older = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    write_owner_only(tmp_path / KEY_FILE, older)
    assert load_or_make_identity(tmp_path) == first


def test_a_key_file_whose_halves_do_not_fit_is_told(tmp_path: Path) -> None:
    """A secret with the public key of another is no key."""
    one, other = (load_or_make_identity(tmp_path / name) for name in ("one", "other"))
    halves = [der_in_pem(identity.private_pem(), b"PRIVATE KEY") for identity in (one, other)]
    mixed = base64.encodebytes(halves[0][:-64] + halves[1][-64:])
    write_owner_only(tmp_path / "one" / KEY_FILE, b"-----BEGIN PRIVATE KEY-----\n%s-----END PRIVATE KEY-----\n" % mixed)
    with pytest.raises(StorageError, match="backup"):
        load_or_make_identity(tmp_path / "one")
