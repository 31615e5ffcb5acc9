"""The code passes its linter and its type checker, whole, before any other test runs.

Both are child processes with the settings of ruff.toml and setup.cfg. Thread: pytest's main thread.
"""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# The type checker's settings name what it reads: the packages, the tests' support, start.py and the examples.
LINTER = ("ruff", "check", "--output-format=concise")
TYPE_CHECKER = ("mypy",)


def run(*module_and_arguments: str) -> tuple[int, str]:
    """Run a tool of our own environment in the project's folder: its exit code and all it said."""
    command = [sys.executable, "-m", *module_and_arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("tool", [LINTER, TYPE_CHECKER], ids=["linter", "type_checker"])
def test_the_code_is_clean(tool: tuple[str, ...]) -> None:
    """The tool finds nothing; what it finds is the test's message."""
    code, said = run(*tool)
    assert code == 0, said


@pytest.mark.parametrize(
    ("tool", "text", "found"),
    [
        (LINTER, '"""Owns nothing."""\n\nimport os\n', "F401"),
        (TYPE_CHECKER, "def double(x):\n    return x\n", "no-untyped-def"),
    ],
    ids=["linter", "type_checker"],
)
def test_a_fault_is_found(tmp_path: Path, tool: tuple[str, ...], text: str, found: str) -> None:
    """With the same settings, a file with one fault fails: the tool reads what it is given and is strict."""
    faulty = tmp_path / "faulty.py"
    faulty.write_text(text)
    settings = ("--config", "ruff.toml") if tool is LINTER else ("--config-file", "setup.cfg")
    code, said = run(*tool, *settings, str(faulty))
    assert code == 1
    assert found in said
