"""packing: files are read straight into the frames that are sent, and no more memory is used than two blocks."""

from blake3 import blake3

from commonlib.transfer.packing import BLOCK_SIZE, Packing
from commonlib.transfer.stream import LARGEST_DATA, DataPiece, GivenUp, Piece, StreamCutter, given_up_frame

DIGEST = bytes(range(32))


def fill(packing: Packing, entry: int, content: bytes) -> None:
    """Pack a small file."""
    room = packing.maybe_room(len(content), begins=True)
    assert room is not None
    assert len(room) == len(content)
    room[:] = content
    packing.add_content(entry, len(content), 0, DIGEST)


def pieces(packing: Packing) -> list[Piece]:
    """What comes out of the next piece at the other end."""
    piece = packing.maybe_piece(unfinished=True)
    return [] if piece is None else StreamCutter().receive_data(bytes(piece))


def test_small_files_share_a_block() -> None:
    """One write, with every file whole in it."""
    packing = Packing()
    for entry in range(200):
        fill(packing, entry, b"%d" % entry)
    assert pieces(packing) == [DataPiece(entry, 0, memoryview(b"%d" % entry), DIGEST) for entry in range(200)]
    assert packing.is_empty


def test_a_large_file_comes_in_parts_that_fill_blocks() -> None:
    """The first begins at its offset, the last brings the digest; no frame is larger than one may be."""
    packing = Packing()
    fill(packing, 1, b"small")
    content = bytes(range(256)) * (3 * BLOCK_SIZE // 256)
    position, cutter, got = 0, StreamCutter(), list[Piece]()
    while position < len(content):
        room = packing.maybe_room(len(content) - position, begins=not position)
        if room is None:
            piece = packing.maybe_piece(unfinished=True)
            assert piece is not None
            got += cutter.receive_data(bytes(piece))
            continue
        assert min(BLOCK_SIZE // 4, len(content) - position) <= len(room) <= LARGEST_DATA - 32
        room[:] = content[position : position + len(room)]
        offset, position = (-1 if position else 0), position + len(room)
        packing.add_content(2, len(room), offset, DIGEST if position == len(content) else b"")
    while (piece := packing.maybe_piece(unfinished=True)) is not None:
        got += cutter.receive_data(bytes(piece))
    parts = [piece for piece in got if isinstance(piece, DataPiece) and piece.entry == 2]
    assert b"".join(bytes(part.content) for part in parts) == content
    assert [part.offset for part in parts] == [0] + [-1] * (len(parts) - 1)
    assert [part.digest for part in parts if part.digest] == [DIGEST]


def test_a_file_that_does_not_fit_begins_the_next_block() -> None:
    """It is not cut into a sliver and a rest."""
    packing = Packing()
    fill(packing, 1, bytes(BLOCK_SIZE - 5000))
    fill(packing, 2, bytes(8000))
    assert [type(piece) for piece in pieces(packing)] == [DataPiece]
    assert len(pieces(packing)) == 1


def test_there_is_no_room_while_all_blocks_are_on_their_way() -> None:
    """A block is free again when the next piece is asked for."""
    packing = Packing()
    for entry in range(2):
        fill(packing, entry, bytes(BLOCK_SIZE - 100))
    assert packing.maybe_room(BLOCK_SIZE, begins=True) is None
    assert not packing.maybe_add(given_up_frame(1, "x"))
    assert packing.maybe_piece(unfinished=True) is not None
    assert packing.maybe_room(BLOCK_SIZE, begins=True) is None
    assert packing.maybe_piece(unfinished=True) is not None
    assert packing.maybe_room(BLOCK_SIZE, begins=True) is not None


def test_one_block_is_filled_while_the_other_is_sent() -> None:
    """What is lent keeps its bytes until the next piece is asked for."""
    packing = Packing()
    fill(packing, 1, b"first")
    lent = packing.maybe_piece(unfinished=True)
    assert lent is not None
    before = blake3(lent).digest()
    fill(packing, 2, b"other")
    assert blake3(lent).digest() == before


def test_a_block_that_is_being_read_into_is_not_given_away() -> None:
    """Only full blocks are, until the reading is done."""
    packing = Packing()
    fill(packing, 1, b"first")
    assert packing.maybe_room(5, begins=True) is not None
    assert packing.maybe_piece(unfinished=False) is None
    assert packing.maybe_piece(unfinished=True) is not None


def test_room_that_was_not_used_leaves_no_trace() -> None:
    """A file that was only compared, or could not be read."""
    packing = Packing()
    room = packing.maybe_room(1000, begins=True)
    assert room is not None
    room[:] = bytes(1000)
    assert packing.is_empty
    assert packing.maybe_piece(unfinished=True) is None


def test_what_will_not_come_stands_behind_what_came() -> None:
    """In the order of the stream."""
    packing = Packing()
    fill(packing, 1, b"first")
    assert packing.maybe_add(given_up_frame(2, "gone"))
    fill(packing, 3, b"")
    assert pieces(packing) == [
        DataPiece(1, 0, memoryview(b"first"), DIGEST),
        GivenUp(2, "gone"),
        DataPiece(3, 0, memoryview(b""), DIGEST),
    ]
