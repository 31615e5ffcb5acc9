"""The project's Python files as the structure tests see them: paths, module names and parsed code.

Owns which folders belong to the project, how a path becomes a module's name, and what was parsed already. It must never
import what it reads: a broken module is still looked at.
Thread: the test's own.
"""

import ast
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PACKAGES = ("commonlib", "tcpipserver", "tcpipclient")
BESIDE_THE_PACKAGES = ("examples", "tests")


@dataclass(frozen=True, slots=True)
class Module:
    """One Python file: where it is (relative to the root), its dotted name, its text and its syntax tree."""

    path: Path
    name: str
    text: str
    tree: ast.Module

    @property
    def package(self) -> str:
        """The first part of the name, such as "commonlib"; the name itself for a file at the top."""
        return self.name.partition(".")[0]

    @property
    def is_package(self) -> bool:
        """Whether the file is a package's `__init__.py`."""
        return self.path.name == "__init__.py"


def modules_in(root: Path, *folders: str) -> list[Module]:
    """Read every Python file below the folders of `root`, in the order of their paths."""
    paths = sorted(path for folder in folders for path in (root / folder).rglob("*.py"))
    with _no_collecting():
        return [read_module(root, path) for path in paths]


def all_modules(root: Path) -> list[Module]:
    """Read every Python file of the project: the packages, the tests, the examples and what lies at the top."""
    at_the_top = [read_module(root, path) for path in sorted(root.glob("*.py"))]
    return at_the_top + modules_in(root, *PACKAGES, *BESIDE_THE_PACKAGES)


def read_module(root: Path, path: Path) -> Module:
    """Read one file. Raises SyntaxError when it is no Python."""
    relative = path.relative_to(root)
    text = path.read_text(encoding="utf-8")
    parts = relative.with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    return Module(relative, name, text, _parsed(relative.as_posix(), text))


def forget_all() -> None:
    """Let go of what was parsed: that of the whole project takes some 200 MiB."""
    _parsed.cache_clear()


@cache
def _parsed(path: str, text: str) -> ast.Module:
    """The same text is parsed once for all rules, none of which changes it."""
    return ast.parse(text, path)


@contextmanager
def _no_collecting() -> Iterator[None]:
    """The collector would go through all the growing trees again and again, and find nothing."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def imported_names(module: Module) -> Iterator[tuple[int, str, str | None]]:
    """Every import of a module, at its top or inside a function: line, imported module, and the name taken from it.

    The name is None for `import module`. A relative import is told from the root of its package.
    """
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name, None
        elif isinstance(node, ast.ImportFrom):
            source = _absolute(module, node)
            for alias in node.names:
                yield node.lineno, source, alias.name


def _absolute(module: Module, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    parts = module.name.split(".")
    up = node.level - 1 if module.is_package else node.level
    base = parts[: len(parts) - up]
    return ".".join([*base, node.module] if node.module else base)
