"""No folder of tests is forgotten: each is run by the suite, or by its second stage, .ci/slow.

Thread: pytest's main thread.
"""

import configparser
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_every_folder_of_tests_is_run_in_exactly_one_stage() -> None:
    """A folder is told in setup.cfg, as part of the suite, or in .ci/slow, as what takes longer."""
    settings = configparser.ConfigParser()
    settings.read(ROOT / "setup.cfg", encoding="utf-8")
    suite = settings["tool:pytest"]["testpaths"].split()
    second = re.findall(r"tests/\w+", (ROOT / ".ci" / "slow").read_text(encoding="utf-8"))
    there = {path.parent.relative_to(ROOT).as_posix() for path in (ROOT / "tests").rglob("test_*.py")}
    assert sorted(suite + second) == sorted(there)


def test_both_stages_are_run_before_a_change_is_taken() -> None:
    """And the second one ends by itself, within 20 minutes, whatever a window does."""
    first, second = ((ROOT / ".ci" / name).read_text(encoding="utf-8").splitlines() for name in ("run", "slow"))
    assert [line for line in first if not line.startswith(("#", "set", "cd")) and line] == [
        "python3 start.py test",
        "bash .ci/slow",
    ]
    (command,) = (line for line in second if "start.py" in line)
    limit = re.match(r"timeout --kill-after=(\d+) (\d+) python3 start\.py test ", command)
    assert limit is not None
    assert sum(map(int, limit.groups())) <= 1200
