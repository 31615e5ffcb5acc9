"""Where the event log goes: the terminal and a file, each written by a thread of its own.

Owns the form of a line and the queues in front of the writing. Must never hold up the thread that logs, nor the end of
the program: a terminal that is paused or a full disk costs lines of its own, never time, and none of the other's. Lines
that come in a rush are written together, because each write is a turn that all other threads have to wait for.
`start`, `say` and `stop` are called by cli.py's thread.
"""

import contextlib
import copy
import json
import logging
import logging.handlers
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, TextIO

from commonlib.meaning import Meaning

event_log = logging.getLogger("tcpipserver.events")

LogFormat = Literal["text", "json"]

_MOST_WAITING = 10_000
_REST_SECONDS = 0.05
"""Between two writes; what comes after a quiet time is written at once."""
_MOST_TOGETHER = 64 << 10
"""Characters in one write."""
_STOP_SECONDS = 2.0
_FILE_BYTES = 5_000_000
_BYTES_PER_CHARACTER = 4
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
_SENTENCE = "tcpipserver.sentence"
"""The logger's name in records that are shown as they are."""


class EventLog:
    """Everything that the program logs, from `start` to `stop`."""

    def __init__(self, log_format: LogFormat, folder: Path | None, terminal: TextIO | None) -> None:
        self._terminal: LineThread | None = None
        self._threads: list[LineThread] = []
        if terminal is not None:
            is_coloured = log_format == "text" and terminal.isatty() and sys.platform != "win32"
            form = JsonFormatter() if log_format == "json" else TextFormatter(is_coloured)
            self._terminal = LineThread("log-terminal", TerminalWriter(terminal), form)
            self._threads.append(self._terminal)
        if folder is not None:
            form = JsonFormatter() if log_format == "json" else TextFormatter(is_coloured=False)
            self._threads.append(LineThread("log-file", FileWriter(folder / _FILE_NAME), form))
        self._entrance = Entrance(self._threads)

    def start(self) -> None:
        """Take what all loggers say from now on."""
        root = logging.getLogger()
        root.addHandler(self._entrance)
        root.setLevel(Meaning.NOTE)
        for thread in self._threads:
            thread.start()

    def say(self, sentence: str) -> None:
        """Show a sentence on the terminal, as it is and nowhere else, behind the lines that wait for it."""
        if self._terminal is not None:
            self._terminal.put(logging.makeLogRecord({"name": _SENTENCE, "levelno": Meaning.TROUBLE, "msg": sentence}))

    def stop(self, seconds: float = _STOP_SECONDS) -> bool:
        """Write what waits, and let go of terminal and file.

        Returns:
            Whether all writing has ended within so many seconds. Where it has not, a thread is still stuck in the
            terminal or the file, holds its lock, and ends once that goes on.
        """
        logging.getLogger().removeHandler(self._entrance)
        self._entrance.close()
        deadline = time.monotonic() + seconds
        for thread in self._threads:
            thread.ask_to_end()
        return all(thread.has_ended(deadline) for thread in self._threads)


class Entrance(logging.handlers.QueueHandler):
    """Hands each record, its text made by the thread that logs, to the threads that write."""

    def __init__(self, threads: "Sequence[LineThread]") -> None:
        super().__init__(None)  # type: ignore[arg-type]  # `enqueue` has places of its own.
        self._threads = threads

    def prepare(self, record: logging.LogRecord) -> logging.LogRecord:
        """Make the text of a record; one that is nothing else goes on as it is, and is not copied."""
        is_ready = not record.args and record.exc_info is None and record.stack_info is None
        return record if is_ready and isinstance(record.msg, str) else super().prepare(record)

    def enqueue(self, record: logging.LogRecord) -> None:
        """Hand it to every writer; none of them is waited for."""
        for thread in self._threads:
            thread.put(record)


class LineThread:
    """One writer with its bounded queue and the thread that takes from it, so that none waits for another.

    What does not fit into the queue is counted, and told with the next line that does.
    """

    def __init__(self, name: str, writer: logging.Handler, form: logging.Formatter) -> None:
        self._writer = writer
        self._form = form
        self._most_waiting = _MOST_WAITING
        self._waiting: deque[logging.LogRecord] = deque()
        self._lost = 0
        self._is_ending = False
        self._is_resting = False
        self._changed = threading.Condition()
        # A daemon: a write that never returns must not keep the program alive.
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def put(self, record: logging.LogRecord) -> None:
        """Take one record, or lose it."""
        with self._changed:
            if len(self._waiting) >= self._most_waiting:
                self._lost += 1
                return
            if self._lost:
                record = copy.copy(record)  # The other writers have lost nothing, or another number.
                record.msg = f"{record.msg} ({self._lost} lines before this one were lost: they came too fast.)"
                self._lost = 0
            self._waiting.append(record)
            if not self._is_resting:
                self._changed.notify()

    def ask_to_end(self) -> None:
        """Let the thread end behind everything that waits."""
        with self._changed:
            self._is_ending = True
            self._changed.notify()

    def has_ended(self, deadline: float) -> bool:
        """Wait for the thread's end until this moment of the monotonic clock; whether it has come."""
        self._thread.join(max(0.0, deadline - time.monotonic()))
        return not self._thread.is_alive()

    def _run(self) -> None:
        while records := self._next():
            for lines in self._together(records):
                self._writer.handle(logging.makeLogRecord({"msg": lines}))
            self._rest()
        # A full disk shows once more when the file is closed; it has been told with the line that it cost.
        with contextlib.suppress(OSError):
            self._writer.close()

    def _next(self) -> list[logging.LogRecord]:
        """Wait for what is to be written; nothing once all is and the end has come."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._is_ending)
            if self._waiting:
                records = list(self._waiting)
                self._waiting.clear()
                return records
            lost, self._lost = self._lost, 0
        if not lost:
            return []
        text = f"{lost} lines were lost here: they came too fast."
        return [logging.makeLogRecord({"levelno": Meaning.TROUBLE, "msg": text})]

    def _together(self, records: list[logging.LogRecord]) -> Iterator[str]:
        """The lines of these records, as many in one text as may be written at a time."""
        most = min(_MOST_TOGETHER, _FILE_BYTES // _BYTES_PER_CHARACTER)
        lines, size = list[str](), 0
        for record in records:
            # A line of the log, or a sentence as it is.
            line = str(record.msg) if record.name == _SENTENCE else self._form.format(record)
            if lines and size + len(line) >= most:
                yield "\n".join(lines)
                lines, size = [], 0
            lines.append(line)
            size += len(line) + 1
        yield "\n".join(lines)

    def _rest(self) -> None:
        with self._changed:
            self._is_resting = True
            self._changed.wait_for(lambda: self._is_ending, _REST_SECONDS)
            self._is_resting = False


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
        self._second, self._shown = -1, ""

    def format(self, record: logging.LogRecord) -> str:
        """One line, followed by a traceback where there is one."""
        meaning = meaning_of(record)
        second = int(record.created)
        if second != self._second:
            self._second, self._shown = second, f"{datetime.fromtimestamp(second).astimezone():%Y-%m-%d %H:%M:%S}"
        line = f"{self._shown}  {meaning.name:<10}  {super().format(record)}"
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
