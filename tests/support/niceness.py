"""How much a thread gives way to others, as the system has it.

Owns the reading of it. Must never change it. Any thread. Linux alone has one for each thread; elsewhere all are alike.
"""

import os
import sys
import threading

from commonlib.storage.giving_way import NICENESS

_LEAST_URGENT = 19


def niceness_of(thread: threading.Thread) -> int:
    """Of a thread that runs; 0 where the system has none for a thread."""
    if sys.platform != "linux":
        return 0
    assert thread.native_id is not None
    return os.getpriority(os.PRIO_PROCESS, thread.native_id)


def niceness_given_way() -> int:
    """What a thread has that gives way and was begun by this one."""
    own = niceness_of(threading.current_thread())
    return min(own + NICENESS, _LEAST_URGENT) if sys.platform == "linux" else own
