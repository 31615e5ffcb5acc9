"""The exit codes of the commands; scripts depend on them.

Owns the numbers. Must never change one. Pure: any thread.
"""

from enum import IntEnum


class ExitCode(IntEnum):
    """How a command ended."""

    DONE = 0
    FAILED = 1
    """Refused or failed; a sentence on standard error says why."""
    WRONG_USE = 2
    TIMED_OUT = 3
    INTERRUPTED = 130
