"""The normalizer thread's work, done here on pytest's main thread."""

import queue
import threading

import pytest

from commonlib.classic.cutter import PacketCutter
from commonlib.wire.frames import Frame, FrameCutter
from commonlib.wire.messages import Ping, encode_message
from tcpipclient.net.normalizer import BlockQueue, Cutter, Unreadable, normalize
from tcpipclient.net.reader import Ended, RawQueue
from tests.support import hub_packets

STREAM = hub_packets.greeting(1) + hub_packets.registered(1) + hub_packets.ping()


def cut(stream: bytes) -> list[Frame]:
    """The frames of a whole stream."""
    return FrameCutter().receive_data(stream)


def normalized(*chunks: bytes, cutter: Cutter | None = None) -> list[object]:
    """What becomes of these chunks and an end that says "over"."""
    raw: RawQueue = queue.Queue()
    blocks: BlockQueue = queue.Queue()
    there = threading.Event()
    for chunk in chunks:
        raw.put(chunk)
    raw.put(Ended("over"))
    normalize(raw, blocks, there, cutter or PacketCutter())
    assert there.is_set()
    return [blocks.get_nowait() for _ in range(blocks.qsize())]


@pytest.mark.parametrize("size", [1, 7, 1023, 1024, 1025, 2048, len(STREAM)])
def test_any_chunking_gives_whole_packets(size: int) -> None:
    """Blocks hold whole packets only, none is empty, and the end comes last with its words."""
    *blocks, end = normalized(*(STREAM[at : at + size] for at in range(0, len(STREAM), size)))
    assert end == Ended("over")
    assert all(isinstance(block, bytes) and block and len(block) % 1024 == 0 for block in blocks)
    assert b"".join(block for block in blocks if isinstance(block, bytes)) == STREAM


def test_a_packet_that_is_not_whole_is_not_handed_over() -> None:
    """The connection ended in its middle."""
    assert normalized(STREAM[:1500]) == [STREAM[:1024], Ended("over")]


def test_frames_are_cut_as_their_wire_has_it() -> None:
    """The cutter decides what is whole; what is not whole yet makes no block."""
    frame = encode_message(Ping(clock=7))
    assert normalized(frame[:5], frame[5:] + frame, cutter=FrameCutter()) == [cut(frame + frame), Ended("over")]


def test_a_stream_that_cannot_be_cut_is_told_once_and_not_listened_to() -> None:
    """However much it says."""
    assert normalized(b"\xff" * 16, b"x" * 5000, STREAM, cutter=FrameCutter()) == [Unreadable(), Ended("over")]
