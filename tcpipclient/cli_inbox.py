"""What a running command waits for: events from the client's thread and answers from the keyboard, in one queue.

Owns the queue, its bound, and the thread that reads answers. Must never act on what passes through. Threads: anyone but
the program's main thread may put, and waits where nothing is taken out; that thread takes out, so that all telling and
deciding happens there.
"""

import os
import queue
import threading
import time

from commonlib.values import dataclass
from tcpipclient.core.events import Event, TextArrived

# On Windows a wait for a lock does not hear Ctrl-C before it ends.
_LONGEST_WAIT = 0.2
_LARGEST_READ = 4096
MOST_WAITING = 16_000_000
_WEIGHT_OF_AN_ITEM = 1000


@dataclass(frozen=True, slots=True)
class Answer:
    """A line that the user typed, without its end."""

    line: str


@dataclass(frozen=True, slots=True)
class AnswersEnded:
    """The user can type nothing more."""


Item = Event | Answer | AnswersEnded


class Inbox:
    """A queue whose reader hears Ctrl-C.

    It is bounded: while the output stands still, so does the client's thread, then the hub's sending, then whoever
    sends to us.

    Args:
        most_waiting: Characters of texts, each item counted as 1,000 more.
    """

    def __init__(self, most_waiting: int = MOST_WAITING) -> None:
        self._most_waiting = most_waiting
        self._items: queue.SimpleQueue[Item] = queue.SimpleQueue()
        self._waiting = 0
        self._is_closed = False
        self._changed = threading.Condition()

    @property
    def is_full(self) -> bool:
        """Whether whoever puts something has to wait."""
        return self._waiting >= self._most_waiting

    def put(self, item: Item) -> None:
        """Add something, as soon as there is room; nothing once the inbox is closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_closed or not self.is_full)
            if self._is_closed:
                return
            self._waiting += _weight(item)
        self._items.put(item)

    def close(self) -> None:
        """Nothing more will be taken out: whoever waits for room goes on."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()

    def maybe_next(self, until: float | None) -> Item | None:
        """The next item; None when the monotonic moment `until` has come first (None: never)."""
        while True:
            rest = _LONGEST_WAIT if until is None else max(0.0, until - time.monotonic())
            try:
                item = self._items.get(timeout=min(rest, _LONGEST_WAIT))
            except queue.Empty:
                if rest <= _LONGEST_WAIT and until is not None and time.monotonic() >= until:
                    return None
            else:
                with self._changed:
                    self._waiting -= _weight(item)
                    self._changed.notify_all()
                return item


def _weight(item: Item) -> int:
    return _WEIGHT_OF_AN_ITEM + (len(item.text) if isinstance(item, TextArrived) else 0)


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
