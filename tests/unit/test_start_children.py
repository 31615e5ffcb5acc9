"""How start.py runs a child process: its exit code, its folder, and how both end at Ctrl-C.

Thread: pytest's main thread; each child is a process of its own, and so is the start.py that is interrupted.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import start
from tests.support.leaks import wait_until

SECONDS_TO_START = 30.0

CHILD = """
import os, pathlib, signal, threading
{reaction}
pathlib.Path("child.part").write_text(str(os.getpid()))
os.rename("child.part", "child.pid")
threading.Event().wait(600)
"""

START = """
import pathlib, sys
sys.path.insert(0, {root!r})
import start
start.ROOT = pathlib.Path({project!r})
start.SECONDS_TO_STOP_BY_ITSELF = start.SECONDS_TO_STOP_WHEN_TOLD = {seconds}
start.has_display = lambda environment: False
start.prepare = lambda purpose: pathlib.Path(sys.executable)
start.DEMONSTRATION = pathlib.Path("child.py")
sys.exit(start.main([]))
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that children run in, with a space in its path."""
    root = tmp_path / "a project"
    root.mkdir()
    monkeypatch.setattr(start, "ROOT", root)
    return root


@pytest.mark.parametrize("code", [0, 3])
def test_a_child_hands_on_its_exit_code(project: Path, code: int) -> None:
    """What the child answers is what we answer."""
    assert start.run_to_end([sys.executable, "-c", f"raise SystemExit({code})"]) == code


@pytest.mark.skipif(os.name == "nt", reason="Windows has no signals that end a process with a negative code")
def test_a_child_that_was_killed_counts_as_failed(project: Path) -> None:
    """A signal's negative code becomes 1, which every system can hand on."""
    assert start.run_to_end([sys.executable, "-c", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"]) == 1


def test_a_child_runs_in_the_projects_folder(project: Path) -> None:
    """Wherever start.py was called from, relative names are the project's."""
    start.run_to_end([sys.executable, "-c", "import pathlib; pathlib.Path('was-here').touch()"])
    assert (project / "was-here").exists()


def test_a_command_that_is_not_there_is_told(project: Path) -> None:
    """A program that cannot be started is a sentence, not a traceback."""
    with pytest.raises(start.StartError, match="cannot be run"):
        start.run_to_end([project / "no such program"])


@pytest.mark.skipif(os.name == "nt", reason="Windows interrupts a whole console, the one of the tests included")
@pytest.mark.parametrize(
    ("reaction", "seconds"),
    [("signal.signal(signal.SIGINT, signal.SIG_DFL)", 5.0), ("signal.signal(signal.SIGINT, signal.SIG_IGN)", 0.2)],
    ids=["obedient", "stubborn"],
)
@pytest.mark.parametrize("terminal", [True, False], ids=["terminal", "start_alone"])
def test_ctrl_c_ends_the_child_and_exits_130(project: Path, reaction: str, seconds: float, terminal: bool) -> None:
    """Interrupted alone or, as a terminal does, with its child, start.py ends the child and exits 130, no traceback."""
    seconds = seconds if terminal else 0.2
    (project / "child.py").write_text(CHILD.format(reaction=reaction))
    text = START.format(root=str(Path(start.__file__).parent), project=str(project), seconds=seconds)
    command = [sys.executable, "-c", text]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True) as started:
        noted = project / "child.pid"
        assert wait_until(noted.exists, SECONDS_TO_START)
        (os.killpg if terminal else os.kill)(started.pid, signal.SIGINT)
        _, said = started.communicate(timeout=SECONDS_TO_START)
    assert started.returncode == 130
    assert said == "start.py: stopped as asked.\n"
    with pytest.raises(ProcessLookupError):
        os.kill(int(noted.read_text()), 0)


def test_a_path_that_the_output_cannot_hold_is_printed_all_the_same() -> None:
    """In an encoding that lacks a character of ours, it is written escaped instead of stopping the program."""
    root = str(Path(start.__file__).parent)
    text = f"import sys; sys.path.insert(0, {root!r}); import start; start.print_everything(); start.say('caf\\u00e9')"
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = subprocess.run([sys.executable, "-c", text], env=environment, capture_output=True, text=True, check=False)
    assert done.stdout == "caf\\xe9\n"
