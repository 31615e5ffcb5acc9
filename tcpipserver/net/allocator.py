"""What the C library does with memory that the hub has freed.

Owns one setting of the whole process, which is why only the program sets it and never the library. Must never be
needed: without it everything works, more slowly. Called once by cli.py, on the main thread, before others start.
"""

import ctypes
import platform

_TRIM_THRESHOLD, _TRIM_BYTES = -1, 64 << 20
_MMAP_THRESHOLD, _MMAP_BYTES = -3, 4 << 20
_ARENA_MAX, _ARENAS = -8, 1


def keep_freed_memory() -> bool:
    """Keep up to 64 MiB of freed memory for the next read instead of giving it back; whether that can be set here.

    A block of 256 KiB is by default fetched from the system and given back each time, and the system hands out every
    page of it anew: a quarter of the hub's time when files pass. The interpreter runs one thread at a time, so one
    arena serves all of them (glibc's mallopt; other C libraries are left alone).
    """
    if platform.libc_ver()[0] != "glibc":
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return False
    settings = ((_TRIM_THRESHOLD, _TRIM_BYTES), (_MMAP_THRESHOLD, _MMAP_BYTES), (_ARENA_MAX, _ARENAS))
    return all(mallopt(ctypes.c_int(name), ctypes.c_int(value)) == 1 for name, value in settings)
