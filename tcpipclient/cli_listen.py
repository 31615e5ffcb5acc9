"""The command `listen`: shows what arrives, asks about files where it may, and keeps those that are wanted.

Owns which of the user's rules the client is given, and when the command ends. Must never decide about a file in the
user's place. Threads: the program's main thread; the keyboard is read by one of its own (cli_inbox.py).
"""

import signal
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from commonlib.values import replace
from commonlib.wording import clock_sentence, shown_file
from tcpipclient.api import Client
from tcpipclient.cli_arguments import AcceptRule, Listen
from tcpipclient.cli_entry import Entry
from tcpipclient.cli_exit import ExitCode
from tcpipclient.cli_inbox import Answer, AnswersEnded, Inbox, Item, read_answers
from tcpipclient.cli_output import Output, Throttle
from tcpipclient.cli_progress import Bars
from tcpipclient.cli_questions import Decision, Questions
from tcpipclient.cli_recipients import shown_name
from tcpipclient.cli_session import connected, plain_config
from tcpipclient.cli_wording import maybe_report, progress_report, ready_report
from tcpipclient.config import Accept, Acceptance, ClientConfig
from tcpipclient.core.events import (
    ClockDiffered,
    ConnectionLost,
    Direction,
    Event,
    FileNotSaved,
    FileOffered,
    FileProgressed,
    FileSaved,
    PersonLeft,
    TextArrived,
)

if TYPE_CHECKING:
    from tcpipclient.core.batch_events import BatchOffered

_NOBODY_TO_ASK = (
    "Files will be declined, because there is no terminal here on which to ask about them: "
    "give --accept all to keep them, or --accept none to have this said no more."
)
_NOBODY_IS_KNOWN = (
    "Files will be declined: this hub does not encrypt, so nobody can prove who he is, and nobody counts as known. "
    "Give --accept ask or --accept all to keep files."
)

_NOBODY_ANSWERS = "Nothing can be typed here any more, so files are declined from now on."


def run(asked: Listen, output: Output, keyboard: TextIO | None) -> ExitCode:
    """Listen until enough has come, the time is up or the connection is lost. Raises ChatError."""
    can_ask = asked.accept is AcceptRule.ASK and output.has_screen
    terminal = keyboard if can_ask and keyboard is not None and keyboard.isatty() else None
    asks = terminal is not None
    inbox = Inbox()
    seconds = asked.access.timeout
    with connected(_config(asked, asks=asks), inbox, Entry(output, keyboard)) as client, Bars(output) as bars:
        deadline = None if seconds is None else time.monotonic() + seconds
        _tell_ready(asked, output, client, asks=asks)
        listening = Listening(client, output, bars, Questions() if asks else None, asked.count)
        if terminal is not None:
            _survive_the_background()
            read_answers(terminal.fileno(), inbox)
        while listening.exit_code is None and (item := inbox.maybe_next(deadline)) is not None:
            listening.receive(item)
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
        arrived: Texts and saved files so far.
        exit_code: Set when the command is to end.

    Args:
        questions: None where nobody is asked: the client decides by the rule that it was given.
    """

    def __init__(
        self, client: Client, output: Output, bars: Bars, questions: Questions | None, count: int | None
    ) -> None:
        self.arrived = 0
        self.exit_code: ExitCode | None = None
        self._client = client
        self._output = output
        self._bars = bars
        self._questions = questions
        self._count = count
        self._taken: dict[int, str] = {}
        self._throttle = Throttle()

    def receive(self, item: Item) -> None:
        """Take the next thing and do what it asks for. Raises OutputError."""
        match item:
            case Answer() | AnswersEnded():
                self._receive_answer(item)
            case FileProgressed():
                self._receive_progress(item)
            case _:
                report = maybe_report(item)
                if report is not None:
                    self._output.report(report)
                self._follow(item)
        if self._questions is not None:
            if self._questions.question:
                self._bars.hide()
            self._output.ask(self._questions.question)

    def _receive_answer(self, item: Answer | AnswersEnded) -> None:
        if self._questions is None:
            return
        if isinstance(item, AnswersEnded):
            self._output.notice(_NOBODY_ANSWERS)
            self._carry_out(self._questions.receive_end())
            return
        self._output.answered()
        self._carry_out(self._questions.receive_answer(item.line))

    def _follow(self, item: Event) -> None:
        match item:
            case TextArrived():
                self._count_one()
            case FileOffered() if self._questions is not None:
                self._carry_out(self._questions.receive_offer(item))
            case FileOffered():
                self._taken[item.transfer] = item.sender_name
            case FileSaved():
                self._end_file(item.transfer)
                self._count_one()
            case FileNotSaved():
                self._end_file(item.transfer)
            case PersonLeft(person) if self._questions is not None:
                self._questions.forget_person(person.id)
            case ClockDiffered(seconds):
                self._output.notice(clock_sentence(seconds))
            case ConnectionLost(_, reason):
                self._output.notice(reason)
                self.exit_code = ExitCode.FAILED
            case _:
                pass

    def _receive_progress(self, event: FileProgressed) -> None:
        name = self._taken.get(event.transfer)
        if name is None or event.direction is not Direction.INCOMING:
            return
        if self._throttle.lets_through(event.transfer, time.monotonic()):
            self._output.report(progress_report(event, name))
        if not self._output.is_asking:
            self._bars.show(
                event.transfer, f"{shown_file(event.name)} from {shown_name(name, event.peer)}", event.done, event.size
            )

    def _carry_out(self, decisions: Iterable[Decision]) -> None:
        for decision in decisions:
            if decision.accepted:
                self._taken[decision.offer.transfer] = decision.offer.sender_name
                self._client.accept_file(decision.offer.transfer)
            else:
                self._client.decline_file(decision.offer.transfer)

    def _end_file(self, transfer: int) -> None:
        if self._questions is not None:
            self._questions.forget_offer(transfer)
        self._taken.pop(transfer, None)
        self._throttle.forget(transfer)
        self._bars.remove(transfer)

    def _count_one(self) -> None:
        self.arrived += 1
        if self.arrived == self._count:
            self.exit_code = ExitCode.DONE


def is_from_known(offered: "FileOffered | BatchOffered") -> bool:
    """Whether the sender of a file or a batch has proved his key to the hub."""
    return offered.sender_key is not None


def _config(asked: Listen, *, asks: bool) -> ClientConfig:
    """The client's settings. The time to listen is no measure for the time to get in, unless it is shorter."""
    config = plain_config(replace(asked.access, timeout=None))
    patience = min(asked.access.timeout or config.connect_timeout, config.connect_timeout)
    taking: dict[AcceptRule, Acceptance] = {
        AcceptRule.ALL: Accept.ALL,
        AcceptRule.KNOWN: is_from_known,
        AcceptRule.ASK: Accept.ASK if asks else Accept.NONE,
    }
    accept = taking.get(asked.accept, Accept.NONE)
    downloads = None if accept is Accept.NONE else asked.downloads or _system_downloads()
    return replace(
        config,
        connect_timeout=patience,
        register_timeout=patience,
        downloads=downloads,
        accept=accept,
        conflict=asked.conflict,
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
