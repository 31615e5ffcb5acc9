"""What the command `tcpipserver` takes (docs/command-line.md).

Owns the arguments, and the configuration that they stand for. Must never start anything: all it touches is the file
with the join code. Runs on the main thread.
"""

import argparse
from dataclasses import fields, replace
from pathlib import Path

import commonlib
from commonlib.classic.packet import DEFAULT_PORT
from commonlib.wire.frames import LARGEST_BODY
from tcpipserver.config import ServerConfig
from tcpipserver.hub.admission import Joining, Policy
from tcpipserver.hub.limits import Limits
from tcpipserver.hub.people import LONGEST_NAME
from tcpipserver.joincode import load_or_make_join_code

LIMITS: dict[str, type[int] | type[float]] = {
    limit.name: int if limit.type is int else float for limit in fields(Limits)
}
"""What --limit knows, and what kind of number each of them is."""
_MOST = {"early_frame_bytes": LARGEST_BODY, "frame_bytes": LARGEST_BODY, "name_characters": LONGEST_NAME}
"""What the modern wire has no room for beyond."""
_LARGEST_PORT = 65_535


def parser() -> argparse.ArgumentParser:
    """The parser of all options."""
    made = argparse.ArgumentParser(
        prog="tcpipserver",
        description="The hub: people connect to it, see who is there, talk, and send each other files.",
        epilog="'tcpipserver ctl --help' tells how to ask a running hub. "
        "Exit codes: 0 stopped, 1 refused or failed, 2 wrong use, 130 interrupted.",
    )
    made.add_argument("--version", action="version", version=f"tcpipserver {commonlib.__version__}")
    made.add_argument("--headless", action="store_true", help="run without a window, also where there is a display")
    made.add_argument("--host", default="", metavar="ADDR", help="listen on this address only (default: on all)")
    made.add_argument(
        "--port",
        type=_port,
        metavar="N",
        help="listen on this port (default: 9999, or the window's port of last time; 0: any free)",
    )
    made.add_argument("--data-dir", type=Path, metavar="DIR", help="keep everything of this hub in this folder")
    made.add_argument(
        "--hub-name",
        type=_hub_name,
        default="",
        metavar="NAME",
        help=f"what clients are told that this hub is called, up to {LONGEST_NAME} characters",
    )
    made.add_argument(
        "--ready-file",
        type=Path,
        metavar="PATH",
        help="write port, fingerprint and process id here once newcomers are accepted",
    )
    joining = made.add_mutually_exclusive_group()
    joining.add_argument(
        "--join-code-file",
        type=Path,
        metavar="PATH",
        help="whoever comes for the first time has to know the code in this file, which is made where it is missing",
    )
    joining.add_argument(
        "--approve", action="store_true", help="whoever comes for the first time waits until you let him in"
    )
    made.add_argument(
        "--no-classic", action="store_true", help="refuse original clients, which are not encrypted and prove nothing"
    )
    made.add_argument(
        "--limit",
        type=_limit,
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help=f"set a limit (repeatable): {', '.join(LIMITS)}",
    )
    made.add_argument("--log-format", choices=("text", "json"), default="text", help="how log lines look")
    return made


def config_of(options: argparse.Namespace, folder: Path) -> ServerConfig:
    """How the hub is to run.

    Raises:
        JoinCodeFileError: The file with the join code is of no use.
        StorageError: It cannot be made.
    """
    joining, join_code = Joining.OPEN, ""
    if options.approve:
        joining = Joining.APPROVAL
    elif options.join_code_file is not None:
        joining, join_code = Joining.CODE, load_or_make_join_code(options.join_code_file)
    return ServerConfig(
        host=options.host,
        port=DEFAULT_PORT if options.port is None else options.port,
        data_dir=folder,
        policy=Policy(joining, takes_classic=not options.no_classic),
        join_code=join_code,
        join_code_file=options.join_code_file,
        hub_name=options.hub_name,
        limits=replace(Limits(), **dict(options.limit)),
    )


def _limit(text: str) -> tuple[str, float]:
    name, _, value = text.partition("=")
    kind = LIMITS.get(name)
    if kind is None:
        raise argparse.ArgumentTypeError(f"there is no limit {name!r}: choose one of {', '.join(LIMITS)}")
    try:
        number = kind(value)
    except ValueError:
        number = kind(0)
    if not 0 < number < float("inf"):
        what = "a number" if kind is float else "a whole number"
        raise argparse.ArgumentTypeError(f"{value!r} is no value for {name}: give {what} above 0")
    if number > _MOST.get(name, number):
        raise argparse.ArgumentTypeError(f"the wire has no room for more than {_MOST[name]}: give {name} that or less")
    return name, number


def _hub_name(text: str) -> str:
    name = text.strip()
    if len(name) <= LONGEST_NAME:
        return name
    raise argparse.ArgumentTypeError(f"it has {len(name)} characters, and {LONGEST_NAME} are the most")


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) <= _LARGEST_PORT:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is no port: give a number from 1 to {_LARGEST_PORT}, or 0 for any free")
