"""The preface under attack: spoilt on its way, cut anywhere, or made for something else.

Owns what its reader and its check promise whatever comes. It must never share anything with the check that the promise
is about. Thread: the caller's own.
"""

from collections.abc import Sequence
from functools import cache
from random import Random

from commonlib.wire.preface import LARGEST_KEY, LARGEST_SIGNATURE, Preface, PrefaceError, PrefaceReader, make_preface
from commonlib.wire.proof import ProofError
from commonlib.wire.way_messages import Role
from tests.support.tls_pairs import identity_of

_TRANSFER, _TOKEN = b"t" * 16, b"k" * 32
_HEADER_SIZE = 64
_LARGEST = _HEADER_SIZE + LARGEST_KEY + LARGEST_SIGNATURE


@cache
def good_prefaces() -> Sequence[bytes]:
    """Of both ends and of a stranger, the last one for another listener."""
    listening, stranger = identity_of("receiver").fingerprint, identity_of("stranger")
    made = [
        *(make_preface(_TRANSFER, role, _TOKEN, listening, identity_of("sender")) for role in Role),
        make_preface(_TRANSFER, Role.SENDER, _TOKEN, listening, stranger),
        make_preface(_TRANSFER, Role.SENDER, _TOKEN, stranger.fingerprint, identity_of("sender")),
    ]
    return tuple(preface.encode() for preface in made)


class PrefaceTarget:
    """What is read is what was there, never a byte more; and it is accepted only as it was made."""

    name = "preface"

    def packets(self) -> Sequence[bytes]:
        """What connecting ends say."""
        return good_prefaces()

    def attack(self, stream: bytes, random: Random) -> None:
        """A good one with some bytes spoilt, and the stream behind it; or the stream alone."""
        if random.randrange(4):
            spoilt = bytearray(random.choice(good_prefaces()))
            for _ in range(random.randrange(3)):
                spoilt[random.randrange(len(spoilt))] = random.randrange(256)
            stream = bytes(spoilt) + stream
        preface, taken = self._read(stream, random)
        if preface is None:
            return
        assert preface.encode() == stream[:12] + bytes(4) + stream[16:taken]
        try:
            preface.check(_TOKEN, identity_of("receiver").fingerprint, identity_of("sender").fingerprint)
        except (PrefaceError, ProofError):
            return
        # A signature may be written in more than one way only by whoever has the key.
        assert any(preface.encode() == good for good in good_prefaces()[:2])

    def _read(self, stream: bytes, random: Random) -> tuple[Preface | None, int]:
        """The preface and its size, where there is one."""
        reader, taken = PrefaceReader(), 0
        while reader.wanted:
            assert reader.wanted <= _LARGEST
            data = stream[taken : taken + random.randint(1, reader.wanted)]
            if not data:
                return None, taken
            taken += len(data)
            assert taken <= _LARGEST
            try:
                preface = reader.receive_data(data)
            except PrefaceError:
                return None, taken
            if preface is not None:
                assert reader.wanted == 0
                return preface, taken
        raise AssertionError("it wants nothing more and has told nothing")
