"""The commands as a user starts them: processes of their own, with what they print read line by line.

Owns starting them with the tests' own interpreter and ending them. It must never look into the package. Threads: the
test's own, and one for each that runs, which reads what it prints.
"""

import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from commonlib.identity import Fingerprint
from commonlib.storage.data_folder import HOME_VARIABLE
from tcpipclient.trust import TrustStore

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 60.0
"""How long anything is waited for; a test that comes here fails."""
CLIENT = (sys.executable, "-m", "tcpipclient")
ALLOW = "--allow-unencrypted"
"""Of commands that may meet an original server."""


def know_hub(port: int, fingerprint: Fingerprint, host: str = "127.0.0.1") -> None:
    """Have the commands that this test starts know a hub as if they had connected to it before."""
    with TrustStore(Path(os.environ[HOME_VARIABLE])) as store:
        store.pin(host, port, fingerprint)


def run_client(*arguments: str, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command of the client to its end, without a terminal."""
    return subprocess.run(
        [*CLIENT, *arguments],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
    )


class RunningCommand:
    """A command of the client that runs with --json; made by `started` and `listening`.

    Attributes:
        items: All objects that it has printed so far.
    """

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self.items: list[dict[str, Any]] = []
        self._items: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._reader = threading.Thread(target=self._read, name="printed")
        self._reader.start()

    def next_item(self, event: str, **fields: object) -> dict[str, Any]:
        """The next object of this event with these fields; others are passed over."""
        deadline = time.monotonic() + SECONDS
        while True:
            item = self._items.get(timeout=max(0.0, deadline - time.monotonic()))
            assert item is not None, f"it ended without telling {event} {fields}: {self.items}"
            if item["event"] == event and fields.items() <= item.items():
                return item

    def finish(self) -> tuple[int, str]:
        """Wait for its end: the exit code, and what it said on standard error."""
        assert self.process.stderr is not None
        code = self.process.wait(SECONDS)
        self._reader.join(SECONDS)
        return code, self.process.stderr.read()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            item = json.loads(line)
            self.items.append(item)
            self._items.put(item)
        self._items.put(None)

    def _end(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(SECONDS)
        self._reader.join(SECONDS)


@contextmanager
def listening(port: int, name: str, *options: str) -> Iterator[RunningCommand]:
    """Somebody listens on the hub of this port, and is in when this is entered; he is ended at the end."""
    # Options that come later count: files are declined without a word unless a test says otherwise.
    fixed = ("--server", f"127.0.0.1:{port}", "--name", name, ALLOW, "--accept", "none")
    with started("listen", *fixed, *options) as listener:
        listener.next_item("ready")
        yield listener


@contextmanager
def started(*arguments: str, prefix: Sequence[str] = ()) -> Iterator[RunningCommand]:
    """A command of the client, with --json; it is ended at the end. `prefix` is what runs it on another machine."""
    with subprocess.Popen(
        [*prefix, *CLIENT, *arguments, "--json"],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        command = RunningCommand(process)
        try:
            yield command
        finally:
            command._end()
