"""One measured transfer: chunks from each pair's sender to its receiver, all pairs at the same time.

Owns the threads that send and receive, and the clock around them. Must never count what is not checked: every byte is
counted, every piece checked (chunks.py). `transfer` runs on the main thread; one thread per end does the rest.
"""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from tests.bench.chunks import BLOCK_BYTES, ChunkCheck, ChunkSource
from tests.bench.ends import Pair, ProtocolBrokenError, announce_file, finish_file

RECEIVE_BYTES = 1 << 20
"""The most that a receiver takes at a time."""


def transfer(pairs: Sequence[Pair], blocks: int, *, thorough: bool = False) -> float:
    """Send so many blocks of 256 KiB from each sender; returns seconds from the first byte to the last one received.

    Args:
        thorough: Compare every byte; the time is then of no use.

    Raises:
        WrongBytesError: Something else arrived than was sent.
        ProtocolBrokenError: The relay did not do what the protocol says.
        OSError: A connection broke, or stood still for too long.
    """
    size = blocks * BLOCK_BYTES
    file_ids = [announce_file(pair, size) for pair in pairs]
    sources = [ChunkSource(pair.sender, pair.recipient, pair.sender) for pair in pairs]
    checks = [
        ChunkCheck(pair.sender, pair.recipient, file_id, thorough=thorough)
        for pair, file_id in zip(pairs, file_ids, strict=True)
    ]
    with ThreadPoolExecutor(2 * len(pairs)) as threads:
        receiving = [threads.submit(_receive, pair, check, size) for pair, check in zip(pairs, checks, strict=True)]
        started = time.perf_counter()
        sending = [threads.submit(_send, pair, source, blocks) for pair, source in zip(pairs, sources, strict=True)]
        ended = max(done.result() for done in receiving)
        for done in sending:
            done.result()
    for pair in pairs:
        finish_file(pair, size)
    return ended - started


def _send(pair: Pair, source: ChunkSource, blocks: int) -> None:
    for index in range(blocks):
        pair.sending.sendall(source.block(index))


def _receive(pair: Pair, check: ChunkCheck, size: int) -> float:
    """Receive so many bytes; returns the time at which the last one had come."""
    buffer = memoryview(bytearray(RECEIVE_BYTES))
    while check.position < size:
        received = pair.receiving.recv_into(buffer, min(RECEIVE_BYTES, size - check.position))
        if not received:
            raise ProtocolBrokenError("The relay closed a connection in the middle of a file.")
        check.receive(buffer[:received])
    return time.perf_counter()
