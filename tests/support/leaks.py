"""What a test may leave behind by mistake: running threads and open file descriptors.

Owns how both are counted and how long we wait for them to go. It must never end anything itself: it only tells.
Thread: the test's own.
"""

import gc
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

SECONDS_TO_TIDY_UP = 5.0
_SECONDS_BETWEEN_LOOKS = 0.005

# Linux names what each descriptor is; macOS has only the numbers; Windows has no such folder and goes unchecked.
_FOLDERS = (Path("/proc/self/fd"), Path("/dev/fd"))


@dataclass(frozen=True, slots=True)
class Holdings:
    """What the process holds at one moment: its live threads, and its descriptors with what they lead to."""

    threads: frozenset[threading.Thread]
    descriptors: frozenset[tuple[int, str]]


def holdings_now() -> Holdings:
    """Count the threads and the descriptors of this process."""
    return Holdings(frozenset(threading.enumerate()), _open_descriptors())


def maybe_leak(before: Holdings, seconds: float = SECONDS_TO_TIDY_UP) -> str | None:
    """What is held now and was not held `before`, as a sentence, after giving it up to `seconds` to go; else None."""
    if wait_until(lambda: not _describe_new(before), 0.0):
        return None
    # Only the collector closes a socket in a reference cycle. It warns when it had to, and a warning fails a test too.
    gc.collect()
    if wait_until(lambda: not _describe_new(before), seconds):
        return None
    return _describe_new(before)


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Look at the condition until it holds (True) or `seconds` have passed (False); it is looked at once at least.

    The one place of the tests that looks again and again, because what it waits for tells nobody. What can be waited
    for (a thread, an event, a line of a program) is waited for.
    """
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() >= deadline:
            return False
        time.sleep(_SECONDS_BETWEEN_LOOKS)
    return True


def _describe_new(before: Holdings) -> str:
    now = holdings_now()
    threads = sorted(thread.name for thread in now.threads - before.threads)
    descriptors = sorted(f"{number} ({target})" for number, target in now.descriptors - before.descriptors)
    parts = []
    if threads:
        parts.append(f"threads still running: {', '.join(threads)}")
    if descriptors:
        parts.append(f"descriptors still open: {', '.join(descriptors)}")
    return "; ".join(parts)


def _open_descriptors() -> frozenset[tuple[int, str]]:
    folder = next((place for place in _FOLDERS if place.is_dir()), None)
    if folder is None:
        return frozenset()
    found = set()
    for entry in os.listdir(folder):  # noqa: PTH208 - closes the folder before we look at what it listed
        try:
            found.add((int(entry), os.readlink(folder / entry) if folder == _FOLDERS[0] else ""))  # noqa: PTH115
        except OSError:
            continue  # the descriptor that listed the folder
    return frozenset(found)
