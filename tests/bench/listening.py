"""The other side of children.py, for the programs of this folder: listen, say where, end with whoever started us.

Owns the listening socket's making and the ready file. Must never outlive the benchmark: a thread waits for the end of
the standard input and ends the process. Called by the main thread.
"""

import argparse
import json
import os
import socket
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from tests.bench.children import HOST

_BACKLOG = 4096


def listen_until_ended(serve: Callable[[socket.socket], None]) -> None:
    """Listen on a free port, write it into the file named by --ready-file, and serve."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--ready-file", type=Path, required=True)
    ready_file: Path = parser.parse_args().ready_file
    threading.Thread(target=_end_with_the_benchmark, daemon=True).start()
    with socket.create_server((HOST, 0), backlog=_BACKLOG) as listening:
        unfinished = ready_file.with_suffix(".part")
        ready = {"port": listening.getsockname()[1], "pid": os.getpid()}
        unfinished.write_text(json.dumps(ready), encoding="utf-8")
        unfinished.replace(ready_file)
        serve(listening)


def _end_with_the_benchmark() -> None:
    sys.stdin.buffer.read()
    os._exit(0)
