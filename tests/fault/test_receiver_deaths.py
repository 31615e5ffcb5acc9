"""Receivers killed between any two things that they ask of the disk: what is left over, and who takes it away.

Threads: pytest's main thread; those who die are processes.
"""

import subprocess
import sys
from itertools import count
from pathlib import Path

from commonlib.transfer.resume import Choices
from tcpipclient.tree import DownloadTree
from tests.support.dying_receiver import CONTENT, CONTENT_TIME, KILLED, SENDER, receive

PLACE = f".tcpipchat-{SENDER.hex()[:16]}"
SOMEBODY_ELSE = bytes(32)
ROOT = Path(__file__).parents[2]
SECONDS = 30.0


def dies_after(steps: int, folder: Path) -> bool:
    """Whether a receiver was killed behind so many steps; else it has done its work."""
    command = [sys.executable, "-m", "tests.support.dying_receiver", str(folder), str(steps)]
    status = subprocess.run(command, cwd=ROOT, timeout=SECONDS, check=False).returncode
    assert status in (0, KILLED)
    return status == KILLED


def begin_another_batch(folder: Path) -> None:
    """Of somebody else, into the same folder."""
    tree = DownloadTree(folder, SOMEBODY_ELSE, Choices())
    tree.has_any([])
    tree.close()


def test_a_place_that_a_killed_receiver_left_empty_goes_with_the_next_batch(tmp_path: Path) -> None:
    """Whoever sends that: where all had come, its own sender does not come again. What holds anything stays."""
    left_empty, left_parts = [], []
    for steps in count():
        folder = tmp_path / str(steps)
        was_killed = dies_after(steps, folder)
        place = folder / PLACE
        if not was_killed:
            assert not place.exists()
            break
        if place.exists():
            held = [path for path in place.iterdir() if path.stat().st_mtime > CONTENT_TIME]
            (left_parts if held else left_empty).append(steps)
            begin_another_batch(folder)
            assert place.exists() is bool(held)
            assert all(path.exists() for path in held)
        receive(folder)
        assert {name: (folder / name).read_bytes() for name in CONTENT} == CONTENT
    # Before the first part, between two files, and behind the last one.
    assert len(left_empty) >= 3
    assert left_empty[0] < left_parts[0] < left_empty[-1]
