"""tree_found: an entry is known again by its size and date, under its own name or one that was given instead."""

import os
from itertools import islice
from pathlib import Path

from commonlib.transfer.manifest import Listed
from commonlib.transfer.messages import EntryKind
from commonlib.transfer.resume import Found
from tcpipclient.tree_folders import TreeFolder
from tcpipclient.tree_found import candidates, is_beside, kind_of
from tests.support.disks import make_link

DATED = 1_700_000_000_000_000_000


def write(path: Path, content: bytes, modified_ns: int = DATED) -> None:
    """A file of that date."""
    path.write_bytes(content)
    os.utime(path, ns=(modified_ns, modified_ns))


def test_taken_names_are_numbered() -> None:
    """Its own first, then the others in order."""
    assert list(islice(candidates("a.txt"), 3)) == ["a.txt", "a (2).txt", "a (3).txt"]


def test_what_is_there_has_a_kind(tmp_path: Path) -> None:
    """A link is what it is, and not what it leads to."""
    write(tmp_path / "f", b"abc")
    make_link(tmp_path / "link", Path("f"))
    found = [kind_of(path.lstat()) for path in (tmp_path / "f", tmp_path, tmp_path / "link")]
    assert found == [Found.FILE, Found.FOLDER, Found.OTHER]


def test_a_file_is_found_under_further_names(tmp_path: Path) -> None:
    """Up to the first that nothing has; another size or date is another file."""
    folder = TreeFolder.open_root(tmp_path)
    entry = Listed(0, 0, ("f",), EntryKind.FILE, 3, DATED, 0, "f")
    try:
        assert not is_beside(folder, entry)
        write(tmp_path / "f", b"mine")
        write(tmp_path / "f (2)", b"abc", DATED - 10_000_000_000)
        write(tmp_path / "f (4)", b"abc")
        assert not is_beside(folder, entry)
        write(tmp_path / "f (3)", b"abc")
        assert is_beside(folder, entry)
    finally:
        folder.close()


def test_a_link_is_known_by_where_it_leads(tmp_path: Path) -> None:
    """And by that alone."""
    folder = TreeFolder.open_root(tmp_path)
    try:
        make_link(tmp_path / "l", Path("elsewhere"))
        assert is_beside(folder, Listed(0, 0, ("l",), EntryKind.LINK, 0, 0, 0, "l", target="elsewhere"))
        assert not is_beside(folder, Listed(0, 0, ("l",), EntryKind.LINK, 0, 0, 0, "l", target="here"))
    finally:
        folder.close()
