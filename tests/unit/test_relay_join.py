"""RelayJoin: what is written is read again, and its proof holds for one greeting, one transfer and one end alone."""

import pytest

from commonlib.wire.greeting import FIRST_BYTE_OF_TLS
from commonlib.wire.relay_join import FIRST_BYTES, RelayJoin, RelayJoinError, relay_proof
from commonlib.wire.way_messages import Role

TOKEN, NONCE, TRANSFER = bytes(range(32)), bytes(32), b"t" * 16
JOIN = RelayJoin(TRANSFER, Role.RECEIVER, relay_proof(TOKEN, NONCE, TRANSFER, Role.RECEIVER))


def test_what_is_written_is_read_again() -> None:
    """In 1024 bytes that begin as neither TLS nor credentials do."""
    packet = JOIN.encode()
    assert len(packet) == 1024
    assert packet.startswith(FIRST_BYTES)
    assert packet[0] not in (FIRST_BYTE_OF_TLS, 0x04)
    assert RelayJoin.decode(packet) == JOIN


@pytest.mark.parametrize(
    "packet",
    [
        JOIN.encode()[:-1],
        JOIN.encode() + b"\0",
        b"XX" + JOIN.encode()[2:],
        b"RJ\x02\0" + JOIN.encode()[4:],
        b"RJ\x01\0\x03\0" + JOIN.encode()[6:],
    ],
    ids=["too short", "too long", "another packet", "another version", "no role"],
)
def test_what_is_no_relay_join_is_refused(packet: bytes) -> None:
    """By the one error that is documented."""
    with pytest.raises(RelayJoinError):
        RelayJoin.decode(packet)


@pytest.mark.parametrize(
    "other",
    [
        relay_proof(bytes(32), NONCE, TRANSFER, Role.RECEIVER),
        relay_proof(TOKEN, b"\1" * 32, TRANSFER, Role.RECEIVER),
        relay_proof(TOKEN, NONCE, b"u" * 16, Role.RECEIVER),
        relay_proof(TOKEN, NONCE, TRANSFER, Role.SENDER),
    ],
    ids=["another token", "another greeting", "another transfer", "the other end"],
)
def test_a_proof_holds_for_nothing_else(other: bytes) -> None:
    """Seen on one connection, it is of no use on another."""
    assert JOIN.proof != other
