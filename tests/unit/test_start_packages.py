"""What start.py needs of the operating system: for what, how its absence is seen, and what is said about it.

Nothing is installed here. Thread: pytest's main thread.
"""

from pathlib import Path

import pytest

import start_packages
from start_packages import Need, advice, installing, missing, needs_for

HERE = Need("here", "one thing", lambda: True)
GONE = Need("gone", "another thing", lambda: False)
LOST = Need("lost", "a third", lambda: False)


def packages(needs: tuple[Need, ...], *, only_required: bool = False) -> set[str]:
    """What Debian calls them."""
    return {need.package for need in needs if need.is_required or not only_required}


def test_the_demonstration_needs_nothing() -> None:
    """It runs where there is nothing but Python."""
    assert needs_for("demonstration", "linux") == ()
    assert needs_for("demonstration", "win32") == ()


def test_windows_can_do_without_fonts_and_drops() -> None:
    """Without tkinter there is no window; all else is only missed."""
    assert packages(needs_for("windows", "linux"), only_required=True) == {"python3-tk"}
    assert {"libxcursor1", "fonts-dejavu-core"} < packages(needs_for("windows", "linux"))


def test_the_tests_need_all_that_windows_use_a_screen_and_networks() -> None:
    """A test never leaves out what this machine happens to lack."""
    required = packages(needs_for("test", "linux"), only_required=True)
    assert required == packages(needs_for("windows", "linux")) | {"xvfb", "openbox", "xdotool", "iproute2"}


@pytest.mark.parametrize("purpose", ["windows", "test", "bundle"])
@pytest.mark.parametrize("system", ["win32", "darwin"])
def test_other_systems_need_tkinter_alone(purpose: str, system: str) -> None:
    """The rest comes with Python there, or has no meaning."""
    assert packages(needs_for(purpose, system)) == {"python3-tk"}


def test_only_what_is_not_there_is_missing() -> None:
    """In the order in which it was asked for."""
    assert missing([LOST, HERE, GONE]) == [LOST, GONE]


def test_the_commands_ask_nothing_and_bring_no_more() -> None:
    """The list first, then exactly the packages."""
    assert installing([GONE, LOST]) == [
        ["apt-get", "update"],
        ["apt-get", "install", "--yes", "--no-install-recommends", "gone", "lost"],
    ]


@pytest.mark.parametrize(
    ("debian", "said"),
    [(True, "sudo apt-get update && sudo apt-get install gone lost"), (False, "Debian calls them gone lost")],
)
def test_the_advice_names_purposes_and_packages(debian: bool, said: str) -> None:
    """A user on Debian can copy the command; elsewhere he knows what to look for."""
    advised = advice([GONE, LOST], debian)
    assert said in advised
    assert "another thing, a third" in advised


def test_fonts_are_looked_for_in_all_folders_of_the_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Any will do as letters; emoji have one of their own."""
    monkeypatch.setattr(start_packages, "FONTS", tmp_path)
    letters, emoji = (need for need in needs_for("windows", "linux") if need.package.startswith("fonts-"))
    assert not letters.is_there()
    (tmp_path / "truetype" / "some").mkdir(parents=True)
    (tmp_path / "truetype" / "some" / "Letters.ttf").touch()
    assert letters.is_there()
    assert not emoji.is_there()
    (tmp_path / "truetype" / "SomeColorEmoji.ttf").touch()
    assert emoji.is_there()


@pytest.mark.parametrize("command", ["Xvfb", "xdotool", "openbox"])
def test_commands_are_looked_for_where_the_system_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """In PATH, by the name under which they are run."""
    need = next(need for need in needs_for("test", "linux") if need.package == command.lower())
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not need.is_there()
    (tmp_path / command).touch(mode=0o755)
    assert need.is_there()


def test_only_root_on_debian_installs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both must hold."""
    monkeypatch.setattr(start_packages, "is_debian", lambda: True)
    monkeypatch.setattr("os.geteuid", lambda: 1000, raising=False)
    assert not start_packages.may_install()
    monkeypatch.setattr("os.geteuid", lambda: 0, raising=False)
    assert start_packages.may_install()
    monkeypatch.setattr(start_packages, "is_debian", lambda: False)
    assert not start_packages.may_install()
