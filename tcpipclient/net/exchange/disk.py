"""The threads that look at the disk for an exchange: what there is to send, and what is there of what is offered.

Owns those threads and the queue before them. Must never decide anything. Threads: asked by the exchange's; answers are
given on its own.

A disk may never answer: a network drive that has gone holds whoever asks it. One look at a time is taken, but for those
that take so long; and nobody waits for the last of them without end.
"""

import os
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

from commonlib.values import dataclass, replace
from tcpipclient.core.batch_events import BatchOffered
from tcpipclient.net.late_logger import LateLogger
from tcpipclient.net.threads import make_thread

MOST_AT_A_DISK = 4
"""Looks that have begun and not ended."""
PATIENCE_SECONDS = 2.0
"""A look that takes longer does not keep the next one waiting."""

_log = LateLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Look:
    take: Callable[[], None]
    fail: Callable[[], object]


class DiskLooks:
    """A thread that begins with the first look, and others where looks do not come back.

    Args:
        at_once: How many there are at most; with 1 they come back in the order in which they were asked for.
    """

    def __init__(self, name: str, at_once: int = 1, patience: float = PATIENCE_SECONDS) -> None:
        self._name = name
        self._at_once = at_once
        self._patience = patience
        # Guards all below; held for moments.
        self._changed = threading.Condition()
        self._waiting: deque[_Look] = deque()
        self._began: dict[threading.Thread, float] = {}  # Who is at a look, and since when.
        self._threads: list[threading.Thread] = []
        self._is_stopping = False

    @property
    def is_wanted(self) -> bool:
        """False when whatever is being looked at is not wanted any more."""
        return not self._is_stopping

    def look(self, job: Callable[[], None], fail: Callable[[], object]) -> None:
        """Have something done behind all that was asked for before; `fail` is called where it raises anything."""
        with self._changed:
            if self._is_stopping:
                return
            self._waiting.append(_Look(job, fail))
            if len(self._threads) < min(len(self._began) + len(self._waiting), self._at_once):
                thread = make_thread(self._name, self._work, self.stop)
                self._threads.append(thread)
                thread.start()
            self._changed.notify_all()

    def stop(self) -> None:
        """Have the threads end soon."""
        with self._changed:
            self._is_stopping = True
            self._changed.notify_all()

    def join(self, seconds: float) -> bool:
        """Wait until they have ended, after `stop`; False where one has not by then: a disk does not answer."""
        deadline = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(deadline - time.monotonic(), 0.0))
        return not any(thread.is_alive() for thread in self._threads)

    def _work(self) -> None:
        while (look := self._maybe_next()) is not None:
            try:
                look.take()
            except Exception:  # noqa: BLE001 - else whoever asked would wait without end
                _log.exception("a look at a disk has failed")
                look.fail()

    def _maybe_next(self) -> _Look | None:
        """The next look as soon as its turn has come; None where there will be none."""
        with self._changed:
            self._began.pop(threading.current_thread(), None)
            self._changed.notify_all()
            while not self._is_stopping:
                now = time.monotonic()
                passed_at = max((began + self._patience for began in self._began.values()), default=now)
                if self._waiting and now >= passed_at:
                    self._began[threading.current_thread()] = now
                    return self._waiting.popleft()
                self._changed.wait(passed_at - now if self._waiting else None)
            return None


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
