"""What the messages of the modern wire are declared with: the base of all of them, and the bounds of their fields.

Owns the limits that several kinds of message share. Must never hold a message itself, nor turn one into bytes: that is
for messages.py. Pure: any thread.
"""

from typing import Annotated, ClassVar

from msgspec import Meta, Struct

from commonlib.wire.frames import FrameType

LONGEST_NAME = 64
"""Characters of the name of a person, a computer, a hub or a version."""
LONGEST_REASON = 500

Name = Annotated[str, Meta(max_length=LONGEST_NAME)]
Reason = Annotated[str, Meta(max_length=LONGEST_REASON)]
Id = Annotated[int, Meta(ge=1, le=0xFFFF_FFFF)]
Unsigned16 = Annotated[int, Meta(ge=0, le=0xFFFF)]
Unsigned32 = Annotated[int, Meta(ge=0, le=0xFFFF_FFFF)]
# The library declares no limits beyond 63 bits; a number has 63 bits, so that every language can hold it.
Number = Annotated[int, Meta(ge=0, le=(1 << 63) - 1)]
Signed32 = Annotated[int, Meta(ge=-(1 << 31), le=(1 << 31) - 1)]
Ticks = Annotated[int, Meta(ge=-(1 << 63), le=(1 << 63) - 1)]
Key = Annotated[bytes, Meta(min_length=32, max_length=32)]


class Message(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Base of all messages.

    Attributes:
        frame_type: The number of its kind.
    """

    frame_type: ClassVar[FrameType]
