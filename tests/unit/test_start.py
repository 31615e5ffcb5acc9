"""What start.py decides: when to make the environment anew, when to install, what to say when it cannot.

Nothing is downloaded here; environments are made without pip. Thread: pytest's main thread.
"""

import ast
import json
import os
import sys
import sysconfig
import venv
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

import start
from start_packages import Need

THIS_PYTHON = sys.version_info[:2]
NEXT_PYTHON = (THIS_PYTHON[0], THIS_PYTHON[1] + 1)


class Commands:
    """Stands in for start.run_to_end: notes the commands and answers each with the exit code it was given."""

    def __init__(self) -> None:
        self.run: list[list[str]] = []
        self.codes: dict[str, int] = {}

    def __call__(self, command: Sequence[str | Path], environment: dict[str, str] | None = None) -> int:
        """Note the command; the code is that of the first word in `codes` that the command has, else 0."""
        self.run.append([str(part) for part in command])
        return next((code for word, code in self.codes.items() if word in self.run[-1]), 0)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project in a path with a space, whose files start.py reads and where nothing is installed yet."""
    root = tmp_path / "a project"
    locks = {"run": "requirements.lock", "test": "requirements-test.lock", "bundle": "requirements-bundle.lock"}
    for name in (*locks.values(), "setup.cfg", "__init__.py"):
        root.mkdir(exist_ok=True)
        (root / name).write_text(f"{name}\n")
    monkeypatch.setattr(start, "ROOT", root)
    monkeypatch.setattr(start, "ENVIRONMENT", root / ".venv")
    monkeypatch.setattr(start, "RECORD", root / ".venv" / "start-record.json")
    monkeypatch.setattr(start, "LOCKS", {purpose: root / name for purpose, name in locks.items()})
    monkeypatch.setattr(start, "needs_for", lambda _purpose: ())
    monkeypatch.setattr(start, "has_display", lambda _environment: False)
    monkeypatch.setattr(start, "DESCRIPTION", (root / "setup.cfg", root / "__init__.py"))
    return root


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> Commands:
    """What start.py would have run; nothing is."""
    stand_in = Commands()
    monkeypatch.setattr(start, "run_to_end", stand_in)
    return stand_in


@pytest.fixture
def sound_environment(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An environment that is there and answers as this Python does."""
    environment = project / ".venv"
    environment.mkdir()
    (environment / "pyvenv.cfg").write_text("")
    monkeypatch.setattr(start, "version_inside", lambda _environment: THIS_PYTHON)
    return environment


@pytest.mark.parametrize(("version", "too_old"), [((3, 6), True), ((3, 10), True), ((3, 11), False), ((4, 0), False)])
def test_an_old_python_is_told_what_is_needed(version: tuple[int, int], too_old: bool) -> None:
    """Below 3.11 there is a sentence with both versions, from 3.11 on there is none."""
    problem = start.python_problem(version)
    assert (problem is not None) is too_old
    assert problem is None or ("3.11 or newer" in problem and f"this is {version[0]}.{version[1]}" in problem)


def test_an_old_python_can_read_start_py_up_to_that_sentence() -> None:
    """The file has no syntax that Python 3.6, the oldest with the strings it uses, would refuse."""
    text = Path(start.__file__).read_text(encoding="utf-8")
    before_the_sentence = ast.parse(text, feature_version=(3, 6)).body
    assert any("python_problem" in ast.unparse(node) for node in before_the_sentence if isinstance(node, ast.If))


@pytest.mark.parametrize("argument", ["tests", "--port", "Test", "bundle here"])
def test_unknown_words_are_wrong_use(argument: str, commands: Commands, capsys: pytest.CaptureFixture[str]) -> None:
    """Anything but "test", a bare "bundle" or a cry for help prints the usage, does nothing and exits with 2."""
    assert start.main(argument.split()) == 2
    assert "usage: python3 start.py" in capsys.readouterr().err
    assert commands.run == []


def test_help_is_given_without_doing_anything(commands: Commands, capsys: pytest.CaptureFixture[str]) -> None:
    """--help prints the usage and exits with 0."""
    assert start.main(["--help"]) == 0
    assert "start.py test" in capsys.readouterr().out
    assert commands.run == []


def test_windows_are_what_is_shown_on_a_display(
    sound_environment: Path, commands: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bare start.py installs the run lock and opens both windows with the environment's Python."""
    monkeypatch.setattr(start, "has_display", lambda _environment: True)
    assert start.main([]) == 0
    python = str(start.python_inside(sound_environment))
    assert commands.run[-1] == [python, str(start.TWO_WINDOWS)]
    assert start.TWO_WINDOWS.is_file()
    assert str(start.LOCKS["run"]) in commands.run[0]


@pytest.mark.parametrize(
    ("system", "variables", "can_show"),
    [
        ("linux", {"DISPLAY": ":0"}, True),
        ("linux", {"DISPLAY": ""}, False),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, False),
        ("win32", {}, True),
        ("darwin", {}, True),
    ],
)
def test_a_display_is_known_by_its_variable(system: str, variables: dict[str, str], can_show: bool) -> None:
    """Where windows are X11's they need DISPLAY; Windows and macOS have a display of their own."""
    assert start.has_display(variables, system) is can_show


def test_without_a_display_the_demonstration_runs(
    sound_environment: Path, commands: Commands, capsys: pytest.CaptureFixture[str]
) -> None:
    """Bare start.py says that there is none, installs the run lock and runs the demonstration instead."""
    assert start.main([]) == 0
    assert "no display" in capsys.readouterr().out
    python = str(start.python_inside(sound_environment))
    assert commands.run[-1] == [python, str(start.DEMONSTRATION)]
    assert start.DEMONSTRATION.is_file()
    assert str(start.LOCKS["run"]) in commands.run[0]


def test_arguments_after_test_go_to_pytest(sound_environment: Path, commands: Commands) -> None:
    """`start.py test` installs the test lock, runs pytest with the rest as it is, and exits with its code."""
    commands.codes["pytest"] = 5
    assert start.main(["test", "-k", "two words"]) == 5
    python = str(start.python_inside(sound_environment))
    assert commands.run[-1] == [python, "-m", "pytest", "-k", "two words"]
    assert str(start.LOCKS["test"]) in commands.run[0]


def test_bundles_are_built_by_the_environments_pyinstaller(sound_environment: Path, commands: Commands) -> None:
    """`start.py bundle` installs the bundle lock and hands the one recipe to PyInstaller, which asks nothing."""
    assert start.main(["bundle"]) == 0
    python = str(start.python_inside(sound_environment))
    assert commands.run[-1] == [python, "-m", "PyInstaller", "--noconfirm", str(start.BUNDLES)]
    assert str(start.LOCKS["bundle"]) in commands.run[0]


@pytest.mark.parametrize("purpose", ["test", "bundle"])
def test_the_system_comes_before_the_environment(
    project: Path, commands: Commands, monkeypatch: pytest.MonkeyPatch, purpose: str
) -> None:
    """When the operating system lacks something that we may not install, nothing else is begun."""
    monkeypatch.setattr(start, "may_install", lambda: False)
    monkeypatch.setattr(start, "has_display", lambda _environment: False)
    monkeypatch.setattr(start, "needs_for", lambda asked: [Need(f"for-{asked}", "all", lambda: False)])
    assert start.main([purpose]) == 1
    assert not (project / ".venv").exists()
    assert commands.run == []


def test_packages_are_installed_by_digest_and_the_project_without_a_network(
    sound_environment: Path, commands: Commands
) -> None:
    """The lock is installed with its digests required; the project in place, alone, from what is there."""
    start.prepare("run")
    packages, project = commands.run
    assert packages[-3:] == ["--require-hashes", "--requirement", str(start.LOCKS["run"])]
    assert {"--no-deps", "--no-index", "--no-build-isolation"} < set(project)
    assert project[-2:] == ["--editable", str(start.ROOT)]


def test_what_is_installed_is_not_installed_again(sound_environment: Path, commands: Commands) -> None:
    """A second run with unchanged files starts no pip; each purpose is noted on its own."""
    start.prepare("run")
    commands.run.clear()
    start.prepare("run")
    assert commands.run == []
    start.prepare("test")
    assert len(commands.run) == 2
    commands.run.clear()
    start.prepare("run")
    start.prepare("test")
    assert commands.run == []


@pytest.mark.parametrize("changed", ["requirements.lock", "setup.cfg", "__init__.py"])
def test_a_change_of_what_is_installed_installs_again(
    project: Path, sound_environment: Path, commands: Commands, changed: str
) -> None:
    """The lock file, the project's description and its version are what the note depends upon."""
    start.prepare("run")
    commands.run.clear()
    (project / changed).write_text("something else\n")
    start.prepare("run")
    assert len(commands.run) == 2


def test_a_failed_installation_is_not_noted(
    sound_environment: Path, commands: Commands, capsys: pytest.CaptureFixture[str]
) -> None:
    """When pip fails there is a sentence and exit code 1, and the next run installs again."""
    commands.codes["--require-hashes"] = 1
    assert start.main([]) == 1
    assert "could not be installed" in capsys.readouterr().err
    commands.codes.clear()
    commands.run.clear()
    assert start.main([]) == 0
    assert len(commands.run) == 3


def test_a_missing_lock_file_is_told(
    project: Path, sound_environment: Path, commands: Commands, capsys: pytest.CaptureFixture[str]
) -> None:
    """A clone that lacks a file ends with a sentence that names it."""
    (project / "requirements.lock").unlink()
    assert start.main([]) == 1
    assert "requirements.lock cannot be read" in capsys.readouterr().err


def test_an_environment_that_is_not_there_is_made(tmp_path: Path) -> None:
    """No folder, or an empty one, is a reason to make it."""
    assert start.rebuild_reason(tmp_path / "none", {}, THIS_PYTHON) == "is not there yet"
    (tmp_path / "empty").mkdir()
    assert start.rebuild_reason(tmp_path / "empty", {}, THIS_PYTHON) == "is empty"


def test_a_folder_of_somebody_elses_is_not_touched(
    project: Path, commands: Commands, capsys: pytest.CaptureFixture[str]
) -> None:
    """Something that is no virtual environment in its place stops us with a sentence, and stays as it is."""
    (project / ".venv").mkdir()
    (project / ".venv" / "letter.txt").write_text("dear")
    assert start.main([]) == 1
    assert "is not a virtual environment" in capsys.readouterr().err
    assert (project / ".venv" / "letter.txt").read_text() == "dear"
    assert commands.run == []


def test_a_real_environment_is_used_unless_it_is_broken_older_or_moved(tmp_path: Path) -> None:
    """An environment whose Python answers is kept; without its interpreter, under an older one, or moved it is not."""
    environment = tmp_path / "with space"
    venv.create(environment, symlinks=os.name != "nt")
    packages = Path(sysconfig.get_path("purelib", "venv", {"base": str(environment)}))
    (packages / "pip.py").touch()
    here = {"place": str(environment)}
    assert start.rebuild_reason(environment, {}, THIS_PYTHON) is None
    assert start.rebuild_reason(environment, here, THIS_PYTHON) is None
    assert start.rebuild_reason(environment, here, (3, 0)) is None
    assert start.rebuild_reason(environment, here, NEXT_PYTHON) == "has an older Python than this one"
    assert start.rebuild_reason(environment, {"place": "/before"}, THIS_PYTHON) == "was made in another place"
    start.python_inside(environment).unlink()
    assert start.rebuild_reason(environment, here, THIS_PYTHON) == "does not work any more"


def test_an_environment_without_pip_does_not_work(tmp_path: Path) -> None:
    """An environment left half made, before pip came into it, is made anew."""
    venv.create(tmp_path / "half", symlinks=os.name != "nt")
    assert start.rebuild_reason(tmp_path / "half", {}, THIS_PYTHON) == "does not work any more"


@pytest.mark.parametrize("text", ["", "{", "[1]", "null"])
def test_an_illegible_note_counts_as_none(tmp_path: Path, text: str) -> None:
    """Whatever stands in the note, at worst everything is installed again."""
    (tmp_path / "note").write_text(text)
    assert start.recorded(tmp_path / "note") == {}
    assert start.recorded(tmp_path / "not there") == {}


def test_the_note_tells_the_place(sound_environment: Path, commands: Commands) -> None:
    """The note says where the environment was made, so that a moved one is seen."""
    start.prepare("run")
    assert json.loads(start.RECORD.read_text())["place"] == str(sound_environment)


@pytest.mark.parametrize(("system", "path"), [("posix", "bin/python"), ("nt", "Scripts/python.exe")])
def test_the_interpreter_is_where_the_system_puts_it(system: str, path: str) -> None:
    """Windows has another place for it than all others."""
    assert start.python_inside(Path("e"), system) == Path("e") / path


@pytest.fixture
def lacking(monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[Need, Need]]:
    """Makes two needs that the machine lacks, `may` we install them or not, and until `installed` they stay so."""

    def make(*, may: bool, debian: bool = True, appears: bool = True) -> tuple[Need, Need]:
        answers = iter([False, False, appears, True])
        monkeypatch.setattr(start, "may_install", lambda: may)
        monkeypatch.setattr(start, "is_debian", lambda: debian)
        return (
            Need("xvfb", "a screen", lambda: next(answers)),
            Need("fonts-some", "letters", lambda: next(answers), is_required=False),
        )

    return make


def test_what_is_missing_is_installed_where_we_may(
    lacking: Callable[..., tuple[Need, Need]], commands: Commands
) -> None:
    """As root on Debian the packages are installed, all at once; what is there already is left alone."""
    start.provide([Need("openbox", "moving windows", lambda: True), *lacking(may=True)])
    assert commands.run == [
        ["apt-get", "update"],
        ["apt-get", "install", "--yes", "--no-install-recommends", "xvfb", "fonts-some"],
    ]


@pytest.mark.parametrize("debian", [True, False])
def test_what_is_missing_is_named_where_we_may_not(
    lacking: Callable[..., tuple[Need, Need]], commands: Commands, debian: bool
) -> None:
    """Otherwise nothing is run, and the sentence has every package."""
    with pytest.raises(start.StartError, match="xvfb fonts-some"):
        start.provide(lacking(may=False, debian=debian))
    assert commands.run == []


def test_what_can_be_done_without_is_only_told(
    lacking: Callable[..., tuple[Need, Need]], commands: Commands, capsys: pytest.CaptureFixture[str]
) -> None:
    """A missing font is worth a sentence, and we go on."""
    start.provide(lacking(may=False)[1:])
    assert "fonts-some" in capsys.readouterr().out
    assert commands.run == []


def test_installing_stops_at_the_first_failure(lacking: Callable[..., tuple[Need, Need]], commands: Commands) -> None:
    """When a command fails the sentence names it, and what would come after it is not run."""
    commands.codes["update"] = 100
    with pytest.raises(start.StartError, match="'apt-get update' failed"):
        start.provide(lacking(may=True))
    assert commands.run == [["apt-get", "update"]]


def test_what_stays_missing_is_told(lacking: Callable[..., tuple[Need, Need]], commands: Commands) -> None:
    """The package may have gone to another Python than the one that runs; then the system's own is the way."""
    with pytest.raises(start.StartError, match=r"a screen\. Run start.py with the system's own python3"):
        start.provide(lacking(may=True, appears=False))


def test_an_environment_that_cannot_be_made_is_told(
    project: Path, commands: Commands, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """When `venv` fails, nothing is installed and the sentence names the folder."""
    monkeypatch.setattr(start, "VENV", ())
    commands.codes["venv"] = 1
    assert start.main([]) == 1
    assert f"{project / '.venv'} could not be made" in capsys.readouterr().err
    assert len(commands.run) == 1


def test_its_own_environment_is_not_pulled_from_under_it(
    project: Path, commands: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    """start.py run by the environment's Python does not delete that environment."""
    monkeypatch.setattr(sys, "prefix", str(project / ".venv"))
    with pytest.raises(start.StartError, match="system's Python"):
        start.make_environment("is old")
    assert commands.run == []
