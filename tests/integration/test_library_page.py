"""Every program on the page for those who build on the hub runs, and prints what stands below it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "library.md").read_text(encoding="utf-8")
PROGRAMS = re.findall(r"^```python\n(.+?)^```\n```text\n(.+?)^```$", PAGE, re.MULTILINE | re.DOTALL)
SECONDS = 60.0


def test_every_program_is_followed_by_what_it_prints() -> None:
    """So that none goes without a test."""
    assert len(PROGRAMS) == PAGE.count("```python") >= 2


@pytest.mark.parametrize(("program", "printed"), PROGRAMS)
def test_a_program_prints_what_the_page_says(tmp_path: Path, program: str, printed: str) -> None:
    """As a file of its own, in an empty folder."""
    file = tmp_path / "program.py"
    file.write_text(program, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-W", "error", str(file)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == printed
