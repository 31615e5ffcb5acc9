"""The command `tcpipserver` (docs/command-line.md).

Owns exit codes, the ready file and the signals that stop the hub. Must never show a traceback for a
documented error, nor load the window toolkit where no window is wanted. Runs on the main thread, which waits while the
hub's own threads work, or becomes the window's.
"""

import argparse
import contextlib
import itertools
import json
import os
import queue
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from commonlib.exceptions import ChatError
from commonlib.identity import Fingerprint, fingerprint_to_hex
from commonlib.storage.data_folder import data_folder
from commonlib.storage.keyfile import load_or_make_identity
from commonlib.storage.owner_only import StorageError, make_private_folder
from tcpipserver.config import ServerConfig
from tcpipserver.eventlog import EventLog
from tcpipserver.net.allocator import FreedMemory
from tcpipserver.options import config_of, parser

EXIT_DONE = 0
EXIT_FAILED = 1
EXIT_INTERRUPTED = 130
CONTROL_COMMAND = "ctl"
"""What comes behind it is for a hub that is running already (cli_ctl.py)."""

_LOOKS_PER_TRIM = 4
_LOOK_SECONDS = 0.5
"""How often the main thread looks up, so that Ctrl-C is heard on Windows, too."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    typed = sys.argv[1:] if arguments is None else list(arguments)
    if typed[:1] == [CONTROL_COMMAND]:
        from tcpipserver import cli_ctl

        return cli_ctl.main(typed[1:])
    options = parser().parse_args(typed)
    try:
        folder = _make_data_folder(options.data_dir)
    except StorageError as error:
        event_log = EventLog(options.log_format, None, sys.stderr)
        event_log.start()
        event_log.say(str(error))
        _end(event_log, EXIT_FAILED)
        return EXIT_FAILED
    event_log = EventLog(options.log_format, folder, sys.stderr)
    freed_memory = FreedMemory()
    freed_memory.keep()  # Before the first thread.
    event_log.start()
    code = EXIT_FAILED
    try:
        code = _run(options, config_of(options, folder), Signals(), freed_memory, event_log)
    except ChatError as error:
        event_log.say(str(error))
    finally:
        _end(event_log, code)
    return code


class Signals:
    """Which signal, if any, has asked the program to stop."""

    def __init__(self) -> None:
        self.is_interrupted = False
        # An Event could not be set here: the thread that waits for it is the one that a signal interrupts, perhaps
        # while it holds the Event's lock.
        self._received: queue.SimpleQueue[int] = queue.SimpleQueue()
        for name in ("SIGINT", "SIGTERM", "SIGBREAK", "SIGHUP"):
            number = getattr(signal, name, None)
            if number is not None:
                signal.signal(number, self._receive)

    def wait(self, timeout: float) -> bool:
        """Wait for a signal; whether one has come."""
        try:
            number = self._received.get(timeout=timeout)
        except queue.Empty:
            return False
        self.is_interrupted = number == signal.SIGINT
        return True

    def _receive(self, number: int, _frame: FrameType | None) -> None:
        self._received.put(number)


def _run(
    options: argparse.Namespace, config: ServerConfig, signals: Signals, freed_memory: FreedMemory, event_log: EventLog
) -> int:
    if not options.headless and _run_window(options, config, signals, event_log):
        return EXIT_INTERRUPTED if signals.is_interrupted else EXIT_DONE
    return _run_headless(options, config, signals, freed_memory, event_log)


def _run_window(options: argparse.Namespace, config: ServerConfig, signals: Signals, event_log: EventLog) -> bool:
    """Run the hub with its window until it is closed; False, with a sentence, where there can be none."""
    try:
        from tcpipserver.gui.app import NoDisplayError, run_window
    except ImportError as error:
        event_log.say(f"The server window cannot be opened ({error}), so the hub runs without one. Ctrl-C stops it.")
        return False
    folder = config.data_dir
    assert folder is not None

    def get_ready(port: int) -> None:
        if options.ready_file is not None:
            # The hub has just made it, or found it there.
            _write_ready_file(options.ready_file, port, load_or_make_identity(folder).fingerprint)

    try:
        run_window(config, options.port, folder, get_ready, lambda: signals.wait(0))
    except NoDisplayError as error:
        event_log.say(f"{error} The hub runs without one. Ctrl-C stops it.")
        return False
    return True


def _run_headless(
    options: argparse.Namespace, config: ServerConfig, signals: Signals, freed_memory: FreedMemory, event_log: EventLog
) -> int:
    from tcpipserver.service import Service

    service = Service(config)
    service.start()
    try:
        if options.ready_file is not None:
            _write_ready_file(options.ready_file, service.port, service.fingerprint)
        for look in itertools.count(1):
            if signals.wait(_LOOK_SECONDS):
                break
            if service.wait(0):
                if service.failure is None:
                    break  # 'tcpipserver ctl stop' asked for it.
                event_log.say(service.failure)
                return EXIT_FAILED
            if look % _LOOKS_PER_TRIM == 0:
                freed_memory.give_back()
    finally:
        service.stop()
    return EXIT_INTERRUPTED if signals.is_interrupted else EXIT_DONE


def _end(event_log: EventLog, code: int) -> None:
    """Stop the log; where nobody reads the terminal, or the disk hangs, this is the end of the process."""
    if not event_log.stop():
        # A thread is stuck in a write and holds its stream's lock. An ordinary exit flushes all streams and would wait
        # for that lock for ever. Nothing else is left to flush: the file's lines were flushed one by one, and the
        # command writes nothing to standard output.
        os._exit(code)


def _write_ready_file(path: Path, port: int, fingerprint: Fingerprint) -> None:
    """Say that newcomers are accepted: whoever sees the file sees all of it.

    Raises:
        ReadyFileError: It cannot be written.
    """
    ready = {"port": port, "fingerprint": fingerprint_to_hex(fingerprint), "pid": os.getpid()}
    if not path.name:
        raise ReadyFileError(path, "that is a folder")
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        unfinished.write_text(json.dumps(ready) + "\n", encoding="utf-8")
        unfinished.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            unfinished.unlink()
        raise ReadyFileError(path, error.strerror or str(error)) from error


class ReadyFileError(ChatError):
    """The ready file cannot be written.

    Attributes:
        path: Where it should be.
        detail: Why not.
    """

    def __init__(self, path: Path, detail: str) -> None:
        super().__init__(path, detail)
        self.path = path
        self.detail = detail

    def __str__(self) -> str:
        return f"The ready file {self.path} cannot be written: {self.detail}. Name another place with --ready-file."


def _make_data_folder(chosen: Path | None) -> Path:
    """The folder of all that is this hub's own. Raises StorageError."""
    folder = data_folder("server", chosen, os.environ)
    make_private_folder(folder)
    return folder
