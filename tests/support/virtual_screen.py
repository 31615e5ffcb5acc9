"""A screen of the tests' own: Xvfb with a window manager, and pictures of what it shows.

Owns both processes and ends them. It must never touch the display of whoever runs the tests, and a program that is
missing is an error with its name. Thread: the test's own.
"""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageGrab
from Xlib import display

from tests.support.leaks import wait_until

SECONDS = 30.0
SIZE = (2400, 1600)
DOTS_PER_INCH = 96


@dataclass(frozen=True, slots=True)
class Screen:
    """One screen.

    Attributes:
        name: What DISPLAY must be for it, such as ":7".
    """

    name: str

    def picture(self) -> Image.Image:
        """What it shows now."""
        return ImageGrab.grab(xdisplay=self.name)

    @property
    def environment(self) -> dict[str, str]:
        """The variables of this process, changed so that a program started with them appears on it."""
        others = {name: value for name, value in os.environ.items() if name != "WAYLAND_DISPLAY"}
        return others | {"DISPLAY": self.name}


@contextmanager
def virtual_screen(size: tuple[int, int] = SIZE) -> Iterator[Screen]:
    """A new screen until the block ends. Raises FileNotFoundError when Xvfb or openbox is not installed."""
    with ExitStack() as stack:
        home = stack.enter_context(tempfile.TemporaryDirectory(prefix="tcpipchat-screen-"))
        screen = Screen(_start_server(stack, size))
        _start_window_manager(stack, screen, home)
        yield screen


def _start_server(stack: ExitStack, size: tuple[int, int]) -> str:
    """Start Xvfb, which finds a free number itself and tells it once it is ready."""
    reading, writing = os.pipe()
    number = stack.enter_context(os.fdopen(reading, encoding="ascii"))
    try:
        command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{size[0]}x{size[1]}x24"]
        command += ["-dpi", str(DOTS_PER_INCH), "-nolisten", "tcp", "-noreset"]
        server = subprocess.Popen(command, pass_fds=[writing], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    finally:
        os.close(writing)
    stack.callback(_end, server)
    told = number.readline().strip()
    assert told, "Xvfb ended without telling the number of its display"
    return f":{told}"


def _start_window_manager(stack: ExitStack, screen: Screen, home: str) -> None:
    manager = subprocess.Popen(
        ["openbox", "--sm-disable"],
        # Nobody's own settings and keys.
        env=screen.environment | {"HOME": home, "XDG_CONFIG_HOME": home, "XDG_CACHE_HOME": home},
        cwd=Path(home),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    stack.callback(_end, manager)
    connection = display.Display(screen.name)
    try:
        sign = connection.intern_atom("_NET_SUPPORTING_WM_CHECK")
        is_there = wait_until(lambda: connection.screen().root.get_full_property(sign, 0) is not None, SECONDS)
    finally:
        connection.close()
    assert is_there, "openbox did not take over the screen"


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait(SECONDS)
