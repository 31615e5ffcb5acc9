"""What the sending machine asks of a disk."""

from pathlib import Path

from commonlib.transfer.messages import Outcome, Place
from tcpipclient.source_tree import scan
from tests.support.disk_ends import ReceivingEnd, SendingEnd
from tests.support.memory_transfer import join
from tests.support.random_trees import described, make_tree


def send(sender: SendingEnd, folder: Path) -> ReceivingEnd:
    """Carry everything over."""
    receiver = ReceivingEnd(folder)
    join(sender, receiver)
    sender.disk.close()
    receiver.disk.close()
    return receiver


def test_a_tree_is_listed_read_and_counted(tmp_path: Path) -> None:
    """All of it arrives, and counts as done."""
    make_tree(tmp_path / "tree", 1)
    offer = scan([tmp_path / "tree"], links=False)
    sender = SendingEnd(offer)
    send(sender, tmp_path / "in")
    assert described(tmp_path / "in" / "tree") == described(tmp_path / "tree")
    moved = sender.disk.moved()
    assert (moved.done, moved.files_done) == (offer.totals.size, offer.totals.files)
    assert not sender.problems


def test_more_files_than_an_offer_shows_are_offered_and_sent(tmp_path: Path) -> None:
    """The offer says how many more there are, as the scan does: the receiver compares both."""
    (tmp_path / "out").mkdir()
    paths = [tmp_path / "out" / f"{number}.txt" for number in range(100)]
    for path in paths:
        path.write_text(path.name)
    offer = scan(paths, links=False)
    assert offer.others == 36
    sender = SendingEnd(offer)
    receiver = send(sender, tmp_path / "in")
    assert [(made.top, made.others) for made in receiver.offers] == [(list(offer.top), 36)]
    assert described(tmp_path / "in", dated=False) == described(tmp_path / "out", dated=False)


def test_a_file_that_has_changed_since_it_was_listed_fails_at_both_ends(tmp_path: Path) -> None:
    """Nothing of it is kept under its name, and the rest arrives."""
    for name in ("a", "b", "c"):
        (tmp_path / name).write_bytes(name.encode() * 100)
    offer = scan([tmp_path / name for name in ("a", "b", "c")], links=False)
    sender, receiver = SendingEnd(offer), ReceivingEnd(tmp_path / "in")
    receiver.incoming(sender.outgoing())
    sender.incoming(receiver.outgoing())
    assert sender.disk.list_some()
    (tmp_path / "b").write_bytes(b"longer" * 100)
    join(sender, receiver)
    sender.disk.close()
    receiver.disk.close()
    for problems in (sender.problems, receiver.problems):
        [problem] = problems
        assert (problem.path, problem.outcome, problem.place) == ("b", Outcome.FAILED, Place.SENDER)
        assert "has changed" in problem.why
    assert sorted(path.name for path in (tmp_path / "in").iterdir()) == ["a", "c"]


def test_what_was_added_since_the_offer_is_not_sent_and_told(tmp_path: Path) -> None:
    """The receiver's user has not agreed to it."""
    tree = tmp_path / "tree"
    (tree / "inner").mkdir(parents=True)
    (tree / "inner" / "a").write_bytes(b"a")
    offer = scan([tree], links=False)
    (tree / "inner" / "more").mkdir()
    (tree / "inner" / "more" / "b").write_bytes(b"b")
    (tree / "z").write_bytes(b"z")
    sender = SendingEnd(offer)
    send(sender, tmp_path / "in")
    assert sender.disk.failed == 3
    whys = {problem.path: problem.why for problem in sender.problems}
    assert "since it was offered" in whys["tree/inner/more"]
    assert "the folder that it is in" in whys["tree/inner/more/b"]
    assert "since it was offered" in whys["tree/z"]
    assert set(described(tmp_path / "in" / "tree", dated=False)) == {".", "inner", "inner/a"}


def test_what_the_scan_has_left_out_is_told(tmp_path: Path) -> None:
    """Who sends a folder learns what of it was not sent."""
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "link").symlink_to("nowhere")
    sender = SendingEnd(scan([tmp_path / "tree"], links=False))
    assert [(problem.path, problem.outcome) for problem in sender.problems] == [("tree/link", Outcome.SKIPPED)]
    sender.disk.close()


def test_no_more_than_a_hundred_problems_are_told(tmp_path: Path) -> None:
    """The rest is in the count."""
    (tmp_path / "tree").mkdir()
    offer = scan([tmp_path / "tree"], links=False)
    for number in range(150):
        (tmp_path / "tree" / f"{number}").touch()
    sender = SendingEnd(offer)
    send(sender, tmp_path / "in")
    assert len(sender.problems) == 100
    assert sender.disk.failed == 150
