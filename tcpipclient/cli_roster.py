"""The command `roster`: who is on the hub, once.

Owns the table. Must never wait for anything but the hub's taking us in. Thread: the program's main thread.
"""

from collections.abc import Sequence
from typing import TextIO

from commonlib.printable import printable
from tcpipclient.cli_arguments import Roster
from tcpipclient.cli_entry import Entry
from tcpipclient.cli_exit import ExitCode
from tcpipclient.cli_inbox import Inbox
from tcpipclient.cli_output import Output
from tcpipclient.cli_recipients import LONGEST_NAME_SHOWN
from tcpipclient.cli_session import connected, people_there, plain_config
from tcpipclient.cli_wording import Report, person_item, shown_key
from tcpipclient.core.events import Person

_HEADINGS = ("ID", "NAME", "COMPUTER", "ADDRESS", "KEY")


def run(asked: Roster, output: Output, keyboard: TextIO | None) -> ExitCode:
    """Tell who is there. Raises ChatError."""
    with connected(plain_config(asked.access), Inbox(), Entry(output, keyboard)) as client:
        people = people_there(client)
    if not output.as_json:
        for line in table(people):
            output.report(Report(line, {}))
    else:
        for person in people:
            output.report(Report("", person_item("person", person)))
    return ExitCode.DONE


def table(people: Sequence[Person]) -> list[str]:
    """The lines of the table, or the one that says that nobody is there."""
    if not people:
        return ["Nobody else is on the hub."]
    rows = [_HEADINGS, *(_row(person) for person in people)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADINGS))]
    return [
        "  ".join(
            cell.rjust(width) if column == 0 else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def _row(person: Person) -> tuple[str, str, str, str, str]:
    name, computer, address = (
        printable(text, LONGEST_NAME_SHOWN) for text in (person.name, person.computer, person.address)
    )
    return str(person.id), name, computer, address, shown_key(person)
