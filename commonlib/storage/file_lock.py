"""Locks on open files, which the system takes away from a process that ends, however it ends.

Owns the one way to take such a lock on each system. Must never wait for one, nor open or delete a file. Threads: any; a
lock belongs to the descriptor, and two descriptors of one process have two.
"""

import sys

if sys.platform == "win32":
    import msvcrt
    import os

    _FAR = (1 << 31) - 2
    """Windows keeps others from reading what is locked: a byte that files here rarely have is nobody's loss."""

    def maybe_lock(descriptor: int) -> bool:
        """Lock a file; False where another descriptor has it. Raises OSError where this disk has no locks."""
        position = os.lseek(descriptor, 0, os.SEEK_CUR)
        os.lseek(descriptor, _FAR, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        finally:
            os.lseek(descriptor, position, os.SEEK_SET)
        return True

    def unlock(descriptor: int) -> None:
        """Give back a lock; closing the descriptor does it, too."""
        os.lseek(descriptor, _FAR, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

    def share(_: int) -> None:
        """Do nothing: there is no such lock."""

else:
    import fcntl

    def maybe_lock(descriptor: int) -> bool:
        """Lock a file; False where another descriptor has it. Raises OSError where this disk has no locks."""
        try:
            # Not lockf: its locks belong to the process, and two in one process would share the file.
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def unlock(descriptor: int) -> None:
        """Give back a lock; closing the descriptor does it, too."""
        fcntl.flock(descriptor, fcntl.LOCK_UN)

    def share(descriptor: int) -> None:
        """Lock a file or folder with others who do the same, for nobody else to lock it; nothing where one has by now.

        Raises OSError where this disk has no locks.
        """
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            pass
