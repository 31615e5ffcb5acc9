"""The command `listen`: shows what arrives, asks about files where it may, and keeps those that are wanted.

Owns which of the user's rules the client is given, and when the command ends. Must never decide about a file in the
user's place. Threads: the program's main thread; the keyboard is read by one of its own (cli_inbox.py).
"""

import signal
import time
from pathlib import Path
from typing import TextIO

from commonlib.conflict import Conflict
from commonlib.values import dataclass, replace
from commonlib.wording import clock_sentence
from tcpipclient.api import Client
from tcpipclient.cli_acceptance import Rule, is_from_known
from tcpipclient.cli_arguments import AcceptRule, Listen
from tcpipclient.cli_arrivals import Arrivals
from tcpipclient.cli_entry import Entry
from tcpipclient.cli_exit import ExitCode
from tcpipclient.cli_inbox import Inbox, Item, read_answers
from tcpipclient.cli_output import Output
from tcpipclient.cli_progress import Bars
from tcpipclient.cli_questions import Questions
from tcpipclient.cli_session import connected, plain_config
from tcpipclient.cli_wording import ready_report
from tcpipclient.config import Accept, Acceptance, ClientConfig
from tcpipclient.core.batch_events import BatchEnded, BatchState
from tcpipclient.core.events import ClockDiffered, ConnectionLost, Direction, FileSaved, TextArrived

_NOBODY_TO_ASK = (
    "Files will be declined, because there is no terminal here on which to ask about them: "
    "give --accept all to keep them, or --accept none to have this said no more."
)
_NOBODY_IS_KNOWN = (
    "Files will be declined: this hub does not encrypt, so nobody can prove who he is, and nobody counts as known. "
    "Give --accept ask or --accept all to keep files."
)

_GOING_ON = "What has a way of its own goes on; then this ends."
_NO_CONFLICT_ASKED = (
    "Of names that are there already both files will be kept, because there is no terminal here on which to ask: "
    "give --conflict rename to have this said no more, or one of the other choices."
)


def run(asked: Listen, output: Output, keyboard: TextIO | None) -> ExitCode:
    """Listen until enough has come, the time is up or the connection is lost. Raises ChatError."""
    may_ask = output.has_screen and keyboard is not None and keyboard.isatty()
    plan = plan_of(asked, may_ask=may_ask)
    inbox = Inbox()
    seconds = asked.access.timeout
    with connected(_config(asked, plan), inbox, Entry(output, keyboard)) as client, Bars(output) as bars:
        deadline = None if seconds is None else time.monotonic() + seconds
        _tell_ready(asked, output, client, asks=plan.asks)
        arrivals = Arrivals(client, output, bars, plan.questions(), plan.rule)
        listening = Listening(output, arrivals, asked.count)
        if plan.asks and keyboard is not None:
            _survive_the_background()
            read_answers(keyboard.fileno(), inbox)
        while listening.exit_code is None and not (deadline is not None and time.monotonic() >= deadline):
            item = inbox.maybe_next(bars.next_look(deadline, time.monotonic()))
            if item is not None:
                listening.receive(item)
            arrivals.draw(time.monotonic())
        output.ask("")
    if listening.exit_code is not None:
        return listening.exit_code
    if asked.count is None:
        return ExitCode.DONE
    output.notice(
        f"Only {listening.arrived} of the {asked.count} texts and files came within {seconds:g} seconds: "
        "listen longer, or ask whether they were sent."
    )
    return ExitCode.TIMED_OUT


class Listening:
    """What a listening command does with each thing that comes.

    Attributes:
        arrived: Texts, saved files and saved batches so far.
        exit_code: Set when the command is to end.
    """

    def __init__(self, output: Output, arrivals: Arrivals, count: int | None) -> None:
        self.arrived = 0
        self.exit_code: ExitCode | None = None
        self._output = output
        self._arrivals = arrivals
        self._count = count
        self._is_lost = False

    def receive(self, item: Item) -> None:
        """Take the next thing and do what it asks for. Raises OutputError."""
        self._arrivals.receive(item, time.monotonic())
        match item:
            case TextArrived() | FileSaved() | BatchEnded(direction=Direction.INCOMING, state=BatchState.SAVED):
                self._count_one()
            case ClockDiffered(seconds):
                self._output.notice(clock_sentence(seconds))
            case ConnectionLost(_, reason):
                self._is_lost = True
                self._output.notice(f"{reason} {_GOING_ON}" if self._arrivals.are_carried else reason)
            case _:
                pass
        if self._is_lost and self.exit_code is None and not self._arrivals.are_carried:
            self.exit_code = ExitCode.FAILED
        self._arrivals.ask()

    def _count_one(self) -> None:
        self.arrived += 1
        if self.arrived == self._count:
            self.exit_code = ExitCode.DONE


@dataclass(frozen=True, slots=True)
class Plan:
    """How offers are answered.

    Attributes:
        accept: What the client does by itself.
        rule: What it leaves to us; None where that is nothing.
        asks: Whether there is somebody to ask, and something to ask him.
        asks_conflicts: Whether he is asked about names that are there, too.
    """

    accept: Acceptance
    rule: Rule | None
    asks: bool
    asks_conflicts: bool

    def questions(self) -> Questions:
        """What is still to be asked; nobody answers where there is nobody to ask."""
        return Questions(nobody_answers=not self.asks, about_conflicts=self.asks_conflicts)


def plan_of(asked: Listen, *, may_ask: bool) -> Plan:
    """What the client can do by itself is done there, before a byte is written."""
    asks_conflicts = asked.conflict is None and may_ask and asked.accept is not AcceptRule.NONE
    asks = may_ask and (asked.accept is AcceptRule.ASK or asked.largest is not None or asks_conflicts)
    if asked.accept is AcceptRule.NONE or (asked.accept is AcceptRule.ASK and not may_ask):
        return Plan(Accept.NONE, None, asks=False, asks_conflicts=False)
    if asks or asked.largest is not None:
        return Plan(Accept.ASK, Rule(asked.accept, asked.largest), asks=asks, asks_conflicts=asks_conflicts)
    return Plan(
        is_from_known if asked.accept is AcceptRule.KNOWN else Accept.ALL, None, asks=False, asks_conflicts=False
    )


def _config(asked: Listen, plan: Plan) -> ClientConfig:
    """The client's settings. The time to listen is no measure for the time to get in, unless it is shorter."""
    config = plain_config(replace(asked.access, timeout=None))
    patience = min(asked.access.timeout or config.connect_timeout, config.connect_timeout)
    return replace(
        config,
        connect_timeout=patience,
        register_timeout=patience,
        downloads=None if plan.accept is Accept.NONE else asked.downloads or _system_downloads(),
        accept=plan.accept,
        conflict=asked.conflict or Conflict.RENAME,
        links=asked.links,
    )


def _survive_the_background() -> None:
    """Have reading the keyboard fail where another program has the terminal; it would stop the whole command else."""
    if hasattr(signal, "SIGTTIN"):
        signal.signal(signal.SIGTTIN, signal.SIG_IGN)


def _system_downloads() -> Path:
    from platformdirs import user_downloads_path

    return user_downloads_path()


def _tell_ready(asked: Listen, output: Output, client: Client, *, asks: bool) -> None:
    host = f"[{asked.access.host}]" if ":" in asked.access.host else asked.access.host
    place, hub_key = f"{host}:{asked.access.port}", client.hub_key
    output.report(ready_report(client.own_id, asked.access.name, place, client.people, hub_key, client.hub_name))
    if asked.accept is AcceptRule.KNOWN and hub_key is None:
        output.notice(_NOBODY_IS_KNOWN)
    elif asked.accept is AcceptRule.ASK and not asks:
        output.notice(_NOBODY_TO_ASK)
    if asked.conflict is None and not asks and asked.accept in (AcceptRule.ALL, AcceptRule.KNOWN):
        output.notice(_NO_CONFLICT_ASKED)
