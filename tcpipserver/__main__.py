"""Entry of the command `tcpipserver` and of `python -m tcpipserver`.

Owns the moment before the command is loaded, in which Ctrl-C must not show a traceback. Must never hold logic: cli.py
does. Main thread.
"""

import sys

_INTERRUPTED = 130


def main() -> int:
    """Run the command; returns its exit code."""
    try:
        from tcpipserver import cli

        return cli.main()
    except KeyboardInterrupt:
        return _INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
