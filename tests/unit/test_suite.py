"""No folder of tests is forgotten: each is run by the suite, or by .ci/slow.

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
