"""Files and folders between processes: `send-file` and `listen` of our own people, over a real hub.

Thread: pytest's main thread; the hub's threads run beside it, the commands are processes.
"""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.disk_tree import nodes_below
from tests.support.members import Member, member_of
from tests.support.running_hub import RunningHub, running_hub

Join = Callable[[str], Member]

LARGE = 6_000_000
DAY = 86400 * 10**9


@pytest.fixture
def hub() -> Iterator[RunningHub]:
    """Our hub."""
    with running_hub() as hub:
        yield hub


@pytest.fixture
def join(hub: RunningHub, tmp_path: Path) -> Join:
    """Makes somebody who knows the hub."""
    return lambda name: member_of(hub.service.port, hub.service.fingerprint, tmp_path / "people" / name)


def make_tree(root: Path) -> Path:
    """A folder with all that a folder may have."""
    (root / "inner" / "deep").mkdir(parents=True)
    (root / "empty").mkdir()
    (root / "nothing.txt").write_bytes(b"")
    (root / "Grüße 你好.txt").write_text("Grüße")
    (root / "inner" / "large.bin").write_bytes(os.urandom(LARGE))
    for number in range(200):
        (root / "inner" / "deep" / f"{number}.txt").write_text(f"{number}")
    os.utime(root / "nothing.txt", ns=(DAY, DAY))
    return root


def events(stdout: str, event: str) -> list[dict[str, object]]:
    """What was told of one kind."""
    return [item for item in map(json.loads, stdout.splitlines()) if item["event"] == event]


def test_a_folder_and_a_file_reach_two_people_as_one_batch_each(join: Join, tmp_path: Path) -> None:
    """Whole, with empty folders and times; a batch counts as one, and is told from offer to end at both ends."""
    tree, file = make_tree(tmp_path / "photos"), tmp_path / "note.txt"
    file.write_text("a note")
    ann, bob, cy = join("Ann"), join("Bob"), join("Cy")
    with bob.listening("--count", "1") as at_bob, cy.listening("--count", "1") as at_cy:
        sent = ann.send("@all", "--json", tree, file)
        assert sent.returncode == 0, sent.stderr
        for listener in (at_bob, at_cy):
            offered = listener.next_item("batch_offered")
            assert (offered["from"], offered["files"], offered["size"]) == ("Ann", 204, LARGE + 5 + 8 + 490)
            assert [entry["name"] for entry in offered["top"]] == ["note.txt", "photos"]
            ended = listener.next_item("batch_ended")
            assert (ended["state"], ended["failed"], ended["peer"]) == ("saved", 0, "Ann")
            assert listener.finish() == (0, "")
    for member in (bob, cy):
        assert (member.downloads / "note.txt").read_text() == "a note"
        copy = member.downloads / "photos"
        assert nodes_below(copy) == nodes_below(tree)
    ends = events(sent.stdout, "batch_ended")
    assert sorted(str(end["peer"]) for end in ends) == ["Bob", "Cy"]
    assert {(end["state"], end["failed"], end["size"]) for end in ends} == {("saved", 0, LARGE + 5 + 8 + 490)}


@pytest.mark.parametrize("way", ["direct", "hub"])
def test_the_way_is_the_one_that_was_asked_for(join: Join, tmp_path: Path, way: str) -> None:
    """Directly, or through the hub; both ends tell which it is."""
    (tmp_path / "a.bin").write_bytes(os.urandom(LARGE))
    ann, bob = join("Ann"), join("Bob")
    with bob.listening() as at_bob:
        sent = ann.send("Bob", "--path", way, "--json", tmp_path / "a.bin")
        assert sent.returncode == 0, sent.stderr
        at_bob.next_item("batch_ended", state="saved")
    for told in (events(sent.stdout, "batch_state"), at_bob.items):
        assert {item["way"] for item in told if item["event"] == "batch_state"} == {None, way}
    assert (bob.downloads / "a.bin").read_bytes() == (tmp_path / "a.bin").read_bytes()


def test_a_single_file_is_told_in_a_sentence(join: Join, tmp_path: Path) -> None:
    """That it is saved, and the second time that it was there; nothing is on standard error."""
    (tmp_path / "a.txt").write_text("hello")
    ann, bob = join("Ann"), join("Bob")
    with bob.listening() as at_bob:
        saved = [ann.send("Bob", tmp_path / "a.txt") for _ in range(2)]
        assert [(each.returncode, each.stderr) for each in saved] == [(0, ""), (0, "")]
        assert at_bob.next_item("batch_ended")["paths"] == [str(bob.downloads / "a.txt")]
    words = [each.stdout.split(" (", 1) for each in saved]
    assert [word[0] for word in words] == ["Bob", "Bob"]
    assert words[0][1].endswith(") has saved a.txt (5 bytes).\n")
    assert words[1][1].endswith(") had a.txt (5 bytes) already.\n")
    assert [path.name for path in bob.downloads.iterdir()] == ["a.txt"]


@pytest.mark.parametrize(
    ("conflict", "kept", "told"),
    [
        ("rename", {"a.txt": "old", "a (2).txt": "new"}, "has saved"),
        ("skip", {"a.txt": "old"}, "did not keep"),
        ("replace", {"a.txt": "new"}, "has saved"),
        ("newest", {"a.txt": "new"}, "has saved"),
        ("ask", {"a.txt": "old", "a (2).txt": "new"}, "has saved"),
    ],
)
def test_another_file_of_the_name_is_treated_as_the_receiver_wants(
    join: Join, tmp_path: Path, conflict: str, kept: dict[str, str], told: str
) -> None:
    """Nothing is lost unless he says so, and where he left it out, that is told and is no failure."""
    ann, bob = join("Ann"), join("Bob")
    bob.downloads.mkdir(parents=True)
    (bob.downloads / "a.txt").write_text("old")
    os.utime(bob.downloads / "a.txt", ns=(DAY, DAY))
    (tmp_path / "a.txt").write_text("new")
    with bob.listening("--conflict", conflict):
        sent = ann.send("Bob", tmp_path / "a.txt")
    assert (sent.returncode, sent.stderr) == (0, "")
    assert told in sent.stdout
    assert {path.name: path.read_text() for path in bob.downloads.iterdir()} == kept


def test_a_folder_that_is_there_is_filled_up(join: Join, tmp_path: Path) -> None:
    """What it has stays."""
    ann, bob = join("Ann"), join("Bob")
    (bob.downloads / "photos").mkdir(parents=True)
    (bob.downloads / "photos" / "own.txt").write_text("own")
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "new.txt").write_text("new")
    with bob.listening():
        assert ann.send("Bob", tmp_path / "photos").returncode == 0
    assert {path.name for path in (bob.downloads / "photos").iterdir()} == {"own.txt", "new.txt"}


@pytest.mark.parametrize(("rule", "said"), [("ask", "there is no terminal"), ("none", "")])
def test_what_is_not_wanted_is_declined_at_once(join: Join, tmp_path: Path, rule: str, said: str) -> None:
    """Without a terminal to ask on, or by rule: nothing is written, and the sender is told: code 1."""
    (tmp_path / "a.txt").write_text("x")
    ann, bob = join("Ann"), join("Bob")
    with bob.listening("--accept", rule) as at_bob:
        sent = ann.send("Bob", tmp_path / "a.txt")
        at_bob.process.terminate()
        assert said in at_bob.finish()[1]
    assert (sent.returncode, sent.stdout) == (1, "")
    assert "To Bob (" in sent.stderr
    assert "declined" in sent.stderr
    assert not bob.downloads.exists()


def test_what_is_larger_than_the_cap_is_declined_where_nobody_can_be_asked(join: Join, tmp_path: Path) -> None:
    """What is not is taken; both are told why."""
    (tmp_path / "small.txt").write_text("x" * 1000)
    (tmp_path / "large.txt").write_text("x" * 1001)
    ann, bob = join("Ann"), join("Bob")
    with bob.listening("--accept", "known", "--largest", "1K"):
        assert ann.send("Bob", tmp_path / "small.txt").returncode == 0
        declined = ann.send("Bob", tmp_path / "large.txt")
    assert declined.returncode == 1
    assert "larger than what is taken here without asking" in declined.stderr
    assert [path.name for path in bob.downloads.iterdir()] == ["small.txt"]


def test_what_there_is_no_room_for_fails_before_the_first_byte(join: Join, tmp_path: Path) -> None:
    """Code 1 and a sentence at the sender, and nothing on the disk. The file is sparse."""
    with (tmp_path / "huge.bin").open("wb") as stream:
        stream.truncate(10 << 40)
    ann, bob = join("Ann"), join("Bob")
    with bob.listening() as at_bob:
        sent = ann.send("Bob", tmp_path / "huge.bin")
        assert at_bob.next_item("batch_ended")["state"] != "saved"
    assert sent.returncode == 1
    assert "room" in sent.stderr
    assert not any(path.is_file() for path in bob.downloads.rglob("*"))


def test_a_folder_for_downloads_that_is_none_is_told_at_the_sender(join: Join, tmp_path: Path) -> None:
    """Code 1 with the cause, but not with the receiver's path."""
    (tmp_path / "a.txt").write_text("x")
    ann, bob = join("Ann"), join("Bob")
    bob.downloads.write_text("in the way")
    with bob.listening():
        sent = ann.send("Bob", tmp_path / "a.txt")
    assert sent.returncode == 1
    assert "this folder is not there" in sent.stderr
    assert str(bob.home) not in sent.stderr
    assert bob.downloads.read_text() == "in the way"


def test_who_does_not_answer_makes_it_time_out(join: Join, hub: RunningHub, tmp_path: Path) -> None:
    """Code 3 when the time that was given is up; who is well is served all the same."""
    (tmp_path / "a.txt").write_text("x")
    hub.join_modern("Mute")
    ann, bob = join("Ann"), join("Bob")
    with bob.listening():
        sent = ann.send("@all", "--timeout", "2", tmp_path / "a.txt")
    assert sent.returncode == 3
    assert "To Mute (" in sent.stderr
    assert "Nobody answered within 2 seconds." in sent.stderr
    assert "has saved a.txt" in sent.stdout


def test_what_cannot_be_read_fails_with_its_name_and_the_rest_arrives(join: Join, tmp_path: Path) -> None:
    """A link that is not wanted is left out without being a failure."""
    tree = tmp_path / "photos"
    tree.mkdir()
    (tree / "a.txt").write_text("a")
    (tree / "link").symlink_to("a.txt")
    ann, bob = join("Ann"), join("Bob")
    with bob.listening("--links"):
        without = ann.send("Bob", tree)
        assert without.returncode == 0, without.stderr
        assert not (bob.downloads / "photos" / "link").is_symlink()
        assert ann.send("Bob", "--links", tree).returncode == 0
    assert (bob.downloads / "photos" / "link").readlink() == Path("a.txt")


def test_who_is_classic_gets_single_files_beside_the_others_and_no_folder(
    join: Join, hub: RunningHub, tmp_path: Path
) -> None:
    """A folder for him is refused before anybody gets anything."""
    file, tree = tmp_path / "a.txt", tmp_path / "photos"
    file.write_text("hello")
    tree.mkdir()
    ann, bob = join("Ann"), join("Bob")
    hub.join("Old")
    with bob.listening() as at_bob:
        refused = ann.send("@all", file, tree)
        assert (refused.returncode, refused.stdout) == (1, "")
        assert "Old (" in refused.stderr
        assert "is a folder; pack it into an archive and send that. Nothing was sent." in refused.stderr
        both = ann.send("@all", "--timeout", "1", "--json", file)
        assert at_bob.next_item("batch_ended")["paths"] == [str(bob.downloads / "a.txt")]
    assert both.returncode == 3
    assert [(item["to"], item["file"]) for item in events(both.stdout, "file_not_sent")] == [("Old", "a.txt")]
    assert [item["peer"] for item in events(both.stdout, "batch_ended")] == ["Bob"]


@pytest.mark.skipif(os.name != "posix", reason="other systems have no such names")
def test_hostile_names_do_no_harm(join: Join, tmp_path: Path) -> None:
    """Neither on the disk nor in what is printed; the receiver keeps them under names that are safe."""
    tree = tmp_path / "photos"
    tree.mkdir()
    for name in ("CON", "a\x1b[2Jb", "line\nbreak", "back\\slash", "stream:x", "\u202efdp.exe", "dot."):
        (tree / name).write_text(name)
    ann, bob = join("Ann"), join("Bob")
    with bob.listening() as at_bob:
        sent = ann.send("Bob", tree, tree / "a\x1b[2Jb")
        assert at_bob.next_item("batch_ended")["state"] == "saved"
    assert sent.returncode == 0, sent.stderr
    assert all(line.isprintable() for line in (sent.stdout + sent.stderr).splitlines())
    saved = list(bob.downloads.rglob("*"))
    assert sorted(path.read_text() for path in saved if path.is_file()) == sorted(
        ["a\x1b[2Jb", *(path.read_text() for path in tree.iterdir())]
    )
    assert all(path.name.isprintable() and ":" not in path.name and path.name != "CON" for path in saved)
