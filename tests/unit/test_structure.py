"""The project keeps its own rules of structure, and each rule is able to fail.

The first test runs every rule on the project. The others feed each rule a small made-up project with one fault in it
and with none. Thread: pytest's main thread.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.import_rules import import_problems, room_of
from tests.support.packaging_rules import export_problems, lock_problems, version_problems
from tests.support.source_tree import forget_all
from tests.support.structure import docstring_problems, name_problems, size_problems, untested_modules

ROOT = Path(__file__).resolve().parents[2]

DOCSTRING = '"""Owns something.\n\nPure: any thread.\n"""\n'

RULES = (
    import_problems,
    size_problems,
    name_problems,
    docstring_problems,
    untested_modules,
    version_problems,
    export_problems,
    lock_problems,
)


@pytest.fixture(autouse=True, scope="module")
def _nothing_is_kept() -> Iterator[None]:
    """What was parsed for these tests goes with the last of them."""
    yield
    forget_all()


def made_up(root: Path, files: dict[str, str]) -> Path:
    """A project of the given files (path to text) in a folder, which is returned."""
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return root


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_project_keeps_its_rules(rule: Callable[[Path], list[str]]) -> None:
    """No rule finds anything in the project as it is."""
    assert rule(ROOT) == []


ALLOWED_IMPORTS = [
    ("commonlib/a.py", "import struct"),
    ("commonlib/a.py", "from commonlib.b import C"),
    ("commonlib/a.py", "from pathlib import PurePosixPath"),
    ("commonlib/wire/a.py", "import msgspec"),
    ("commonlib/wire/tls.py", "import ssl"),
    ("commonlib/wire/proof.py", "def f():\n    from cryptography.x509 import Name"),
    ("commonlib/wire/join.py", "from spake2 import SPAKE2_A"),
    ("commonlib/storage/a.py", "import os, ssl, cryptography"),
    ("commonlib/storage/a.py", "from commonlib.b import C"),
    ("tcpipserver/net/a.py", "from commonlib.storage.b import C"),
    ("tcpipserver/hub/a.py", "from commonlib.b import C"),
    ("tcpipserver/hub/a.py", "from tcpipserver.hub import b"),
    ("tcpipserver/dialects/a.py", "from tcpipserver.hub.b import C"),
    ("tcpipserver/net/a.py", "import socket, threading"),
    ("tcpipserver/net/a.py", "from tcpipserver.dialects.b import C"),
    ("tcpipserver/service.py", "from tcpipserver.net.b import C"),
    ("tcpipserver/config.py", "from tcpipserver.net.b import C"),
    ("tcpipserver/cli.py", "import platformdirs"),
    ("tcpipserver/__main__.py", "from tcpipserver.cli import main"),
    ("tcpipserver/cli.py", "from rich.console import Console"),
    ("tcpipserver/gui/window.py", "import tkinter"),
    ("tcpipclient/net/a.py", "from tcpipclient.core.b import C"),
    ("tcpipclient/net/a.py", "from tcpipclient.folder import Folder"),
    ("tcpipclient/config.py", "from commonlib.conflict import Conflict"),
    ("tcpipclient/folder.py", "from tcpipclient.placement import place"),
    ("tcpipclient/cli_progress.py", "import rich.progress"),
    ("tcpipclient/gui/presenter_people.py", "from tcpipclient.gui.view import PeopleView"),
    ("tcpipclient/gui/presenter.py", "from commonlib.printable import printable"),
    ("examples/a.py", "from tcpipclient import Client"),
]

FORBIDDEN_IMPORTS = [
    ("commonlib/a.py", "import socket"),
    ("commonlib/a.py", "import time"),
    ("commonlib/a.py", "import os.path"),
    ("commonlib/a.py", "import logging"),
    ("commonlib/a.py", "import random"),
    ("commonlib/a.py", "import rich"),
    ("commonlib/a.py", "from pathlib import Path"),
    ("commonlib/a.py", "import pathlib"),
    ("commonlib/a.py", "from tcpipserver.hub.b import C"),
    ("commonlib/a.py", "def f():\n    import threading"),
    ("commonlib/a.py", "from tests.support import b"),
    ("commonlib/a.py", "import msgspec"),
    ("commonlib/a.py", "from commonlib.storage.b import C"),
    ("commonlib/wire/a.py", "import ssl"),
    ("commonlib/wire/a.py", "import cryptography"),
    ("commonlib/wire/tls.py", "import socket"),
    ("commonlib/wire/proof.py", "from commonlib.storage import b"),
    ("commonlib/wire/proof.py", "from commonlib import storage"),
    ("commonlib/storage/a.py", "from tcpipserver.net.b import C"),
    ("tcpipserver/hub/a.py", "from commonlib.storage.b import C"),
    ("tcpipserver/net/a.py", "import cryptography"),
    ("tcpipserver/hub/a.py", "import queue"),
    ("tcpipserver/hub/a.py", "import secrets"),
    ("tcpipserver/hub/a.py", "from tcpipserver.dialects.b import C"),
    ("tcpipserver/hub/a.py", "from tcpipserver.net.b import C"),
    ("tcpipserver/hub/a.py", "from tcpipserver.config import Config"),
    ("tcpipserver/dialects/a.py", "import ssl"),
    ("tcpipserver/dialects/a.py", "from tcpipserver import net"),
    ("tcpipserver/net/a.py", "from tcpipserver.service import Service"),
    ("tcpipserver/net/a.py", "from tcpipserver.config import ServerConfig"),
    ("tcpipserver/config.py", "import platformdirs"),
    ("tcpipserver/net/a.py", "from tcpipserver import Server"),
    ("tcpipserver/net/a.py", "from tcpipclient.core.b import C"),
    ("tcpipserver/net/a.py", "import rich"),
    ("tcpipserver/net/a.py", "import tkinter"),
    ("tcpipserver/net/a.py", "from ..service import Service"),
    ("tcpipserver/service.py", "from tcpipserver.cli import main"),
    ("tcpipserver/service.py", "from tcpipserver import cli"),
    ("tcpipserver/service.py", "from tcpipserver.gui.window import Window"),
    ("tcpipserver/clips.py", "import rich"),
    ("tcpipserver/cli.py", "import tcpipclient"),
    ("tcpipclient/core/a.py", "import subprocess"),
    ("tcpipclient/core/a.py", "import selectors"),
    ("tcpipclient/core/a.py", "from tcpipclient.folder import Folder"),
    ("tcpipclient/folder.py", "from tcpipclient.net.a import B"),
    ("tcpipclient/folder.py", "from tcpipclient.core.a import B"),
    ("tcpipclient/config.py", "from tcpipclient.net.a import B"),
    ("tcpipclient/net/a.py", "from tcpipclient.handles import Handle"),
    ("tcpipclient/cli.py", "from tcpipserver import Server"),
    ("tcpipclient/cli.py", "import tkinter.ttk"),
    ("tcpipclient/folder.py", "import unknown_package"),
    ("tcpipclient/gui/presenter.py", "import tkinter"),
    ("tcpipclient/gui/presenter_people.py", "import time"),
    ("tcpipclient/gui/presenter_people.py", "from tcpipclient.gui.connector import Connector"),
    ("examples/a.py", "from tcpipclient.core.b import C"),
]


@pytest.mark.parametrize(("path", "text"), ALLOWED_IMPORTS)
def test_an_import_along_the_way_is_allowed(tmp_path: Path, path: str, text: str) -> None:
    """Imports towards commonlib, and what a room's own work needs, are no problem."""
    assert import_problems(made_up(tmp_path, {path: text})) == []


@pytest.mark.parametrize(("path", "text"), FORBIDDEN_IMPORTS)
def test_an_import_against_the_way_is_found(tmp_path: Path, path: str, text: str) -> None:
    """Imports the other way, across, or of what a pure room may not touch are told with file and line."""
    problems = import_problems(made_up(tmp_path, {path: text}))
    assert len(problems) >= 1
    assert problems[0].startswith(f"{path}:{2 if text.startswith('def') else 1} imports ")


@pytest.mark.parametrize("call", ["open('x')", "print('x')", "datetime.now(UTC)", "date.today()", "__import__('os')"])
def test_a_pure_room_calls_nothing_outside(tmp_path: Path, call: str) -> None:
    """What reaches a file, a screen or the clock without an import is found in a pure room, and only there."""
    problems = import_problems(made_up(tmp_path, {"tcpipclient/core/a.py": call, "tcpipclient/net/a.py": call}))
    assert len(problems) == 1
    assert problems[0].startswith("tcpipclient/core/a.py:1 calls ")


def test_every_module_has_a_room() -> None:
    """A module belongs to the room whose name is the longest that begins its own; one outside all rooms to none."""
    assert room_of("tcpipserver.hub.roster").name == "tcpipserver.hub"
    assert room_of("tcpipserver.service").name == "tcpipserver"
    assert room_of("tcpipclient.cli_progress").name == "tcpipclient.cli*"
    with pytest.raises(LookupError):
        room_of("elsewhere.module")


def test_long_files_and_functions_are_found(tmp_path: Path) -> None:
    """400 lines are allowed and 401 are not; 70 lines of a function are and 71 are not."""
    function = "def f():\n" + "    x = 1\n"
    files = {
        "commonlib/fits.py": "x = 1\n" * 400,
        "commonlib/long.py": "x = 1\n" * 401,
        "tests/unit/test_long.py": "x = 1\n" * 401,
        "tcpipserver/fits.py": function + "    x = 1\n" * 68,
        "tcpipserver/long.py": function + "    x = 1\n" * 69,
    }
    assert size_problems(made_up(tmp_path, files)) == [
        "commonlib/long.py has 401 lines; 400 are the limit",
        "tcpipserver/long.py:1 f has 71 lines",
        "tests/unit/test_long.py has 401 lines; 400 are the limit",
    ]


def test_names_that_say_nothing_are_found(tmp_path: Path) -> None:
    """A file called for no thing of its own is found, whatever stands before the word."""
    files = dict.fromkeys(("commonlib/utils.py", "tcpipclient/net/socket_helpers.py", "commonlib/packet.py"), "")
    assert len(name_problems(made_up(tmp_path, files))) == 2


@pytest.mark.parametrize(
    ("path", "text", "found"),
    [
        ("commonlib/a.py", DOCSTRING, False),
        ("commonlib/a.py", '"""Owns a thing.\n\nRuns in the reader thread.\n"""', False),
        ("commonlib/a.py", "", True),
        ("commonlib/a.py", '"""One line. Pure."""', True),
        ("commonlib/a.py", '"""Owns a thing.\n\nMust never do another.\n"""', True),
        ("tests/support/a.py", '"""One line."""', True),
        ("tests/unit/test_a.py", '"""One line."""', False),
        ("tests/unit/test_a.py", "", True),
    ],
)
def test_modules_that_do_not_say_what_they_own_are_found(tmp_path: Path, path: str, text: str, found: bool) -> None:
    """A module opens with two lines or more and tells its thread or that it is pure; a test file with one line."""
    assert bool(docstring_problems(made_up(tmp_path, {path: text}))) is found


@pytest.mark.parametrize(
    ("module", "test", "tested"),
    [
        ("commonlib/classic/packet.py", "tests/unit/test_packet.py", True),
        ("commonlib/classic/packet.py", "tests/integration/deep/test_classic_packet.py", True),
        ("commonlib/classic/packet.py", "tests/unit/test_packets.py", False),
        ("tcpipserver/net/reader.py", "tests/unit/test_server_reader.py", True),
        ("tcpipserver/net/reader.py", "tests/unit/test_server_net_reader.py", True),
        ("tcpipserver/net/reader.py", "tests/support/reader.py", False),
        ("tcpipserver/config.py", "tests/unit/test_config.py", False),
        ("tcpipserver/config.py", "tests/unit/test_client_config.py", False),
        ("tcpipserver/config.py", "tests/unit/test_server_config.py", True),
        ("tcpipserver/config.py", "tests/unit/server/test_config.py", True),
    ],
)
def test_a_module_without_tests_is_found(tmp_path: Path, module: str, test: str, tested: bool) -> None:
    """A module needs a test file that names it; a name that two packages share must come with the package's."""
    files = {module: "def f(): ...", test: "", "tcpipclient/config.py": "x = 1"}
    assert (untested_modules(made_up(tmp_path, files)) == []) is tested


def test_a_module_of_values_alone_needs_no_test_file(tmp_path: Path) -> None:
    """Values without behaviour of their own are tested where they are used."""
    assert untested_modules(made_up(tmp_path, {"commonlib/a.py": "class A:\n    x: int = 1\n"})) == []


def test_a_module_of_protocols_alone_needs_no_test_file(tmp_path: Path) -> None:
    """A method that is only declared has no behaviour; one with a body has."""
    declared = 'class A(Protocol):\n    def f(self) -> int:\n        """Says something."""\n'
    assert untested_modules(made_up(tmp_path, {"commonlib/a.py": declared})) == []
    assert untested_modules(made_up(tmp_path, {"commonlib/a.py": declared + "        return 1\n"})) != []


VERSIONED = {
    "setup.cfg": "[metadata]\nversion = attr: commonlib.__version__\n",
    "commonlib/__init__.py": '__version__ = "1.2.3"\n',
    "CHANGELOG.md": "# Changelog\n\n## [Unreleased]\n\n## [1.2.3] - 2026-01-01\n\n## [1.2.2] - 2025-01-01\n",
}


@pytest.mark.parametrize(
    ("path", "text", "found"),
    [
        ("CHANGELOG.md", "## [Unreleased]\n", False),
        ("CHANGELOG.md", "## [1.2.3]\n", True),
        ("CHANGELOG.md", "## [Unreleased]\n## [1.2.4]\n", True),
        ("commonlib/__init__.py", '__version__ = "1.2"\n', True),
        ("commonlib/__init__.py", "", True),
        ("setup.cfg", "[metadata]\nversion = 1.2.3\n", True),
    ],
)
def test_versions_that_disagree_are_found(tmp_path: Path, path: str, text: str, found: bool) -> None:
    """The version is told once, in three numbers, and is the newest that the changelog has, if it has any."""
    assert version_problems(made_up(tmp_path, VERSIONED)) == []
    assert bool(version_problems(made_up(tmp_path, {path: text}))) is found


OFFERED = {
    "commonlib/__init__.py": '__all__ = ["__version__"]\n__version__ = "1.2.3"\n',
    "tcpipserver/__init__.py": 'from tcpipserver.api import Server\n__all__ = ["Server"]\n',
    "tcpipserver/api.py": 'class Server:\n    """A hub."""\n',
    "tcpipclient/__init__.py": 'from tcpipclient.api import LIMIT, Client\n__all__ = ["LIMIT", "Client"]\n',
    "tcpipclient/api.py": 'LIMIT = 1\n"""Most of all."""\n\nclass Client:\n    """A client."""\n',
    "docs/library.md": "`Server(port)` and `Client`\n\n    from tcpipclient import LIMIT\n",
}


@pytest.mark.parametrize(
    ("path", "text", "problem"),
    [
        ("tcpipserver/api.py", "class Server:\n    pass\n", "tcpipserver.Server is not there or has no docstring"),
        ("tcpipserver/api.py", "", "tcpipserver.Server is not there or has no docstring"),
        ("tcpipserver/__init__.py", "", "tcpipserver does not offer Server"),
        ("tcpipclient/api.py", 'LIMIT = 1\n\nclass Client:\n    """A client."""\n', "tcpipclient.LIMIT is not"),
        ("tcpipclient/__init__.py", OFFERED["tcpipclient/__init__.py"] + "x = 1\n", "tcpipclient offers x without"),
        ("docs/library.md", "`Server` `LIMIT`", "tcpipclient.Client is named on no page"),
    ],
)
def test_public_names_that_are_not_documented_are_found(tmp_path: Path, path: str, text: str, problem: str) -> None:
    """Each package lists exactly what it offers, and each name has a docstring and is on a page of docs/."""
    assert export_problems(made_up(tmp_path, OFFERED)) == []
    assert [found for found in export_problems(made_up(tmp_path, {path: text})) if found.startswith(problem)]


LOCKED = {
    "setup.cfg": (
        "[options]\ninstall_requires =\n    rich>=13\n"
        "[options.extras_require]\nbuild =\ntest =\n    pytest\nbundle =\n    packer\n"
    ),
    "requirements.lock": "# made by us\nrich==15.0 \\\n    --hash=sha256:aa\n    # via us\n",
    "requirements-test.lock": "pytest==9.1 ; x == 'y' \\\n    --hash=sha256:bb\nrich==15.0 \\\n    --hash=sha256:aa\n",
    "requirements-bundle.lock": "packer==1.0 \\\n    --hash=sha256:cc\nrich==15.0 \\\n    --hash=sha256:aa\n",
}


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("requirements.lock", "rich==15.0", "rich==15.1"),
        ("requirements.lock", " \\\n    --hash=sha256:aa", ""),
        ("requirements.lock", "# via us", "# via /home/us/project"),
        ("requirements.lock", "# via us", "# via https://somewhere"),
        ("requirements-test.lock", "pytest==", "other=="),
        ("requirements-bundle.lock", "packer==", "other=="),
        ("requirements-bundle.lock", "rich==15.0", "rich==15.1"),
        ("setup.cfg", "    rich>=13", "    rich>=13\n    platformdirs>=4"),
    ],
)
def test_lock_files_that_do_not_pin_everything_are_found(tmp_path: Path, path: str, old: str, new: str) -> None:
    """Each lock has a digest for each pin, all that setup.cfg declares, the same pins as the other, and no place."""
    assert lock_problems(made_up(tmp_path, LOCKED)) == []
    assert lock_problems(made_up(tmp_path, {path: LOCKED[path].replace(old, new)})) != []
