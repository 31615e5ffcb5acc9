"""What the user typed, turned into one value that says what he asked for (docs/command-line.md).

Owns the options, their defaults and their limits. Must never connect, print anything but argparse's own help and
complaints, or import what only a running command needs. Thread: the program's main thread.
"""

import argparse
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, NoReturn

from commonlib import __version__
from commonlib.conflict import Conflict
from commonlib.identity import Fingerprint
from commonlib.values import dataclass
from tcpipclient import cli_typed
from tcpipclient.cli_recipients import HUB
from tcpipclient.core.trusting import Trust, TrustRule
from tcpipclient.core.way_rule import WayRule

# Argparse looks for a translation of each of its own words, of which Python has none: that takes longer than parsing.
argparse._ = str  # type: ignore[attr-defined]

HOME_VARIABLE = "TCPIPCHAT_HOME"
_ANY_WIDTH = 80
ASK_CONFLICT = "ask"
"""Of --conflict: ask once per batch."""


class AcceptRule(StrEnum):
    """Which files `listen` takes."""

    ASK = "ask"
    ALL = "all"
    KNOWN = "known"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Access:
    """How to get into a hub, and how to tell what happens.

    Attributes:
        timeout: Seconds; None means the command's own.
        data_dir: Folder for our key and the hubs that we trust; None means the system's own.
        trust: Which hubs are trusted, besides those that were before.
        allow_unencrypted: Whether the hub may be an original one.
        join_code_file: Where the join code is, where one was given.
    """

    host: str
    port: int
    name: str
    as_json: bool
    timeout: float | None
    data_dir: Path | None = None
    trust: TrustRule = Trust.KNOWN
    allow_unencrypted: bool = False
    join_code_file: Path | None = None


@dataclass(frozen=True, slots=True)
class Roster:
    """Show who is there."""

    access: Access


@dataclass(frozen=True, slots=True)
class Send:
    """Send a text. `to` is as typed, one item for each --to."""

    access: Access
    to: tuple[str, ...]
    text: str
    numbers: tuple[int, int]


@dataclass(frozen=True, slots=True)
class SendFile:
    """Send files and folders.

    Attributes:
        to: As typed, one item for each --to.
        links: Send symbolic links as links; else they are left out.
        ways: By which ways the bytes may go.
        limit_speed: Bytes per second; None sets no limit.
    """

    access: Access
    to: tuple[str, ...]
    paths: tuple[Path, ...]
    links: bool = False
    ways: WayRule = WayRule.AUTO
    limit_speed: int | None = None


@dataclass(frozen=True, slots=True)
class Listen:
    """Show what arrives and keep files.

    Attributes:
        downloads: Folder for received files; None means the system's own folder for downloads.
        conflict: What happens to names that are there; None asks once per batch.
        count: End after so many texts and saved files together; None means never.
        largest: Bytes that a rule takes without asking; None sets no limit.
        links: Make the symbolic links in what is received.
    """

    access: Access
    downloads: Path | None
    accept: AcceptRule
    conflict: Conflict | None
    count: int | None
    largest: int | None = None
    links: bool = False


@dataclass(frozen=True, slots=True)
class Window:
    """Open the window.

    Attributes:
        server: Host and port to begin with; None is the hub of last time.
        name: None is the name of last time.
        connect: Connect at once.
        data_dir: Folder for everything; None means the system's own.
    """

    server: tuple[str, int] | None
    name: str | None
    connect: bool
    data_dir: Path | None


Asked = Roster | Send | SendFile | Listen | Window


def parse_arguments(arguments: Sequence[str], environment: Mapping[str, str]) -> Asked:
    """What the command line asks for; `environment` has the variables that stand in for options.

    Raises:
        SystemExit: Code 0 after printing the help or the version, code 2 after saying what is wrong.
    """
    parser = _make_parser()
    typed = parser.parse_args(arguments)
    if typed.command is None:
        return _window(parser, typed, environment)
    if typed.connect:
        parser.error("--connect is for the window, so no command goes with it")
    command: _Parser = typed.parser
    access = _access(command, typed, environment)
    match typed.command:
        case "roster":
            return Roster(access)
        case "send":
            return Send(access, tuple(typed.to), " ".join(typed.text), tuple(typed.numbers))
        case "send-file":
            if any(text.lower() == HUB for text in typed.to):
                command.error("files cannot be sent to the server: say with --to who of the people there gets them.")
            ways = WayRule(typed.path)
            return SendFile(access, tuple(typed.to), tuple(typed.paths), typed.links, ways, typed.limit_speed)
        case _:
            downloads = typed.downloads or (access.data_dir / "downloads" if access.data_dir else None)
            accept = AcceptRule(typed.accept)
            if typed.largest is not None and accept not in (AcceptRule.ALL, AcceptRule.KNOWN):
                command.error("--largest goes with --accept all and --accept known: what is larger is asked about.")
            conflict = None if typed.conflict == ASK_CONFLICT else Conflict(typed.conflict)
            return Listen(access, downloads, accept, conflict, typed.count, typed.largest, typed.links)


def login_name() -> str | None:
    """The system's name for the user, where it has one."""
    import getpass  # Loaded where it is needed: most who send often give their name.

    try:
        return getpass.getuser() or None
    except (OSError, KeyError, ImportError):  # Which one depends on the system and the version of Python.
        return None


def _window(parser: "_Parser", typed: argparse.Namespace, environment: Mapping[str, str]) -> Window:
    for option in ("json", "timeout", "trust_on_first_use", "fingerprint", "allow_unencrypted", "join_code_file"):
        if hasattr(typed, option):
            shown = option.replace("_", "-")
            parser.error(f"--{shown} goes with one of the commands roster, send, send-file and listen")
    server: tuple[str, int] | None = getattr(typed, "server", None)
    if typed.connect and server is None:
        parser.error("say where to connect: --server HOST --connect, or --server HOST:PORT --connect.")
    return Window(server, getattr(typed, "name", None), typed.connect, _data_dir(typed, environment))


def _data_dir(typed: argparse.Namespace, environment: Mapping[str, str]) -> Path | None:
    folder = getattr(typed, "data_dir", None) or environment.get(HOME_VARIABLE)
    return Path(folder) if folder else None


class _Parser(argparse.ArgumentParser):
    """Says after each complaint where the help is."""

    def __init__(self, **settings: Any) -> None:
        # Argparse tries each option out on a formatter, and a usual one loads what asks the terminal for its width.
        settings.setdefault("formatter_class", _formatter_of_any_width)
        super().__init__(**settings)

    def format_help(self) -> str:
        """As usual."""
        self.formatter_class = argparse.HelpFormatter
        return super().format_help()

    def error(self, message: str) -> NoReturn:
        sentence = message if message.endswith(".") else f"{message}. '{self.prog} --help' tells more."
        self.exit(2, f"{self.prog}: {sentence}\n")


def _formatter_of_any_width(prog: str) -> argparse.HelpFormatter:
    return argparse.HelpFormatter(prog, width=_ANY_WIDTH)


def _make_parser() -> _Parser:
    # The options of all commands may stand before the command too; SUPPRESS keeps the one place from undoing the other.
    shared = _Parser(add_help=False, argument_default=argparse.SUPPRESS)
    shared.add_argument(
        "--server",
        type=cli_typed.address,
        metavar="HOST[:PORT]",
        help="where the hub is; its port is 9999 unless given",
    )
    shared.add_argument("--name", type=cli_typed.name, help="under which others see you; your login name unless given")
    shared.add_argument(
        "--data-dir",
        metavar="DIR",
        help=f"keep everything in this folder, downloads too (or set {HOME_VARIABLE})",
    )
    _add_trust_arguments(shared)
    shared.add_argument("--json", action="store_true", help="print one JSON object a line")
    shared.add_argument(
        "--timeout", type=cli_typed.seconds, metavar="SECONDS", help="how long to wait; see each command's help"
    )

    parser = _Parser(
        prog="tcpipclient",
        description="See who is on a hub, talk to them and send them files. Without a command, the window opens.",
        epilog="Exit codes: 0 done, 1 refused or failed, 2 wrong use, 3 timed out, 130 interrupted.",
        parents=[shared],
        allow_abbrev=False,
    )
    parser.add_argument("--connect", action="store_true", help="without a command: connect as soon as the window opens")
    parser.add_argument("--version", action="version", version=f"tcpipclient {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Parser)

    def add(name: str, told: str, waits: str) -> _Parser:
        # No chosen abbreviation of an option today may become ambiguous tomorrow.
        command = commands.add_parser(
            name, help=told, description=f"{told[0].upper()}{told[1:]}. {waits}", parents=[shared], allow_abbrev=False
        )
        command.set_defaults(parser=command)
        return command

    add("roster", "show who is there", "Waits 10 seconds for the hub unless --timeout says otherwise.")
    _add_send_arguments(
        add("send", "send a text", "Waits 30 seconds for the receipts unless --timeout says otherwise.")
    )
    _add_send_file_arguments(
        add(
            "send-file",
            "send files and folders, and wait until they are saved",
            "Gives up when nothing has moved for 60 seconds unless --timeout says otherwise.",
        )
    )
    _add_listen_arguments(
        add("listen", "show what arrives, and keep files", "Ends after --count, after --timeout or when interrupted.")
    )
    return parser


def _add_trust_arguments(shared: _Parser) -> None:
    shared.add_argument(
        "--trust-on-first-use", action="store_true", help="trust a hub that is not known yet, and show its key code"
    )
    shared.add_argument(
        "--fingerprint",
        type=cli_typed.fingerprint,
        metavar="HEX",
        help="connect to the hub with this fingerprint alone",
    )
    shared.add_argument(
        "--allow-unencrypted", action="store_true", help="connect to an original server, which does not encrypt"
    )
    shared.add_argument(
        "--join-code-file", type=Path, metavar="PATH", help="file with the join code, for hubs that ask for one"
    )


def _add_send_arguments(command: _Parser) -> None:
    command.add_argument("text", nargs="+", metavar="TEXT", help="the text; several words are joined by spaces")
    _add_recipients(command, f"{HUB} for the hub's operator")
    command.add_argument(
        "--numbers",
        type=cli_typed.number,
        nargs=2,
        default=(0, 0),
        metavar=("A", "B"),
        help="two numbers that go with the text",
    )


def _add_send_file_arguments(command: _Parser) -> None:
    command.add_argument("paths", nargs="+", type=cli_typed.path, metavar="PATH", help="the files and folders")
    _add_recipients(command, "each gets his own copy")
    command.add_argument(
        "--links", action="store_true", help="send symbolic links as links; they are left out otherwise"
    )
    command.add_argument(
        "--path",
        choices=[str(rule) for rule in WayRule],
        default=WayRule.AUTO,
        help="by which way: directly where that can be, the default; only so; or through the hub",
    )
    command.add_argument(
        "--limit-speed", type=cli_typed.size, metavar="N[K|M|G]", help="send no more than so many bytes per second"
    )


def _add_recipients(command: _Parser, more: str) -> None:
    command.add_argument(
        "--to",
        action="append",
        required=True,
        metavar="NAME|ID|@all",
        help=f"who gets it; may be given several times; @all is everyone there; {more}",
    )


def _add_listen_arguments(command: _Parser) -> None:
    command.add_argument("--downloads", type=cli_typed.path, metavar="DIR", help="folder for received files")
    command.add_argument(
        "--accept",
        choices=[str(rule) for rule in AcceptRule],
        default=AcceptRule.ASK,
        help="which files to keep; ask, the default, needs a terminal; known are those who are encrypted",
    )
    command.add_argument(
        "--largest", type=cli_typed.size, metavar="SIZE", help="ask about what is larger than so many bytes (20M, 3G)"
    )
    command.add_argument(
        "--conflict",
        choices=[*(str(conflict) for conflict in Conflict), ASK_CONFLICT],
        default=Conflict.RENAME,
        help="what to do when a file of the name is there; rename, the default, keeps both; ask needs a terminal",
    )
    command.add_argument(
        "--links", action="store_true", help="make the symbolic links that come, where they stay inside of a folder"
    )
    command.add_argument(
        "--count", type=cli_typed.count, metavar="N", help="end after so many texts and saved files together"
    )


def _access(command: _Parser, typed: argparse.Namespace, environment: Mapping[str, str]) -> Access:
    address: tuple[str, int] | None = getattr(typed, "server", None)
    if address is None:
        command.error("say where the hub is: --server HOST, or --server HOST:PORT.")
    name = getattr(typed, "name", None) or login_name()
    if name is None:
        command.error("your login name is not known here: say with --name how others shall see you.")
    fingerprint: Fingerprint | None = getattr(typed, "fingerprint", None)
    if fingerprint is not None and hasattr(typed, "trust_on_first_use"):
        command.error("--fingerprint and --trust-on-first-use exclude each other: give one of them.")
    return Access(
        *address,
        name,
        getattr(typed, "json", False),
        getattr(typed, "timeout", None),
        _data_dir(typed, environment),
        fingerprint or (Trust.FIRST_USE if hasattr(typed, "trust_on_first_use") else Trust.KNOWN),
        hasattr(typed, "allow_unencrypted"),
        getattr(typed, "join_code_file", None),
    )
