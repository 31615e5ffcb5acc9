"""Who may import whom: the rooms of the project, what each may use, and the check of it.

Owns the table of rooms. A module belongs to the room with the longest name that begins its own. Imports point one way:
windows and commands, then threads and sockets, then the pure cores, then commonlib; client and server never meet.
Thread: the test's own.
"""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.support.source_tree import PACKAGES, Module, imported_names, modules_in

# A pure room may use these and nothing else of the standard library: none of them opens a file or a socket, starts a
# thread, reads a clock, draws a random number or writes a log. Where only some names are harmless, those are listed.
PURE_STANDARD_LIBRARY: dict[str, tuple[str, ...] | None] = {
    "abc": None,
    "base64": None,
    "binascii": None,
    "bisect": None,
    "codecs": None,
    "collections": None,
    "collections.abc": None,
    "contextlib": None,
    "copy": None,
    "dataclasses": None,
    "datetime": None,
    "enum": None,
    "functools": None,
    "hashlib": None,
    "heapq": None,
    "hmac": None,
    "ipaddress": None,
    "itertools": None,
    "json": None,
    "math": None,
    "operator": None,
    "pathlib": ("PurePath", "PurePosixPath", "PureWindowsPath"),
    "re": None,
    "string": None,
    "struct": None,
    "textwrap": None,
    "types": None,
    "typing": None,
    "unicodedata": None,
    "zlib": None,
}
# What reaches outside without any import, or through a harmless one: datetime.now() reads the clock.
IMPURE_CALLS = ("open", "input", "print", "breakpoint", "exec", "eval", "__import__")
CLOCK_METHODS = ("now", "today", "utcnow")

WINDOW_TOOLKIT = ("tkinter", "_tkinter")
WINDOW_PACKAGES = ("PIL", "tkinterdnd2", "ttkbootstrap")
# What the windows show is decided in these: they may not even know that there is a toolkit.
PURE_OF_SERVER_WINDOW = ("events", "firewall", "forms", "geometry", "presenter*", "views*")


@dataclass(frozen=True, slots=True)
class Room:
    """Where some modules live and what they may import besides each other.

    Attributes:
        name: Beginning of the modules' dotted names; `cli*` takes cli and every cli_something.
        may_import: Names of our own packages and modules, each with all that is below it.
        pure: Whether only PURE_STANDARD_LIBRARY may be used.
        third_party: Installed packages it may use, and what of the standard library a pure room may use besides.
        windows: Whether it may use the window toolkit.
    """

    name: str
    may_import: tuple[str, ...]
    pure: bool = False
    third_party: tuple[str, ...] = ()
    windows: bool = False


# The one place that writes received files, and its parts.
FOLDER = (
    "tcpipclient.folder",
    "tcpipclient.folder_errors",
    "tcpipclient.origin_mark",
    "tcpipclient.partial",
    "tcpipclient.placement",
    "tcpipclient.tree",
    "tcpipclient.tree_files",
    "tcpipclient.tree_folders",
    "tcpipclient.tree_found",
    "tcpipclient.tree_parts",
    "tcpipclient.tree_short_way",
)

# The one place that reads what is sent, and what it says of it.
SOURCE = ("tcpipclient.source_folders", "tcpipclient.source_reader", "tcpipclient.source_tree")

# What decides in the client's window, and the values that it decides with.
CLIENT_WINDOW_PURE = ("presenter*", "view", "shown*", "actions", "model", "settings")
CLIENT_WINDOW_VALUES = (
    *(f"tcpipclient.gui.{name}" for name in CLIENT_WINDOW_PURE),
    "tcpipclient.core",
    "tcpipclient.address",
    "commonlib",
)

# The one room of commonlib that is not pure, and that no pure room may import: what both ends keep on a disk.
STORAGE = "commonlib.storage"

# What parts of the modern wire use besides: all of it takes bytes and values, and returns bytes and values.
USED_BY_THE_WIRE: dict[str, tuple[str, ...]] = {
    "commonlib.wire": ("msgspec",),
    "commonlib.wire.tls": ("ssl",),
    "commonlib.wire.proof": ("cryptography",),
    "commonlib.wire.join": ("spake2",),
}

# What decides about requests of the operator's command line, and the values that go over its line.
CONTROL_VALUES = ("tcpipserver.control.requests", "tcpipserver.control.answers")
CONTROL_PURE = tuple(f"tcpipserver.control.{name}" for name in ("authkey", "naming", "operations", "picture"))

ROOMS = (
    Room("commonlib", (), pure=True),
    *(Room(name, ("commonlib",), pure=True, third_party=used) for name, used in USED_BY_THE_WIRE.items()),
    Room(STORAGE, ("commonlib",), third_party=("cryptography", "platformdirs")),
    Room("commonlib.values", (), pure=True, third_party=("msgspec", "sys", "threading")),
    Room("commonlib.transfer", ("commonlib",), pure=True, third_party=("blake3", "msgspec")),
    Room("tcpipserver.hub", ("commonlib",), pure=True),
    Room("tcpipserver.dialects", ("tcpipserver.hub", "commonlib"), pure=True),
    Room("tcpipserver.net", ("tcpipserver.dialects", "tcpipserver.hub", "commonlib")),
    Room("tcpipserver", ("tcpipserver", "commonlib")),
    Room("tcpipserver.control", ("tcpipserver.net", "tcpipserver.hub", "commonlib"), third_party=("msgspec",)),
    *(Room(name, (*CONTROL_PURE, *CONTROL_VALUES, "tcpipserver.hub", "commonlib"), pure=True) for name in CONTROL_PURE),
    *(Room(name, ("commonlib",), pure=True, third_party=("msgspec",)) for name in CONTROL_VALUES),
    Room("tcpipserver.cli*", ("tcpipserver", "commonlib"), third_party=("platformdirs", "rich")),
    Room("tcpipserver.gui", ("tcpipserver", "commonlib"), third_party=WINDOW_PACKAGES, windows=True),
    *(Room(f"tcpipserver.gui.{name}", ("tcpipserver", "commonlib"), pure=True) for name in PURE_OF_SERVER_WINDOW),
    Room("tcpipclient.core", ("commonlib",), pure=True),
    *(Room(name, (*FOLDER, "commonlib")) for name in FOLDER),
    *(Room(name, (*SOURCE, "tcpipclient.core", "commonlib")) for name in SOURCE),
    Room("tcpipclient.address", ("tcpipclient.core", "commonlib"), pure=True),
    Room("tcpipclient.config", ("tcpipclient.core", "tcpipclient.address", *FOLDER, "commonlib")),
    Room("tcpipclient.trust", ("tcpipclient.core", "commonlib")),
    Room(
        "tcpipclient.net",
        ("tcpipclient.core", "tcpipclient.config", "tcpipclient.trust", *FOLDER, *SOURCE, "commonlib"),
    ),
    Room("tcpipclient", ("tcpipclient", "commonlib")),
    Room("tcpipclient.cli*", ("tcpipclient", "commonlib"), third_party=("platformdirs", "rich")),
    Room("tcpipclient.gui", ("tcpipclient", "commonlib"), third_party=(*WINDOW_PACKAGES, "platformdirs"), windows=True),
    *(Room(f"tcpipclient.gui.{name}", CLIENT_WINDOW_VALUES, pure=True) for name in CLIENT_WINDOW_PURE),
    # Programs of users: the public names, never a module inside.
    Room("examples", ("tcpipserver.__init__", "tcpipclient.__init__", "commonlib")),
)
# The surface of each package: nothing below may depend on it.
SURFACE = ("cli*", "gui", "__main__")


def import_problems(root: Path) -> list[str]:
    """Every import that the table does not allow, and every impure call in a pure room, as sentences."""
    return [
        problem
        for module in modules_in(root, *PACKAGES, "examples")
        for problem in (*_import_problems(module), *_call_problems(module))
    ]


def room_of(name: str) -> Room:
    """The room of a module. Raises LookupError when it belongs to none."""
    candidates = [room for room in ROOMS if _is_within(name, room.name)]
    if not candidates:
        raise LookupError(name)
    return max(candidates, key=lambda room: len(room.name))


def _import_problems(module: Module) -> Iterator[str]:
    room = room_of(module.name)
    for line, source, taken in imported_names(module):
        refusal = _refusal(module, room, source, taken)
        if refusal:
            imported = source if taken is None else f"{taken} from {source}"
            yield f"{module.path.as_posix()}:{line} imports {imported}: {refusal}"


def _refusal(module: Module, room: Room, source: str, taken: str | None) -> str | None:
    top = source.partition(".")[0]
    if top in PACKAGES:
        return _refusal_of_ours(module, room, source, taken)
    if top in WINDOW_TOOLKIT:
        return None if room.windows else "only a gui room may use the window toolkit"
    if top in room.third_party:
        return None
    if top not in sys.stdlib_module_names:
        return f"{room.name} may not use it"
    if not room.pure:
        return None
    if source not in PURE_STANDARD_LIBRARY:
        return f"{room.name} is pure"
    names = PURE_STANDARD_LIBRARY[source]
    if names is not None and taken not in names:
        return f"{room.name} is pure and may only take {', '.join(names)} from it"
    return None


def _refusal_of_ours(module: Module, room: Room, source: str, taken: str | None) -> str | None:
    if (_is_surface(source) or _is_surface(f"{source}.{taken}")) and not _is_surface(module.name):
        return "nothing below the commands and windows may use them"
    if room.pure and any(_is_within(name, STORAGE) for name in (source, f"{source}.{taken}")):
        return f"{room.name} is pure"
    allowed = (room.name, *room.may_import)
    if any(_is_within(source, name) or _is_within(f"{source}.__init__", name) for name in allowed):
        return None
    # `from package import module` is an import of the module.
    if taken is not None and any(_is_within(f"{source}.{taken}", name) for name in allowed):
        return None
    return f"{room.name} may use only {', '.join(room.may_import) or 'itself'}"


def _call_problems(module: Module) -> Iterator[str]:
    if not room_of(module.name).pure:
        return
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        impure = (isinstance(called, ast.Name) and called.id in IMPURE_CALLS) or (
            isinstance(called, ast.Attribute) and called.attr in CLOCK_METHODS
        )
        if impure:
            yield f"{module.path.as_posix()}:{node.lineno} calls {ast.unparse(called)}: the room is pure"


def _is_surface(name: str) -> bool:
    package, _, inside = name.partition(".")
    return package in PACKAGES and any(_is_within(inside, part) for part in SURFACE)


def _is_within(name: str, room: str) -> bool:
    if room.endswith("*") and name.startswith(room[:-1] + "_"):
        return True
    room = room.rstrip("*")
    return name == room or name.startswith(room + ".")
