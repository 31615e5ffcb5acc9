"""A thread for what a disk may take long over: writing much, and forcing what was written.

Owns the jobs that wait, done in the order in which they came. Must never be given one that fails: a job keeps its error
for whoever asks. Threads: `drain` and `close` from the pump's, `submit` from one at a time, also another DiskThread's;
jobs run on a thread of its own, which begins with the first of them.
"""

import errno
import queue
import threading
from collections.abc import Callable

from tcpipclient.net.threads import make_thread

Job = Callable[[], None]


class DiskThread:
    """Does jobs one behind the other.

    Args:
        wake: Called, on that thread, after a job that somebody waits for.

    Attributes:
        submitted, done: How many jobs came, and how many are done.
    """

    def __init__(self, name: str, wake: Callable[[], None]) -> None:
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._wake = wake
        self._thread = make_thread(name, self._work, self._give_up, gives_way=True)
        self._has_started = False
        self._awaited = 0
        self._has_failed = False
        self.submitted = self.done = 0

    def submit(self, job: Job) -> None:
        """Have a job done."""
        if not self._has_started:
            self._has_started = True
            self._thread.start()
        self.submitted += 1
        self._jobs.put(job)

    def has_done(self, number: int) -> bool:
        """Whether the first `number` jobs are done; if not, `wake` will be called when they are.

        Raises OSError when a job has failed, which none may.
        """
        if self._has_failed:
            raise OSError(errno.EIO, "the thread that writes files has failed; the log has the details")
        if self.done >= number:
            return True
        self._awaited = number
        return self.done >= number

    def drain(self) -> None:
        """Wait until all jobs are done; after that nothing is touched by this thread until the next one."""
        if self.done < self.submitted and not self._has_failed:
            drained = threading.Event()
            self.submit(drained.set)
            while not drained.wait(1.0) and not self._has_failed:
                pass

    def close(self) -> None:
        """Wait until all jobs are done, and end the thread."""
        if self._has_started:
            self._jobs.put(None)
            self._thread.join()

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()
            self.done += 1
            if self._awaited and self.done >= self._awaited:
                self._awaited = 0
                self._wake()

    def _give_up(self) -> None:
        self._has_failed = True
        self._wake()
