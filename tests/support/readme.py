"""The README's commands, as a reader types them: taken out of its console blocks and really run.

Owns the extraction, the two stand-ins (a free port for 9999; where wanted, this Python for the installed commands) and
the order: what goes on until it is stopped is left running, all else must end well and print what the README shows.
Threads: the test's own, and one for each command that is left running, which reads what it prints.
"""

import re
import shlex
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.leaks import wait_until

README = Path(__file__).resolve().parents[2] / "README.md"
SECONDS = 120.0
INSTALLED = ".venv/bin/"
"""Where the README finds the commands."""
PORT = "9999"
"""The README's port, for which a free one stands in."""


@dataclass(frozen=True, slots=True)
class Step:
    """One command of the README, and the lines that it shows below it."""

    command: str
    shown: str


def steps(text: str) -> list[Step]:
    """All commands of the console blocks, in their order."""
    blocks = re.findall(r"^```console\n(.+?)^```$", text, re.MULTILINE | re.DOTALL)
    found = []
    for block in blocks:
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, shown = part.partition("\n")
            found.append(Step(command, shown))
    return found


@dataclass(slots=True)
class LeftRunning:
    """A command that goes on until it is stopped, and what it has printed so far."""

    process: "subprocess.Popen[str]"
    lines: list[str] = field(default_factory=list)

    def wait_for(self, pattern: str) -> re.Match[str]:
        """The first match in what it has printed, as soon as there is one."""
        found: list[re.Match[str]] = []

        def look() -> bool:
            found.extend(match for line in list(self.lines) if (match := re.search(pattern, line)))
            return bool(found)

        assert wait_until(look, SECONDS), f"{pattern} was not printed: {self.lines}"
        return found[0]


class Reader:
    """Somebody who follows the README in a folder.

    Attributes:
        port: Where the hub listens, once it does.
        running: What was left running, in the order of its start.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str], *, installed: bool) -> None:
        self.port = 0
        self.running: list[LeftRunning] = []
        self._folder = folder
        self._environment = dict(environment)
        self._installed = installed
        self._stack = ExitStack()

    def follow(self, step: Step) -> None:
        """Do one step; what it prints must be what the README shows."""
        command = self._command(step.command)
        if "tcpipserver" in step.command:
            self.port = int(self._leave_running(command).wait_for(r"listens on port (\d+)").group(1))
        elif " listen " in step.command:
            self._leave_running(command).wait_for("^Listening on ")
        else:
            done = subprocess.run(
                command,
                cwd=self._folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                encoding="utf-8",
                timeout=10 * SECONDS,
                check=False,
            )
            assert done.returncode == 0, f"{step.command}: {done.stdout}{done.stderr}"
            assert step.shown in ("", done.stdout), f"{step.command}: {done.stdout}"

    def _command(self, typed: str) -> list[str]:
        # The hub takes any free port; everybody else then uses that one.
        words = shlex.split(typed.replace(PORT, str(self.port)))
        if not self._installed and words[0].startswith(INSTALLED):
            words[:1] = [sys.executable, "-m", words[0].removeprefix(INSTALLED)]
        return words

    def _leave_running(self, command: list[str]) -> LeftRunning:
        process = self._stack.enter_context(
            subprocess.Popen(
                command,
                cwd=self._folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
            )
        )
        running = LeftRunning(process)
        reading = threading.Thread(target=_read, args=(running,), name="readme")
        reading.start()
        self._stack.callback(reading.join)
        self._stack.callback(process.kill)
        self.running.append(running)
        return running

    def close(self) -> None:
        """End what was left running."""
        self._stack.close()


@contextmanager
def reader(folder: Path, environment: Mapping[str, str], *, installed: bool) -> Iterator[Reader]:
    """Somebody who follows the README in a folder, with the commands of its `.venv` or, not installed, this Python."""
    following = Reader(folder, environment, installed=installed)
    try:
        yield following
    finally:
        following.close()


def _read(running: LeftRunning) -> None:
    assert running.process.stdout is not None
    for line in running.process.stdout:
        running.lines.append(line)
