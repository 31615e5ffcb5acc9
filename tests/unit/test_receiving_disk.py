"""What the receiving machine asks of a disk."""

import errno
import os
import shutil
from pathlib import Path

import pytest

from commonlib.conflict import Conflict
from commonlib.transfer.manifest import Listed
from commonlib.transfer.messages import Outcome, Place
from commonlib.transfer.resume import Choices
from commonlib.transfer.states import Tally
from tcpipclient.core.batch_events import BatchProblem
from tcpipclient.core.transfers.ledger import Ledger
from tcpipclient.core.transfers.saved_entries import SavedEntries
from tcpipclient.source_tree import scan
from tcpipclient.tree import ArrivingFile
from tests.support.disk_ends import ReceivingEnd, SendingEnd
from tests.support.memory_transfer import Cut, join
from tests.support.random_trees import described, make_tree


def send(path: Path, folder: Path, choices: Choices | None = None, cut: Cut | None = None) -> ReceivingEnd:
    """Carry everything over, or up to a cut."""
    sender, receiver = SendingEnd(scan([path], links=True)), ReceivingEnd(folder, choices)
    join(sender, receiver, cut=cut)
    sender.disk.close()
    receiver.disk.close()
    return receiver


def test_folders_get_their_dates_and_modes_after_their_content(tmp_path: Path) -> None:
    """Also one that its owner may not write into."""
    make_tree(tmp_path / "tree", 3)
    folder = tmp_path / "tree" / "read-only" / "inner"
    folder.mkdir(parents=True)
    (folder / "file").write_bytes(b"x")
    folder.parent.chmod(0o555)
    os.utime(folder.parent, ns=(1, 1_000_000_007))
    send(tmp_path / "tree", tmp_path / "in")
    assert described(tmp_path / "in" / "tree") == described(tmp_path / "tree")


def test_what_is_called_otherwise_is_told_at_both_ends(tmp_path: Path) -> None:
    """Because the name was taken."""
    (tmp_path / "a.txt").write_bytes(b"new")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_bytes(b"old")
    receiver = send(tmp_path / "a.txt", tmp_path / "in", Choices(Conflict.RENAME))
    [problem] = receiver.problems
    assert (problem.outcome, problem.why) == (Outcome.SAVED, 'it was saved as "a (2).txt"')
    assert receiver.tops == [tmp_path / "in" / "a (2).txt"]


def test_an_offer_that_is_larger_than_the_disk_is_declined(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before its first byte, in a sentence with both numbers."""
    (tmp_path / "big").write_bytes(bytes(5000))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10_000, 6000, 4000))
    receiver = send(tmp_path / "big", tmp_path / "in")
    assert receiver.refusals == ["the disk has no room for it: 5,000 bytes are needed and 4,000 are free"]
    assert not list((tmp_path / "in").glob("[!.]*"))


def test_a_disk_that_does_not_say_what_is_free_is_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As some network shares do not: what does not fit fails when it is written."""
    (tmp_path / "file").write_bytes(bytes(5000))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(0, 0, 0))
    receiver = send(tmp_path / "file", tmp_path / "in")
    assert not receiver.refusals
    assert (tmp_path / "in" / "file").stat().st_size == 5000


def test_what_is_there_needs_no_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tree that was sent before is not refused by a disk that it fills; a file that does not fit fails alone."""
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "old").write_bytes(bytes(5000))
    send(tree, tmp_path / "in")
    (tree / "new").write_bytes(bytes(4500))
    (tree / "small").write_bytes(bytes(100))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10_000, 6000, 4000))
    receiver = send(tree, tmp_path / "in")
    assert not receiver.refusals
    [problem] = receiver.problems
    assert (problem.path, problem.outcome, problem.place) == ("tree/new", Outcome.FAILED, Place.RECEIVER)
    assert "4,500 bytes are needed" in problem.why
    assert sorted(path.name for path in (tmp_path / "in" / "tree").iterdir()) == ["old", "small"]


def test_a_disk_that_fills_fails_what_does_not_fit_and_keeps_its_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rest goes on; with room again only what is missing comes."""
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "a-large").write_bytes(os.urandom(5 << 20))
    (tree / "b-small").write_bytes(b"small")
    write = os.write
    left = [3 << 20]

    def filling(descriptor: int, data: memoryview) -> int:
        if len(data) > 1000 and left[0] < len(data):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        left[0] -= len(data)
        return write(descriptor, data)

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", filling)
        receiver = send(tree, tmp_path / "in")
    [problem] = receiver.problems
    assert (problem.path, problem.outcome, problem.place) == ("tree/a-large", Outcome.FAILED, Place.RECEIVER)
    assert "the disk is full" in problem.why
    assert (tmp_path / "in" / "tree" / "b-small").read_bytes() == b"small"
    sender, receiver = SendingEnd(scan([tree], links=True)), ReceivingEnd(tmp_path / "in")
    begin, offsets = receiver.disk._tree.begin, list[int]()

    def noting(listed: Listed, offset: int) -> ArrivingFile:
        offsets.append(offset)
        return begin(listed, offset)

    monkeypatch.setattr(receiver.disk._tree, "begin", noting)
    join(sender, receiver)
    sender.disk.close()
    receiver.disk.close()
    assert described(tmp_path / "in" / "tree") == described(tree)
    assert len(offsets) == 1
    assert offsets[0] > 2 << 20


def test_a_cut_leaves_parts_and_the_rest_comes_the_next_time(tmp_path: Path) -> None:
    """Wherever it was cut."""
    make_tree(tmp_path / "tree", 5, largest=6 << 20, links=True)
    for sent in (100, 10_000, 1 << 20, 3 << 20, 6 << 20):
        send(tmp_path / "tree", tmp_path / "in", cut=Cut(sent, 1 << 30))
    send(tmp_path / "tree", tmp_path / "in")
    assert described(tmp_path / "in" / "tree") == described(tmp_path / "tree")
    assert [path.name for path in (tmp_path / "in").iterdir()] == ["tree"]


def counts(tally: Tally) -> tuple[int, ...]:
    """How many entries came to what end, and the bytes that are there."""
    return tally.saved, tally.unchanged, tally.skipped, tally.failed, tally.size


def cut_and_ended(tree: Path, folder: Path, received: int, *, restarted: bool = False) -> tuple[Ledger, Ledger, bool]:
    """What a sender and a receiver count whose first connection broke after so many bytes of the receiver's.

    With `restarted` the receiver's program did so, too. Tells also whether the first connection broke at all.
    """
    saved, ledgers, problems = SavedEntries(), (Ledger(), Ledger()), (set[BatchProblem](), set[BatchProblem]())
    has_broken = False
    for cut in (Cut(1 << 30, received), None):
        sender, receiver = SendingEnd(scan([tree], links=True)), ReceivingEnd(folder, saved={0: saved})
        is_whole = join(sender, receiver, cut=cut)
        for told, end in zip(problems, (sender, receiver), strict=True):
            told.update(end.problems)
        for ledger, machine in zip(ledgers, (sender.machine, receiver.machine), strict=True):
            if sender.disk.count and receiver.offers:
                (ledger.settle if is_whole else ledger.lose)(machine.tally(0))
        sender.disk.close()
        receiver.disk.close()
        if is_whole:
            break
        has_broken = True
        if restarted:
            saved, ledgers = SavedEntries(), (ledgers[0], Ledger())
    assert {problem.why for problem in problems[0]} == {problem.why for problem in problems[1]}
    return *ledgers, has_broken


@pytest.fixture
def crowded(tmp_path: Path) -> Path:
    """A tree of small files, large ones, links and folders."""
    tree = tmp_path / "tree"
    (tree / "inner" / "empty").mkdir(parents=True)
    for number in range(4):
        (tree / f"small-{number}").write_bytes(bytes([number]) * 100)
        (tree / "inner" / f"small-{number}").write_bytes(bytes([number]) * 100)
    (tree / "inner" / "large").write_bytes(os.urandom(2 << 20))
    (tree / "link").symlink_to("small-0")
    return tree


def half_there(tree: Path, folder: Path) -> None:
    """A folder for downloads that holds one file of the tree, and one of the same name as another."""
    (folder / "tree" / "inner").mkdir(parents=True)
    shutil.copy2(tree / "small-2", folder / "tree" / "small-2")
    (folder / "tree" / "inner" / "small-1").write_bytes(b"another one")


def test_wherever_the_receivers_words_are_cut_off_both_ends_count_the_same(crowded: Path, tmp_path: Path) -> None:
    """What the batch has saved is saved, once, also where the sender had not heard of it when the way broke."""
    entries = scan([crowded], links=True).totals.entries
    expected = (entries - 1, 1, 0, 0, 8 * 100 + (2 << 20))
    most, has_broken = 0, True
    while has_broken:
        most += 1
        folder = tmp_path / f"cut-{most}"
        half_there(crowded, folder)
        sent, received, has_broken = cut_and_ended(crowded, folder, most)
        assert (most, counts(sent.outcome), counts(received.outcome)) == (most, expected, expected)
        assert (folder / "tree" / "inner" / "small-1 (2)").read_bytes() == bytes([1]) * 100
    assert most > entries


def test_a_receiver_who_was_restarted_tells_of_what_it_saved_as_found_there(crowded: Path, tmp_path: Path) -> None:
    """It cannot know any more; both ends say so."""
    entries = scan([crowded], links=True).totals.entries
    unchanged = set[int]()
    most, has_broken = 0, True
    while has_broken:
        most += 5
        sent, received, has_broken = cut_and_ended(crowded, tmp_path / f"cut-{most}", most, restarted=True)
        assert counts(sent.outcome) == counts(received.outcome)
        assert sent.outcome.saved + sent.outcome.unchanged == entries
        unchanged.add(sent.outcome.unchanged)
    assert len(unchanged) > 1


def test_a_folder_that_is_gone_or_closed_fails_in_sentences(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every entry tells why; nothing else is touched."""
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "file").write_bytes(b"x")
    mkdir = os.mkdir

    def refuse(path: object, mode: int = 0o777, *, dir_fd: int | None = None) -> None:
        if dir_fd is not None and not str(path).startswith(".tcpipchat"):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        mkdir(path, mode, dir_fd=dir_fd)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "mkdir", refuse)
    receiver = send(tree, tmp_path / "in")
    whys = {problem.path: problem.why for problem in receiver.problems}
    assert "may not be written to" in whys["tree"]
    assert "could not be made" in whys["tree/file"]
