"""The command `roster`: who is on the hub, once.

Owns the table. Must never wait for anything but the hub's taking us in. Thread: the program's main thread.
"""

import math
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TextIO

from commonlib.printable import printable
from commonlib.wire.messages import MOST_LATENCIES
from commonlib.wording import shown_ping
from tcpipclient.api import Client
from tcpipclient.cli_arguments import Roster
from tcpipclient.cli_entry import Entry
from tcpipclient.cli_exit import ExitCode
from tcpipclient.cli_inbox import Inbox
from tcpipclient.cli_output import Output
from tcpipclient.cli_recipients import LONGEST_NAME_SHOWN
from tcpipclient.cli_session import connected, people_there, plain_config
from tcpipclient.cli_wording import Report, person_item, shown_key
from tcpipclient.core.events import ConnectionLost, LatenciesTold, Person
from tcpipclient.core.exceptions import NotConnectedError

_HEADINGS = ("ID", "NAME", "COMPUTER", "ADDRESS", "PING", "KEY")
_NUMBERS = (0, 4)
_NOT_KNOWN = "–"
_PATIENCE_SECONDS = 1.0
"""A hub answers within milliseconds how long others took; one that does not know the question never does."""


def run(asked: Roster, output: Output, keyboard: TextIO | None) -> ExitCode:
    """Tell who is there. Raises ChatError."""
    inbox = Inbox()
    with connected(plain_config(asked.access), inbox, Entry(output, keyboard)) as client:
        people = people_there(client)
        pings = _pings(client, inbox, people)
    if not output.as_json:
        for line in table(people, pings):
            output.report(Report(line, {}))
    else:
        for person in people:
            output.report(Report("", person_item("person", person, pings.get(person.id))))
    return ExitCode.DONE


def _pings(client: Client, inbox: Inbox, people: Sequence[Person]) -> dict[int, float]:
    """Seconds that each took to answer the hub last, by id, of those of whom the hub knows it."""
    found: dict[int, float] = {}
    if client.hub_key is None or not people:
        return found
    ids = [person.id for person in people]
    with suppress(NotConnectedError):
        client.ask_latencies(ids)
    until = time.monotonic() + _PATIENCE_SECONDS
    answers = math.ceil(len(ids) / MOST_LATENCIES)
    while answers and (item := inbox.maybe_next(until)) is not None and not isinstance(item, ConnectionLost):
        if isinstance(item, LatenciesTold):
            found.update(item.seconds_of)
            answers -= 1
    return found


def table(people: Sequence[Person], pings: Mapping[int, float]) -> list[str]:
    """The lines of the table, or the one that says that nobody is there; `pings` in seconds by id."""
    if not people:
        return ["Nobody else is on the hub."]
    rows = [_HEADINGS, *(_row(person, pings.get(person.id)) for person in people)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADINGS))]
    return [
        "  ".join(
            cell.rjust(width) if column in _NUMBERS else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def _row(person: Person, ping: float | None) -> tuple[str, ...]:
    name, computer, address = (
        printable(text, LONGEST_NAME_SHOWN) for text in (person.name, person.computer, person.address)
    )
    shown = _NOT_KNOWN if ping is None else shown_ping(ping)
    return str(person.id), name, computer, address, shown, shown_key(person)
