"""The hand of a user on a virtual screen: pointer and keys by xdotool, and files dragged from a stranger's window.

Owns every way in which a test acts on a window from outside. It must never reach into a program.
Thread: the test's own; what it starts are processes, which have ended when a method returns.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.support.virtual_screen import Screen

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 60.0
LONGER_THAN_A_DOUBLE_CLICK = "0.6"
"""Seconds, for xdotool."""
STEPS = 8
"""Into how many moves a drag is cut, so that the windows on the way see it pass."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """What became of a drop.

    Attributes:
        accepted: Whether the window below took it.
        action: What the window says it did with it, such as "XdndActionCopy"; None when it was refused.
    """

    accepted: bool
    action: str | None


class Hand:
    """Acts on one screen. Places are (x, y) in pixels from the screen's upper left corner."""

    def __init__(self, screen: Screen) -> None:
        self.screen = screen
        self._last_place = (-1, -1)

    def click(self, place: tuple[int, int], button: int = 1, *, held: str | None = None, times: int = 1) -> None:
        """Click there, `times` in a row, while the key `held` ("ctrl", "shift") is down."""
        words = ["mousemove", *_numbers(place)]
        if place == self._last_place:
            # As a user would who means two clicks and no double click.
            words += ["sleep", LONGER_THAN_A_DOUBLE_CLICK]
        self._last_place = place
        if held is not None:
            words += ["keydown", held]
        words += ["click", "--repeat", str(times), "--delay", "40", str(button)]
        if held is not None:
            words += ["keyup", held]
        self._do(*words)

    def point(self, place: tuple[int, int]) -> None:
        """Move the pointer there."""
        self._do("mousemove", *_numbers(place))

    def press(self, *keys: str) -> None:
        """Press keys one after another, such as "Return" or "ctrl+a"."""
        self._do("key", "--clearmodifiers", "--delay", "150", *keys)

    def write(self, text: str) -> None:
        """Type a text into whatever has the focus."""
        self._do("type", "--clearmodifiers", "--delay", "10", "--", text)

    def drop(self, paths: Sequence[Path | str], place: tuple[int, int], start: tuple[int, int] = (0, 0)) -> Dropped:
        """Drag files from another program's window, which appears at `start`, and let them go at `place`."""
        command = [sys.executable, "-m", "tests.support.drag_source", *_numbers(start)]
        with subprocess.Popen(
            command,
            cwd=ROOT,
            env=self.screen.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        ) as source:
            assert source.stdin is not None
            assert source.stdout is not None
            try:
                json.dump([str(path) for path in paths], source.stdin)
                source.stdin.close()
                assert json.loads(source.stdout.readline()) == {"ready": True}
                self._drag((start[0] + 10, start[1] + 10), place)
                said = json.loads(source.stdout.readline())
                source.wait(SECONDS)
            finally:
                source.kill()
        return Dropped(said["accepted"], said["action"])

    def _drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        words = ["mousemove", *_numbers(start), "mousedown", "1"]
        for step in range(1, STEPS + 1):
            x, y = (first + (last - first) * step // STEPS for first, last in zip(start, end, strict=True))
            words += ["mousemove", *_numbers((x, y)), "sleep", "0.02"]
        self._do(*words, "mousemove", *_numbers((end[0] + 1, end[1])), "sleep", "0.05", "mouseup", "1")

    def _do(self, *words: str) -> None:
        subprocess.run(["xdotool", *words], env=self.screen.environment, check=True, timeout=SECONDS)


def _numbers(place: tuple[int, int]) -> list[str]:
    return [str(number) for number in place]
