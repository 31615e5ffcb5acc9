"""What a running command waits for: events from the client's thread and answers from the keyboard, in one queue.

Owns the queue, and the thread that reads answers. Must never act on what passes through. Threads: anyone may put; the
program's main thread takes out, so that all telling and deciding happens there.
"""

import os
import queue
import threading
import time
from dataclasses import dataclass

from tcpipclient.core.events import Event

# On Windows a wait for a lock does not hear Ctrl-C before it ends.
_LONGEST_WAIT = 0.2
_LARGEST_READ = 4096


@dataclass(frozen=True, slots=True)
class Answer:
    """A line that the user typed, without its end."""

    line: str


@dataclass(frozen=True, slots=True)
class AnswersEnded:
    """The user can type nothing more."""


Item = Event | Answer | AnswersEnded


class Inbox:
    """A queue whose reader hears Ctrl-C."""

    def __init__(self) -> None:
        self._items: queue.SimpleQueue[Item] = queue.SimpleQueue()

    def put(self, item: Item) -> None:
        """Add something; never waits."""
        self._items.put(item)

    def maybe_next(self, until: float | None) -> Item | None:
        """The next item; None when the monotonic moment `until` has come first (None: never)."""
        while True:
            rest = _LONGEST_WAIT if until is None else max(0.0, until - time.monotonic())
            try:
                return self._items.get(timeout=min(rest, _LONGEST_WAIT))
            except queue.Empty:
                if rest <= _LONGEST_WAIT and until is not None and time.monotonic() >= until:
                    return None


def read_answers(descriptor: int, inbox: Inbox) -> threading.Thread:
    """Start a thread that puts every line typed at a terminal's `descriptor` into the inbox, until it ends.

    It is a daemon: nothing can wake it from its read, and the program must be able to end.
    """
    thread = threading.Thread(target=_read, args=(descriptor, inbox), name="answers", daemon=True)
    thread.start()
    return thread


def _read(descriptor: int, inbox: Inbox) -> None:
    # Not through sys.stdin: a daemon that holds its lock breaks the interpreter's end.
    waiting = b""
    while True:
        try:
            data = os.read(descriptor, _LARGEST_READ)
        except OSError:
            data = b""
        if not data:
            inbox.put(AnswersEnded())
            return
        *lines, waiting = (waiting + data).split(b"\n")
        waiting = waiting[-_LARGEST_READ:]
        for line in lines:
            inbox.put(Answer(line.decode("utf-8", "replace").strip()))
