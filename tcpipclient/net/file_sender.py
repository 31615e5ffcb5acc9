"""The file sender thread: reads the files that are to be sent, one after another, and fills the outbox's second lane.

Owns the queue of files and the reading. Must never put a block in while much waits to be sent: texts go first. Runs on
a thread of its own.
"""

import queue
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from commonlib.classic.file_sending import PREFERRED_BLOCK, FileChangedError
from commonlib.exceptions import ChatError
from commonlib.values import dataclass
from tcpipclient.core.events import Direction, Event, FileProgressed
from tcpipclient.core.exceptions import UnsendableFileError
from tcpipclient.core.session import FileMachine
from tcpipclient.net.clock import Clock
from tcpipclient.net.gate import Gate
from tcpipclient.net.outbox import Outbox
from tcpipclient.net.sourcefile import OpenSource, open_source


@dataclass(frozen=True, slots=True)
class FileJob:
    """A file that the session has been offered; `size` is what was announced to the caller."""

    transfer: int
    path: Path
    recipient: int
    name: str
    size: int


class FileSender:
    """Sends files; `work` is the thread's.

    Args:
        tell: Takes events to the dispatcher, from this thread.
        tell_progress: As tell, for what may be passed over when more of it comes.
    """

    def __init__(
        self,
        gate: Gate,
        outbox: Outbox,
        clock: Clock,
        tell: Callable[[list[Event]], None],
        tell_progress: Callable[[FileProgressed], None],
    ) -> None:
        self._gate = gate
        self._outbox = outbox
        self._clock = clock
        self._tell = tell
        self._tell_progress = tell_progress
        self._jobs: queue.SimpleQueue[FileJob | None] = queue.SimpleQueue()
        self._stopping = threading.Event()

    def send(self, job: FileJob) -> None:
        """Add a file that is to be sent when the others are."""
        self._jobs.put(job)

    def stop(self) -> None:
        """Have the thread end with the block it is at. The outbox must be finished too, else it may wait for room."""
        self._stopping.set()
        self._jobs.put(None)

    def work(self) -> None:
        """The thread's work; returns after `stop`."""
        while (job := self._jobs.get()) is not None and not self._stopping.is_set():
            try:
                self._send(job)
            except ChatError as error:
                self._fail(job, str(error))
            except OSError as error:
                detail = f"reading it failed ({error.strerror or error}); check the disk"
                self._fail(job, str(UnsendableFileError(str(job.path), detail)))

    def _send(self, job: FileJob) -> None:
        if not self._gate.run(lambda session: session.outgoing.is_going(job.transfer)):
            return
        source = open_source(job.path)
        with closing(source.stream):
            if source.size != job.size:
                raise FileChangedError(job.name)
            machine = self._gate.run(
                lambda session: session.maybe_begin_file(job.transfer, source.created, source.modified)
            )
            if machine is not None:
                self._send_blocks(job, source, machine)

    def _send_blocks(self, job: FileJob, source: OpenSource, machine: FileMachine) -> None:
        """Each block is read before the last one is sent, so that a small file with its end is one block."""
        done = 0
        data = source.stream.read(PREFERRED_BLOCK)
        while True:
            packets = machine.send_data(data)
            done += len(data)
            data = source.stream.read(PREFERRED_BLOCK)
            if not data:
                break
            if not self._put(job, packets, done):
                return
        packets += machine.finish()
        self._gate.run(lambda session: session.outgoing.end_file(job.transfer))
        if self._put(job, packets, done) and self._outbox.wait_until_files_written():
            now = self._clock.now()
            self._gate.run(lambda session: session.outgoing.end_written(job.transfer, now))

    def _put(self, job: FileJob, packets: bytes, done: int) -> bool:
        """Send a block; False where there is no use in sending more."""
        going = not self._stopping.is_set() and self._gate.run(lambda session: session.outgoing.is_going(job.transfer))
        if not going or not self._outbox.put_file_block(packets):
            return False
        progress = FileProgressed(job.transfer, Direction.OUTGOING, job.recipient, job.name, done, job.size)
        self._tell_progress(progress)
        return True

    def _fail(self, job: FileJob, reason: str) -> None:
        self._tell([*self._gate.run(lambda session: session.outgoing.fail(job.transfer, reason))])
