"""Starts the windows that are measured, tells them when to begin, and reads what they measured.

Owns their processes, and ends them by their process id. Must never measure a window itself. The main thread.
"""

import contextlib
import json
import os
import selectors
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.bench.beats import Stalls
from tests.bench.children import ROOT, ChildError

_PATIENCE_SECONDS = 240.0
_END_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class WindowProgram:
    """A window that waits to be told to begin, and then measures itself until all has been shown."""

    process: subprocess.Popen[str]
    load: str

    def begin(self) -> None:
        """Have it count from now on."""
        assert self.process.stdin is not None
        self.process.stdin.write("begin\n")
        self.process.stdin.flush()

    def read(self) -> Any:
        """The next line that it writes, which is JSON.

        Raises:
            ChildError: It ended, or wrote nothing for minutes.
        """
        assert self.process.stdout is not None
        with selectors.DefaultSelector() as waiting:
            waiting.register(self.process.stdout, selectors.EVENT_READ)
            line = self.process.stdout.readline() if waiting.select(_PATIENCE_SECONDS) else ""
        if not line:
            raise ChildError(f"the window did not get through its {self.load}; what it said is above")
        return json.loads(line)

    def stalls(self) -> Stalls:
        """What it measured; waits until it is through.

        Raises:
            ChildError: It did not get through.
        """
        return Stalls(**self.read())


@contextlib.contextmanager
def window_program(environment: Mapping[str, str], load: str, amount: int, port: int = 0) -> Iterator[WindowProgram]:
    """A window that is there and ready, on the screen of this environment, until the block ends.

    Raises:
        ChildError: It did not become ready.
    """
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        command = [sys.executable, "-m", "tests.bench.window_child", load, str(amount), str(port), folder]
        process = subprocess.Popen(
            command, cwd=ROOT, env=dict(environment), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        try:
            program = WindowProgram(process, load)
            program.read()
            yield program
        finally:
            end(process)


def end(process: "subprocess.Popen[str] | subprocess.Popen[bytes]") -> None:
    """End a program that we started."""
    with contextlib.suppress(OSError):
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
    process.kill()
    process.wait(_END_SECONDS)


def screen_environment(display: str) -> dict[str, str]:
    """The variables of this process for programs on this display."""
    others = {name: value for name, value in os.environ.items() if name != "WAYLAND_DISPLAY"}
    return others | {"DISPLAY": display}
