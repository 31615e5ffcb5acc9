"""stream: frames of a transfer come out whole or in pieces, content is never copied, and lengths are never believed."""

import pytest

from commonlib.transfer.stream import (
    HEADER_SIZE,
    LARGEST_DATA,
    LARGEST_LEFT,
    LARGEST_MESSAGE,
    DataFlag,
    DataPiece,
    GivenUp,
    MessageFrame,
    Piece,
    StreamCutter,
    TransferError,
    TransferType,
    given_up_frame,
    sendable,
)

DIGEST = bytes(range(32))


def frame(kind: int, body: bytes, flags: int = 0, entry: int = 0) -> bytes:
    """A frame, laid out as docs/protocol.md has it."""
    return (
        len(body).to_bytes(4, "little")
        + kind.to_bytes(2, "little")
        + flags.to_bytes(2, "little")
        + entry.to_bytes(8, "little")
        + body
    )


def data(content: bytes, entry: int = 3, offset: int | None = None, digest: bytes = b"") -> bytes:
    """A data frame."""
    flags = (1 if offset is not None else 0) | (2 if digest else 0)
    begin = b"" if offset is None else offset.to_bytes(8, "little")
    return frame(7, begin + content + digest, flags, entry)


def cut(stream: bytes, size: int | None = None) -> list[Piece]:
    """The pieces of a stream that comes in chunks of so many bytes; all that was content, made bytes."""
    cutter = StreamCutter()
    step = size or max(len(stream), 1)
    pieces = [piece for start in range(0, len(stream), step) for piece in cutter.receive_data(stream[start:][:step])]
    assert not cutter.unfinished
    return pieces


def test_a_small_file_is_one_piece() -> None:
    """Offset, content and digest of a frame that begins and ends a file."""
    (piece,) = cut(data(b"content", entry=5, offset=0, digest=DIGEST))
    assert piece == DataPiece(5, 0, memoryview(b"content"), DIGEST)


def test_a_small_file_at_the_end_may_be_left_for_the_next_chunk() -> None:
    """It is whole then; nothing else is left, nothing is lost, and only as long as that is allowed."""
    small = data(bytes(1000), entry=1, offset=0, digest=DIGEST)
    for rest in range(1, len(small) - 23):
        cutter = StreamCutter()
        pieces = cutter.receive_data(small + small[:-rest], may_leave=True)
        assert (len(pieces), cutter.left_over) == (1, len(small) - rest)
        assert cutter.receive_data(small, may_leave=True) == pieces
        assert cutter.left_over == 0
    cutter = StreamCutter()
    assert cutter.receive_data(small[:-1]) == [DataPiece(1, 0, memoryview(bytes(1000)), b"")]
    assert cutter.left_over == 0


@pytest.mark.parametrize(
    "stream",
    [data(bytes(5000), offset=0), data(bytes(5000)), frame(1, bytes(5000)), data(bytes(LARGEST_LEFT), 3, 0, DIGEST)],
)
def test_what_is_no_small_file_is_taken_as_it_comes(stream: bytes) -> None:
    """Whoever announces more than he sends does not have us look at it again and again."""
    cutter = StreamCutter()
    cutter.receive_data(stream[:-100], may_leave=True)
    assert cutter.left_over == 0
    assert cutter.receive_data(stream[-100:], may_leave=True)


def test_content_is_a_view_of_what_came() -> None:
    """Nothing is copied: what the chunk's memory holds later is what the view shows."""
    chunk = bytearray(data(b"content", offset=0, digest=DIGEST))
    (piece,) = StreamCutter().receive_data(chunk)
    assert isinstance(piece, DataPiece)
    chunk[chunk.index(b"content")] = ord("C")
    assert bytes(piece.content) == b"Content"


@pytest.mark.parametrize("size", [1, 2, 15, 16, 17, 23, 24, 25, 40, 1000])
def test_any_division_gives_the_same(size: int) -> None:
    """Messages whole, content in order, the offset with the first piece of a file and the digest with its last."""
    stream = (
        frame(1, b"offer")
        + data(b"0123456789" * 9, offset=70)
        + frame(13, b"")
        + data(b"abc")
        + data(b"", digest=DIGEST)
        + given_up_frame(4, "gone")
        + data(b"small", entry=9, offset=0, digest=DIGEST)
        + data(b"", entry=10, offset=0, digest=DIGEST)
        + data(b"", entry=11, offset=5)
    )
    pieces = cut(stream, size)
    assert [piece for piece in pieces if not isinstance(piece, DataPiece)] == [
        MessageFrame(1, b"offer"),
        MessageFrame(13, b""),
        GivenUp(4, "gone"),
    ]
    told: dict[int, list[int | bytes]] = {}
    for piece in pieces:
        if isinstance(piece, DataPiece):
            parts = told.setdefault(piece.entry, [-1, b"", b""])
            if piece.offset >= 0:
                assert parts[0] == -1
                parts[0] = piece.offset
            parts[1] += bytes(piece.content)  # type: ignore[operator]
            parts[2] += piece.digest  # type: ignore[operator]
    assert told == {
        3: [70, b"0123456789" * 9 + b"abc", DIGEST],
        9: [0, b"small", DIGEST],
        10: [0, b"", DIGEST],
        11: [5, b"", b""],
    }


@pytest.mark.parametrize(
    "header",
    [
        frame(7, b"", flags=0)[:0] + (LARGEST_DATA + 1).to_bytes(4, "little") + frame(7, b"")[4:],
        (LARGEST_DATA + 1).to_bytes(4, "little") + frame(7, b"", flags=3)[4:],
        (LARGEST_MESSAGE + 1).to_bytes(4, "little") + frame(1, b"")[4:],
        (LARGEST_MESSAGE + 1).to_bytes(4, "little") + frame(999, b"")[4:],
        (2001).to_bytes(4, "little") + frame(7, b"", flags=4)[4:],
        (39).to_bytes(4, "little") + frame(7, b"", flags=3)[4:],
        (31).to_bytes(4, "little") + frame(7, b"", flags=2)[4:],
        (7).to_bytes(4, "little") + frame(7, b"", flags=1)[4:],
    ],
)
def test_what_no_frame_may_announce_ends_the_stream_at_its_header(header: bytes) -> None:
    """Too long, or too short for what it says it holds: nothing is waited for, let alone kept."""
    with pytest.raises(TransferError):
        StreamCutter().receive_data(header + bytes(100))


def test_the_largest_frames_are_taken() -> None:
    """The limits themselves are allowed."""
    pieces = cut(frame(1, bytes(LARGEST_MESSAGE)) + data(bytes(LARGEST_DATA - 40), offset=0, digest=DIGEST))
    assert [type(piece) for piece in pieces] == [MessageFrame, DataPiece]


def test_a_stream_that_ends_within_a_frame_is_known_as_such() -> None:
    """Within a header, content or digest; not between frames."""
    stream = data(b"content", offset=0, digest=DIGEST)
    for end in range(1, len(stream)):
        cutter = StreamCutter()
        cutter.receive_data(stream[:end])
        assert cutter.unfinished
    cutter = StreamCutter()
    cutter.receive_data(stream)
    assert not cutter.unfinished


def test_a_reason_is_cut_and_made_text() -> None:
    """500 characters at most; what is no text is replaced; what came in pieces of characters is shown as such."""
    assert sendable("x" * 600) == "x" * 500
    assert sendable("a\ud800b") == "a?b"
    assert given_up_frame(7, "ü" * 600)[HEADER_SIZE:] == "ü".encode() * 500
    assert cut(frame(7, b"\xff", flags=4, entry=1)) == [GivenUp(1, "\ufffd")]


def test_numbers_of_kinds_and_flags_are_those_of_the_protocol() -> None:
    """They are what other programs rely on."""
    assert (TransferType.OFFER, TransferType.DATA, TransferType.END) == (1, 7, 14)
    assert (DataFlag.BEGINS, DataFlag.ENDS, DataFlag.GIVEN_UP) == (1, 2, 4)
