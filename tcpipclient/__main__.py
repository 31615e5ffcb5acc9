"""Entry of the command `tcpipclient` and of `python -m tcpipclient`.

Owns the moment before the command is loaded, in which Ctrl-C must not show a traceback. Must never do more than call
main: a frozen program starts here too, so imports are absolute. Thread: the program's main thread.
"""

import sys

_INTERRUPTED = 130


def main() -> int:
    """Run the command; returns its exit code."""
    try:
        from tcpipclient import cli

        return cli.main()
    except KeyboardInterrupt:
        return _INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
