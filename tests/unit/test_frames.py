"""Frames: whatever the chunking, what was sent comes out; what is too long ends the stream."""

import pytest

from commonlib.wire.frames import (
    HEADER_SIZE,
    LARGEST_BODY,
    Frame,
    FrameCutter,
    FrameError,
    FrameType,
    encode_frame,
)

HEADER_OF_7_BYTES = bytes.fromhex("07000000 2000 0000 04030201 0b000000")


def test_a_frame_is_sixteen_bytes_of_header_and_its_body() -> None:
    """Length, type, flags, recipient, sender, each little-endian, then the body."""
    frame = Frame(FrameType.TEXT, to=0x01020304, sender=11, body=b"content")
    assert encode_frame(frame) == HEADER_OF_7_BYTES + b"content"


@pytest.mark.parametrize("size", [1, 2, 15, 16, 17, 23, 24, 1000])
def test_frames_come_out_whole_however_the_stream_is_divided(size: int) -> None:
    """Three frames, one without a body, in chunks of `size` bytes."""
    frames = [Frame(1, 2, 3, b"x" * 40), Frame(900, 0, 0, b""), Frame(32, 0xFFFFFFFF, 0, b"y" * 100, flags=7)]
    stream = b"".join(encode_frame(frame) for frame in frames[:2]) + bytes.fromhex(
        "64000000 2000 0700 ffffffff 00000000"
    )
    stream += b"y" * 100
    cutter = FrameCutter()
    cut = [frame for start in range(0, len(stream), size) for frame in cutter.receive_data(stream[start:][:size])]
    assert cut == frames
    assert cutter.unfinished == 0


def test_a_frame_that_is_too_long_is_refused_by_its_header_alone() -> None:
    """Nothing is waited for, let alone kept, once the header has said too much."""
    cutter = FrameCutter(largest=10)
    assert cutter.receive_data(encode_frame(Frame(1, 0, 0, b"x" * 10)))
    with pytest.raises(FrameError, match="11 bytes"):
        cutter.receive_data(encode_frame(Frame(1, 0, 0, b"x" * 11))[:HEADER_SIZE])


def test_a_frame_that_is_too_long_cannot_be_made() -> None:
    """Our own side keeps to the limit as well."""
    with pytest.raises(FrameError):
        encode_frame(Frame(1, 0, 0, bytes(LARGEST_BODY + 1)))


def test_what_waits_can_be_handed_to_another_cutter() -> None:
    """The arrival hands over the beginning of a frame; the next cutter goes on where it stopped."""
    stream = encode_frame(Frame(5, 0, 0, b"divided"))
    first, second = FrameCutter(), FrameCutter()
    assert first.receive_data(stream[:20]) == []
    assert second.receive_data(first.take_unfinished() + stream[20:]) == [Frame(5, 0, 0, b"divided")]
    assert first.unfinished == 0


def test_a_long_frame_in_crumbs_is_not_copied_for_each_of_them() -> None:
    """Else one member with little to send could keep the hub busy: only the last crumb has all put together."""
    frame = encode_frame(Frame(FrameType.TEXT, 1, 2, bytes(LARGEST_BODY)))
    cutter = FrameCutter()
    assert cutter.receive_data(frame[:-200]) == []
    kept = cutter._kept
    for position in range(len(frame) - 200, len(frame) - 1):
        assert cutter.receive_data(frame[position : position + 1]) == []
        assert cutter._kept is kept
    assert cutter.unfinished == len(frame) - 1
    (whole,) = cutter.receive_data(frame[-1:] + frame[:5])
    assert (len(whole.body), cutter.unfinished) == (LARGEST_BODY, 5)
    assert cutter.take_unfinished() == frame[:5]
    assert cutter.receive_data(frame) == [whole]
