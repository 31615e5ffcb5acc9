"""A command on a terminal of its own, with somebody in front of it who reads and types. Not on Windows.

Owns the pair of ends that makes a terminal. Must never decide what is typed. Thread: the test's own.
"""

import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.commands import ROOT, SECONDS

# For the type checker, which on Windows would miss what is only elsewhere.
assert sys.platform != "win32"

WIDTH = "100"


class Terminal:
    """One command and what its terminal has shown so far; made by `on_terminal`."""

    def __init__(self, process: "subprocess.Popen[bytes]", descriptor: int) -> None:
        self.process = process
        self.shown = ""
        self._descriptor = descriptor

    def wait_for(self, text: str, *, times: int = 1) -> None:
        """Return when the terminal has shown this text so many times."""
        deadline = time.monotonic() + SECONDS
        while self.shown.count(text) < times:
            assert time.monotonic() < deadline, f"it has not shown {text!r}: {self.shown!r}"
            self._read(deadline)

    def type_line(self, line: str) -> None:
        """Type a line and Return."""
        os.write(self._descriptor, f"{line}\n".encode())

    def end_input(self) -> None:
        """Type Ctrl-D."""
        os.write(self._descriptor, b"\x04")

    def finish(self) -> int:
        """Wait for the command's end, reading on; its exit code."""
        deadline = time.monotonic() + SECONDS
        while self._read(deadline):
            assert time.monotonic() < deadline, f"it has not ended: {self.shown!r}"
        return self.process.wait(SECONDS)

    def _read(self, deadline: float) -> bool:
        if not select.select([self._descriptor], [], [], max(0.0, deadline - time.monotonic()))[0]:
            return True
        try:
            data = os.read(self._descriptor, 65536)
        except OSError:
            data = b""  # What Linux says when the last program on the terminal has ended.
        self.shown += data.decode("utf-8", "replace").replace("\r\n", "\n")
        return bool(data)


# Takes the terminal for itself and starts the module behind itself, as a shell does with "&".
_SHELL = """
import os, subprocess, sys
os.login_tty(0)
sys.exit(subprocess.run([sys.executable, "-m", *sys.argv[1:]], process_group=0).returncode)
"""


@contextmanager
def on_terminal(*module_and_arguments: str, in_background: bool = False) -> Iterator[Terminal]:
    """Start a module on a new terminal, or there in the background; it is ended at the end."""
    program = ("-c", _SHELL) if in_background else ("-m",)
    descriptor, other_end = pty.openpty()
    colourless = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    try:
        with subprocess.Popen(
            [sys.executable, *program, *module_and_arguments],
            cwd=ROOT,
            env={**colourless, "TERM": "xterm", "COLUMNS": WIDTH},
            stdin=other_end,
            stdout=other_end,
            stderr=other_end,
            start_new_session=not in_background,
        ) as process:
            os.close(other_end)
            try:
                yield Terminal(process, descriptor)
            finally:
                if process.poll() is None:
                    process.kill()
    finally:
        os.close(descriptor)
