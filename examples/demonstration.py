"""A hub and two people: Bob listens, Alice says something to him and sends him a file, all with the two commands.

Owns what `python3 start.py` shows where there is no display; run it by hand with the environment's Python, without
arguments. It uses the commands only, as a script of yours would, because the two packages never import each other. It
must never leave a process or a file behind, and waits for nothing longer than SECONDS_FOR_A_STEP.
Thread: the program's main thread, and one that reads what Bob's client prints.
"""

import hashlib
import io
import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

SECONDS_FOR_A_STEP = 60.0
SECONDS_BETWEEN_LOOKS = 0.05
SECONDS_TO_STOP = 15.0

TEXT = "Hello Bob, here is the file I told you about."
FILE_NAME = "measurements.csv"
FILE_ROWS = 50_000


class DemonstrationError(Exception):
    """What went wrong, as a sentence with the next step."""


class Command:
    """One of the two commands, running. What it says beside its output is kept in a file and told if it fails."""

    def __init__(self, complaints: Path, module: str, *arguments: str, output: int = subprocess.PIPE) -> None:
        self._complaints = complaints
        self._title = module if module == "tcpipserver" else f"{module} {arguments[0]}"
        with complaints.open("wb") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=file,
                encoding="utf-8",
                env={**os.environ, "PYTHONUTF8": "1"},
            )

    def output(self) -> str:
        """What it printed, once it has ended by itself. Raises DemonstrationError when it does not, or fails."""
        try:
            printed, _ = self.process.communicate(timeout=SECONDS_FOR_A_STEP)
        except subprocess.TimeoutExpired:
            raise self.failure("takes too long") from None
        self.require_success()
        return printed

    def require_success(self) -> None:
        """Raise DemonstrationError if it has ended with another exit code than 0."""
        if self.process.poll():
            raise self.failure(f"ended with exit code {self.process.returncode}")

    def failure(self, what: str) -> DemonstrationError:
        """The error to raise when it did `what`, with all it complained about and the next step."""
        said = self._complaints.read_text(encoding="utf-8", errors="replace").strip()
        step = f" and said:\n{said}\nPut that right and run start.py again." if said else ". Run start.py again."
        return DemonstrationError(f"{self._title} {what}{step}")

    def stop(self) -> None:
        """End it if it still runs, by force when asking does not help."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(SECONDS_TO_STOP)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


class Listener:
    """A listening client and the lines it printed, each one JSON object."""

    def __init__(self, command: Command) -> None:
        self.command = command
        self._lines: queue.Queue[dict[str, Any] | None] = queue.Queue()
        threading.Thread(target=self._read, name="listener").start()

    def next_of(self, event: str) -> dict[str, Any]:
        """The next line that tells of this event; others are passed over. Raises DemonstrationError."""
        deadline = time.monotonic() + SECONDS_FOR_A_STEP
        while True:
            try:
                line = self._lines.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                raise self.command.failure(f"told of no {event}") from None
            if line is None:
                raise self.command.failure(f"ended before it told of a {event}")
            if line["event"] == event:
                return line

    def wait(self) -> None:
        """Wait until it has ended by itself. Raises DemonstrationError."""
        try:
            self.command.process.wait(SECONDS_FOR_A_STEP)
        except subprocess.TimeoutExpired:
            raise self.command.failure("did not end after its last message") from None
        self.command.require_success()

    def _read(self) -> None:
        assert self.command.process.stdout is not None
        for line in self.command.process.stdout:
            self._lines.put(json.loads(line))
        self._lines.put(None)


class Stage:
    """The commands of one demonstration and the folder with all their state; `with` ends them, the hub last."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._commands: list[Command] = []

    def __enter__(self) -> "Stage":
        return self

    def __exit__(self, *_: object) -> None:
        for command in reversed(self._commands):
            command.stop()

    def start_hub(self) -> str:
        """Start a hub on a free port of this machine and return its address. Raises DemonstrationError."""
        ready = self.folder / "ready.json"
        hub = self._start(
            *("tcpipserver", "--headless", "--host", "127.0.0.1", "--port", "0"),
            *("--ready-file", str(ready), "--data-dir", str(self.folder / "hub")),
            output=subprocess.DEVNULL,
        )

        def is_ready() -> bool:
            if hub.process.poll() is not None:
                raise hub.failure(f"ended with exit code {hub.process.returncode}")
            return ready.exists()

        wait_until(is_ready, "The hub did not get ready")
        told = json.loads(ready.read_text(encoding="utf-8"))
        self._trust = ("--fingerprint", told["fingerprint"])
        return f"127.0.0.1:{told['port']}"

    def start_listener(self, name: str, address: str, downloads: Path, count: int) -> Listener:
        """Start a client that takes every file and ends after `count` texts and files."""
        options = ("--json", "--downloads", str(downloads), "--accept", "all", "--count", str(count))
        return Listener(self._client(name, address, "listen", *options))

    def run(self, name: str, address: str, command: str, *arguments: str) -> str:
        """Run one of the client's commands to its end and return what it printed. Raises DemonstrationError."""
        return self._client(name, address, command, *arguments).output()

    def _client(self, name: str, address: str, command: str, *arguments: str) -> Command:
        state = str(self.folder / name)
        options = ("--server", address, "--name", name, "--data-dir", state, *self._trust)
        return self._start("tcpipclient", command, *options, *arguments)

    def _start(self, module: str, *arguments: str, output: int = subprocess.PIPE) -> Command:
        complaints = self.folder / f"complaints-{len(self._commands)}.txt"
        command = Command(complaints, module, *arguments, output=output)
        self._commands.append(command)
        return command


def main() -> int:
    """Run the demonstration in a temporary folder. Returns the exit code: 0 done, 1 failed, 130 interrupted."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a path may have what the output's encoding lacks
    try:
        with tempfile.TemporaryDirectory(prefix="tcpipchat-") as folder, Stage(Path(folder)) as stage:
            demonstrate(stage)
    except DemonstrationError as problem:
        print(f"The demonstration failed: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("The demonstration was stopped as asked.", file=sys.stderr)
        return 130
    say("The hub was stopped and the folder with all this removed.")
    return 0


def demonstrate(stage: Stage) -> None:
    """Let Alice speak to Bob and send him a file, and tell what arrived. Raises DemonstrationError."""
    address = stage.start_hub()
    say(f"A hub listens on {address}.")

    bob = stage.start_listener("Bob", address, stage.folder / "downloads", count=2)

    def has_joined() -> bool:
        bob.command.require_success()
        return "Bob" in names_in(stage.run("Alice", address, "roster", "--json"))

    wait_until(has_joined, "Bob did not join the hub")
    say("Bob joined it and listens.")

    stage.run("Alice", address, "send", "--to", "Bob", TEXT)
    text = bob.next_of("text")
    if text["text"] != TEXT:
        raise DemonstrationError(f"Bob received another text than Alice sent: {text['text']!r}. Please report this.")
    say(f"{text['from']} said to Bob: {text['text']}")

    original = stage.folder / FILE_NAME
    original.write_text("".join(f"{row},{row * row}\n" for row in range(FILE_ROWS)), encoding="ascii")
    stage.run("Alice", address, "send-file", "--to", "Bob", str(original))
    received = Path(bob.next_of("batch_ended")["paths"][0])
    if digest(received) != digest(original):
        raise DemonstrationError(f"{received} differs from what Alice sent. Please report this.")
    sizes = f"{original.stat().st_size} bytes were sent and {received.stat().st_size} arrived"
    say(f"Alice sent Bob {original.name}: {sizes}, in {received}.")
    say(f"What was sent and what arrived have the same SHA-256, {digest(received)}.")

    bob.wait()
    say("Bob had the text and the file that he waited for, and left.")


def names_in(lines: str) -> set[str]:
    """The names in what `tcpipclient roster --json` printed."""
    return {json.loads(line)["name"] for line in lines.splitlines()}


def digest(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def wait_until(condition: Callable[[], bool], otherwise: str) -> None:
    """Look at the condition until it holds. Raises DemonstrationError with `otherwise` when it does not in time."""
    deadline = time.monotonic() + SECONDS_FOR_A_STEP
    while not condition():
        if time.monotonic() >= deadline:
            raise DemonstrationError(f"{otherwise} in {SECONDS_FOR_A_STEP:.0f} seconds. Run start.py again.")
        time.sleep(SECONDS_BETWEEN_LOOKS)


def say(sentence: str) -> None:
    """Tell what happened, at once."""
    print(sentence, flush=True)


if __name__ == "__main__":
    sys.exit(main())
