"""The page on the command line tells all that the commands take and print, and nothing else."""

import argparse
import re
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from commonlib.transfer.messages import EntryKind, Outcome, Place, Totals
from tcpipclient import cli_arguments
from tcpipclient.cli_batch_wording import (
    batch_progress_report,
    changed_report,
    listening_report,
    offered_report,
    received_report,
)
from tcpipclient.cli_deliveries import Deliveries, Sending
from tcpipclient.cli_send import Receipts
from tcpipclient.cli_wording import Report, maybe_report, person_item, progress_report, ready_report
from tcpipclient.core.batch_events import (
    BatchChanged,
    BatchEnded,
    BatchOffered,
    BatchProblem,
    BatchProgressed,
    BatchState,
    OfferedEntry,
)
from tcpipclient.core.events import (
    ClockDiffered,
    ConnectionLost,
    Direction,
    FileNotSaved,
    FileOffered,
    FileProgressed,
    FileSaved,
    FileSent,
    Loss,
    Person,
    PersonChanged,
    PersonJoined,
    PersonLeft,
    TextArrived,
    TextDelivered,
)
from tcpipserver import cli_ctl, options
from tcpipserver.cli_ctl_wording import Clock, reports
from tcpipserver.control import requests
from tcpipserver.control.answers import Affected, Clients, Done, Waiting
from tests.support.operators import ANN, EVE, STATUS

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "command-line.md").read_text(encoding="utf-8")
BOB = Person(2, "Bob")
OFFERED = BatchOffered(7, 0, 2, "Bob", bytes(32), Totals(files=1, size=5), (OfferedEntry(EntryKind.FILE, "a", "a", 5),))
PROBLEM = BatchProblem("a.txt", Outcome.FAILED, Place.RECEIVER, "The disk is full.")
ENDED = BatchEnded(7, Direction.INCOMING, 2, "Bob", BatchState.FAILED, failed=1, problems=(PROBLEM,), reason="No.")


def fields_on_the_page() -> dict[str, set[str]]:
    """The fields of each event by the table of objects."""
    rows = re.findall(r"^\| `(\w+)` \| [\w, -]+ \| (.+) \|$", PAGE, re.MULTILINE)
    told = {event: set(re.findall(r"`(\w+)`", fields)) for event, fields in rows}
    return {event: told["person"] if fields == {"person"} else fields for event, fields in told.items()}


def all_reports() -> list[Report | None]:
    """One of everything that the commands print with --json."""
    progress = FileProgressed(7, Direction.INCOMING, 2, "a.txt", 1, 2)
    deliveries = Deliveries([Sending(7, 2, "Bob", "a.txt", 5), Sending(8, 2, "Bob", "a.txt", 5)])
    receipts = Receipts(7, {2: "Bob", 3: "Cy"})
    return [
        Report("", person_item("person", BOB)),
        *receipts.receive(TextDelivered(7, 2)),
        *receipts.give_up(1),
        progress_report(progress, "Bob"),
        *deliveries.receive(FileSent(7, 2, "a.txt", 5), 0.0),
        *deliveries.give_up(1),
        ready_report(3, "Ann", "hub:9999", (BOB,)),
        maybe_report(PersonJoined(BOB)),
        maybe_report(PersonChanged(BOB, BOB)),
        maybe_report(PersonLeft(BOB)),
        maybe_report(TextArrived(2, "Bob", "Hi.", (0, 0))),
        maybe_report(FileOffered(7, 2, "Bob", "a.txt", "a.txt", 5)),
        maybe_report(FileSaved(7, 2, "Bob", "a.txt", 5, PurePosixPath("/d/a.txt"))),
        maybe_report(FileNotSaved(7, 2, "Bob", "a.txt", "It was declined.", declined=True)),
        offered_report(OFFERED),
        changed_report(BatchChanged(7, Direction.INCOMING, 2, BatchState.RUNNING), "Bob"),
        batch_progress_report(BatchProgressed(7, Direction.INCOMING, 2, 1, 5, 0, 1), "Bob"),
        received_report(ENDED),
        listening_report(9998),
        maybe_report(ClockDiffered(1000.0)),
        maybe_report(ConnectionLost(Loss.CLOSED, "The hub is gone.")),
    ]


def all_operators_items() -> list[dict[str, Any]]:
    """One of everything that `tcpipserver ctl` prints with --json."""
    done = Done(affected=(Affected(id=1, name="Ann"),))
    answered = [
        (requests.StatusAsked(), STATUS),
        (requests.ClientsAsked(), Clients(clients=(ANN,))),
        (requests.WaitingAsked(), Waiting(keys=(EVE,))),
        *(
            (kind(who="Ann"), done)
            for kind in (requests.Kick, requests.Ban, requests.Unban, requests.Approve, requests.Deny)
        ),
        (requests.Say(text="Hi."), done),
        (requests.Stop(), Done()),
    ]
    told = [report for request, answer in answered for report in reports(request, [answer], Clock(0.0))]
    return [report.item for report in told if report.item is not None]


def test_every_object_has_the_fields_that_the_page_tells() -> None:
    """Neither the page nor the commands have an event or a field that the other lacks."""
    items = [*(report.item for report in all_reports() if report is not None), *all_operators_items()]
    assert {item["event"]: set(item) - {"event"} for item in items} == fields_on_the_page()


def test_what_stands_in_lists_is_on_the_page_too() -> None:
    """Names of an offer and problems at its end have fields of their own, and words that the page tells all of."""
    for name, inner in (
        ("top", offered_report(OFFERED).item["top"]),
        ("problems", received_report(ENDED).item["problems"]),
    ):
        told = next(line for line in " ".join(PAGE.split()).split(" - ") if line.startswith(f"`{name}` is a list"))
        assert set(inner[0]) <= set(re.findall(r"`(\w+)`", told))
    words = [*BatchState, *(kind.name.lower() for kind in EntryKind), *(place.name.lower() for place in Place)]
    words += [outcome.shown.name.lower() for outcome in Outcome if outcome is not Outcome.VERIFIED]
    assert [word for word in words if f"`{word}`" not in PAGE] == []


def test_every_command_of_the_operator_is_on_the_page() -> None:
    """With its own options."""
    commands = subcommands(cli_ctl._parser())
    assert len(commands) == 9
    for name, command in commands.items():
        assert f"\ntcpipserver ctl {name}" in PAGE
        for action in command._actions:
            assert not action.option_strings or action.option_strings[-1] in PAGE


def subcommands(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """The commands of a command, by name."""
    (commands,) = (action for action in parser._actions if isinstance(action, argparse._SubParsersAction))
    return dict(commands.choices)


@pytest.mark.parametrize("command", ["", "roster", "send", "send-file", "listen", "tcpipserver"])
def test_every_option_is_on_the_page(command: str) -> None:
    """With its values, where it has a choice."""
    parser: argparse.ArgumentParser = cli_arguments._make_parser()
    if command == "tcpipserver":
        parser = options.parser()
    elif command:
        parser = subcommands(parser)[command]
    taken = [action for action in parser._actions if action.option_strings and action.dest not in ("help", "version")]
    assert len(taken) >= 5
    for action in taken:
        assert action.option_strings[0] in PAGE
        for choice in action.choices or ():
            assert re.search(rf"(\| `|[ |\\]){choice}(` \||[|\\`])", PAGE)
