"""What is known of this machine: its firewall from what lies about, its colours from what the system answers."""

import subprocess
from pathlib import Path

import pytest

from tcpipserver.gui import machine
from tcpipserver.gui.firewall import FirewallKind


@pytest.fixture(autouse=True)
def _linux_with_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(machine, "_PLATFORM", "linux")
    monkeypatch.setattr(machine, "_UFW_SETTINGS", tmp_path / "ufw.conf")
    monkeypatch.setattr(machine, "_FIREWALLD_RUNS", tmp_path / "firewalld.pid")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")


def answering(monkeypatch: pytest.MonkeyPatch, answer: str | Exception, code: int = 0) -> list[list[str]]:
    """Have every program be there and answer this; returns what is asked."""
    asked: list[list[str]] = []

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        asked.append(command)
        if isinstance(answer, Exception):
            raise answer
        return subprocess.CompletedProcess(command, code, answer, "")

    monkeypatch.setattr(machine.shutil, "which", lambda name: f"/bin/{name}")
    monkeypatch.setattr(machine.subprocess, "run", run)
    return asked


def test_each_system_has_its_firewall(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows and macOS always have one; on Linux nothing is claimed without a sign."""
    assert machine.find_firewall().kind is FirewallKind.NONE_FOUND
    monkeypatch.setattr(machine, "_PLATFORM", "win32")
    assert machine.find_firewall().kind is FirewallKind.WINDOWS
    monkeypatch.setattr(machine, "_PLATFORM", "darwin")
    assert machine.find_firewall().kind is FirewallKind.MACOS
    assert Path(machine.find_firewall().program).is_file()


@pytest.mark.parametrize(("setting", "is_active"), [("ENABLED=yes", True), ("ENABLED=no", False)])
def test_ufw_is_known_by_its_settings(tmp_path: Path, setting: str, is_active: bool) -> None:
    """It is installed and perhaps off."""
    (tmp_path / "ufw.conf").write_text(f"# comment\n{setting}\n")
    found = machine.find_firewall()
    assert (found.kind, found.is_active) == (FirewallKind.UFW, is_active)


def test_firewalld_is_known_by_running(tmp_path: Path) -> None:
    """It goes before ufw, which may lie about unused."""
    (tmp_path / "firewalld.pid").touch()
    (tmp_path / "ufw.conf").touch()
    found = machine.find_firewall()
    assert (found.kind, found.is_active) == (FirewallKind.FIREWALLD, True)


@pytest.mark.parametrize(
    ("platform", "answer", "code", "is_dark"),
    [
        ("linux", "'prefer-dark'\n", 0, True),
        ("linux", "'default'\n", 0, False),
        ("linux", "", 1, None),
        ("darwin", "Dark\n", 0, True),
        ("darwin", "", 1, False),
        ("freebsd13", "'prefer-dark'", 0, None),
        ("win32", "", 0, None),
    ],
)
def test_the_system_says_whether_it_is_dark(
    monkeypatch: pytest.MonkeyPatch, platform: str, answer: str, code: int, is_dark: bool | None
) -> None:
    """As far as it can be asked; the registry of Windows is not on this machine."""
    monkeypatch.setattr(machine, "_PLATFORM", platform)
    answering(monkeypatch, answer, code)
    if platform != "win32" or not hasattr(subprocess, "STARTUPINFO"):
        assert machine.prefers_dark() is is_dark


@pytest.mark.parametrize("error", [OSError("made up"), subprocess.TimeoutExpired("gsettings", 1)])
def test_a_system_that_does_not_answer_is_not_known(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """The window must not wait for it, nor fail."""
    answering(monkeypatch, error)
    assert machine.prefers_dark() is None


def test_without_a_session_nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The question alone would start one."""
    asked = answering(monkeypatch, "'prefer-dark'")
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS")
    assert machine.prefers_dark() is None
    assert asked == []


def test_without_the_program_nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not every desktop has it."""
    asked = answering(monkeypatch, "'prefer-dark'")
    monkeypatch.setattr(machine.shutil, "which", lambda _: None)
    assert machine.prefers_dark() is None
    assert asked == []
