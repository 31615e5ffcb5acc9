"""A peer that has shaken hands properly, and then sends TLS records that no library would send.

Owns the keys of one direction of a TLS 1.3 connection (RFC 8446 7.1 to 7.3, AES-256-GCM with SHA-384, what OpenSSL
chooses) and the records made with them. It must never be used by the product. Thread: the test's own.
"""

from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA384
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from commonlib.storage.contexts import client_context, server_context
from commonlib.wire.tls import TlsPiece
from tests.support.tls_pairs import exchange, identity_of

ALERT, HANDSHAKE, APPLICATION_DATA = 21, 22, 23
WARNING, USER_CANCELED = 1, 90
_CLIENTS_SECRET, _HUBS_SECRET = "CLIENT_TRAFFIC_SECRET_0", "SERVER_TRAFFIC_SECRET_0"


class Forger:
    """Makes records in the place of one end, which must not send any more itself."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._sequence = 0

    def record(self, kind: int, content: bytes, padding: int = 0) -> bytes:
        """One protected record with its header."""
        inner = content + bytes((kind,)) + bytes(padding)
        header = bytes((APPLICATION_DATA, 3, 3)) + (len(inner) + 16).to_bytes(2)
        nonce = int.from_bytes(_expand(self._secret, b"iv", 12)) ^ self._sequence
        self._sequence += 1
        return header + AESGCM(_expand(self._secret, b"key", 32)).encrypt(nonce.to_bytes(12), inner, header)

    def key_update(self, requested: bool) -> bytes:
        """A KeyUpdate, after which the next keys hold; `requested` asks the other side for one, too."""
        update = self.record(HANDSHAKE, bytes((24, 0, 0, 1, requested)))
        self._secret = _expand(self._secret, b"traffic upd", 48)
        self._sequence = 0
        return update

    def ticket(self) -> bytes:
        """A NewSessionTicket as a hub would send it."""
        body = bytes(8) + b"\x08" + bytes(8) + (32).to_bytes(2) + bytes(32) + bytes(2)
        return self.record(HANDSHAKE, b"\x04" + len(body).to_bytes(3) + body)


def victim_of_a_client(folder: Path) -> tuple[TlsPiece, Forger]:
    """A hub's established piece, and the forger that is its client from here on."""
    hub, _, secrets = _established(folder)
    return hub, Forger(secrets[_CLIENTS_SECRET])


def victim_of_a_hub(folder: Path) -> tuple[TlsPiece, Forger]:
    """A client's established piece, and the forger that is its hub from here on."""
    _, client, secrets = _established(folder)
    return client, Forger(secrets[_HUBS_SECRET])


def clients_forger(log: Path) -> Forger:
    """The forger that goes on as the client of the connection whose secrets were logged."""
    return Forger(_secrets_in(log)[_CLIENTS_SECRET])


def _established(folder: Path) -> tuple[TlsPiece, TlsPiece, dict[str, bytes]]:
    """Both ends, and the secrets of the connection by their names."""
    log = folder / "secrets"
    context = client_context()
    context.keylog_filename = str(log)
    hub, client = TlsPiece(server_context(identity_of("hub")), True), TlsPiece(context, False)
    exchange(client, hub)
    return hub, client, _secrets_in(log)


def _secrets_in(log: Path) -> dict[str, bytes]:
    lines = [line.split() for line in log.read_text().splitlines() if not line.startswith("#")]
    return {name: bytes.fromhex(secret) for name, _, secret in lines}


def _expand(secret: bytes, label: bytes, length: int) -> bytes:
    """HKDF-Expand-Label with no context (RFC 8446 7.1)."""
    label = b"tls13 " + label
    info = length.to_bytes(2) + bytes((len(label),)) + label + b"\x00"
    return HKDFExpand(SHA384(), length, info).derive(secret)
