"""settings.json on the disk: written in one step, and nothing about it stops a window."""

from pathlib import Path

import pytest

from tcpipclient.gui.settings import Settings, Theme
from tcpipclient.gui.settings_file import LARGEST_FILE, load_settings, maybe_save_settings


def test_what_was_saved_is_loaded(tmp_path: Path) -> None:
    """The folder is made; nothing but the file is left in it."""
    path = tmp_path / "new" / "settings.json"
    for settings in (Settings(name="Änn", theme=Theme.DARK), Settings(name="Bob")):
        assert maybe_save_settings(path, settings) is None
        assert load_settings(path) == settings
    assert [found.name for found in path.parent.iterdir()] == ["settings.json"]


def test_without_a_file_there_are_the_defaults(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The first start is no trouble."""
    assert load_settings(tmp_path / "settings.json") == Settings()
    assert caplog.records == []


@pytest.mark.parametrize("data", [b"\xff\xfe", b'{"port": 0}', b" " * (LARGEST_FILE + 10)])
def test_a_broken_file_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture, data: bytes) -> None:
    """And has the defaults for what is wrong."""
    path = tmp_path / "settings.json"
    path.write_bytes(data)
    assert load_settings(path) == Settings()
    assert len(caplog.records) == 1


def test_a_file_that_cannot_be_read_or_written_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A folder stands in its place: the sentence names the folder that it is in."""
    path = tmp_path / "data" / "settings.json"
    path.mkdir(parents=True)
    assert load_settings(path) == Settings()
    (path / "in the way").touch()
    sentence = maybe_save_settings(path, Settings())
    assert sentence is not None
    assert str(path.parent) in sentence
    assert [found.name for found in path.parent.iterdir()] == ["settings.json"]
    assert len(caplog.records) == 2


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "file").touch()
    assert maybe_save_settings(tmp_path / "file" / "settings.json", Settings()) is not None
