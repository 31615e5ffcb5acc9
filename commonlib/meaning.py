"""What a line of the event log means: the colours of the article's window, as logging levels.

Owns the levels and their names. Must never configure logging: that is the programs' business. Pure: any thread.
"""

from enum import IntEnum


class Meaning(IntEnum):
    """Levels between logging.INFO and logging.ERROR, so that an ordinary logger carries them."""

    NOTE = 20
    """Plain: what the program does."""
    GOOD = 21
    """Green: something succeeded."""
    TALK = 22
    """Blue: somebody said something."""
    CONNECTION = 23
    """Purple: somebody came, left or changed."""
    TROUBLE = 30
    """Red: something is wrong, and the line says with whom."""
