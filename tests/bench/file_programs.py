"""Our own programs as the measurements of files use them: a hub, people who listen, and the command `send-file`.

Owns how they are started, that the sender knows the hub, and one timed run of any command. Must never call the library:
what is measured is the whole process. The main thread.
"""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.children import HOST, ROOT, Child, ChildError, running_hub

DIRECT, THROUGH_HUB = "direct", "hub"
_READY_SECONDS = 30.0
_MOST_SECONDS = 1800.0


class CommandFailedError(Exception):
    """A measured command ended with another exit code than 0; its text is what it said."""


@dataclass(frozen=True, slots=True)
class Run:
    """A whole process, from before it was started until it had ended.

    Attributes:
        peak: Most bytes of memory that it held.
    """

    seconds: float
    peak: int


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who listens and keeps every file."""

    name: str
    downloads: Path
    pid: int


@dataclass(frozen=True, slots=True)
class Office:
    """A hub, and the data folder of one who is known there and sends.

    Attributes:
        prefix: What stands before the sender's commands, such as `ip netns exec`.
    """

    hub: Child
    sender_folder: Path
    host: str = HOST
    prefix: tuple[str, ...] = ()

    def send_file(self, path: Path, *to: str, way: str | None = None) -> list[str]:
        """The command that sends a file or a folder.

        Args:
            way: DIRECT or THROUGH_HUB, to have no other tried.
        """
        recipients = [part for name in to for part in ("--to", name)]
        return self.command("send-file", str(path), *recipients, *(() if way is None else ("--path", way)))

    def command(self, *arguments: str) -> list[str]:
        """A command of the sender's."""
        address, folder = f"{self.host}:{self.hub.port}", str(self.sender_folder)
        program = [*self.prefix, sys.executable, "-m", "tcpipclient"]
        return [*program, *arguments, "--server", address, "--name", "sender", "--data-dir", folder]


@contextlib.contextmanager
def compiled_programs() -> Iterator[None]:
    """Have the programs that are started meanwhile keep their modules compiled, as those of an installed program are.

    Where Python was told to write no bytecode, each start would compile the whole program, and that would be measured.
    """
    before = dict(os.environ)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = folder
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)


@contextlib.contextmanager
def running_office(
    folder: Path, host: str = HOST, hub_prefix: Sequence[str] = (), sender_prefix: Sequence[str] = ()
) -> Iterator[Office]:
    """A hub, and a sender who has been there before: he has made his key and trusts the hub, as once in his life.

    Raises:
        ChildError: The hub did not become ready.
        CommandFailedError: The sender did not get in.
    """
    with running_hub(host=host, prefix=hub_prefix) as hub:
        office = Office(hub, folder / "sender", host, tuple(sender_prefix))
        run_command(office.command("roster", "--trust-on-first-use"))
        yield office


@contextlib.contextmanager
def running_recipient(
    office: Office, folder: Path, downloads: Path, name: str = "recipient", prefix: Sequence[str] = ()
) -> Iterator[Recipient]:
    """One who listens at the hub, takes every file, and replaces what is there.

    Raises:
        ChildError: He did not get in.
    """
    downloads.mkdir(parents=True, exist_ok=True)
    options = ["--server", f"{office.host}:{office.hub.port}", "--name", name, "--data-dir", str(folder / name)]
    options += ["--trust-on-first-use", "--accept", "all", "--downloads", str(downloads), "--conflict", "replace"]
    command = [*prefix, sys.executable, "-m", "tcpipclient", "listen", "--json", *options]
    log_file, out_file = folder / f"{name}.log", folder / f"{name}.json"
    with log_file.open("wb") as log, out_file.open("wb") as out:
        process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=out, stderr=log)
    try:
        deadline = time.monotonic() + _READY_SECONDS
        while '"ready"' not in _first_line(out_file):
            if process.poll() is not None or time.monotonic() > deadline:
                said = log_file.read_text(encoding="utf-8", errors="replace").strip()
                raise ChildError(f"listen did not become ready. It said: {said or 'nothing'}")
            time.sleep(0.02)
        yield Recipient(name, downloads, process.pid)
    finally:
        process.terminate()
        process.wait(_READY_SECONDS)


def run_command(command: Sequence[str]) -> Run:
    """Run a command to its end and time it.

    Raises:
        CommandFailedError: Its exit code is not 0.
    """
    started = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stderr.close()
    if process.returncode:
        raise CommandFailedError(f"{_named(command)} ended with {process.returncode}: {said.strip() or 'no word'}")
    return Run(seconds, usage.ru_maxrss << 10)


def _named(command: Sequence[str]) -> str:
    """A command without what every one of ours begins with."""
    return " ".join(command[command.index("tcpipclient") :][:2]) if "tcpipclient" in command else command[0]


def _first_line(path: Path) -> str:
    with path.open(encoding="utf-8") as lines:
        line = lines.readline()
    return line if line.endswith("\n") and "event" in json.loads(line) else ""
