"""The command `tcpipserver` as a process of its own, on a free port of this machine.

Owns starting it, finding out its port, and ending it. It must never be left running: `hub_process` kills what has not
ended. Thread: the test's own.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from commonlib.identity import Fingerprint
from tests.support.leaks import wait_until

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 30.0
AS_COMMAND = ("-m", "tcpipserver")


@dataclass(slots=True)
class HubProcess:
    """One process.

    Attributes:
        ready: What its ready file says.
    """

    process: subprocess.Popen[bytes]
    ready: dict[str, Any]
    _stderr: Path

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.ready["port"])

    @property
    def key(self) -> Fingerprint:
        """Its key."""
        return Fingerprint(bytes.fromhex(self.ready["fingerprint"]))

    @property
    def said(self) -> str:
        """What it has written to standard error so far."""
        return self._stderr.read_text(encoding="utf-8")

    def wait_for(self, part: str) -> None:
        """Wait until it has written this; raises AssertionError when it does not."""
        assert wait_until(lambda: part in self.said, SECONDS), self.said

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send it a signal, wait for its end, and return its exit code."""
        self.process.send_signal(number)
        return self.exit_code()

    def exit_code(self) -> int:
        """Wait for its end."""
        return self.process.wait(SECONDS)


@contextmanager
def hub_process(
    folder: Path,
    *arguments: str,
    python: Sequence[str] = AS_COMMAND,
    is_headless: bool = True,
    descriptor: int | None = None,
    host: str = "127.0.0.1",
    prefix: Sequence[str] = (),
) -> Iterator[HubProcess]:
    """Run a hub until the block ends; `folder` takes its ready file and what it says.

    Args:
        arguments: More of them; host, port and ready file are given already.
        python: What the interpreter runs in place of the command.
        descriptor: Its standard error, when that is not to be a file; `said` stays empty then.
        host: Where it listens.
        prefix: The beginning of a command that runs it somewhere else, on another machine for instance.
    """
    ready_file, stderr = folder / "ready.json", folder / "stderr.txt"
    fixed = ["--host", host, "--port", "0", "--ready-file", str(ready_file)]
    command = [*prefix, sys.executable, *python, *(["--headless"] if is_headless else []), *fixed, *arguments]
    with stderr.open("wb") as said:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            stderr=said if descriptor is None else descriptor,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )
    try:
        has_started = wait_until(lambda: ready_file.exists() or process.poll() is not None, SECONDS)
        assert has_started, f"the hub did not get ready: {stderr.read_text()}"
        assert process.poll() is None, f"the hub ended: {stderr.read_text()}"
        yield HubProcess(process, json.loads(ready_file.read_text(encoding="utf-8")), stderr)
    finally:
        process.kill()
        process.wait(SECONDS)


def run_hub(*arguments: str) -> tuple[int, str]:
    """Run a hub that is expected to end by itself; its exit code and what it wrote to standard error."""
    command = [sys.executable, *AS_COMMAND, *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS, check=False)
    return done.returncode, done.stderr
