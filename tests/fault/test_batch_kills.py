"""Sender, receiver and hub killed at random moments of a batch: the same command again brings the very same tree.

Three moments for each here; the variable KILLS asks for more, as before a release (CONTRIBUTING.md). Thread: pytest's
main thread; hub and commands are processes.
"""

import os
import random
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.support.commands import SECONDS, RunningCommand
from tests.support.disk_tree import nodes_below
from tests.support.hub_process import HubProcess, hub_process
from tests.support.leaks import wait_until
from tests.support.members import Member, member_of

MOMENTS = range(int(os.environ.get("KILLS", "3")))
LARGE = 6 << 20
SLOWLY = ("--limit-speed", "12M")


def make_tree(root: Path, chance: random.Random) -> Path:
    """Large files between many small ones, two folders deep."""
    for number in range(300):
        path = root / f"{number % 7}" / f"{number % 3}" / f"{number}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(chance.randbytes(chance.randrange(3000)))
    for number in range(2):
        (root / f"{number}" / "large.bin").write_bytes(chance.randbytes(LARGE))
    return root


def size_below(folder: Path) -> int:
    """Bytes of all files, parts too, as far as they stay while they are counted."""
    size = 0
    for path in folder.rglob("*"):
        try:
            size += path.stat().st_size if path.is_file() else 0
        except FileNotFoundError:
            pass  # It has just got its name.
    return size


class Scene:
    """A hub, a sender and a receiver, each of whom can be killed and come back."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._folder = folder
        self._stack = stack
        self._hubs = 0
        self.start_hub()

    def start_hub(self) -> None:
        """A hub of the same key, at another port; both know it."""
        self._hubs += 1
        folder = self._folder / f"hub-{self._hubs}"
        folder.mkdir()
        data = ("--data-dir", str(self._folder / "hub"))
        self.hub: HubProcess = self._stack.enter_context(hub_process(folder, *data))
        key = self.hub.key
        self.ann: Member = member_of(self.hub.port, key, self._folder / "Ann")
        self.bob: Member = member_of(self.hub.port, key, self._folder / "Bob")

    def listen(self) -> RunningCommand:
        """Bob listens."""
        return self._stack.enter_context(self.bob.listening())

    def send(self, *arguments: str | Path) -> RunningCommand:
        """Ann sends."""
        return self._stack.enter_context(self.ann.sending("Bob", *arguments))


@pytest.mark.parametrize("seed", MOMENTS)
@pytest.mark.parametrize("victim", ["sender", "receiver", "hub"])
def test_after_a_kill_the_same_command_brings_the_very_same_tree(tmp_path: Path, victim: str, seed: int) -> None:
    """Nothing is spoilt, nothing is left over, and no file is there twice."""
    chance = random.Random(f"{victim} {seed}")
    tree = make_tree(tmp_path / "photos", chance)
    amount = chance.randrange(2 * LARGE)
    way = chance.choice(["direct", "hub"]) if victim != "hub" else "hub"
    with ExitStack() as stack:
        scene = Scene(tmp_path, stack)
        at_bob, sending = scene.listen(), scene.send("--path", way, *SLOWLY, tree)
        assert wait_until(lambda: size_below(scene.bob.downloads) >= amount, SECONDS)
        killed = {"sender": sending.process, "receiver": at_bob.process, "hub": scene.hub.process}[victim]
        killed.kill()
        killed.wait(SECONDS)
        if victim == "hub":
            assert [each.finish()[0] for each in (sending, at_bob)] == [1, 1]
            scene.start_hub()
        if victim != "sender":
            at_bob = scene.listen()
        # The sender of a killed receiver goes on by itself as soon as he is back.
        again = sending if victim == "receiver" else scene.send("--path", way, tree)
        assert again.finish() == (0, "")
        at_bob.next_item("batch_ended", state="saved")
    assert nodes_below(scene.bob.downloads / "photos") == nodes_below(tree)
    left_over = [
        path for path in scene.bob.downloads.rglob("*") if path.relative_to(scene.bob.downloads).parts[0] != "photos"
    ]
    assert left_over == []
