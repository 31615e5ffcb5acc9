"""What is installed and offered: the version, the public names, the pinned packages, and the checks of them.

Owns where the version is told, which names each package must offer, and what a lock file must hold. It must never
import what it checks.
Thread: the test's own.
"""

import ast
import configparser
import re
from collections.abc import Iterator
from pathlib import Path

from tests.support.source_tree import PACKAGES, Module, modules_in

# What is pinned beside requirements.lock, each in a file of its own that has all of that one, too.
EXTRA_LOCKS = ("test", "bundle")

PUBLIC_NAMES = {"commonlib": ("__version__",), "tcpipserver": ("Server",), "tcpipclient": ("Client",)}


def version_problems(root: Path) -> list[str]:
    """Whether the version is told once, in commonlib, and the changelog knows it."""
    problems = []
    settings = configparser.ConfigParser()
    settings.read(root / "setup.cfg", encoding="utf-8")
    if settings.get("metadata", "version", fallback="") != "attr: commonlib.__version__":
        problems.append("setup.cfg does not take the version from commonlib")
    version = _assigned(modules_in(root, "commonlib"), "commonlib", "__version__")
    if not re.fullmatch(r"\d+\.\d+\.\d+", version or ""):
        problems.append(f"commonlib.__version__ is {version!r} and not three numbers")
    changes = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## \[(.+?)\]", changes, re.MULTILINE)
    if headings[:1] != ["Unreleased"]:
        problems.append("CHANGELOG.md does not begin with [Unreleased]")
    if headings[1:] and headings[1] != version:
        problems.append(f"CHANGELOG.md has {headings[1]} as its newest version and commonlib has {version}")
    return problems


def export_problems(root: Path) -> list[str]:
    """Whether each package lists exactly its public names, offers what it must, and each name is documented."""
    modules = {module.name: module for module in modules_in(root, *PACKAGES)}
    pages = "\n".join(path.read_text(encoding="utf-8") for path in sorted((root / "docs").glob("*.md")))
    problems = []
    for package in PACKAGES:
        module = modules[package]
        listed = _listed_names(module)
        bound = {name for name in _bound_names(module) if not name.startswith("_")}
        problems += [f"{package} offers {name} without listing it in __all__" for name in sorted(bound - listed)]
        problems += [f"{package} does not offer {name}" for name in PUBLIC_NAMES[package] if name not in listed]
        for name in sorted(name for name in listed if not name.startswith("_")):
            if not _is_documented(modules, package, name):
                problems.append(f"{package}.{name} is not there or has no docstring")
            if not re.search(rf"`[^`\n]*\b{name}\b|^.*import.*\b{name}\b", pages, re.MULTILINE):
                problems.append(f"{package}.{name} is named on no page of docs/")
    return problems


def lock_problems(root: Path) -> list[str]:
    """Whether all lock files pin by digest, agree with each other and with setup.cfg, and name no place."""
    settings = configparser.ConfigParser()
    settings.read(root / "setup.cfg", encoding="utf-8")
    extras = settings["options.extras_require"]
    run, problems = _pins(root / "requirements.lock", settings["options"]["install_requires"] + extras["build"])
    for purpose in EXTRA_LOCKS:
        extra, extra_problems = _pins(root / f"requirements-{purpose}.lock", extras[purpose])
        problems += extra_problems
        differing = [name for name, version in run.items() if extra.get(name) != version]
        problems += [f"{purpose} would not run with the pinned {name}" for name in differing]
    return problems


def _pins(lock: Path, declared: str) -> tuple[dict[str, str], list[str]]:
    """The versions that a lock file pins, and what is wrong with it beside what setup.cfg declares."""
    text = lock.read_text(encoding="utf-8")
    pins = {}
    problems = []
    for entry in re.split(r"\n(?=[^\s#])", text):
        name, _, rest = entry.partition("==")
        if entry.startswith("#"):
            continue
        pins[name] = rest.split()[0]
        if "--hash=sha256:" not in rest:
            problems.append(f"{lock.name} has no digest for {name}")
    if re.search(r"://|(?<![\w.])/\w+/|[A-Za-z]:\\\\", text):
        problems.append(f"{lock.name} names a place, which is another one on another machine")
    wanted = set(re.findall(r"^([A-Za-z0-9._-]+)", declared, re.MULTILINE))
    problems += [f"{lock.name} does not pin {name}, which setup.cfg declares" for name in sorted(wanted - pins.keys())]
    return pins, problems


def _statements(module: Module) -> list[ast.stmt]:
    """The module's own, and what it shows to type checkers alone because it is loaded late."""
    late = [node for node in module.tree.body if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"]
    return [*module.tree.body, *(statement for node in late for statement in node.body)]


def _bound_names(module: Module) -> Iterator[str]:
    for node in _statements(module):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from ((alias.asname or alias.name) for alias in node.names if alias.name != "TYPE_CHECKING")
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))


def _listed_names(module: Module) -> set[str]:
    for node in module.tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return set(ast.literal_eval(node.value))
    return set()


def _assigned(modules: list[Module], name: str, variable: str) -> str | None:
    for module in modules:
        for node in module.tree.body:
            if module.name == name and isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == variable:
                return str(ast.literal_eval(node.value))
    return None


def _is_documented(modules: dict[str, Module], source: str, name: str) -> bool:
    module = modules.get(source)
    if module is None:
        return False
    body = _statements(module)
    for node, following in zip(body, [*body[1:], None], strict=False):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name:
            return bool(ast.get_docstring(node))
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if name in map(ast.unparse, targets):
                return isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant)
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if (alias.asname or alias.name) == name:
                    return _is_documented(modules, node.module or "", alias.name)
    return False
