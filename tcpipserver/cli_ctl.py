"""The command `tcpipserver ctl`: asks a running hub one thing, tells the answer, and ends (docs/command-line.md).

Owns the arguments and the exit codes. Must never show a traceback for a documented error. Thread: the program's main
thread.
"""

import argparse
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn, TextIO

from commonlib.exceptions import ChatError
from commonlib.storage.data_folder import HOME_VARIABLE, data_folder
from tcpipserver.cli_ctl_wording import Clock, reports
from tcpipserver.control import requests
from tcpipserver.control.asking import ask
from tcpipserver.control.channel import ChannelTimedOutError

EXIT_DONE = 0
EXIT_FAILED = 1
EXIT_TIMED_OUT = 3
EXIT_INTERRUPTED = 130

_SECONDS = 10.0
_STOP_SECONDS = 60.0
_LONGEST_TIMEOUT = 30 * 86400.0


class OutputError(ChatError):
    """Whoever read standard output has gone, or it is full."""

    def __str__(self) -> str:
        return "It is done, but the answer cannot be written any more: ask again with an output that takes it."


def main(arguments: Sequence[str]) -> int:
    """Do what the arguments behind `ctl` ask; returns the exit code.

    Raises:
        SystemExit: The help was asked for (code 0), or the arguments were wrong (code 2).
    """
    for stream in (sys.stdout, sys.stderr):
        _survive_unprintable(stream)
    typed = _parser().parse_args(arguments)
    _check_words(typed)
    request = _request(typed.parser, typed)
    as_json = getattr(typed, "json", False)
    folder = data_folder("server", getattr(typed, "data_dir", None), os.environ)
    seconds = getattr(typed, "timeout", _STOP_SECONDS if isinstance(request, requests.Stop) else _SECONDS)
    try:
        for report in reports(request, ask(folder, request, seconds), Clock(time.time())):
            line = report.line(as_json)
            if line is not None:
                _put(sys.stdout, line)
    except ChannelTimedOutError as error:
        return _fail(str(error), EXIT_TIMED_OUT)
    except ChatError as error:
        return _fail(str(error), EXIT_FAILED)
    except KeyboardInterrupt:
        return _fail("stopped as asked; the hub may have done it all the same.", EXIT_INTERRUPTED)
    return EXIT_DONE


def _check_words(typed: argparse.Namespace) -> None:
    """Where words are wanted there has to be something in them; SystemExit where there is not."""
    for name in ("who", "key", "text"):
        words = getattr(typed, name, None)
        if words and not " ".join(words).strip():
            typed.parser.error(f"{name.upper()} is empty.")


def _request(parser: "_Parser", typed: argparse.Namespace) -> requests.Request:
    match typed.command:
        case "status":
            return requests.StatusAsked()
        case "clients":
            return requests.ClientsAsked()
        case "kick":
            return requests.Kick(who=" ".join(typed.who), reason=typed.reason)
        case "ban":
            return requests.Ban(who=" ".join(typed.who), reason=typed.reason)
        case "unban":
            return requests.Unban(who=" ".join(typed.key))
        case "approve":
            if typed.list == bool(typed.key):
                parser.error("say which key is to come in, or --list to see those that wait.")
            return requests.WaitingAsked() if typed.list else requests.Approve(who=" ".join(typed.key))
        case "deny":
            return requests.Deny(who=" ".join(typed.key), reason=typed.reason)
        case "say":
            return requests.Say(text=" ".join(typed.text), to=tuple(typed.to))
        case _:
            return requests.Stop()


class _Parser(argparse.ArgumentParser):
    """Says after each complaint where the help is."""

    def error(self, message: str) -> NoReturn:
        sentence = message if message.endswith(".") else f"{message}. '{self.prog} --help' tells more."
        self.exit(2, f"{self.prog}: {sentence}\n")


def _parser() -> _Parser:
    # These may stand before the command or behind it; SUPPRESS keeps the one place from undoing the other.
    shared = _Parser(add_help=False, argument_default=argparse.SUPPRESS)
    shared.add_argument(
        "--data-dir",
        type=Path,
        metavar="DIR",
        help=f"data folder of the hub that is meant (or set {HOME_VARIABLE})",
    )
    shared.add_argument("--json", action="store_true", help="print one JSON object a line")
    shared.add_argument(
        "--timeout", type=_seconds, metavar="SECONDS", help="how long to wait for the hub (10; stop: 60)"
    )
    parser = _Parser(
        prog="tcpipserver ctl",
        description="Ask a running hub, or tell it what to do.",
        epilog="Exit codes: 0 done, 1 refused or failed, 2 wrong use, 3 timed out, 130 interrupted.",
        parents=[shared],
        allow_abbrev=False,
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Parser, required=True)

    def add(name: str, told: str) -> _Parser:
        description = f"{told[0].upper()}{told[1:]}."
        command = commands.add_parser(name, help=told, description=description, parents=[shared], allow_abbrev=False)
        command.set_defaults(parser=command)
        return command

    add("status", "tell how the hub is")
    add("clients", "list who is there")
    _add_who(add("kick", "send somebody away; he may come back"))
    _add_who(add("ban", "send somebody away and keep his key out"))
    _add_key(add("unban", "let a key in again"), "+")
    approve = add("approve", "let in a key that waits for it")
    _add_key(approve, "*")
    approve.add_argument("--list", action="store_true", help="list the keys that wait")
    deny = add("deny", "do not let in a key that waits; it may ask again")
    _add_key(deny, "+")
    _add_reason(deny)
    say = add("say", "say a text as the server")
    say.add_argument("text", nargs="+", metavar="TEXT", help="the text; several words are joined by spaces")
    say.add_argument(
        "--to", action="append", default=[], metavar="WHO", help="who gets it; may be given several times (everybody)"
    )
    add("stop", "stop the hub, and wait until it has stopped")
    return parser


def _add_who(command: _Parser) -> None:
    command.add_argument(
        "who",
        nargs="+",
        metavar="WHO",
        help="an id, a name, a key code or its digits, 8 or more of a fingerprint",
    )
    _add_reason(command)


def _add_reason(command: _Parser) -> None:
    command.add_argument(
        "--reason",
        type=_reason,
        default="",
        metavar="TEXT",
        help=f"shown to him, and in the log; up to {requests.LONGEST_REASON} characters",
    )


def _add_key(command: _Parser, count: str) -> None:
    command.add_argument("key", nargs=count, metavar="KEY", help="a key code or its digits, 8 or more of a fingerprint")


def _reason(text: str) -> str:
    if len(text) > requests.LONGEST_REASON:
        raise argparse.ArgumentTypeError(f"it has {len(text)} characters, and {requests.LONGEST_REASON} are the most")
    return text


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= _LONGEST_TIMEOUT:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds above 0")
    return seconds


def _put(stream: TextIO | None, line: str) -> None:
    if stream is None:
        raise OutputError
    try:
        print(line, file=stream, flush=True)
    except (OSError, ValueError):
        raise OutputError from None


def _fail(sentence: str, code: int) -> int:
    if sys.stderr is not None:
        try:
            print(f"tcpipserver ctl: {sentence}", file=sys.stderr, flush=True)
        except (OSError, ValueError):
            pass  # Nobody is left to tell; the code still says it.
    return code


def _survive_unprintable(stream: TextIO | None) -> None:
    """Let a character that the console cannot show become a question mark; strange streams are left alone."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="replace")
