"""Where the event log goes: the terminal and a file, written by a thread of its own.

Owns the form of a line and the queue in front of the writing. Must never hold up the thread that logs: a terminal that
is paused or a full disk costs lines, never time. `start` and `stop` are called by cli.py's thread.
"""

import json
import logging
import logging.handlers
import queue
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, TextIO

from commonlib.meaning import Meaning

event_log = logging.getLogger("tcpipserver.events")

LogFormat = Literal["text", "json"]

_MOST_WAITING = 10_000
_FILE_BYTES = 5_000_000
_OLD_FILES = 3
_FILE_NAME = "server.log"
_COLOURS = {
    Meaning.NOTE: "",
    Meaning.GOOD: "\x1b[32m",
    Meaning.TALK: "\x1b[34m",
    Meaning.CONNECTION: "\x1b[35m",
    Meaning.TROUBLE: "\x1b[31m",
}
_COLOUR_END = "\x1b[0m"


class EventLog:
    """Everything that the program logs, from `start` to `stop`."""

    def __init__(self, log_format: LogFormat, folder: Path | None, terminal: TextIO | None) -> None:
        writers: list[logging.Handler] = []
        if terminal is not None:
            shown = TerminalWriter(terminal)
            is_coloured = log_format == "text" and terminal.isatty() and sys.platform != "win32"
            shown.setFormatter(JsonFormatter() if log_format == "json" else TextFormatter(is_coloured))
            writers.append(shown)
        if folder is not None:
            kept = FileWriter(folder / _FILE_NAME)
            kept.setFormatter(JsonFormatter() if log_format == "json" else TextFormatter(is_coloured=False))
            writers.append(kept)
        waiting: queue.Queue[logging.LogRecord | None] = queue.Queue(_MOST_WAITING)
        self._writers = writers
        self._entrance = BoundedQueueHandler(waiting)
        self._listener = BoundedQueueListener(waiting, *writers)

    def start(self) -> None:
        """Take what all loggers say from now on."""
        root = logging.getLogger()
        root.addHandler(self._entrance)
        root.setLevel(Meaning.NOTE)
        self._listener.start()

    def stop(self) -> None:
        """Write what waits, and let go of terminal and file."""
        logging.getLogger().removeHandler(self._entrance)
        self._entrance.tell_losses()
        self._listener.stop()
        for writer in self._writers:
            writer.close()


class BoundedQueueHandler(logging.handlers.QueueHandler):
    """Puts records into a bounded queue; what does not fit is counted, and told with the next line that does."""

    def __init__(self, waiting: "queue.Queue[logging.LogRecord | None]") -> None:
        super().__init__(waiting)
        self._waiting = waiting
        self._lost = 0
        self._count_lock = threading.Lock()

    def enqueue(self, record: logging.LogRecord) -> None:
        """Put one record, or lose it."""
        with self._count_lock:
            try:
                if self._lost:
                    record.msg = f"{record.msg} ({self._lost} lines before this one were lost: they came too fast.)"
                self._waiting.put_nowait(record)
                self._lost = 0
            except queue.Full:
                self._lost += 1

    def tell_losses(self) -> None:
        """Say how many lines were lost since the last one; waits for a place in the queue."""
        with self._count_lock:
            if self._lost:
                text = f"{self._lost} lines were lost here: they came too fast."
                self._waiting.put(logging.makeLogRecord({"levelno": Meaning.TROUBLE, "msg": text}))
                self._lost = 0


class BoundedQueueListener(logging.handlers.QueueListener):
    """Takes records out of a bounded queue."""

    def enqueue_sentinel(self) -> None:
        """Ask the thread to end, behind everything that waits. The base class would not wait for a full queue."""
        self.queue.put(None)  # type: ignore[attr-defined]


class TerminalWriter(logging.StreamHandler[TextIO]):
    """Writes to the terminal; where that has gone, there is nobody left to tell."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the base class's name
        """Called instead of raising."""


class FileWriter(logging.handlers.RotatingFileHandler):
    """Writes to the log file; where that is impossible, the terminal is told once, and the hub goes on."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, maxBytes=_FILE_BYTES, backupCount=_OLD_FILES, encoding="utf-8", delay=True)
        self._path = path
        self._has_told = False

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: ARG002, N802 - the base class's signature
        """Called instead of raising."""
        error = sys.exception()
        if not self._has_told:
            self._has_told = True
            event_log.log(
                Meaning.TROUBLE,
                "The log file %s cannot be written: %s. Make room for it, or name another place with --data-dir.",
                self._path,
                error.strerror if isinstance(error, OSError) else error,
            )


class TextFormatter(logging.Formatter):
    """Lines like `2026-11-23 10:15:42  GOOD        Ann (1) registered from 192.168.1.7.`, local time."""

    def __init__(self, is_coloured: bool) -> None:
        super().__init__()
        self._is_coloured = is_coloured

    def format(self, record: logging.LogRecord) -> str:
        """One line, followed by a traceback where there is one."""
        meaning = meaning_of(record)
        moment = datetime.fromtimestamp(record.created).astimezone()
        line = f"{moment:%Y-%m-%d %H:%M:%S}  {meaning.name:<10}  {super().format(record)}"
        return f"{_COLOURS[meaning]}{line}{_COLOUR_END}" if self._is_coloured and _COLOURS[meaning] else line


class JsonFormatter(logging.Formatter):
    """Lines like `{"time": "2026-11-23T09:15:42.123456+00:00", "meaning": "good", "text": "…"}`."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, whatever the text holds."""
        moment = datetime.fromtimestamp(record.created, UTC)
        fields = {
            "time": moment.isoformat(),
            "meaning": meaning_of(record).name.lower(),
            "text": super().format(record),
        }
        return json.dumps(fields, ensure_ascii=False)


def meaning_of(record: logging.LogRecord) -> Meaning:
    """What a record means: its own level where that is a Meaning, else trouble from warnings up."""
    if record.levelno >= Meaning.TROUBLE:
        return Meaning.TROUBLE
    return Meaning(record.levelno) if record.levelno in _COLOURS else Meaning.NOTE
