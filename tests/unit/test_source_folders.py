"""Folders that are sent are reached again without following links."""

import os
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from commonlib.transfer.messages import EntryKind
from tcpipclient import source_folders
from tcpipclient.source_folders import Origin, SourceFolder, kind_of, open_named_file
from tests.support.disks import make_link

BOTH_WAYS = pytest.mark.parametrize("by_descriptor", [True, False])


@pytest.fixture
def as_found(tmp_path: Path) -> Path:
    """A folder in a folder, with a file and a link."""
    inner = tmp_path / "outer" / "inner"
    inner.mkdir(parents=True)
    (inner / "file").write_bytes(b"content")
    make_link(inner / "link", inner / "file")
    return tmp_path / "outer"


def use(monkeypatch: pytest.MonkeyPatch, by_descriptor: bool) -> None:
    """Go the way of POSIX, or the one of Windows, which is there on every system."""
    if by_descriptor and not source_folders._BY_DESCRIPTOR:
        pytest.skip("this system has no folders by descriptor")
    monkeypatch.setattr(source_folders, "_BY_DESCRIPTOR", by_descriptor)


@BOTH_WAYS
def test_what_is_in_a_folder_is_found_name_by_name(
    as_found: Path, monkeypatch: pytest.MonkeyPatch, by_descriptor: bool
) -> None:
    """Names, what they are, where links lead, and a file's bytes."""
    use(monkeypatch, by_descriptor)
    outer = SourceFolder(Origin(None, str(as_found)))
    outer.open()
    inner = SourceFolder(Origin(outer, "inner"))
    inner.open()
    assert sorted(inner.names()) == ["file", "link"]
    assert kind_of(inner.lstat("link")) is EntryKind.LINK
    assert inner.read_link("link") == (as_found / "inner" / "file").as_posix()
    descriptor = inner.open_file("file")
    assert os.read(descriptor, 100) == b"content"
    os.close(descriptor)
    assert Origin(inner, "file").names == [str(as_found), "inner", "file"]
    inner.close()
    outer.close()


@BOTH_WAYS
def test_a_folder_that_is_a_link_by_now_is_not_entered(
    as_found: Path, monkeypatch: pytest.MonkeyPatch, by_descriptor: bool
) -> None:
    """Neither by opening it, nor, on Windows, by what is done in it later."""
    use(monkeypatch, by_descriptor)
    outer = SourceFolder(Origin(None, str(as_found)))
    outer.open()
    inner = SourceFolder(Origin(outer, "inner"))
    inner.open()
    (as_found / "inner").rename(as_found.parent / "elsewhere")
    make_link(as_found / "inner", as_found.parent / "elsewhere")
    if not by_descriptor:
        with pytest.raises(NotADirectoryError):
            inner.open_file("file")
    inner.close()
    with pytest.raises(NotADirectoryError):
        SourceFolder(Origin(outer, "inner")).open()
    outer.close()


@BOTH_WAYS
def test_a_file_that_is_a_link_by_now_is_not_opened(
    as_found: Path, monkeypatch: pytest.MonkeyPatch, by_descriptor: bool
) -> None:
    """It could lead to what the user never meant to send."""
    use(monkeypatch, by_descriptor)
    monkeypatch.setattr(source_folders, "_NO_FOLLOW", source_folders._NO_FOLLOW if by_descriptor else 0)
    outer = SourceFolder(Origin(None, str(as_found / "inner")))
    outer.open()
    with pytest.raises(OSError, match=r"symbolic link|Invalid argument"):
        os.close(outer.open_file("link"))
    with pytest.raises(OSError, match=r"symbolic link|Invalid argument"):
        os.close(open_named_file(as_found / "inner" / "link"))
    outer.close()


def test_what_is_no_file_folder_or_link_has_no_kind(tmp_path: Path) -> None:
    """And a junction of Windows is no folder of ours: it leads elsewhere."""
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        assert kind_of((tmp_path / "pipe").stat()) is None

    junction = SimpleNamespace(st_mode=tmp_path.stat().st_mode, st_reparse_tag=0xA0000003)
    assert kind_of(cast("os.stat_result", junction)) is None
