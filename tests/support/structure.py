"""The rules that the project's files keep, and the checks of them: each returns what is wrong, as sentences.

Owns the limits of size, the words a module must open with, and where a module's tests are looked for. Who may import
whom is told in import_rules.py, what the packages offer in packaging_rules.py. It must never import what it checks.
Thread: the test's own.
"""

import ast
import re
from pathlib import Path

from tests.support.source_tree import PACKAGES, Module, all_modules, modules_in

MOST_LINES = 400
MOST_LINES_OF_A_FUNCTION = 70

# Names that say nothing about what a file owns.
EMPTY_NAMES = {"base", "common", "helper", "helpers", "manager", "misc", "stuff", "tools", "util", "utils"}

# A module's tests are in tests/**/test_<module>.py, or with as much of the dotted name before it as tells it from
# others: tcpipserver.net.reader has test_reader.py, test_net_reader.py, test_server_reader.py or the whole of it,
# test_server_net_reader.py. Where two packages have a module of that name, the test file's name or its folder must
# tell the package.
SHORT_NAMES = {"commonlib": "common", "tcpipserver": "server", "tcpipclient": "client"}

# The few that are tested elsewhere: the module, and the file that tests it.
TESTED_ELSEWHERE: dict[str, str] = {}


def size_problems(root: Path) -> list[str]:
    """Files and functions that are too long: there is a second thing in them."""
    problems = []
    for module in all_modules(root):
        lines = module.text.count("\n")
        if lines > MOST_LINES:
            problems.append(f"{module.path.as_posix()} has {lines} lines; {MOST_LINES} are the limit")
        for node in ast.walk(module.tree):
            if isinstance(node, ast.FunctionDef) and module.package != "tests":
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > MOST_LINES_OF_A_FUNCTION:
                    problems.append(f"{module.path.as_posix()}:{node.lineno} {node.name} has {length} lines")
    return problems


def name_problems(root: Path) -> list[str]:
    """Files whose name does not say what they own."""
    return [
        f"{module.path.as_posix()} has a name that says nothing"
        for module in all_modules(root)
        if EMPTY_NAMES & set(module.path.stem.split("_"))
    ]


def docstring_problems(root: Path) -> list[str]:
    """Modules that do not open with what they own, in two lines or more, and with their thread or "Pure".

    A file of tests owes only a docstring: its tests say the rest.
    """
    problems = []
    for module in all_modules(root):
        told = ast.get_docstring(module.tree) or ""
        lines = [line for line in told.splitlines() if line.strip()]
        is_tests = module.package == "tests" and module.path.stem.startswith("test_")
        if len(lines) < (1 if is_tests else 2):
            problems.append(f"{module.path.as_posix()} does not say what it owns and must never do")
        elif module.package in PACKAGES and not re.search(r"\b[Tt]hreads?\b|\bPure\b", told):
            problems.append(f"{module.path.as_posix()} does not say which thread runs it, or that it is Pure")
    return problems


def untested_modules(root: Path) -> list[str]:
    """Modules of the packages that have no test file by the convention above, and entries for what is not there."""
    modules = modules_in(root, *PACKAGES)
    tests = [path.relative_to(root) for path in sorted((root / "tests").rglob("test_*.py"))]
    shared = _shared_names(modules)
    problems = []
    for module in modules:
        if module.name in TESTED_ELSEWHERE or not _has_something_to_test(module):
            continue
        if not any(_tests(path, module, shared) for path in tests):
            problems.append(f"{module.path.as_posix()} has no test file such as tests/unit/test_{_last(module)}.py")
    for name, test in TESTED_ELSEWHERE.items():
        if not (root / test).is_file() or name not in {module.name for module in modules}:
            problems.append(f"TESTED_ELSEWHERE names {name} and {test}, and one of them is not there")
    return problems


def _has_something_to_test(module: Module) -> bool:
    """False for a module that only declares values and Protocols: those are tested where they are used."""
    return any(isinstance(node, ast.FunctionDef) and not _is_declared_only(node) for node in ast.walk(module.tree))


def _is_declared_only(function: ast.FunctionDef) -> bool:
    """Whether a docstring is all of its body, as in a Protocol."""
    return len(function.body) == 1 and ast.get_docstring(function) is not None


def _last(module: Module) -> str:
    return module.name.rpartition(".")[2].strip("_")


def _shared_names(modules: list[Module]) -> set[str]:
    seen: dict[str, set[str]] = {}
    for module in modules:
        seen.setdefault(_last(module), set()).add(module.package)
    return {name for name, packages in seen.items() if len(packages) > 1}


def _tests(path: Path, module: Module, shared: set[str]) -> bool:
    parts = [part.strip("_") for part in module.name.split(".")]
    short = [SHORT_NAMES[parts[0]], *parts[1:]]
    names = {"test_" + "_".join(form[start:]) for form in (parts, short) for start in range(len(form))}
    # The room may be left out: test_server_reader.py for tcpipserver.net.reader.
    names |= {f"test_{form[0]}_{form[-1]}" for form in (parts, short)}
    if path.stem not in names:
        return False
    if _last(module) not in shared:
        return True
    packages = {parts[0], short[0]}
    return bool(packages & set(path.parts)) or path.stem.split("_")[1] in packages
