"""The modules of a command that are kept in one file: found there, and nowhere but where they still are the same."""

import importlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from tcpipclient.kept_modules import KeptModules, file_of
from tests.support.commands import ROOT, SECONDS

PACKAGE = "kept_for_a_test"
NAMES = (f"{PACKAGE}.inner", f"{PACKAGE}.inner.deep", f"{PACKAGE}.plain")


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Of what is kept, not there yet, with a made-up package that can be imported beside it."""
    inner = tmp_path / "place" / PACKAGE / "inner"
    inner.mkdir(parents=True)
    for path in (inner.parent / "__init__.py", inner / "__init__.py", inner / "deep.py", inner.parent / "plain.py"):
        path.write_text("said = 'before'\n", encoding="utf-8")
    monkeypatch.syspath_prepend(inner.parent.parent)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    yield tmp_path / "cache" / "kept"
    forget()


def forget() -> None:
    """Have the package imported anew the next time."""
    for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
        del sys.modules[name]
    importlib.invalidate_caches()


def loaded(file: Path) -> tuple[KeptModules, list[ModuleType]]:
    """All modules of the package, imported as a program does that keeps them in the file."""
    forget()
    kept = KeptModules(file, (f"{PACKAGE}.",))
    sys.meta_path.insert(0, kept)
    modules = [importlib.import_module(name) for name in NAMES]
    sys.meta_path.remove(kept)
    return kept, modules


def origins(modules: list[ModuleType], file: Path) -> list[bool]:
    """Of each, whether it came from the file."""
    return [module.__cached__ == str(file) for module in modules]


def source(module: ModuleType) -> Path:
    """The file that it says it is from."""
    assert module.__file__ is not None
    return Path(module.__file__)


def test_what_was_kept_is_found_the_next_time(file: Path) -> None:
    """It is the same then: names, files, paths of packages, and what is in them."""
    kept, first = loaded(file)
    kept.keep()
    again, second = loaded(file)
    assert (origins(first, file), origins(second, file)) == ([False] * 3, [True] * 3)
    for before, after in zip(first, second, strict=True):
        assert (before.__name__, source(before), before.said) == (after.__name__, source(after), after.said)
        assert getattr(before, "__path__", None) == getattr(after, "__path__", None)
        assert before.__package__ == after.__package__
    modified = file.stat().st_mtime_ns
    os.utime(file, ns=(0, 0))
    again.keep()
    assert modified != file.stat().st_mtime_ns == 0, "nothing new has to be written"


def test_a_source_that_has_changed_is_loaded_itself(file: Path) -> None:
    """And the new one is kept from then on; the others still come from the file."""
    kept, modules = loaded(file)
    kept.keep()
    source(modules[1]).write_text("said = 'afterwards'\n", encoding="utf-8")
    kept, modules = loaded(file)
    assert [module.said for module in modules] == ["before", "afterwards", "before"]
    assert origins(modules, file) == [True, False, True]
    kept.keep()
    _, modules = loaded(file)
    assert [module.said for module in modules] == ["before", "afterwards", "before"]
    assert origins(modules, file) == [True] * 3


def test_a_source_that_is_gone_is_not_found(file: Path) -> None:
    """A module is never there without its source."""
    kept, modules = loaded(file)
    kept.keep()
    source(modules[2]).unlink()
    with pytest.raises(ModuleNotFoundError):
        loaded(file)


def test_a_package_of_another_place_is_not_mistaken(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second copy of the program, that stands before the first on the path, has its own modules."""
    kept, modules = loaded(file)
    kept.keep()
    other = tmp_path / "other"
    source(modules[2]).parent.parent.rename(other)
    other.joinpath(PACKAGE, "plain.py").write_text("said = 'elsewhere'\n", encoding="utf-8")
    monkeypatch.syspath_prepend(other)
    _, modules = loaded(file)
    assert modules[2].said == "elsewhere"
    assert origins(modules, file) == [False] * 3


@pytest.mark.parametrize("content", [b"", b"something else", b"cut"])
def test_a_broken_file_is_passed_over(file: Path, content: bytes) -> None:
    """Everything is loaded as usual, and kept anew."""
    kept, _ = loaded(file)
    kept.keep()
    file.write_bytes(file.read_bytes()[:60] if content == b"cut" else content)
    kept, modules = loaded(file)
    assert origins(modules, file) == [False] * 3
    kept.keep()
    _, modules = loaded(file)
    assert origins(modules, file) == [True] * 3


def test_nothing_is_written_where_nothing_can_be_or_shall_be(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither is an error: without a folder, where a file stands in its place, and where no bytecode is wanted."""
    KeptModules(None).keep()
    kept, _ = loaded(file)
    file.parent.write_bytes(b"")
    kept.keep()
    file.parent.unlink()
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    kept, _ = loaded(file)
    kept.keep()
    assert not file.parent.exists()


def test_where_python_keeps_nothing_neither_do_we(monkeypatch: pytest.MonkeyPatch) -> None:
    """An interpreter may have no folder for compiled modules."""
    assert file_of("roster") is not None
    monkeypatch.setattr(sys.implementation, "cache_tag", None)
    assert file_of("roster") is None


def test_a_command_keeps_its_modules(tmp_path: Path) -> None:
    """Each its own, once it has done its work: not when it fails."""
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(tmp_path)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    program = """
import sys
from tcpipclient import __main__, cli
cli.main = lambda: int(sys.argv[2])
sys.exit(__main__.main())
"""
    for code in ("1", "0"):
        assert not list(tmp_path.rglob("*.roster"))
        command = [sys.executable, "-c", program, "roster", code]
        done = subprocess.run(command, cwd=ROOT, env=environment, timeout=SECONDS, check=False)
        assert done.returncode == int(code)
    assert len(list(tmp_path.rglob("*.roster"))) == 1
