"""The preface: what the end that makes a connection between two clients says first, inside TLS.

Owns its layout, and the proof that its sender has the key that the hub has told of (docs/protocol.md, "M10. The way").
The other end has shown its own key by TLS. Must never decide whether a way is wanted. Pure; a PrefaceReader belongs to
one connection and one thread at a time.
"""

import hmac
import struct

from commonlib.exceptions import ProtocolError
from commonlib.identity import Fingerprint, Signer, fingerprint_of
from commonlib.values import dataclass
from commonlib.wire.proof import verify_proof
from commonlib.wire.way_messages import TOKEN_SIZE, TRANSFER_SIZE, Role

MAGIC = b"TCPF"
VERSION = 1
LARGEST_KEY = 512
LARGEST_SIGNATURE = 256

_LAYOUT = struct.Struct(f"<4sHHHH4x{TRANSFER_SIZE}s{TOKEN_SIZE}s")
_CONTEXT = b"tcpipchat way proof 1\0"


class PrefaceError(ProtocolError):
    """What came is no preface, or not that of whom it was expected from: the connection is to be closed."""


@dataclass(frozen=True, slots=True)
class Preface:
    """Who makes a connection, and for which way.

    Attributes:
        transfer: Of the transfer, 16 bytes.
        role: Which end of it makes the connection.
        token: From WayOpened.
        key: The public key of that end (SubjectPublicKeyInfo, DER).
        signature: Of `way_proof_message`.
    """

    transfer: bytes
    role: Role
    token: bytes
    key: bytes
    signature: bytes

    def encode(self) -> bytes:
        """The bytes that are sent."""
        sizes = len(self.key), len(self.signature)
        return _LAYOUT.pack(MAGIC, VERSION, self.role, *sizes, self.transfer, self.token) + self.key + self.signature

    def check(self, token: bytes, connected: Fingerprint, expected: Fingerprint) -> None:
        """Accept it for a way.

        Args:
            token: Of that way.
            connected: Fingerprint of our own key, which TLS has shown to the other end.
            expected: Fingerprint of the other end's key.

        Raises:
            PrefaceError: It is for another way, or from somebody else.
            ProofError: It is not signed by the owner of its key.
        """
        if not hmac.compare_digest(token, self.token):
            raise PrefaceError("it shows another token")
        if fingerprint_of(self.key) != expected:
            raise PrefaceError("it is from somebody else than the hub has told of")
        message = way_proof_message(self.token, self.transfer, self.role, connected, expected)
        verify_proof(self.key, message, self.signature)


def way_proof_message(
    token: bytes, transfer: bytes, role: Role, connected: Fingerprint, connecting: Fingerprint
) -> bytes:
    """What the connecting end signs: it holds for this way and this pair of keys alone."""
    return b"".join((_CONTEXT, token, transfer, bytes([role]), connected, connecting))


def make_preface(transfer: bytes, role: Role, token: bytes, connected: Fingerprint, signer: Signer) -> Preface:
    """The preface of a connection to the owner of `connected`, made by `signer`."""
    message = way_proof_message(token, transfer, role, connected, signer.fingerprint)
    return Preface(transfer, role, token, signer.spki, signer.sign(message))


class PrefaceReader:
    """Takes the first bytes of a connection until its preface is whole.

    Attributes:
        wanted: How many bytes are to be read next, so that none of what follows is; 0 when the preface is whole.
    """

    def __init__(self) -> None:
        self.wanted = _LAYOUT.size
        self._received = b""

    def receive_data(self, data: bytes) -> Preface | None:
        """Add at most `wanted` bytes; returns the preface when it is whole.

        Raises:
            PrefaceError: It is none, or of a version that is not known here.
        """
        if len(data) > self.wanted:
            raise ValueError("more bytes than are wanted")
        self._received += data
        if not MAGIC.startswith(self._received[: len(MAGIC)]):
            raise PrefaceError("it does not begin as a preface does")
        self.wanted -= len(data)
        if self.wanted:
            return None
        _, version, role, key_size, signature_size, transfer, token = _LAYOUT.unpack_from(self._received)
        if version != VERSION or role not in tuple(Role):
            raise PrefaceError("it is of a version that is not known here")
        if not 0 < key_size <= LARGEST_KEY or not 0 < signature_size <= LARGEST_SIGNATURE:
            raise PrefaceError("its key or its signature has an impossible size")
        whole = _LAYOUT.size + key_size + signature_size
        if len(self._received) < whole:
            self.wanted = whole - len(self._received)
            return None
        rest = self._received[_LAYOUT.size :]
        return Preface(transfer, Role(role), token, rest[:key_size], rest[key_size:])
