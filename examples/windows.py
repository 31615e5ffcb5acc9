"""The window of a hub, and the window of one person who is connected to it.

Owns what `python3 start.py` shows where there is a display; run it by hand with the environment's Python, without
arguments. It uses the commands only. The hub listens on its usual port; when that is taken its window asks, and the
other window comes as soon as the hub listens. It must leave no process behind.
Thread: the program's main thread.
"""

import getpass
import json
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

SECONDS_BETWEEN_LOOKS = 0.1
SECONDS_TO_STOP = 15.0
EXIT_INTERRUPTED = 130


def main() -> int:
    """Show both windows until both are closed. Returns the exit code: 0, the first failed window's, or 130."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tcpipchat-")))
        ready = folder / "ready.json"
        try:
            hub = started(stack, "tcpipserver", "--ready-file", str(ready))
            while not ready.exists():
                if hub.poll() is not None:
                    return hub.returncode
                time.sleep(SECONDS_BETWEEN_LOOKS)
            address = f"localhost:{json.loads(ready.read_text(encoding='utf-8'))['port']}"
            print(f"A hub listens on {address}. Close both windows to end.", flush=True)
            client = started(stack, "tcpipclient", "--server", address, "--name", my_name(), "--connect")
            return client.wait() or hub.wait()
        except KeyboardInterrupt:
            return EXIT_INTERRUPTED


def started(stack: ExitStack, module: str, *arguments: str) -> "subprocess.Popen[bytes]":
    """Start a command, which is ended with the stack if it has not ended before."""
    process = subprocess.Popen([sys.executable, "-m", module, *arguments])
    stack.callback(end, process)
    return process


def end(process: "subprocess.Popen[bytes]") -> None:
    """Tell a command to end, and see that it does."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def my_name() -> str:
    """What the system calls the user; a system that does not know him calls him Me."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "Me"


if __name__ == "__main__":
    sys.exit(main())
