"""The drag source of the tests, against a window that is not the product's: what it drags really arrives.

Thread: pytest's main thread; source and window are processes of their own.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.hand import Dropped, Hand

ROOT = Path(__file__).resolve().parents[2]
TAKEN = Dropped(accepted=True, action="XdndActionCopy")


@dataclass(frozen=True, slots=True)
class DropWindow:
    """A running tests.support.drop_window, and a point in it."""

    process: "subprocess.Popen[str]"
    place: tuple[int, int]

    def next_drop(self) -> list[str]:
        """The paths of its next drop."""
        assert self.process.stdout is not None
        return list(json.loads(self.process.stdout.readline())["paths"])


@pytest.fixture
def window(hand: Hand) -> Iterator[DropWindow]:
    """A window on the screen, until the test ends."""
    command = [sys.executable, "-m", "tests.support.drop_window"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    ) as process:
        assert process.stdout is not None
        try:
            x, y = json.loads(process.stdout.readline())["place"]
            yield DropWindow(process, (x, y))
        finally:
            process.kill()


def test_names_of_every_kind_arrive_as_they_are(window: DropWindow, hand: Hand, tmp_path: Path) -> None:
    """Spaces, emoji, braces, Tcl's own signs, per cent and a folder, all in one drop, in their order."""
    names = ["a b.txt", "party 🎉.txt", "{braces}.txt", "{odd.txt", "[exit] $HOME.txt", "100%41.txt", "Grüße 日本.txt"]
    paths = [tmp_path / name for name in names]
    for path in paths:
        path.touch()
    paths.append(tmp_path / "a folder")
    paths[-1].mkdir()
    assert hand.drop(paths, window.place) == TAKEN
    assert window.next_drop() == [str(path) for path in paths]


def test_a_thousand_files_arrive_in_one_drop(window: DropWindow, hand: Hand, tmp_path: Path) -> None:
    """None is lost, and a second drop after it works."""
    paths = [tmp_path / f"number {number}.txt" for number in range(1000)]
    assert hand.drop(paths, window.place) == TAKEN
    assert window.next_drop() == [str(path) for path in paths]
    assert hand.drop(paths[:1], window.place) == TAKEN
    assert window.next_drop() == [str(paths[0])]


def test_nothing_arrives_beside_the_window(window: DropWindow, hand: Hand, tmp_path: Path) -> None:
    """Let go over the empty screen, the source is told that nobody took it."""
    assert hand.drop([tmp_path], (5, 900)) == Dropped(accepted=False, action=None)
    assert hand.drop([tmp_path], window.place) == TAKEN
    assert window.next_drop() == [str(tmp_path)]
