"""The normalizer thread: cuts the raw chunks into whole packets or frames and hands those to the dispatcher.

Owns what is unfinished between two chunks, by the wire's cutter. Must never look into a packet or a frame. Runs on a
thread of its own; joined to the dispatcher by a queue and a `threading.Event`, as the article has it.
"""

import queue
import threading
from typing import Protocol

from commonlib.exceptions import ProtocolError
from commonlib.values import dataclass
from commonlib.wire.frames import Frame
from tcpipclient.net.reader import Ended, RawQueue

Block = bytes | list[Frame]
"""Whole packets, joined, or whole frames."""


class Cutter(Protocol):
    """Cuts the stream of one wire, in any chunking."""

    def receive_data(self, data: bytes, /) -> Block:
        """Add a chunk; returns what is whole now, possibly nothing. Raises ProtocolError: nothing will be any more."""
        ...


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The stream cannot be cut any more; nothing of it but Ended follows."""


BlockQueue = queue.Queue[Block | Unreadable | Ended]
"""What is whole, and Ended as the last."""


def normalize(raw: RawQueue, blocks: BlockQueue, blocks_there: threading.Event, cutter: Cutter) -> None:
    """The thread's work; returns when the reader has said that the connection has ended, which it passes on."""
    while not isinstance(chunk := raw.get(), Ended):
        try:
            block = cutter.receive_data(chunk)
        except ProtocolError:
            blocks.put(Unreadable())
            blocks_there.set()
            chunk = pass_over(raw)
            break
        if block:
            blocks.put(block)
            blocks_there.set()
    blocks.put(chunk)
    blocks_there.set()


def pass_over(raw: RawQueue) -> Ended:
    """Take whatever still comes, so that the reader gets on to the end, which is returned."""
    while not isinstance(chunk := raw.get(), Ended):
        pass
    return chunk
