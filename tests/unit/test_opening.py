"""Files, folders and links are opened by the system, and nothing that others sent is ever run."""

import os
import sys
from pathlib import Path

import pytest

from tcpipclient.gui import opening
from tcpipclient.gui.opening import maybe_open_file, maybe_open_folder, maybe_open_link


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the system was asked to open, instead of opening it; on every system in the same form."""
    paths: list[str] = []
    monkeypatch.setattr(opening, "_start", lambda command: paths.append(command[-1]))
    monkeypatch.setattr(os, "startfile", lambda path: paths.append(str(path)), raising=False)
    return paths


@pytest.mark.parametrize("system", ["win32", "darwin", "linux"])
def test_a_file_and_its_folder_are_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, started: list[str], system: str
) -> None:
    """Whatever the system."""
    monkeypatch.setattr(sys, "platform", system)
    path = tmp_path / "-a b.txt"
    path.touch()
    assert maybe_open_file(path) is None
    assert maybe_open_folder(path) is None
    assert started == [str(path), str(tmp_path)]


@pytest.mark.parametrize("name", ["a.exe", "a.BAT", "a.txt.lnk", "a.exe. .", "a.desktop", "a.JS", "a.scr"])
def test_what_could_run_is_not_opened(tmp_path: Path, started: list[str], name: str) -> None:
    """Its folder can be."""
    (tmp_path / name).touch()
    sentence = maybe_open_file(tmp_path / name)
    assert sentence is not None
    assert "Open folder" in sentence
    assert started == []


def test_an_executable_file_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, started: list[str]) -> None:
    """Where the system marks files as such."""
    monkeypatch.setattr(sys, "platform", "linux")
    path = tmp_path / "innocent"
    path.touch(mode=0o700)
    assert "could run" in (maybe_open_file(path) or "")
    assert started == []


def test_what_is_gone_is_told(tmp_path: Path, started: list[str]) -> None:
    """Files and folders."""
    gone = tmp_path / "gone" / "a.txt"
    assert "not there any more" in (maybe_open_file(gone) or "")
    assert "not there any more" in (maybe_open_folder(gone) or "")
    assert started == []


def test_a_system_without_a_program_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With where the file is."""
    (tmp_path / "a.txt").touch()
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert str(tmp_path) in (maybe_open_file(tmp_path / "a.txt") or "")


def test_the_system_is_asked_without_a_shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The program gets the path as one argument."""
    asked: list[list[str]] = []

    def start(command: list[str], **_: object) -> None:
        asked.append(command)

    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr("subprocess.Popen", start)
    path = tmp_path / "a; b.txt"
    path.touch()
    assert maybe_open_file(path) is None
    assert asked == [["xdg-open", str(path)]]


@pytest.mark.parametrize(
    ("url", "opens"),
    [("https://a.b", True), ("HTTP://a.b", True), ("mailto:a@b", True), ("file:///etc/passwd", False), ("x", False)],
)
def test_only_web_and_mail_addresses_are_opened(url: str, opens: bool) -> None:
    """And what no browser takes is told."""
    asked: list[str] = []
    sentence = maybe_open_link(url, lambda wanted: not asked.append(wanted))
    assert (sentence is None) is opens
    assert asked == ([url] if opens else [])
    assert maybe_open_link("https://a.b", lambda _: False) is not None
