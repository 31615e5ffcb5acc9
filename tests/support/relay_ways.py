"""Ways between two people, as the hub opens them, and what a half shows to get in by one.

Owns their making. It must never open a socket. Thread: the test's own.
"""

from commonlib.wire.relay_join import RelayJoin, relay_proof
from commonlib.wire.way_messages import Role
from tcpipserver.hub.effects import OpenWay, WayEnd
from tcpipserver.hub.people import Credentials, Person
from tests.support.hubs import NONCE, key

TRANSFER, TOKEN = bytes(range(16)), bytes(range(32))


def way(transfer: bytes = TRANSFER, sender: int = 1, receiver: int = 2) -> OpenWay:
    """Between two people; each number is one's connection, id and name, and another's key."""
    ends = [WayEnd(one, Person(one, "192.0.2.7", Credentials(str(one)), key=key(one))) for one in (sender, receiver)]
    return OpenWay(transfer, *ends)


def join(role: Role = Role.SENDER, token: bytes = TOKEN, transfer: bytes = TRANSFER, nonce: bytes = NONCE) -> RelayJoin:
    """What a half shows."""
    return RelayJoin(transfer, role, relay_proof(token, nonce, transfer, role))
