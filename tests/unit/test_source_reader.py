"""The bytes of what is sent are those of the file that was listed, or none."""

import os
import sys
from pathlib import Path

import pytest

from commonlib.transfer.events import Source
from commonlib.transfer.messages import Entry, EntryKind
from tcpipclient.source_folders import Origin
from tcpipclient.source_reader import SourceReader, UnreadableSourceError
from tcpipclient.source_tree import scan
from tests.support.disks import make_link


def sources_in(folder: Path) -> dict[str, Source]:
    """What a walk finds, by name."""
    return {source.entry.name: source for source in scan([folder], links=False).entries()}


def whole(reader: SourceReader, source: Source, step: int = 1000) -> bytes:
    """Read all of it in steps."""
    content = b""
    while len(content) < source.entry.size:
        room = bytearray(min(step, source.entry.size - len(content)))
        size = reader.read(source, len(content), memoryview(room))
        content += room[:size]
    return content


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Files in several folders."""
    for path, content in {"a/1": b"one", "a/2": b"two" * 1000, "b/c/3": b"three" * 999, "b/4": b"four"}.items():
        (tmp_path / "tree" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "tree" / path).write_bytes(content)
    return tmp_path / "tree"


def test_files_are_read_in_any_order_and_from_any_offset(folder: Path) -> None:
    """Whichever folder is open at the time."""
    reader, sources = SourceReader(), sources_in(folder)
    for name in ("3", "1", "2", "4", "1", "3", "2"):
        assert whole(reader, sources[name]) == next(folder.rglob(name)).read_bytes()
    room = bytearray(10)
    assert reader.read(sources["2"], 2000, memoryview(room)) == 10
    assert reader.read(sources["2"], 5, memoryview(room)) == 10
    assert bytes(room) == (folder / "a" / "2").read_bytes()[5:15]
    reader.close()


def test_a_named_file_is_read_by_its_path(folder: Path) -> None:
    """There is no folder of ours around it."""
    [source] = scan([folder / "a" / "2"], links=False).entries()
    reader = SourceReader()
    assert whole(reader, source) == b"two" * 1000
    reader.close()


@pytest.mark.parametrize("step", [100, 5000])
@pytest.mark.parametrize("change", ["grow", "shrink", "touch", "replace", "remove", "empty"])
def test_a_file_that_is_another_by_now_is_not_sent(folder: Path, change: str, step: int) -> None:
    """Whether it is read in one piece or in many."""
    path = folder / "a" / "2"
    source, reader = sources_in(folder)["2"], SourceReader()
    match change:
        case "grow":
            path.write_bytes(b"two" * 1001)
        case "shrink":
            path.write_bytes(b"two" * 999)
        case "touch":
            os.utime(path, ns=(1, source.entry.modified_ns + 1_000_000_000))
        case "replace":
            path.unlink()
            path.mkdir()
        case "remove":
            path.unlink()
        case _:
            path.write_bytes(b"")
    with pytest.raises(UnreadableSourceError):
        whole(reader, source, step)
    reader.close()


def test_a_change_while_it_is_read_is_noticed_at_the_end(folder: Path) -> None:
    """The last bytes are not given."""
    path = folder / "a" / "2"
    source, reader = sources_in(folder)["2"], SourceReader()
    room = memoryview(bytearray(1500))
    assert reader.read(source, 0, room) == 1500
    path.write_bytes(b"xxx" * 1000)
    os.utime(path, ns=(1, source.entry.modified_ns + 1_000_000_000))
    with pytest.raises(UnreadableSourceError, match="has changed"):
        reader.read(source, 1500, room)
    reader.close()


def test_no_link_on_the_way_is_followed(folder: Path, tmp_path: Path) -> None:
    """Neither one that has taken the file's place, nor one in the place of a folder above."""
    secret = tmp_path / "secret"
    (secret / "c").mkdir(parents=True)
    for name in ("1", "c/3", "2"):
        (secret / name).write_bytes(b"secret")
    sources, reader = sources_in(folder), SourceReader()
    (folder / "b").rename(tmp_path / "away")
    make_link(folder / "b", secret)
    with pytest.raises(UnreadableSourceError, match=r"not there|link|folder"):
        whole(reader, sources["3"])
    (folder / "a" / "1").unlink()
    make_link(folder / "a" / "1", secret / "1")
    with pytest.raises(UnreadableSourceError, match="link"):
        whole(reader, sources["1"])
    assert whole(reader, sources["2"]) == b"two" * 1000
    reader.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
def test_a_pipe_that_has_taken_the_place_of_a_file_holds_nobody(folder: Path) -> None:
    """Opening it does not wait for its other end, and it is no file."""
    sources, reader = sources_in(folder), SourceReader()
    (folder / "a" / "1").unlink()
    os.mkfifo(folder / "a" / "1")
    with pytest.raises(UnreadableSourceError):
        whole(reader, sources["1"])
    reader.close()


def test_an_entry_that_no_walk_has_found_is_not_read() -> None:
    """There is no way to it."""
    reader = SourceReader()
    with pytest.raises(UnreadableSourceError):
        whole(reader, Source(Entry(0, EntryKind.FILE, "x", 5), Origin(None, "")))
    reader.close()
