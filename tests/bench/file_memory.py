"""How much more memory sender and recipient take while they move one huge file, and very many small ones.

Owns this measurement and its report. Must never count what the system keeps of files: only the processes' own. The main
thread.
"""

from pathlib import Path

from tests.bench.figures import MISSING, Requirement, number, table
from tests.bench.file_programs import Office, Recipient, run_command, running_office, running_recipient
from tests.bench.file_sets import (
    MEBIBYTE,
    check_copy,
    memory_folder,
    remove,
    write_file,
    write_small_files,
    write_sparse_file,
)
from tests.bench.machine import forget_peak, maybe_peak

MOST_MEBIBYTES = 64.0
_LITTLE_BYTES = 16
_HEAD = ("", "sender, MiB above one of 1 MiB", "recipient, MiB above idle", "s")


def run(sparse_gib: int, entries: int, place: Path | None) -> list[Requirement]:
    """Measure and print; returns how the requirements stand.

    Args:
        place: Where the files are put; None means in memory.

    Raises:
        ChildError, CommandFailedError, WrongCopyError: Something did not get there.
    """
    rows, requirements = [], []
    with (
        memory_folder(place) as folder,
        running_office(folder) as office,
        running_recipient(office, folder, folder / "copies") as recipient,
    ):
        idle = run_command(office.send_file(write_file(folder / "little.bin", 1), recipient.name)).peak
        huge = write_sparse_file(folder / "huge.bin", sparse_gib << 30)
        many = write_small_files(folder / "many", entries, _LITTLE_BYTES)
        for what, path in ((f"one file of {sparse_gib} GiB", huge), (f"{entries:,} files", many)):
            sender, receiver, seconds = _above_idle(office, recipient, path, idle)
            rows.append([what, number(sender, 1), number(receiver, 1), number(seconds, 1)])
            for who, figure in (("sender", sender), ("recipient", receiver)):
                requirements.append(Requirement(f"{what}, {who}", figure, MOST_MEBIBYTES, at_least=False, unit=" MiB"))
    print(f"Memory above idle ({MISSING} where the system does not tell)\n{table(_HEAD, rows)}\n")
    return requirements


def _above_idle(office: Office, recipient: Recipient, path: Path, idle: int) -> tuple[float, float | None, float]:
    """MiB that the sender and the recipient held at most above idle, and the seconds that it took."""
    copy = recipient.downloads / path.name
    before = forget_peak(recipient.pid)
    sending = run_command(office.send_file(path, recipient.name))
    peak = maybe_peak(recipient.pid)
    check_copy(path, copy)
    remove(copy)
    above = None if before is None or peak is None else (peak - before) / MEBIBYTE
    return (sending.peak - idle) / MEBIBYTE, above, sending.seconds
