"""Whether the system is dark is asked once and never fails."""

import subprocess
import sys
from typing import Any

import pytest

from tcpipclient.gui.system_theme import system_is_dark

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps it in the registry")


@pytest.mark.parametrize(
    ("platform", "answer", "dark"),
    [
        ("linux", "'prefer-dark'\n", True),
        ("linux", "'default'\n", False),
        ("darwin", "Dark\n", True),
        ("darwin", "", False),
    ],
)
def test_the_systems_own_answer_counts(monkeypatch: pytest.MonkeyPatch, platform: str, answer: str, dark: bool) -> None:
    """Each system has its own program for it."""

    def run(command: tuple[str, ...], **_: Any) -> "subprocess.CompletedProcess[str]":
        assert command[0] == {"linux": "gsettings", "darwin": "defaults"}[platform]
        return subprocess.CompletedProcess(command, 0, answer)

    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(subprocess, "run", run)
    assert system_is_dark() is dark


@pytest.mark.parametrize("error", [FileNotFoundError(), subprocess.TimeoutExpired("x", 1)])
def test_a_system_that_does_not_answer_is_light(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """Whether the program is missing or hangs."""

    def run(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr(subprocess, "run", run)
    assert system_is_dark() is False
