"""The thread that looks at the disk for an exchange: what there is to send, and what is there of what is offered.

Owns that thread and its queue. Must never decide anything. Threads: asked by the exchange's; answers are given on its
own.
"""

import os
import queue
import threading
from collections.abc import Callable
from pathlib import Path

from commonlib.values import replace
from tcpipclient.core.batch_events import BatchOffered
from tcpipclient.net.threads import make_thread


class DiskLooks:
    """One thread, which begins with the first look."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def is_wanted(self) -> bool:
        """False when whatever is being looked at is not wanted any more."""
        return not self._stopping.is_set()

    def look(self, job: Callable[[], None]) -> None:
        """Have something done behind all that was asked for before."""
        if self._thread is None and self.is_wanted:
            self._thread = make_thread(self._name, self._work, self._stopping.set)
            self._thread.start()
        self._jobs.put(job)

    def stop(self) -> None:
        """Have the thread end soon."""
        self._stopping.set()
        self._jobs.put(None)

    def join(self) -> None:
        """Wait until it has ended, after `stop`."""
        if self._thread is not None:
            self._thread.join()

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None and self.is_wanted:
            job()


def with_disk(offered: BatchOffered, folder: Path | None) -> BatchOffered:
    """What the disk says of an offer: the room in the folder for downloads, and which of the names are there."""
    if folder is None:
        return offered
    top = tuple(replace(entry, is_there=os.path.lexists(folder / entry.name)) for entry in offered.top)
    return replace(offered, top=top, room=maybe_room(folder))


def maybe_room(folder: Path) -> int | None:
    """Bytes free where a folder is, or will be; None where the system does not say."""
    from tcpipclient.folder import free_space  # Loaded where it is needed: who sends asks for no room.

    for place in (folder, *folder.parents):
        try:
            return free_space(place)
        except FileNotFoundError:
            continue
        except OSError:
            return None
    return None
