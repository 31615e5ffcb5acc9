"""People as bytes that are made once and told to many (docs/protocol.md, "M6. Being there").

Owns putting encoded people together to frames, so that a roster of a thousand costs a hub a thousand encodings for all
who hear it, not for each. Must never say anything that People does not. Pure: any thread.
"""

from collections.abc import Sequence

import msgspec

from commonlib.wire.frames import Frame, FrameType, encode_frame
from commonlib.wire.messages import MOST_PEOPLE, Person

_ENCODER = msgspec.msgpack.Encoder()
_MAP_OF_PEOPLE = b"\x81\xa6people"
"""MessagePack: a map with one name, and the name."""


def encode_person(person: Person) -> bytes:
    """One person as he stands in the list of People.

    Raises:
        UnicodeEncodeError: A text of his holds half of a surrogate pair.
    """
    return _ENCODER.encode(person)


def people_frames(encoded: Sequence[bytes]) -> bytes:
    """People whom encode_person has encoded, in as many frames as it takes, joined."""
    return b"".join(_frame(encoded[start : start + MOST_PEOPLE]) for start in range(0, len(encoded), MOST_PEOPLE))


def _frame(encoded: Sequence[bytes]) -> bytes:
    count = len(encoded)
    length = bytes([0x90 | count]) if count < 16 else b"\xdc" + count.to_bytes(2, "big")
    return encode_frame(Frame(FrameType.PEOPLE, 0, 0, b"".join((_MAP_OF_PEOPLE, length, *encoded))))
