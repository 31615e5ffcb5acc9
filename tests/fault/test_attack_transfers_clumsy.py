"""What people do without ill will: the same thing twice, into one folder, onto a disk that is full.

Hub and clients are real, on loopback. Threads: theirs, and pytest's main thread.
"""

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tcpipclient import tree
from tcpipclient.core.batch_events import BatchEnded, BatchState
from tcpipclient.tree_files import write_all
from tests.support.batch_clients import Meeting, meeting

SECONDS = 30.0
OVER = (BatchState.SAVED, BatchState.FAILED)


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Meeting]:
    """A hub on loopback."""
    with meeting(tmp_path / "around") as hub:
        yield hub


def test_two_people_who_send_one_name_at_once_both_arrive(hub: Meeting, tmp_path: Path) -> None:
    """Each file has its own name, and all of its own bytes."""
    senders, bob = [hub.join("Ann"), hub.join("Cid")], hub.join("Bob")
    contents = [os.urandom(3_000_000) for _ in senders]
    batches = []
    for sender, content in zip(senders, contents, strict=True):
        path = tmp_path / str(sender.id) / "report.bin"
        path.parent.mkdir()
        path.write_bytes(content)
        batches.append(sender.client.send_files([path], bob.id))
    assert [batch.wait(SECONDS) for batch in batches] == [BatchState.SAVED] * 2
    received = bob.received()
    assert sorted(received) == ["report (2).bin", "report.bin"]
    assert sorted(filter(None, received.values())) == sorted(contents)


def test_one_folder_that_is_sent_twice_at_once_is_whole(hub: Meeting, tmp_path: Path) -> None:
    """Small files and a large one: what is said to be saved is, in whatever batch, and nothing else has its name."""
    ann, bob = hub.join("Ann"), hub.join("Bob")
    photos = tmp_path / "photos"
    photos.mkdir()
    (photos / "large.bin").write_bytes(os.urandom(5_000_000))
    for number in range(200):
        (photos / f"{number}.txt").write_bytes(str(number).encode() * 500)
    batches = [ann.client.send_files([photos], bob.id) for _ in range(2)]
    ends = [batch.wait(SECONDS) for batch in batches]
    assert BatchState.SAVED in ends
    assert all(end in OVER for end in ends)
    sent = {path.name: path.read_bytes() for path in photos.iterdir()}
    received = {name.removeprefix("photos/"): data for name, data in bob.received().items() if data is not None}
    assert {name: received[name] for name in sent} == sent
    assert all(data == sent[name.replace(" (2)", "")] for name, data in received.items())


def test_a_disk_that_is_full_before_the_end_is_a_failure_that_is_made_good_later(
    hub: Meeting, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At 99 % of it: what fits is saved and told as such, and the same again goes on with the rest."""
    ann, bob = hub.join("Ann"), hub.join("Bob")
    photos, size = tmp_path / "photos", 4_000_000
    photos.mkdir()
    (photos / "large.bin").write_bytes(os.urandom(size))
    (photos / "small.txt").write_text("small")
    room = size * 99 // 100

    def write_what_fits(descriptor: int, data: memoryview) -> None:
        fits = data[: max(room - os.fstat(descriptor).st_size, 0)]
        write_all(descriptor, fits)
        if len(fits) < len(data):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as full:
        full.setattr(tree, "write_all", write_what_fits)
        first = ann.client.send_files([photos], bob.id)
        assert first.wait(SECONDS) is BatchState.FAILED
    assert set(bob.received()) == {"photos", "photos/small.txt"}
    assert first.ended is not None
    assert any("full" in problem.why or "room" in problem.why for problem in first.ended.problems)
    again = ann.client.send_files([photos], bob.id)
    assert again.wait(SECONDS) is BatchState.SAVED
    assert bob.received()["photos/large.bin"] == (photos / "large.bin").read_bytes()
    bob.heard.wait_for(BatchEnded, lambda ended: ended.state is BatchState.SAVED)
    assert not list(bob.downloads.glob(".*"))
