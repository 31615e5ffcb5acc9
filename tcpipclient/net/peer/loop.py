"""An event loop for connections that are being made: many at once on one thread, each to be cancelled at any moment.

Owns the thread, the selector, and when each task goes on. Must never know what a task does. A task is a generator: it
yields what it waits for, and to cancel it is to close it, which runs its `finally` blocks wherever it stands. Thus
nothing is left open, without a lock and without a thread that waits for a network. Threads: `start`, `post`, `stop` and
`release_if_held` are anybody's; all else is for tasks and for what was posted, on the loop's own thread.
"""

import contextlib
import selectors
import socket
import threading
from collections import deque
from collections.abc import Callable, Generator
from typing import TypeVar

from commonlib.values import dataclass
from tcpipclient.net.clock import Clock
from tcpipclient.net.threads import make_thread

HELD_SECONDS = 1.0
"""How long one step of a task may take before somebody else ends its connection."""
_LONGEST_SLEEP = 3600.0


@dataclass(frozen=True, slots=True)
class Wait:
    """What a task waits for; it is told True when its socket is ready or it was woken, False when `until` has come.

    Attributes:
        until: Monotonic seconds.
        connection: A socket; None for a mere pause.
        events: selectors.EVENT_READ or EVENT_WRITE.
    """

    until: float
    connection: socket.socket | None = None
    events: int = 0


T = TypeVar("T")
Steps = Generator[Wait, bool, T]
"""The work of a task, or a part of it that returns T."""


class Task:
    """Some work on a loop, made by `Loop.spawn`.

    Attributes:
        has_ended: Whether nothing of it will be done any more.
        wait: What it waits for; None while it runs, or is to run at once.
    """

    __slots__ = ("_has_begun", "_owned", "_steps", "has_ended", "wait")

    def __init__(self, steps: Steps[None], owned: socket.socket | None) -> None:
        self._steps = steps
        self._owned = owned
        self._has_begun = False
        self.has_ended = False
        self.wait: Wait | None = None

    def go_on(self, told: bool) -> bool:
        """Do the next step; whether there are more."""
        steps, self._has_begun, has_begun = self._steps, True, self._has_begun
        try:
            self.wait = steps.send(told) if has_begun else next(steps)
        except StopIteration:
            self.has_ended = True
        return not self.has_ended

    def close(self) -> None:
        """Give up what is left of the work."""
        self.has_ended = True
        self._steps.close()
        if not self._has_begun and self._owned is not None:
            self._owned.close()


class Loop:
    """One thread with its tasks.

    Args:
        name: Of the thread.
        failed: Called on the thread when a task has raised something; all tasks are closed then.

    Attributes:
        watched: Another loop, whose thread this one looks after: TLS goes on reading as long as a peer feeds it with
            records that carry nothing, faster than they can be read. Such a connection is ended from here.
    """

    def __init__(self, name: str, clock: Clock, failed: Callable[[], None]) -> None:
        self.watched: Loop | None = None
        self._clock = clock
        self._lock = threading.Lock()
        self._posted: deque[Callable[[], object]] = deque()
        self._has_ended = False
        self._tasks: set[Task] = set()
        self._due: deque[Task] = deque()
        self._current: Task | None = None
        self._held: tuple[socket.socket, float] | None = None
        self._is_stopping = False
        self._selector = selectors.DefaultSelector()
        self._woken, self._waker = socket.socketpair()
        self._woken.setblocking(False)
        self._waker.setblocking(False)
        self._selector.register(self._woken, selectors.EVENT_READ, None)
        self._thread = make_thread(name, self._work, failed)

    # Anybody's

    def start(self) -> None:
        """Begin; once."""
        self._thread.start()

    def post(self, act: Callable[[], object]) -> bool:
        """Have something done on the thread, in the order of the calls; False when it has ended and will not do it."""
        with self._lock:
            if self._has_ended:
                return False
            self._posted.append(act)
            with contextlib.suppress(BlockingIOError):  # It will wake up for the bytes that are there.
                self._waker.send(b"\0")
            return True

    def stop(self) -> None:
        """Do what was posted, close all tasks, end the thread; on the thread itself, do not wait for that."""
        self.post(self._stop)
        if threading.current_thread() is self._thread:
            return
        while self._thread.is_alive():
            self._thread.join(HELD_SECONDS)
            self.release_if_held()

    def release_if_held(self) -> None:
        """End the connection at which the thread is held, where one has done so for HELD_SECONDS."""
        held = self._held
        if held is not None and self._clock.now() - held[1] >= HELD_SECONDS:
            with contextlib.suppress(OSError):
                # Not the method of a TLS socket, which would take its state away from under the thread that reads.
                socket.socket.shutdown(held[0], socket.SHUT_RDWR)

    # The thread's

    @property
    def current(self) -> Task | None:
        """The task that is running."""
        return self._current

    def spawn(self, steps: Steps[None], owned: socket.socket | None = None) -> Task:
        """Begin some work, once what is running pauses.

        Args:
            owned: Closed where the work is cancelled before it has begun, and so cannot do that itself.
        """
        task = Task(steps, owned)
        self._tasks.add(task)
        self._due.append(task)
        return task

    def wake(self, task: Task) -> None:
        """Let a task go on that only pauses."""
        if task in self._tasks and task is not self._current:
            self._due.append(task)

    def cancel(self, task: Task) -> None:
        """Close a task; the one that is running ends by itself, and one that has ended is no harm."""
        if task is self._current or task not in self._tasks:
            return
        self._forget_wait(task)
        self._tasks.discard(task)
        task.close()

    def _work(self) -> None:
        try:
            while not self._is_stopping:
                self._run_posted()
                self._run_due()
                self._run_ready()
                if self.watched is not None:
                    self.watched.release_if_held()
        finally:
            self._end()

    def _run_posted(self) -> None:
        while self._posted:
            self._posted.popleft()()

    def _run_due(self) -> None:
        for _ in range(len(self._due)):
            self._step(self._due.popleft(), True)

    def _run_ready(self) -> None:
        ready = self._selector.select(self._seconds_to_wait())
        now = self._clock.now()
        # Whose time is over is told so, though there may be something to read: a peer must not be able to feed us for
        # ever, byte by byte.
        for task in [task for task in self._tasks if task.wait is not None and task.wait.until <= now]:
            self._step(task, False)
        for key, _ in ready:
            if key.data is None:
                with contextlib.suppress(BlockingIOError):
                    self._woken.recv(4096)
            elif key.data in self._tasks and key.data.wait is not None and key.data.wait.connection is key.fileobj:
                self._step(key.data, True)

    def _seconds_to_wait(self) -> float | None:
        if self._due or self._posted or self._is_stopping:
            return 0
        moments = [task.wait.until for task in self._tasks if task.wait is not None]
        if self.watched is not None and self.watched.has_tasks:
            moments.append(self._clock.now() + HELD_SECONDS)
        return min(max(0.0, min(moments) - self._clock.now()), _LONGEST_SLEEP) if moments else None

    @property
    def has_tasks(self) -> bool:
        """Whether there is any work; for any thread."""
        return bool(self._tasks)

    def _step(self, task: Task, told: bool) -> None:
        if task not in self._tasks:
            return
        used = task.wait.connection if task.wait is not None else None
        self._forget_wait(task)
        self._current = task
        if used is not None:
            self._held = (used, self._clock.now())
        try:
            goes_on = task.go_on(told)
        finally:
            self._held = self._current = None
        if not goes_on:
            self._tasks.discard(task)
        elif task.wait is not None and task.wait.connection is not None:
            self._selector.register(task.wait.connection, task.wait.events, task)

    def _forget_wait(self, task: Task) -> None:
        if task.wait is not None and task.wait.connection is not None:
            self._selector.unregister(task.wait.connection)
        task.wait = None

    def _stop(self) -> None:
        self._is_stopping = True

    def _end(self) -> None:
        with self._lock:
            self._has_ended = True
        # What was posted may bring connections with it, which have to find an owner.
        self._run_posted()
        while self._tasks:
            self.cancel(next(iter(self._tasks)))
        self._selector.close()
        self._woken.close()
        self._waker.close()
