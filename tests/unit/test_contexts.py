"""The settings of TLS for both sides."""

import ssl
import tempfile
from pathlib import Path

import pytest

from commonlib.storage.contexts import client_context, server_context
from commonlib.storage.keyfile import CERTIFICATE_FILE, KEY_FILE, load_or_make_identity, make_identity
from commonlib.storage.owner_only import StorageError
from commonlib.wire.tls import TlsError, TlsPiece
from tests.support.tls_pairs import exchange


def test_a_hub_shows_the_certificate_of_its_key(tmp_path: Path) -> None:
    """Whether it is kept in a folder or in memory only."""
    for identity in (load_or_make_identity(tmp_path), make_identity()):
        hub, client = TlsPiece(server_context(identity), True), TlsPiece(client_context(), False)
        exchange(client, hub)
        assert ssl.DER_cert_to_PEM_cert(client.peer_certificate()).encode() == identity.certificate


def test_nothing_older_than_tls_1_3_is_spoken() -> None:
    """By neither side, and a hub gives no tickets."""
    identity = make_identity()
    assert server_context(identity).num_tickets == 0
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.maximum_version = ssl.TLSVersion.TLSv1_2
    with pytest.raises(TlsError, match="unsupported protocol"):
        exchange(TlsPiece(old, False), TlsPiece(server_context(identity), True))
    assert client_context().minimum_version is ssl.TLSVersion.TLSv1_3


def test_the_key_in_memory_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is on the disk for a moment, and nobody else's to read even then."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    server_context(make_identity())
    assert list((tmp_path / "temporary").iterdir()) == []


def test_files_that_changed_since_are_told(tmp_path: Path) -> None:
    """A key and a certificate that do not belong together; a key that is gone."""
    identity = load_or_make_identity(tmp_path)
    (tmp_path / CERTIFICATE_FILE).write_bytes(make_identity().certificate)
    with pytest.raises(StorageError, match="do not fit together"):
        server_context(identity)
    (tmp_path / KEY_FILE).unlink()
    with pytest.raises(StorageError, match="Start again"):
        server_context(identity)
