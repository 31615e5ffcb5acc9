"""A folder into which something is offered to go."""

import shutil
from pathlib import Path

import pytest

from tcpipclient.gui.folder_looking import look_at_folder


def test_names_that_are_taken_are_found(tmp_path: Path) -> None:
    """A link that leads nowhere takes its name, too; what cannot be a name is not there."""
    (tmp_path / "a").touch()
    (tmp_path / "b").symlink_to("nowhere")
    found = look_at_folder(7, tmp_path, ["a", "b", "c", "d\0"])
    assert (found.transfer, found.folder, found.there) == (7, str(tmp_path), frozenset({"a", "b"}))
    assert found.room is not None
    assert abs(found.room - shutil.disk_usage(tmp_path).free) < 2**30


def test_a_folder_that_is_not_there_yet_has_room(tmp_path: Path) -> None:
    """That of the one that it would be in."""
    found = look_at_folder(7, tmp_path / "new" / "inner", ["a"])
    assert found.there == frozenset()
    assert found.room


def test_where_nobody_can_tell_nothing_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither where the disk does not say, nor where there is none."""

    def refuse(_: Path) -> None:
        raise PermissionError

    monkeypatch.setattr(shutil, "disk_usage", refuse)
    assert look_at_folder(7, tmp_path, []).room is None

    def nowhere(_: Path) -> None:
        raise FileNotFoundError

    monkeypatch.setattr(shutil, "disk_usage", nowhere)
    assert look_at_folder(7, tmp_path, []).room is None
