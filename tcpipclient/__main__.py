"""Entry of the command `tcpipclient` and of `python -m tcpipclient`.

Owns the moment before the command is loaded, in which Ctrl-C must not show a traceback, and what is set for the whole
process. Must never do more than call main: a frozen program starts here too, so imports are absolute. Thread: the
program's main thread.
"""

import gc
import os
import sys
import threading
from typing import NoReturn

_INTERRUPTED = 130
_COMMANDS = ("roster", "send", "send-file", "listen")
_COLLECT_AFTER = (50_000, 20, 100)


def collect_rarely() -> None:
    """Have the collector of cyclic garbage look less often: each look stops all threads, and loading makes no garbage.

    A setting of the whole process, so it is the command's to make, never a library's.
    """
    gc.set_threshold(*_COLLECT_AFTER)


def main() -> int:
    """Run the command; returns its exit code."""
    collect_rarely()
    try:
        return _run_command(sys.argv[1]) if sys.argv[1:2] and sys.argv[1] in _COMMANDS else _run()
    except KeyboardInterrupt:
        return _INTERRUPTED


def _run() -> int:
    from tcpipclient import cli

    return cli.main()


def _run_command(name: str) -> int:
    """The same, with modules that an earlier run of this command has kept, and keep what this one had to load."""
    from tcpipclient.kept_modules import KeptModules, file_of

    kept = KeptModules(file_of(name))
    sys.meta_path.insert(0, kept)
    code = _run()
    if code == 0:
        kept.keep()
    return code


def run() -> NoReturn:
    """Run the command and end the process with its exit code, at once where nothing is left to be done.

    The interpreter takes each of its modules apart before it ends, a tenth of the time of a short command, and a window
    or a thread may want that; where there is neither, all that is left is what standard output still holds.
    """
    code = main()
    if threading.active_count() == 1 and "tkinter" not in sys.modules and _flushed():
        os._exit(code)
    sys.exit(code)


def _flushed() -> bool:
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except (OSError, ValueError):
        return False
    return True


if __name__ == "__main__":
    run()
