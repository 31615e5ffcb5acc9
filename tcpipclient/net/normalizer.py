"""The normalizer thread: cuts the raw chunks into whole packets and hands those to the dispatcher.

Owns the unfinished packet between two chunks. Must never look into a packet, except at a connection's first two bytes.
Runs on a thread of its own; joined to the dispatcher by a queue and a `threading.Event`, as the article has it.
"""

import queue
import threading
from dataclasses import dataclass

from commonlib.classic.cutter import PacketCutter
from commonlib.exceptions import ProtocolError
from tcpipclient.core.order import Opening
from tcpipclient.net.reader import Ended, RawQueue


@dataclass(frozen=True, slots=True)
class StrangerAnswered:
    """What answers does not speak this protocol; nothing of it but Ended follows."""


BlockQueue = queue.Queue[bytes | StrangerAnswered | Ended]
"""Blocks of whole packets, and Ended as the last."""


def normalize(raw: RawQueue, blocks: BlockQueue, blocks_there: threading.Event) -> None:
    """The thread's work; returns when the reader has said that the connection has ended, which it passes on."""
    opening, cutter = Opening(), PacketCutter()
    while not isinstance(chunk := raw.get(), Ended):
        try:
            opening.receive_data(chunk)
        except ProtocolError:
            blocks.put(StrangerAnswered())
            blocks_there.set()
            chunk = pass_over(raw)
            break
        block = cutter.receive_data(chunk)
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
