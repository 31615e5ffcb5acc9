"""Messages about files between clients: their fields are bounded, and the two roles face each other."""

import msgspec
import pytest

from commonlib.wire.frames import Frame, FrameType
from commonlib.wire.messages import MessageError, decode_message
from commonlib.wire.way_messages import LONGEST_ADDRESS, MOST_ADDRESSES, FilesOffered, Role, WayWanted

WANTED = {"transfer": bytes(16), "role": 1, "port": 9998, "addresses": ["10.0.0.1"]}
OFFERED = {"transfer": bytes(16), "totals": {"files": 1, "size": 1}, "top": [[0, "a", 1]]}


def frame(kind: FrameType, fields: object) -> Frame:
    """A frame with such a body."""
    return Frame(kind, 0, 0, msgspec.msgpack.encode(fields))


def test_the_two_ends_face_each_other() -> None:
    """Who talks to a sender is a receiver, and the other way round."""
    assert (Role.SENDER.other, Role.RECEIVER.other) == (Role.RECEIVER, Role.SENDER)


def test_what_fits_is_read() -> None:
    """The bodies that the next test spoils are good ones."""
    wanted = decode_message(frame(FrameType.WAY_WANTED, WANTED))
    offered = decode_message(frame(FrameType.FILES_OFFERED, OFFERED))
    assert isinstance(wanted, WayWanted)
    assert (wanted.port, wanted.addresses) == (9998, ("10.0.0.1",))
    assert isinstance(offered, FilesOffered)
    assert [(entry.name, entry.size) for entry in offered.top] == [("a", 1)]


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (FrameType.WAY_WANTED, {**WANTED, "transfer": bytes(15)}),
        (FrameType.WAY_WANTED, {**WANTED, "role": 3}),
        (FrameType.WAY_WANTED, {**WANTED, "port": 65_536}),
        (FrameType.WAY_WANTED, {**WANTED, "addresses": ["a"] * (MOST_ADDRESSES + 1)}),
        (FrameType.WAY_WANTED, {**WANTED, "addresses": ["a" * (LONGEST_ADDRESS + 1)]}),
        (FrameType.WAY_WANTED, {**WANTED, "addresses": [""]}),
        (FrameType.FILES_OFFERED, {**OFFERED, "offer": 200}),
        (FrameType.FILES_OFFERED, {**OFFERED, "top": []}),
        (FrameType.FILES_OFFERED, {**OFFERED, "top": [[0, "a", 1]] * 65}),
        (FrameType.FILES_OFFERED, {**OFFERED, "totals": {"files": -1}}),
        (FrameType.FILES_OFFERED, {**OFFERED, "others": 1 << 63}),
    ],
)
def test_what_does_not_fit_is_refused(kind: FrameType, fields: object) -> None:
    """One field beyond its bound is enough."""
    with pytest.raises(MessageError):
        decode_message(frame(kind, fields))
