"""What tests/conftest.py promises for every test, seen in a small suite of its own that runs under it.

Thread: pytest's main thread; the small suite is a child process.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

SMALL_SUITE = """
import os, socket, threading
from pathlib import Path

import tests.conftest

tests.conftest.SECONDS_TO_TIDY_UP = 0.2  # what the first two leave will not go, however long we wait

kept = []
release = threading.Event()

def test_leaves_a_thread():
    threading.Thread(target=release.wait, name="the-thread-left", daemon=True).start()

def test_leaves_a_socket():
    kept.append(socket.socket())

def test_is_at_home(tmp_path):
    assert tmp_path in Path.home().parents
    assert tmp_path in Path(os.environ["TCPIPCHAT_HOME"]).parents

def test_leaves_nothing():
    with socket.socket():
        thread = threading.Thread(target=int)
        thread.start()
        thread.join()
"""


def run_small_suite(folder: Path, *names: str) -> str:
    """Run the named files of a folder under our conftest and return what pytest said."""
    command = [sys.executable, "-m", "pytest", "-p", "tests.conftest", "-p", "no:cacheprovider", "-v", *names]
    (folder / "pytest.ini").write_text("[pytest]\n")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def test_leaks_fail_their_test_and_no_other(tmp_path: Path) -> None:
    """A thread or a socket left behind is an error of that test, by name; tidy tests pass, each in its own home."""
    suite = tmp_path / "test_small.py"
    suite.write_text(SMALL_SUITE)
    said = run_small_suite(tmp_path, suite.name)
    assert "4 passed, 2 errors" in said
    assert "ERROR at teardown of test_leaves_a_thread" in said
    assert "threads still running: the-thread-left" in said
    assert "ERROR at teardown of test_leaves_a_socket" in said
    assert "descriptors still open: " in said


def test_checks_of_the_code_run_first(tmp_path: Path) -> None:
    """The files that check the code itself come before all others, in their own order; the others keep theirs."""
    for name in ("test_a.py", "test_structure.py", "test_b.py", "test_code_quality.py"):
        (tmp_path / name).write_text("def test_it():\n    pass\n")
    said = run_small_suite(tmp_path, ".")
    order = [line.partition("::")[0] for line in said.splitlines() if "::test_it" in line]
    assert order == ["test_code_quality.py", "test_structure.py", "test_a.py", "test_b.py"]
