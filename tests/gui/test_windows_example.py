"""What start.py shows on a display: two windows that are connected, and nothing of them left at the end.

Thread: pytest's main thread; the example and the windows are processes of their own.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.desktop import close_window, titles
from tests.support.hand import Hand
from tests.support.leaks import wait_until

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 60.0
# The usual port may be taken on this machine, and must not be in a test: the hub takes any free one.
RUN = """
import sys
sys.path.insert(0, "examples")
import windows
started = windows.started
windows.started = lambda stack, module, *more: started(
    stack, module, *more, *(["--host", "127.0.0.1", "--port", "0"] if module == "tcpipserver" else [])
)
sys.exit(windows.main())
"""


@pytest.fixture
def example(hand: Hand) -> Iterator["subprocess.Popen[str]"]:
    """The example, until the test ends; it has a process group of its own."""
    with subprocess.Popen(
        [sys.executable, "-c", RUN], cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8", start_new_session=True
    ) as process:
        assert wait_until(lambda: sorted(titles(hand.screen)) == ["tcpipchat", "tcpipserver"], SECONDS)
        yield process
        process.send_signal(signal.SIGINT)
        process.wait(SECONDS)


def is_there(group: int) -> bool:
    """Whether a process of this group is left, one that has ended and was not noticed yet included."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def test_both_windows_open_and_are_connected(example: "subprocess.Popen[str]", hand: Hand) -> None:
    """The address is told; the program ends when both windows have been closed."""
    assert example.stdout is not None
    assert "A hub listens on localhost:" in example.stdout.readline()
    close_window(hand.screen, "tcpipchat")
    assert wait_until(lambda: titles(hand.screen) == ["tcpipserver"], SECONDS)
    close_window(hand.screen, "tcpipserver")
    assert example.wait(SECONDS) == 0


def test_ctrl_c_closes_both(example: "subprocess.Popen[str]", hand: Hand) -> None:
    """No window and no process stays."""
    example.send_signal(signal.SIGINT)
    assert example.wait(SECONDS) == 130
    assert wait_until(lambda: titles(hand.screen) == [], SECONDS)
    assert wait_until(lambda: not is_there(example.pid), SECONDS)
