"""Threads that move files let those of people who talk, and a window's own, have a processor first.

Owns how the system is told. Must never be used on a thread that goes on to other work: without special rights nobody
takes it back. Every thread speaks for itself.
"""

import os
import sys
import threading

NICENESS = 5
"""Added to the thread's own. It still gets a quarter of a processor beside somebody who would use all of it: who gives
way further is stopped by others while it holds the interpreter, for which the window then waits."""

_this_thread = threading.local()


def give_way() -> None:
    """From now on this thread comes after others that want a processor; alone, it loses nothing by that.

    Only Linux has a niceness for each thread; elsewhere nothing happens.
    """
    if sys.platform == "linux" and not has_given_way():
        _this_thread.has_given_way = True
        os.nice(NICENESS)


def has_given_way() -> bool:
    """Whether this thread has said so."""
    return getattr(_this_thread, "has_given_way", False)
