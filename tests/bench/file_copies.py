"""Whole processes that bring files and folders to another folder: ours beside cp, scp and rsync.

Owns the four sets, the order of the rounds and the report. Must never count a copy that is not what was sent. The main
thread.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.figures import MISSING, Requirement, number, ratio, summed_up, table
from tests.bench.file_peers import Peer, running_peers
from tests.bench.file_programs import CommandFailedError, run_command, running_office, running_recipient
from tests.bench.file_sets import (
    DataSet,
    WrongCopyError,
    check_copy,
    memory_folder,
    remove,
    write_file,
    write_mixed_tree,
    write_small_files,
)

OURS, REFERENCE = "send-file", "scp"
_HEAD = ("", "median s", "min", "max", "× scp", "must", "goal")


@dataclass(slots=True)
class Measured:
    """What the rounds gave for one way.

    Attributes:
        seconds: Of the whole process, by round.
        failure: Why there are no more; then it is not tried again.
    """

    seconds: list[float] = field(default_factory=list)
    failure: str = ""


def run(mebibytes: int, small: int, mixed: int, rounds: int) -> list[Requirement]:
    """Measure and print; returns how the requirements stand.

    Args:
        mebibytes: Of the large file.
        small: Files of 4 KiB.
        mixed: Files of the mixed tree.

    Raises:
        ChildError: A program did not become ready, or is not installed.
        CommandFailedError: What we are compared with failed.
    """
    requirements = []
    with memory_folder() as folder, _ways(folder) as ways:
        for build in _builders(folder / "originals", mebibytes, small, mixed):
            data = build()
            measured = {way.name: Measured() for way in ways}
            for _ in range(rounds):
                for way in ways:
                    _measure(way, data, folder / "copies" / "now", measured[way.name])
            remove(data.path)
            print(f"{data.name}, {rounds} rounds\n{report(data, measured)}\n")
            requirements.append(_requirement(data, measured))
    return requirements


def report(data: DataSet, measured: dict[str, Measured]) -> str:
    """The table of one set, and below it why a way has no figures."""
    rows, failures = [], []
    for name, figures in measured.items():
        bounds = [f"{data.must:g}", f"{data.goal:g}"] if name == OURS else ["", ""]
        if figures.failure:
            failures.append(f"{name} failed: {figures.failure}")
            rows.append([name, *[MISSING] * 4, *bounds])
            continue
        seconds = summed_up(figures.seconds)
        shown = [number(value, 3) for value in (seconds.median, seconds.least, seconds.most)]
        rows.append([name, *shown, number(times_scp(measured, name), 2), *bounds])
    return "\n".join([table(_HEAD, rows), *failures])


def times_scp(measured: dict[str, Measured], name: str) -> float:
    """How many times as fast as scp a way is; 0 where it failed."""
    return 0.0 if measured[name].failure else ratio(measured[REFERENCE].seconds, measured[name].seconds)


def _requirement(data: DataSet, measured: dict[str, Measured]) -> Requirement:
    return Requirement(f"{data.name}, {OURS} × {REFERENCE}", times_scp(measured, OURS), data.must, True, " ×")


@contextmanager
def _ways(folder: Path) -> Iterator[list[Peer]]:
    """cp, scp, rsync and ours, each with what it needs up; all write below `copies/now`."""
    settings, copies = folder / "settings", folder / "copies"
    for place in (settings, copies, folder / "originals"):
        place.mkdir()
    with (
        running_peers(settings, copies) as peers,
        running_office(settings) as office,
        running_recipient(office, settings, copies / "now") as recipient,
    ):
        yield [*peers, Peer(OURS, lambda source, _: office.send_file(source, recipient.name))]


def _measure(way: Peer, data: DataSet, destination: Path, figures: Measured) -> None:
    if figures.failure:
        return
    copy = destination / data.path.name
    try:
        seconds = run_command(way.command(data.path, destination)).seconds
        check_copy(data.path, copy)
    except (CommandFailedError, WrongCopyError) as error:
        if way.name != OURS:
            raise
        figures.failure = str(error)
    else:
        figures.seconds.append(seconds)
    finally:
        remove(copy)


def _builders(folder: Path, mebibytes: int, small: int, mixed: int) -> Sequence[Callable[[], DataSet]]:
    """The four sets, each built only when it is its turn: they need memory."""
    large, many, tree, little = (folder / name for name in ("large.bin", "small", "mixed", "little.bin"))
    return (
        lambda: DataSet(f"One file of {mebibytes:,} MiB", write_file(large, mebibytes), 1.8, 2.5),
        lambda: DataSet(f"{small:,} files of 4 KiB", write_small_files(many, small), 12, 20),
        lambda: DataSet(f"Mixed tree of {mixed:,} files", write_mixed_tree(tree, mixed), 5, 8),
        lambda: DataSet("One file of 1 MiB", write_file(little, 1), 3, 6),
    )
