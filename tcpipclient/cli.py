"""The command `tcpipclient`: understands what was typed, does it, and turns how it ended into an exit code.

Owns the exit codes' meaning and the last sentence on standard error. Must never let a traceback of a documented error
out, and imports a command only when it runs. Thread: the program's main thread.
"""

import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from commonlib.exceptions import ChatError
from tcpipclient.cli_arguments import Listen, Roster, Send, SendFile, Window, login_name, parse_arguments
from tcpipclient.cli_exit import ExitCode
from tcpipclient.core.exceptions import ConnectTimedOutError, HubBusyError, SettingError

if TYPE_CHECKING:
    from tcpipclient.cli_output import Output

# Each ends a program as Ctrl-C does; which of them there are depends on the system.
_NO_WINDOW = "{}. Use one of the commands roster, send, send-file and listen: 'tcpipclient --help' says what each does."
_ENDING_SIGNALS = ("SIGTERM", "SIGHUP", "SIGBREAK")


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the arguments (else the command line) ask; returns the exit code.

    Raises:
        SystemExit: The help was asked for (code 0), or the arguments were wrong (code 2).
    """
    for stream in (sys.stdout, sys.stderr):
        _survive_unprintable(stream)
    asked = parse_arguments(sys.argv[1:] if arguments is None else arguments, os.environ)
    try:
        with _ending_signals_interrupt():
            if isinstance(asked, Window):
                return _run_window(asked)
            from tcpipclient.cli_output import Output

            return _run(asked, Output(asked.access.as_json, sys.stdout, sys.stderr))
    except ChatError as error:
        return _fail(str(error), _code_of(error))
    except KeyboardInterrupt as interrupt:
        # A command that was stopped in the middle says what becomes of it.
        return _fail(str(interrupt) or "stopped as asked.", ExitCode.INTERRUPTED)


def _run_window(asked: Window) -> ExitCode:
    try:
        from tcpipclient.gui import program
    except ImportError as error:
        return _fail(_NO_WINDOW.format(f"the window cannot be opened ({error})"), ExitCode.WRONG_USE)
    try:
        program.run(asked, login_name())
    except program.NoDisplayError as error:
        return _fail(_NO_WINDOW.format(f"there is no display for the window ({error})"), ExitCode.WRONG_USE)
    return ExitCode.DONE


def _run(asked: Roster | Send | SendFile | Listen, output: "Output") -> ExitCode:
    match asked:
        case Roster():
            from tcpipclient import cli_roster

            return cli_roster.run(asked, output, sys.stdin)
        case Send():
            from tcpipclient import cli_send

            return cli_send.run(asked, output, sys.stdin)
        case SendFile():
            from tcpipclient import cli_send_file

            return cli_send_file.run(asked, output, sys.stdin)
        case Listen():
            from tcpipclient import cli_listen

            return cli_listen.run(asked, output, sys.stdin)


def _code_of(error: ChatError) -> ExitCode:
    if isinstance(error, ConnectTimedOutError | HubBusyError):
        return ExitCode.TIMED_OUT
    return ExitCode.WRONG_USE if isinstance(error, SettingError) else ExitCode.FAILED


def _fail(sentence: str, code: ExitCode) -> ExitCode:
    if sys.stderr is None:
        return code
    try:
        print(f"tcpipclient: {sentence}", file=sys.stderr, flush=True)
    except (OSError, ValueError):
        pass  # Nobody is left to tell; the code still says it.
    return code


def _survive_unprintable(stream: TextIO | None) -> None:
    """Let a character that the console cannot show become a question mark; strange streams are left alone."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="replace")


@contextmanager
def _ending_signals_interrupt() -> Iterator[None]:
    """Have a request to end, which would end the process at once, clean up as Ctrl-C does."""
    changed = {}
    in_charge = threading.current_thread() is threading.main_thread()
    for name in _ENDING_SIGNALS if in_charge else ():
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            changed[number] = signal.signal(number, signal.default_int_handler)
    try:
        yield
    finally:
        for number, handler in changed.items():
            signal.signal(number, handler)
