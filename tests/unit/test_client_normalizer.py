"""The normalizer thread's work, done here on pytest's main thread."""

import queue
import threading

import pytest

from tcpipclient.net.normalizer import BlockQueue, StrangerAnswered, normalize
from tcpipclient.net.reader import Ended, RawQueue
from tests.support import hub_packets

STREAM = hub_packets.greeting(1) + hub_packets.registered(1) + hub_packets.ping()


def normalized(*chunks: bytes) -> list[object]:
    """What becomes of these chunks and an end that says "over"."""
    raw: RawQueue = queue.Queue()
    blocks: BlockQueue = queue.Queue()
    there = threading.Event()
    for chunk in chunks:
        raw.put(chunk)
    raw.put(Ended("over"))
    normalize(raw, blocks, there)
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


def test_a_stranger_is_told_once_and_not_listened_to() -> None:
    """However much it says."""
    assert normalized(b"SSH-2.0-", b"x" * 5000, STREAM) == [StrangerAnswered(), Ended("over")]
