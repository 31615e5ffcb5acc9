"""The schema of the modern wire: the bounds of fields hold in both directions."""

import msgspec
import pytest

from commonlib.wire.schema import LONGEST_NAME, LONGEST_REASON, Key, Name, Reason


@pytest.mark.parametrize(
    ("kind", "largest", "too_large"),
    [
        (Name, "n" * LONGEST_NAME, "n" * (LONGEST_NAME + 1)),
        (Reason, "r" * LONGEST_REASON, "r" * (LONGEST_REASON + 1)),
        (Key, bytes(32), bytes(33)),
        (Key, bytes(32), bytes(31)),
    ],
)
def test_a_field_is_taken_up_to_its_bound(kind: type, largest: object, too_large: object) -> None:
    """The largest value passes, the next one does not."""
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(largest), type=kind) == largest
    with pytest.raises(msgspec.ValidationError):
        msgspec.msgpack.decode(msgspec.msgpack.encode(too_large), type=kind)
