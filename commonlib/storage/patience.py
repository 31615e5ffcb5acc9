"""Moving files where another program may hold them for a moment.

Owns the pauses. Must never wait on systems where nobody holds anything. Thread: the caller's own, which sleeps.
"""

import os
import time
from collections.abc import Callable

_ON_WINDOWS = os.name == "nt"
_PAUSES = (0.02, 0.05, 0.1, 0.2, 0.4)


def patiently(move: Callable[[], object]) -> None:
    """Move something that another program may hold for a moment. Raises OSError.

    On Windows a virus scanner holds a new file for a moment, and moving it is refused until it lets go.
    """
    for pause in _PAUSES if _ON_WINDOWS else ():
        try:
            move()
        except PermissionError:
            time.sleep(pause)
        else:
            return
    move()
