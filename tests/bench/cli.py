"""The command `python -m tests.bench` (docs/benchmarks.md).

Owns arguments, the line about the machine, and exit codes. Must never measure, nor load a benchmark that was not asked
for: each needs what others need not have, such as a screen. The main thread.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.bench.children import ChildError
from tests.bench.chunks import WrongBytesError
from tests.bench.ends import ProtocolBrokenError
from tests.bench.figures import Requirement
from tests.bench.file_programs import CommandFailedError
from tests.bench.file_sets import WrongCopyError
from tests.bench.machine import machine_line

EXIT_DONE = 0
EXIT_MISSED = 1
EXIT_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one benchmark; returns the exit code: 0 done, 1 failed or a requirement missed, 2 wrong use."""
    options = parser().parse_args(arguments)
    print(machine_line(), end="\n\n")
    try:
        requirements = _run(options)
    except (ChildError, CommandFailedError, ProtocolBrokenError, WrongBytesError, WrongCopyError, OSError) as error:
        print(f"The benchmark failed: {error}", file=sys.stderr)
        return EXIT_MISSED
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    for requirement in requirements:
        print(requirement)
    return EXIT_MISSED if any(requirement.is_missed for requirement in requirements) else EXIT_DONE


def parser() -> argparse.ArgumentParser:
    """What the command understands."""
    command = argparse.ArgumentParser(
        prog="python -m tests.bench",
        description="Measure the hub beside something to compare it with, in the same run.",
        epilog="Exit codes: 0 done, 1 failed or a requirement missed, 2 wrong use, 130 interrupted.",
    )
    benchmarks = command.add_subparsers(dest="benchmark", required=True, metavar="BENCHMARK")
    relay = benchmarks.add_parser("classic", help="relay files: the hub, a naive relay and a direct socket")
    relay.add_argument("--mib", type=_positive, default=256, metavar="N", help="MiB relayed in a round (default: 256)")
    relay.add_argument("--rounds", type=_positive, default=7, metavar="N", help="rounds of each (default: 7)")
    relay.add_argument(
        "--pairs", type=_positive, nargs="+", default=[1, 4], metavar="N", help="pairs at the same time (default: 1 4)"
    )
    many = benchmarks.add_parser("crowd", help="many idle clients, one packet to all, and whether memory comes back")
    many.add_argument(
        "--clients",
        type=_positive,
        nargs="+",
        default=[1000, 5000],
        metavar="N",
        help="idle clients (default: 1000 5000)",
    )
    many.add_argument(
        "--recipients", type=_positive, default=1000, metavar="N", help="who hear one packet (default: 1000)"
    )
    many.add_argument(
        "--packets", type=_positive, default=50, metavar="N", help="such packets in a round (default: 50)"
    )
    many.add_argument("--rounds", type=_positive, default=7, metavar="N", help="rounds of each (default: 7)")
    many.add_argument(
        "--visits", type=_two_or_more, default=10, metavar="N", help="how often as many come and leave (default: 10)"
    )
    _add_wire(
        benchmarks.add_parser("wire", help="what encryption and proving cost: arrivals, one to many, idle clients")
    )
    _add_window(benchmarks.add_parser("window", help="stalls of both windows under load, and how soon they are drawn"))
    _add_files(benchmarks.add_parser("files", help="files and folders, whole processes, beside cp, scp and rsync"))
    return command


def _add_files(command: argparse.ArgumentParser) -> None:
    for option, default, what in (
        ("--mib", 1024, "MiB of the large file"),
        ("--small", 10_000, "files of 4 KiB"),
        ("--mixed", 2_500, "files of the mixed tree"),
        ("--sparse-gib", 4, "GiB of a file that has only a hole, of which the copy takes the room"),
        ("--entries", 100_000, "files of some bytes"),
        ("--recipients", 10, "who get a file at once"),
        ("--lossy-mib", 8, "MiB over a path that loses packets"),
        ("--rounds", 5, "rounds of each"),
    ):
        command.add_argument(option, type=_positive, default=default, metavar="N", help=f"{what} (default: {default})")
    command.add_argument(
        "--folder", type=Path, metavar="DIR", help="where the part memory puts its files (default: in memory)"
    )
    parts = ("copies", "ways", "chat", "memory", "crowd", "loss")
    command.add_argument("--only", nargs="+", choices=parts, default=parts, metavar="PART", help=" ".join(parts))


def _add_wire(command: argparse.ArgumentParser) -> None:
    crowds = "idle clients (default: 1000 5000)"
    command.add_argument("--clients", type=_positive, nargs="+", default=[1000, 5000], metavar="N", help=crowds)
    for option, default, what in (
        ("--recipients", 1000, "clients who arrive in a round, and who hear one"),
        ("--frames", 100, "frames in a round"),
        ("--pairs", 50, "pairs who write to each other"),
        ("--rounds", 5, "rounds of each"),
    ):
        command.add_argument(option, type=_positive, default=default, metavar="N", help=f"{what} (default: {default})")


def _add_window(command: argparse.ArgumentParser) -> None:
    for option, default, what in (
        ("--lines", 100_000, "lines in the server's event log"),
        ("--people", 2_000, "people who come"),
        ("--messages", 20_000, "messages from one person"),
        ("--files", 10_000, "files in one drop"),
        ("--mib", 256, "MiB of a file that arrives"),
        ("--rounds", 7, "starts of each program"),
    ):
        command.add_argument(option, type=_positive, default=default, metavar="N", help=f"{what} (default: {default})")


def _run(options: argparse.Namespace) -> list[Requirement]:
    if options.benchmark == "crowd":
        from tests.bench import crowd

        return crowd.run(options.clients, options.recipients, options.packets, options.rounds, options.visits)
    if options.benchmark == "window":
        from tests.bench import window

        amounts = window.Amounts(options.lines, options.people, options.messages, options.files, options.mib)
        return window.run(amounts, options.rounds)
    if options.benchmark == "files":
        from tests.bench import files

        amounts = (options.mib, options.small, options.mixed, options.sparse_gib, options.entries)
        more = (options.recipients, options.lossy_mib)
        return files.run(files.Amounts(*amounts, *more), options.rounds, options.only, options.folder)
    if options.benchmark == "wire":
        from tests.bench import wire

        return wire.run(options.clients, options.recipients, options.frames, options.pairs, options.rounds)
    from tests.bench import classic

    return classic.run(options.mib, options.rounds, options.pairs)


def _positive(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text):
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is no number of them: give 1 or more")


def _two_or_more(text: str) -> int:
    number = _positive(text)
    if number == 1:
        raise argparse.ArgumentTypeError("growth shows from visit to visit: give 2 or more")
    return number
