"""One file to many at the same time, beside as many scp at the same time.

Owns this measurement and its report. Must never bound it: it is printed to be known. The main thread.
"""

import contextlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.bench.figures import Requirement, number, ratio, summed_up, table
from tests.bench.file_peers import Ssh, running_sshd
from tests.bench.file_programs import run_command, running_office, running_recipient
from tests.bench.file_sets import MEBIBYTE, check_copy, memory_folder, remove, write_file

_MEBIBYTES = 64
_HEAD = ("", "median s", "min", "max", "MB/s together", "× scp")


def run(recipients: int, rounds: int) -> list[Requirement]:
    """Measure and print; requires nothing but that everybody gets the whole file.

    Raises:
        ChildError, CommandFailedError, WrongCopyError: Somebody did not.
    """
    ours: list[float] = []
    others: list[float] = []
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(memory_folder())
        ssh = stack.enter_context(running_sshd(folder))
        office = stack.enter_context(running_office(folder))
        people = [
            stack.enter_context(running_recipient(office, folder, folder / f"copies {number_}", f"recipient{number_}"))
            for number_ in range(recipients)
        ]
        large = write_file(folder / "large.bin", _MEBIBYTES)
        copies = [person.downloads / large.name for person in people]
        command = office.send_file(large, *(person.name for person in people))
        for _ in range(rounds):
            others.append(_all_at_once(ssh, large, copies))
            _check_and_remove(large, copies)
            ours.append(run_command(command).seconds)
            _check_and_remove(large, copies)
    rows = []
    for name, times in ((f"{recipients} scp at once", others), (f"send-file to {recipients}", ours)):
        middle = summed_up(times)
        shown = [number(value, 3) for value in (middle.median, middle.least, middle.most)]
        rate = number(recipients * _MEBIBYTES * MEBIBYTE / middle.median / 1e6)
        rows.append([name, *shown, rate, number(ratio(others, times), 2)])
    print(f"One file of {_MEBIBYTES} MiB to {recipients} at once, {rounds} rounds\n{table(_HEAD, rows)}\n")
    return []


def _all_at_once(ssh: Ssh, large: Path, copies: list[Path]) -> float:
    """Seconds until the last of as many scp as there are copies has ended."""
    with ThreadPoolExecutor(len(copies)) as threads:
        running = [threads.submit(run_command, ssh.scp(large, copy.parent)) for copy in copies]
        return max(done.result().seconds for done in running)


def _check_and_remove(large: Path, copies: list[Path]) -> None:
    for copy in copies:
        check_copy(large, copy)
        remove(copy)
