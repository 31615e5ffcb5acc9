"""Entry of the command `tcpipserver` and of `python -m tcpipserver`.

Owns the moment before the command is loaded, in which Ctrl-C must not show a traceback, and what is set for the whole
process. Must never hold logic: cli.py does. Main thread.
"""

import gc
import sys

_INTERRUPTED = 130
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
        from tcpipserver import cli

        return cli.main()
    except KeyboardInterrupt:
        return _INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
