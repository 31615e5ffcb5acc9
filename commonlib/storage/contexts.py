"""The settings of TLS, for the hub's side and for the client's.

Owns which versions, certificates and tickets are allowed. Must never check a certificate: who the other side is, is
told by its key, which the handshake compares (wire/handshake.py). Described in docs/protocol.md, "M2. TLS".
Reads files: any thread that may wait for a disk. A context may be used by several threads at once.
"""

import ssl
from pathlib import Path

from commonlib.storage.keyfile import CERTIFICATE_FILE, KEY_FILE, Identity
from commonlib.storage.owner_only import StorageError, write_owner_only


def server_context(identity: Identity) -> ssl.SSLContext:
    """TLS 1.3 with the identity's certificate, no tickets and no client certificates: all clients prove keys alike.

    Raises StorageError when the files of the identity are no longer what they were.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    # A ticket would be sent unasked behind the handshake, be lost by a peer that closes early, and bring nothing here.
    context.num_tickets = 0
    if identity.folder is not None:
        _load(context, identity.folder)
        return context
    from tempfile import TemporaryDirectory  # Loaded where it is needed: few identities live in memory.

    # The module ssl takes keys from files alone; this folder is its owner's, and gone at once.
    with TemporaryDirectory(prefix="tcpipchat-") as folder:
        write_owner_only(Path(folder) / KEY_FILE, identity.private_pem())
        write_owner_only(Path(folder) / CERTIFICATE_FILE, identity.certificate)
        _load(context, Path(folder))
    return context


def client_context() -> ssl.SSLContext:
    """TLS 1.3 that takes any certificate: the caller compares its key with the one it trusts, before it sends."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _load(context: ssl.SSLContext, folder: Path) -> None:
    try:
        context.load_cert_chain(folder / CERTIFICATE_FILE, folder / KEY_FILE, password="")
    except (ssl.SSLError, OSError) as error:
        advice = "Start again; if it stays so, delete cert.pem there, which is made anew from the key."
        raise StorageError(folder, "its key and its certificate do not fit together", advice) from error
