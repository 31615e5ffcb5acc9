"""Attack the machines by hand: `python -m tests.fuzz --seconds 600 --seed 7`, or one of them with `--target texts`.

Owns the command line. It must never attack by itself: that is tests/support/fuzzing.py. Exit code 0 means that nothing
was found, 1 that something was (the last line says how to see it again), 2 wrong use, 130 interrupted.
Thread: the program's only one.
"""

import argparse
import sys
import traceback

from tests.fuzz.targets import TARGETS
from tests.support.fuzzing import DefectError, Effort, fuzz

DEFAULT_SECONDS = 60.0


def main(arguments: list[str]) -> int:
    """Attack the chosen targets, one after the other, each for its share of the time."""
    options = _parser().parse_args(arguments)
    chosen = [target for target in TARGETS if options.target in (None, target.name)]
    seconds = DEFAULT_SECONDS if options.seconds is None and options.iterations is None else options.seconds
    effort = Effort(options.iterations, None if seconds is None else seconds / len(chosen), options.first)
    for target in chosen:
        try:
            passed = fuzz(target, options.seed, effort)
        except DefectError as defect:
            traceback.print_exception(defect.cause)
            _say(str(defect))
            return 1
        except KeyboardInterrupt:
            _say("Stopped as asked; nothing was found.")
            return 130
        _say(f"{target.name}: {passed} iterations with seed {options.seed}, nothing found.")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.fuzz", description="Attack the machines with spoilt packets."
    )
    parser.add_argument("--target", choices=[target.name for target in TARGETS], help="only this one (all)")
    parser.add_argument("--seed", type=int, default=0, help="what all chance comes from (0)")
    parser.add_argument("--first", type=int, default=0, help="number of the first iteration (0)")
    parser.add_argument("--iterations", type=int, help="how many for each target (no limit)")
    parser.add_argument("--seconds", type=float, help=f"how long all together ({DEFAULT_SECONDS:.0f})")
    return parser


def _say(sentence: str) -> None:
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
