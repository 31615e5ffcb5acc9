"""One large file through the hub, and directly from its sender to its recipient.

Owns this measurement and its report. Must never let our command choose the way by itself. The main thread.
"""

from tests.bench.figures import Requirement, number, ratio, summed_up, table
from tests.bench.file_programs import DIRECT, THROUGH_HUB, run_command, running_office, running_recipient
from tests.bench.file_sets import MEBIBYTE, check_copy, memory_folder, remove, write_file

TIMES_DIRECT = 0.65
_HEAD = ("", "median s", "min", "max", "MB/s", "× direct", "must", "goal")
_GOAL = 0.75


def run(mebibytes: int, rounds: int) -> list[Requirement]:
    """Measure and print; returns how the requirement stands.

    Raises:
        ChildError, CommandFailedError, WrongCopyError: The file did not get there.
    """
    seconds: dict[str, list[float]] = {DIRECT: [], THROUGH_HUB: []}
    with (
        memory_folder() as folder,
        running_office(folder) as office,
        running_recipient(office, folder, folder / "copies") as recipient,
    ):
        large = write_file(folder / "large.bin", mebibytes)
        copy = recipient.downloads / large.name
        for _ in range(rounds):
            for way, times in seconds.items():
                times.append(run_command(office.send_file(large, recipient.name, way=way)).seconds)
                check_copy(large, copy)
                remove(copy)
    rows = []
    for way, times in seconds.items():
        middle = summed_up(times)
        shown = [number(value, 3) for value in (middle.median, middle.least, middle.most)]
        bounds = [f"{TIMES_DIRECT:g}", f"{_GOAL:g}"] if way == THROUGH_HUB else ["", ""]
        rate = number(mebibytes * MEBIBYTE / middle.median / 1e6)
        rows.append([way, *shown, rate, number(ratio(seconds[DIRECT], times), 2), *bounds])
    print(f"One file of {mebibytes:,} MiB, end-to-end TLS, {rounds} rounds\n{table(_HEAD, rows)}\n")
    figure = ratio(seconds[DIRECT], seconds[THROUGH_HUB])
    return [Requirement("through the hub × direct", figure, TIMES_DIRECT, at_least=True, unit=" ×")]
