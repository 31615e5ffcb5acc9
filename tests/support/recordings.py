"""The recorded session of two original clients and an original server (tests/golden/README.md).

Owns where the recordings lie and how they are cut. It must never change a byte of them.
Thread: the test's own.
"""

from pathlib import Path

from commonlib.classic.packet import PACKET_SIZE

GOLDEN = Path(__file__).parent.parent / "golden"
ALICE_TO_SERVER = "conn1-c2s"
SERVER_TO_ALICE = "conn1-s2c"
BOB_TO_SERVER = "conn2-c2s"
SERVER_TO_BOB = "conn2-s2c"
RECORDINGS = (ALICE_TO_SERVER, SERVER_TO_ALICE, BOB_TO_SERVER, SERVER_TO_BOB)


def recorded_stream(name: str) -> bytes:
    """All bytes of one direction of one connection; `name` is one of RECORDINGS."""
    return (GOLDEN / f"{name}.bin").read_bytes()


def recorded_packets(name: str) -> list[bytes]:
    """The same, cut into packets of 1024 bytes."""
    return divided(recorded_stream(name))


def divided(packets: bytes) -> list[bytes]:
    """Joined packets, one by one; a last one that is not whole is kept as it is."""
    return [packets[offset : offset + PACKET_SIZE] for offset in range(0, len(packets), PACKET_SIZE)]
