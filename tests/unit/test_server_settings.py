"""What the server window remembers: it comes back as it was kept, and a broken file never stops a hub."""

import json
import logging
from pathlib import Path

import pytest

from tcpipserver.gui.settings import FILE_NAME, WindowSettings, read_settings, write_settings

CHOSEN = WindowSettings("900x600+20+-30", True, 10_999, "dark", 3, 0.3)


def test_settings_come_back_as_they_were_kept(tmp_path: Path) -> None:
    """Nothing else is left in the folder."""
    write_settings(tmp_path, CHOSEN)
    assert read_settings(tmp_path) == CHOSEN
    assert [path.name for path in tmp_path.glob("*.*")] == [FILE_NAME]


def test_without_a_file_the_usual_ones_are_used(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Which is no trouble worth a line."""
    assert read_settings(tmp_path) == WindowSettings()
    assert caplog.records == []


@pytest.mark.parametrize("kept", ["", "{", "[]", "null", "\x00", "[" * 100_000])
def test_a_broken_file_is_replaced_by_the_usual_settings(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, kept: str
) -> None:
    """With a line in the log."""
    (tmp_path / FILE_NAME).write_text(kept)
    assert read_settings(tmp_path) == WindowSettings()
    assert [record.levelno for record in caplog.records] == [logging.WARNING]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("geometry", "huge"),
        ("geometry", 5),
        ("is_maximised", 1),
        ("port", 65_536),
        ("port", True),
        ("colours", "pink"),
        ("colours", []),
        ("text_step", 100),
        ("sash", 2.0),
        ("sash", "0.5"),
    ],
)
def test_one_setting_that_makes_no_sense_spoils_no_other(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, name: str, value: object
) -> None:
    """The others are used, and the log says so."""
    write_settings(tmp_path, CHOSEN)
    kept = json.loads((tmp_path / FILE_NAME).read_text())
    (tmp_path / FILE_NAME).write_text(json.dumps(kept | {name: value}))
    read = read_settings(tmp_path)
    assert getattr(read, name) == getattr(WindowSettings(), name)
    assert [field for field in kept if getattr(read, field) != getattr(CHOSEN, field)] == [name]
    assert len(caplog.records) == 1


def test_settings_of_a_later_version_are_no_trouble(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """What is not known is left alone."""
    (tmp_path / FILE_NAME).write_text('{"port": 1234, "tray": true}')
    assert read_settings(tmp_path) == WindowSettings(port=1234)
    assert caplog.records == []


def test_settings_that_cannot_be_kept_are_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The window closes all the same."""
    (tmp_path / FILE_NAME).mkdir()
    write_settings(tmp_path, CHOSEN)
    write_settings(tmp_path / "missing", CHOSEN)
    assert len(caplog.records) == 2
    assert [path.name for path in tmp_path.glob("*.*")] == [FILE_NAME]
