"""What is sent is looked through: how much it is, in which order, and what is left out."""

import errno
import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from commonlib.transfer.manifest import ManifestReader, ManifestWriter, make_offer
from commonlib.transfer.messages import EntryKind, Manifest, Outcome, Totals
from tcpipclient.core.exceptions import UnsendableFileError
from tcpipclient.source_tree import ScanGivenUpError, ScannedOffer, scan
from tests.support.disks import make_link

NAMES = ["a", "B", "b", "Ä", "a\u0308", ".hidden", "con", "x (~2)", "ẞ", "ss", "日", "z.txt", "Z.TXT", "日本", "_"]


def names_of(offer: ScannedOffer) -> list[str]:
    """The entries of a walk, with their depths."""
    return [f"{source.entry.depth}{source.entry.name}" for source in offer.entries()]


def test_totals_and_entries_say_the_same(tmp_path: Path) -> None:
    """Both walks count alike: files with their sizes, folders, empty ones as well."""
    tree = tmp_path / "tree"
    (tree / "empty").mkdir(parents=True)
    (tree / "inner").mkdir()
    (tree / "inner" / "b.txt").write_bytes(b"12345")
    (tree / "a.txt").write_bytes(b"123")
    offer = scan([tree], links=False)
    assert offer.totals == Totals(files=2, folders=3, size=8)
    assert [(top.kind, top.name, top.size) for top in offer.top] == [(EntryKind.FOLDER, "tree", 8)]
    assert names_of(offer) == ["0tree", "1a.txt", "1empty", "1inner", "2b.txt"]
    assert names_of(offer) == names_of(offer)


def test_totals_are_the_same_where_folders_have_no_descriptors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sizes are asked for by path then; a folder that cannot be opened is told of either way."""
    (tmp_path / "tree" / "inner").mkdir(parents=True)
    for name in ("a", "inner/b", "inner/c"):
        (tmp_path / "tree" / name).write_bytes(name.encode())
    first = scan([tmp_path / "tree"], links=False)
    monkeypatch.setattr(os, "supports_fd", set())
    second = scan([tmp_path / "tree"], links=False)
    assert first.totals == second.totals == Totals(files=3, folders=2, size=15)


def test_size_date_and_mode_are_those_of_the_disk(tmp_path: Path) -> None:
    """To the nanosecond; what is no permission is not told."""
    path = tmp_path / "file"
    path.write_bytes(b"abc")
    path.chmod(0o640)
    os.utime(path, ns=(1, 1_234_567_890_123_456_700))
    [source] = scan([path], links=False).entries()
    assert (source.entry.size, source.entry.modified_ns) == (3, path.stat().st_mtime_ns)
    if os.name == "posix":
        assert source.entry.mode == 0o640


def test_any_tree_is_listed_in_the_order_of_a_manifest(tmp_path: Path) -> None:
    """The receiver never has to tell two names apart that are not one to some disk: every entry keeps its name."""
    random = Random(5)
    for name in NAMES:
        folder = tmp_path / "tree" / name
        folder.mkdir(parents=True, exist_ok=True)
        for inner in random.sample(NAMES, 8):
            (folder / f"{inner}1").write_bytes(b"x")
    offer = scan([tmp_path / "tree", *(tmp_path / "tree").iterdir()], links=False)
    made = make_offer(0, offer.totals, offer.top)
    writer = ManifestWriter(made)
    entries = [source.entry for source in offer.entries()]
    for entry in entries:
        writer.check(entry)
    listed = ManifestReader(made).read(Manifest(offer=0, first=0, entries=entries))
    kept = [entry for entry in listed if "(~" not in entry.path[-1]]
    assert len({entry.path for entry in listed}) == len(listed)
    colliding = {"B", "b", "Ä", "a\u0308", "ẞ", "ss", "z.txt", "Z.TXT", "x (~2)"}
    assert all(entry.sent_name.rstrip("1") in colliding for entry in listed if entry not in kept)


def test_links_below_are_left_out_or_sent_as_links(tmp_path: Path) -> None:
    """They are never followed, wherever they lead."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_bytes(b"s")
    tree = tmp_path / "tree"
    tree.mkdir()
    make_link(tree / "way-out", outside)
    make_link(tree / "file-link", outside / "secret")
    without = scan([tree], links=False)
    assert without.totals == Totals(folders=1)
    assert names_of(without) == ["0tree"]
    assert {problem.outcome for problem in without.problems} == {Outcome.SKIPPED}
    with_links = scan([tree], links=True)
    assert with_links.totals == Totals(folders=1, links=2)
    entries = {source.entry.name: source.entry for source in with_links.entries()}
    assert entries["way-out"].kind is EntryKind.LINK
    assert entries["way-out"].target == outside.as_posix()


def test_a_link_that_the_user_names_stands_for_what_it_leads_to(tmp_path: Path) -> None:
    """Under the link's name: he sees that one."""
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a").write_bytes(b"1")
    make_link(tmp_path / "link", tmp_path / "real")
    offer = scan([tmp_path / "link"], links=False)
    assert names_of(offer) == ["0link", "1a"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files in folders")
def test_pipes_and_sockets_are_left_out_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading one would wait for ever."""
    tree = tmp_path / "tree"
    tree.mkdir()
    os.mkfifo(tree / "pipe")
    with socket.socket(socket.AF_UNIX) as unix:
        monkeypatch.chdir(tree)  # The path of a socket has to be short.
        unix.bind("socket")
    offer = scan([tree], links=False)
    assert names_of(offer) == ["0tree"]
    assert {problem.path for problem in offer.problems} == {"tree/pipe", "tree/socket"}
    with pytest.raises(UnsendableFileError, match="a device, a pipe or a socket"):
        scan([tree / "pipe"], links=False)


def test_a_folder_that_may_not_be_read_is_told_and_the_rest_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The user learns what is missing at the other end."""
    closed = tmp_path / "tree" / "closed"
    closed.mkdir(parents=True)
    (tmp_path / "tree" / "open.txt").write_bytes(b"1")
    scandir = os.scandir

    def refuse(path: str) -> Iterator[os.DirEntry[str]]:
        if Path(path) == closed:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    offer = scan([tmp_path / "tree"], links=False)
    assert offer.failed == 1
    assert offer.problems[0].path == "tree/closed"
    assert offer.totals.files == 1


@pytest.mark.skipif(sys.platform != "linux", reason="other systems keep only names that are text")
def test_a_name_that_is_no_text_is_sent_as_one_that_is(tmp_path: Path) -> None:
    """And the file is found again under its own."""
    (tmp_path / os.fsdecode(b"caf\xe9")).write_bytes(b"x")
    [source] = scan([tmp_path / os.fsdecode(b"caf\xe9")], links=False).entries()
    assert source.entry.name == "caf_"


@pytest.mark.parametrize("name", ["missing", "file/below", "nul\0name"])
def test_what_is_not_there_is_told_in_a_sentence(tmp_path: Path, name: str) -> None:
    """Before anybody has been asked."""
    (tmp_path / "file").touch()
    with pytest.raises(UnsendableFileError):
        scan([tmp_path / name], links=False)


def test_nothing_and_a_whole_disk_are_refused() -> None:
    """Neither has a name to be sent under."""
    with pytest.raises(UnsendableFileError):
        scan([], links=False)
    with pytest.raises(UnsendableFileError, match="whole disk"):
        scan([Path(Path.cwd().anchor)], links=False)


def test_one_path_named_twice_is_sent_once(tmp_path: Path) -> None:
    """Another file of the same name is another matter."""
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "same").write_bytes(b"1")
    offer = scan([tmp_path / "a" / "same", tmp_path / "b" / ".." / "a" / "same", tmp_path / "b" / "same"], links=False)
    assert offer.totals.files == 2


def test_only_the_first_64_names_are_shown(tmp_path: Path) -> None:
    """The offer says how many more there are."""
    paths = [tmp_path / f"{number:03}" for number in range(70)]
    for path in paths:
        path.touch()
    offer = scan(list(reversed(paths)), links=False)
    assert (offer.top[0].name, len(offer.top), offer.others) == ("000", 64, 6)


def test_whoever_does_not_want_to_know_any_more_is_not_kept(tmp_path: Path) -> None:
    """A big tree takes long."""
    for number in range(600):
        (tmp_path / f"{number}").touch()
    with pytest.raises(ScanGivenUpError):
        scan([tmp_path], links=False, wanted=lambda: False)


def test_what_goes_between_the_walks_is_left_out(tmp_path: Path) -> None:
    """Also a whole folder, and a folder that has become a link."""
    for name in ("a", "b", "c"):
        (tmp_path / "tree" / name).mkdir(parents=True)
        (tmp_path / "tree" / name / "file").write_bytes(b"1")
    offer = scan([tmp_path / "tree"], links=False)
    walk = offer.entries()
    assert [next(walk).entry.name for _ in range(2)] == ["tree", "a"]
    (tmp_path / "tree" / "a" / "file").unlink()
    (tmp_path / "tree" / "b").rename(tmp_path / "moved")
    make_link(tmp_path / "tree" / "b", tmp_path / "moved")
    assert [source.entry.name for source in walk] == ["c", "file"]
    (tmp_path / "tree").rename(tmp_path / "gone")
    assert names_of(offer) == []


def test_nothing_stays_open_when_a_walk_is_given_up(tmp_path: Path) -> None:
    """Closing the generator closes the folders on the way."""
    (tmp_path / "a" / "b" / "c").mkdir(parents=True)
    walk = scan([tmp_path / "a"], links=False).entries()
    for _ in range(3):
        next(walk)
    walk.close()


def test_a_tree_that_is_too_deep_is_cut_and_told(tmp_path: Path) -> None:
    """The manifest has no place below a hundred folders."""
    path = tmp_path / "0"
    for _ in range(102):
        path = path / "d"
    path.mkdir(parents=True)
    offer = scan([tmp_path / "0"], links=False)
    assert offer.totals.folders == 101
    assert max(source.entry.depth for source in offer.entries()) == 100
    assert "more than 100 folders" in offer.problems[0].why
