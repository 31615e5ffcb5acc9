"""Where the event log goes, and that writing it never holds up anybody.

Threads: pytest's main thread, the log's own ones, and those that log.
"""

import io
import json
import logging
import queue
import sys
import threading
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest

from commonlib.meaning import Meaning
from tcpipserver import eventlog
from tcpipserver.eventlog import EventLog, JsonFormatter, TextFormatter, meaning_of
from tests.support.leaks import wait_until

SECONDS = 20.0
log = logging.getLogger("tcpipserver.events")


@pytest.fixture(autouse=True)
def _root_logger_as_before() -> Iterator[None]:
    """Leave the root logger's level as it was."""
    level = logging.getLogger().level
    yield
    logging.getLogger().setLevel(level)


class Terminal(io.StringIO):
    """A terminal that can be paused.

    Attributes:
        goes_on: Cleared, it takes nothing until it is set.
        is_paused: Set while somebody waits for it.
        writes: How often something was written.
    """

    def __init__(self, is_terminal: bool = False) -> None:
        super().__init__()
        self._is_terminal = is_terminal
        self.goes_on = threading.Event()
        self.goes_on.set()
        self.is_paused = threading.Event()
        self.writes = 0

    def isatty(self) -> bool:
        return self._is_terminal

    def write(self, text: str) -> int:
        if not self.goes_on.is_set():
            self.is_paused.set()
            assert self.goes_on.wait(SECONDS)
        self.writes += 1
        return super().write(text)


def record(level: int, text: str = "hello", created: float = 0.0) -> logging.LogRecord:
    """A record as loggers make it."""
    made = logging.LogRecord("x", level, "file", 1, text, (), None)
    made.created = created
    return made


def has_line(path: Path, end: str) -> bool:
    """Whether the file has a line that ends so."""
    return path.exists() and f"{end}\n" in path.read_text(encoding="utf-8")


# The form of a line


@pytest.mark.parametrize(
    ("level", "meaning"),
    [
        (logging.DEBUG, Meaning.NOTE),
        (logging.INFO, Meaning.NOTE),
        *((meaning, meaning) for meaning in Meaning),
        (25, Meaning.NOTE),
        (logging.WARNING, Meaning.TROUBLE),
        (logging.ERROR, Meaning.TROUBLE),
        (logging.CRITICAL, Meaning.TROUBLE),
    ],
)
def test_every_level_has_a_meaning(level: int, meaning: Meaning) -> None:
    """Ours are what they are; others' are plain below warnings and trouble from there on."""
    assert meaning_of(record(level)) is meaning


def test_a_line_of_text_has_time_meaning_and_text() -> None:
    """The time is local, the columns stand under each other."""
    line = TextFormatter(is_coloured=False).format(record(Meaning.GOOD, "Ann (1) registered."))
    assert line == f"{datetime.fromtimestamp(0).astimezone():%Y-%m-%d %H:%M:%S}  GOOD        Ann (1) registered."
    assert TextFormatter(is_coloured=False).format(record(Meaning.CONNECTION)).endswith("  CONNECTION  hello")


@pytest.mark.parametrize(
    ("meaning", "colour"),
    [
        (Meaning.NOTE, None),
        (Meaning.GOOD, "32"),
        (Meaning.TALK, "34"),
        (Meaning.CONNECTION, "35"),
        (Meaning.TROUBLE, "31"),
    ],
)
def test_the_colours_are_those_of_the_article(meaning: Meaning, colour: str | None) -> None:
    """Green, blue, purple and red, and none for what is plain."""
    line = TextFormatter(is_coloured=True).format(record(meaning))
    assert line.startswith(f"\x1b[{colour}m" if colour else "19")
    assert line.endswith("hello\x1b[0m" if colour else "hello")


def test_a_line_of_json_is_an_object_whatever_the_text_holds() -> None:
    """Time in UTC, with its zone; line breaks and quotes cannot break out of it."""
    line = JsonFormatter().format(record(Meaning.TALK, 'say "x"\nand {y} – ü', 1_795_404_767.25))
    assert "\n" not in line
    assert json.loads(line) == {
        "time": "2026-11-23T03:32:47.250000+00:00",
        "meaning": "talk",
        "text": 'say "x"\nand {y} – ü',
    }


def test_a_traceback_is_part_of_the_text() -> None:
    """Of a defect of ours the log tells all."""
    try:
        raise LookupError("made up")
    except LookupError:
        made = record(logging.ERROR)
        made.exc_info = sys.exc_info()
    assert "LookupError: made up" in json.loads(JsonFormatter().format(made))["text"]
    assert "LookupError: made up" in TextFormatter(is_coloured=False).format(made)


# Where lines go


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_terminal_and_file_get_the_same_lines(tmp_path: Path, log_format: eventlog.LogFormat) -> None:
    """In their order, all of them when the log has stopped, and none afterwards."""
    terminal = Terminal()
    event_log = EventLog(log_format, tmp_path, terminal)
    event_log.start()
    for number in range(100):
        log.log(Meaning.TALK, "line %d of %s", number, "Ann")
    event_log.stop()
    log.log(Meaning.TALK, "too late")
    lines = terminal.getvalue().splitlines()
    assert [line.rpartition("line ")[2].strip('"}') for line in lines] == [f"{n} of Ann" for n in range(100)]
    assert (tmp_path / "server.log").read_text(encoding="utf-8") == terminal.getvalue()


@pytest.mark.parametrize("is_terminal", [False, True])
@pytest.mark.parametrize("log_format", ["text", "json"])
def test_only_text_on_a_terminal_is_coloured(
    tmp_path: Path, log_format: eventlog.LogFormat, is_terminal: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file, a pipe, and programs that read objects get none of it."""
    monkeypatch.setattr(sys, "platform", "linux")
    terminal = Terminal(is_terminal)
    event_log = EventLog(log_format, tmp_path, terminal)
    event_log.start()
    log.log(Meaning.GOOD, "hello")
    event_log.stop()
    assert ("\x1b" in terminal.getvalue()) is (is_terminal and log_format == "text")
    assert "\x1b" not in (tmp_path / "server.log").read_text()


def test_without_terminal_and_folder_logging_costs_nothing() -> None:
    """A program without a window has neither."""
    event_log = EventLog("text", None, None)
    event_log.start()
    log.log(Meaning.GOOD, "hello")
    event_log.say("Nobody hears this.")
    assert event_log.stop()


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_a_sentence_is_shown_as_it_is_on_the_terminal_alone(tmp_path: Path, log_format: eventlog.LogFormat) -> None:
    """In its turn among the lines, without time or colour, for the person who has typed the command."""
    terminal = Terminal()
    event_log = EventLog(log_format, tmp_path, terminal)
    event_log.start()
    log.log(Meaning.GOOD, "before")
    event_log.say("Name another with --data-dir: 100 % of this one is full.")
    log.log(Meaning.GOOD, "after")
    assert event_log.stop()
    before, sentence, after = terminal.getvalue().splitlines()
    assert sentence == "Name another with --data-dir: 100 % of this one is full."
    assert (tmp_path / "server.log").read_text(encoding="utf-8").splitlines() == [before, after]


def test_old_files_are_kept_and_their_number_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A log that grows for ever would fill the disk."""
    monkeypatch.setattr(eventlog, "_FILE_BYTES", 1000)
    event_log = EventLog("text", tmp_path, None)
    event_log.start()
    for number in range(200):
        log.log(Meaning.GOOD, "line %d", number)
    event_log.stop()
    assert sorted(path.name for path in tmp_path.iterdir() if path.name != "home") == [
        "server.log",
        "server.log.1",
        "server.log.2",
        "server.log.3",
    ]
    assert all(path.stat().st_size <= 1000 for path in tmp_path.glob("server.log*"))


# What holds up nobody


def test_a_terminal_that_is_paused_costs_lines_and_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever logs goes on; what does not fit into the queue is counted and told with the next line that does."""
    monkeypatch.setattr(eventlog, "_MOST_WAITING", 10)
    terminal = Terminal()
    event_log = EventLog("text", None, terminal)
    event_log.start()
    terminal.goes_on.clear()
    log.log(Meaning.GOOD, "first")
    assert terminal.is_paused.wait(SECONDS)
    for number in range(10 + 7):
        log.log(Meaning.GOOD, "waiting %d", number)
    terminal.goes_on.set()
    assert wait_until(lambda: "waiting 9" in terminal.getvalue(), SECONDS)
    log.log(Meaning.GOOD, "next")
    event_log.stop()
    lines = terminal.getvalue().splitlines()
    assert len(lines) == 12
    assert lines[-1].endswith("next (7 lines before this one were lost: they came too fast.)")


def test_stopping_with_a_full_queue_writes_it_and_tells_what_was_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """The end of the log waits for its place, and the last losses are told although no line comes any more."""
    monkeypatch.setattr(eventlog, "_MOST_WAITING", 3)
    terminal = Terminal()
    event_log = EventLog("text", None, terminal)
    event_log.start()
    terminal.goes_on.clear()
    log.log(Meaning.GOOD, "first")
    assert terminal.is_paused.wait(SECONDS)
    for number in range(5):
        log.log(Meaning.GOOD, "waiting %d", number)
    stopping = threading.Thread(target=event_log.stop)
    stopping.start()
    terminal.goes_on.set()
    stopping.join(SECONDS)
    assert not stopping.is_alive()
    lines = terminal.getvalue().splitlines()
    assert [line[33:] for line in lines] == [
        "first",
        "waiting 0",
        "waiting 1",
        "waiting 2",
        "2 lines were lost here: they came too fast.",
    ]
    assert "TROUBLE" in lines[-1]


def test_lines_of_a_rush_are_written_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nine of 100 characters at a time, as more would be too long for one write; the end waits for no rest."""
    monkeypatch.setattr(eventlog, "_REST_SECONDS", 3 * SECONDS)
    monkeypatch.setattr(eventlog, "_MOST_TOGETHER", 1000)
    terminal = Terminal()
    event_log = EventLog("text", None, terminal)
    event_log.start()
    log.log(Meaning.GOOD, "first")
    assert wait_until(lambda: terminal.writes == 1, SECONDS)
    for _ in range(50):
        log.log(Meaning.GOOD, "x" * 67)
    assert event_log.stop(SECONDS)
    assert [len(line) for line in terminal.getvalue().splitlines()[1:]] == [100] * 50
    assert terminal.writes == 1 + 6


def test_a_terminal_that_is_paused_does_not_stop_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """More lines than the terminal's queue takes are all in the file; only the terminal is told of losses."""
    monkeypatch.setattr(eventlog, "_MOST_WAITING", 10)
    kept = tmp_path / "server.log"
    terminal = Terminal()
    event_log = EventLog("text", tmp_path, terminal)
    event_log.start()
    terminal.goes_on.clear()
    for number in range(30):
        log.log(Meaning.GOOD, "line %d", number)
        assert wait_until(partial(has_line, kept, f"line {number}"), SECONDS)
    terminal.goes_on.set()
    assert event_log.stop()
    assert "were lost" not in kept.read_text()
    assert "were lost here" in terminal.getvalue()


@pytest.mark.parametrize("waiting", [1, 30])
def test_stopping_waits_no_longer_than_its_limit_for_a_terminal_that_is_paused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, waiting: int
) -> None:
    """Whether its queue has room or not; the file is whole then, and the thread ends when the terminal goes on."""
    monkeypatch.setattr(eventlog, "_MOST_WAITING", 10)
    terminal = Terminal()
    event_log = EventLog("text", tmp_path, terminal)
    event_log.start()
    terminal.goes_on.clear()
    log.log(Meaning.GOOD, "first")
    assert terminal.is_paused.wait(SECONDS)
    for number in range(waiting):
        event_log.say(f"waiting {number}")
    stopped: queue.SimpleQueue[bool] = queue.SimpleQueue()
    stopping = threading.Thread(target=lambda: stopped.put(event_log.stop(seconds=0.2)))
    stopping.start()
    stopping.join(SECONDS / 2)
    is_stopped_while_paused = not stopping.is_alive()
    terminal.goes_on.set()
    stopping.join(SECONDS)
    assert is_stopped_while_paused
    assert stopped.get_nowait() is False
    assert (tmp_path / "server.log").read_text().endswith("first\n")
    assert event_log.stop()
    assert terminal.getvalue().splitlines()[1] == "waiting 0"


def test_a_log_file_that_cannot_be_written_is_told_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """On the terminal, as a sentence; lines go on there, and no traceback is shown."""
    (tmp_path / "server.log").mkdir()
    terminal = Terminal()
    event_log = EventLog("text", tmp_path, terminal)
    event_log.start()
    log.log(Meaning.GOOD, "first")
    assert wait_until(lambda: "cannot be written" in terminal.getvalue(), SECONDS)
    log.log(Meaning.GOOD, "second")
    event_log.stop()
    assert f"The log file {tmp_path / 'server.log'} cannot be written: " in terminal.getvalue()
    assert [word in terminal.getvalue() for word in ("first", "second", "Traceback")] == [True, True, False]
    assert terminal.getvalue().count("cannot be written") == 1
    assert capsys.readouterr().err == ""


def test_a_terminal_that_has_gone_is_no_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The file still gets its lines."""
    terminal = Terminal()
    terminal.close()
    event_log = EventLog("text", tmp_path, terminal)
    event_log.start()
    log.log(Meaning.GOOD, "hello")
    event_log.stop()
    assert (tmp_path / "server.log").read_text().endswith("hello\n")
    assert capsys.readouterr().err == ""


def test_lines_of_many_threads_are_all_there(tmp_path: Path) -> None:
    """None is torn, and each thread's are in order."""
    terminal = Terminal()
    event_log = EventLog("text", None, terminal)
    event_log.start()

    def talk(name: str) -> None:
        for number in range(200):
            log.log(Meaning.TALK, "%s says %d", name, number)

    threads = [threading.Thread(target=talk, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SECONDS)
    event_log.stop()
    lines = terminal.getvalue().splitlines()
    for name in "abcd":
        said = [line.rpartition(" ")[2] for line in lines if f" {name} says " in line]
        assert said == [str(number) for number in range(200)]
