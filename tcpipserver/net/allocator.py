"""What the C library does with memory that the hub has freed.

Owns one setting of the whole process, which is why only the program sets it and never the library. Must never be
needed: without it everything works, more slowly. Called by cli.py on the main thread, first before others start.
"""

import ctypes
import platform

_TRIM_THRESHOLD, _TRIM_BYTES = -1, 64 << 20
_MMAP_THRESHOLD, _MMAP_BYTES = -3, 4 << 20
_ARENA_MAX, _ARENAS = -8, 1


class FreedMemory:
    """The memory that has been freed, where the C library is glibc; other C libraries are left alone."""

    def __init__(self) -> None:
        self._library = _maybe_glibc()

    def keep(self) -> bool:
        """Keep up to 64 MiB for the next read instead of giving it back; whether that can be set here (mallopt(3)).

        A block of 1 MiB is by default fetched from the system and given back each time, and the system hands out every
        page of it anew: a quarter of the hub's time when files pass. The interpreter runs one thread at a time, so one
        arena serves all of them; it must be the first one, so this comes before any other thread.
        """
        if self._library is None:
            return False
        settings = ((_TRIM_THRESHOLD, _TRIM_BYTES), (_MMAP_THRESHOLD, _MMAP_BYTES), (_ARENA_MAX, _ARENAS))
        return all(self._library.mallopt(ctypes.c_int(name), ctypes.c_int(value)) == 1 for name, value in settings)

    def give_back(self) -> None:
        """Give the system back whole pages, wherever they lie (malloc_trim(3)).

        A few milliseconds at most. Called every other second it costs a busy hub nothing that can be measured, and an
        idle one keeps no more than it needs.
        """
        if self._library is not None:
            self._library.malloc_trim(ctypes.c_size_t(0))


def _maybe_glibc() -> ctypes.CDLL | None:
    if platform.libc_ver()[0] != "glibc":
        return None
    try:
        library = ctypes.CDLL(None)
        _ = library.mallopt, library.malloc_trim
    except (OSError, AttributeError):
        return None
    return library
