"""The reader thread: takes what the system has and puts it into the raw queue, unread.

Owns nothing but its loop. Must never look at a byte. It may wait for room in the queue: there is only one connection,
and the hub then feels that we are behind. Runs on a thread of its own, the only one that receives on the connection.
"""

import queue

from commonlib.values import dataclass
from tcpipclient.net.transport import Transport

MOST_WAITING = 16
"""Chunks of up to 256 KiB in the raw queue, and blocks in the one behind it."""


@dataclass(frozen=True, slots=True)
class Ended:
    """Nothing more will come; `said` is what the system told about it, empty for an orderly end."""

    said: str = ""


RawQueue = queue.Queue[bytes | Ended]


def read(transport: Transport, raw: RawQueue) -> None:
    """The thread's work; returns when the connection has ended, which is the last thing it puts in."""
    said = ""
    try:
        while data := transport.receive():
            raw.put(data)
    except OSError as error:
        said = error.strerror or str(error)
    raw.put(Ended(said))
