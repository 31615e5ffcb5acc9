"""The programs that a benchmark measures, each in a process of its own.

Owns starting them, waiting until they are ready, and ending them by their process id. Must never leave one behind. The
main thread.
"""

import contextlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"
ROOT = Path(__file__).resolve().parents[2]

_READY_SECONDS = 30.0
_STOP_SECONDS = 30.0
_LOOK_SECONDS = 0.02
_LOG_CHARACTERS = 2000


@dataclass(frozen=True, slots=True)
class Child:
    """A program that listens on a port of this machine."""

    port: int
    pid: int


class ChildError(Exception):
    """A program did not become ready; its text says which, and what it said."""


@contextlib.contextmanager
def running_hub(*arguments: str, host: str = HOST, prefix: Sequence[str] = ()) -> Iterator[Child]:
    """The hub as users run it, on a free port of this machine, with a folder of its own, and further arguments.

    Args:
        prefix: What stands before the command, such as `ip netns exec`.

    Raises:
        ChildError: It did not become ready.
    """
    options = ("--headless", "--host", host, "--port", "0", *arguments)
    with _running("tcpipserver", *options, needs_data_folder=True, prefix=prefix) as child:
        yield child


@contextlib.contextmanager
def running_module(name: str) -> Iterator[Child]:
    """A module of this folder that writes its port into the file named by --ready-file.

    Raises:
        ChildError: It did not become ready.
    """
    with _running(f"tests.bench.{name}", needs_data_folder=False) as child:
        yield child


@contextlib.contextmanager
def _running(module: str, *arguments: str, needs_data_folder: bool, prefix: Sequence[str] = ()) -> Iterator[Child]:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        ready_file, log_file = Path(folder) / "ready.json", Path(folder) / "log.txt"
        command = [*prefix, sys.executable, "-m", module, *arguments, "--ready-file", str(ready_file)]
        if needs_data_folder:
            command += ["--data-dir", str(Path(folder) / "data")]
        with log_file.open("wb") as log:
            process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=log, stderr=subprocess.STDOUT)
        try:
            ready = _wait_until_ready(process, ready_file, log_file, module)
            yield Child(ready["port"], ready["pid"])
        finally:
            _stop(process)


def _wait_until_ready(
    process: subprocess.Popen[bytes], ready_file: Path, log_file: Path, module: str
) -> dict[str, int]:
    deadline = time.monotonic() + _READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if ready_file.exists():
            ready: dict[str, int] = json.loads(ready_file.read_text(encoding="utf-8"))
            return ready
        time.sleep(_LOOK_SECONDS)
    said = log_file.read_text(encoding="utf-8", errors="replace")[-_LOG_CHARACTERS:]
    raise ChildError(f"{module} did not become ready. It said: {said.strip() or 'nothing'}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None:
        process.stdin.close()
    process.terminate()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(_STOP_SECONDS)
