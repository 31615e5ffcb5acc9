"""The door of the relays under attack: packets that are nearly those of a half that is waited for.

Owns what the book of tokens promises whatever comes. It must never share anything with the check that the promise is
about but the proof itself. Thread: the caller's own.
"""

from collections.abc import Sequence
from functools import cache
from random import Random

from commonlib.classic.packet import PACKET_SIZE
from commonlib.wire.relay_join import RelayJoin, RelayJoinError, relay_proof
from commonlib.wire.way_messages import Role
from tcpipserver.hub.relaybook import RelayBook, UsedTokenError, WrongTokenError
from tests.support.hubs import NONCE
from tests.support.relay_ways import way

_TOKENS = {bytes([number]) * 16: bytes([number]) * 32 for number in range(3)}
"""By transfer."""
_PROOF = slice(32, 64)
_SECONDS = (0.0, 0.0, 0.0, 1.0, 29.0)
_LIFE = 30.0


@cache
def good_packets() -> Sequence[bytes]:
    """Both halves of each way; one half for another greeting, and one for another transfer."""
    good = [
        RelayJoin(transfer, role, relay_proof(token, NONCE, transfer, role))
        for transfer, token in _TOKENS.items()
        for role in Role
    ]
    (transfer, token), (other, _), *_ = _TOKENS.items()
    bad = [
        RelayJoin(transfer, Role.SENDER, relay_proof(token, bytes(32), transfer, Role.SENDER)),
        RelayJoin(other, Role.SENDER, relay_proof(token, NONCE, other, Role.SENDER)),
    ]
    return tuple(join.encode() for join in (*good, *bad))


class RelayTarget:
    """Nobody gets in but by a proof that is right, in time, and once for each end."""

    name = "relays"

    def packets(self) -> Sequence[bytes]:
        """What halves send."""
        return good_packets()

    def attack(self, stream: bytes, random: Random) -> None:
        """Each packet comes on a connection of its own, while time passes."""
        book, now = RelayBook(), 0.0
        for transfer, token in _TOKENS.items():
            book.expect(token, way(transfer), now)
        taken: set[tuple[bytes, Role]] = set()
        for start in range(0, len(stream), PACKET_SIZE):
            now += random.choice(_SECONDS)
            packet = stream[start : start + PACKET_SIZE]
            try:
                join = RelayJoin.decode(packet)
                opened = book.take(join, NONCE, now)
            except (RelayJoinError, WrongTokenError):
                continue
            except UsedTokenError:
                assert (join.transfer, join.role) in taken
                continue
            assert now < _LIFE
            assert (join.transfer, join.role) not in taken
            assert opened.token == _TOKENS[join.transfer]
            assert packet[_PROOF] == relay_proof(opened.token, NONCE, join.transfer, join.role)
            taken.add((join.transfer, join.role))
