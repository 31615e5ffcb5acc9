"""The command `send`: a text to one, several, everybody or the hub's operator, until all have it.

Owns the waiting for receipts. Must never say that something arrived without its recipient's word.
Thread: the program's main thread.
"""

import time
from collections.abc import Mapping
from typing import TextIO

from tcpipclient.cli_answers import Answers
from tcpipclient.cli_arguments import Send
from tcpipclient.cli_entry import Entry
from tcpipclient.cli_exit import ExitCode
from tcpipclient.cli_inbox import Inbox, Item
from tcpipclient.cli_output import Output
from tcpipclient.cli_recipients import HUB, resolve, shown_name
from tcpipclient.cli_session import connected, people_there, plain_config, warn_of_unencrypted
from tcpipclient.cli_wording import Report
from tcpipclient.core.events import ConnectionLost, TextDelivered, TextNotDelivered

RECEIPT_SECONDS = 30.0


def run(asked: Send, output: Output, keyboard: TextIO | None) -> ExitCode:
    """Send the text and wait for the receipts. Raises ChatError."""
    inbox = Inbox()
    with connected(plain_config(asked.access), inbox, Entry(output, keyboard)) as client:
        people = people_there(client)
        recipients = resolve(asked.to, people)
        warn_of_unencrypted(client, output, recipients, people)
        names = {person.id: person.name for person in people}
        sent = client.send_text(asked.text, recipients, asked.numbers)
        receipts = Receipts(sent.number, {recipient: names.get(recipient, HUB) for recipient in recipients})
        seconds = asked.access.timeout or RECEIPT_SECONDS
        deadline = time.monotonic() + seconds
        while receipts.waiting and (item := inbox.maybe_next(deadline)) is not None:
            for report in receipts.receive(item):
                output.report(report)
        for report in receipts.give_up(seconds):
            output.report(report)
    for sentence in receipts.complaints:
        output.notice(sentence)
    return receipts.exit_code


class Receipts(Answers[str]):
    """Who has a text of ours, as events tell it.

    Attributes:
        waiting: Names by id of those whose word is missing.
        complaints: A sentence for each who does not have it, or may not.
    """

    def __init__(self, text: int, recipients: Mapping[int, str]) -> None:
        super().__init__(recipients)
        self._text = text

    def receive(self, item: Item) -> list[Report]:
        """Take an event; what is to be told of it."""
        match item:
            case TextDelivered(text, recipient) if text == self._text and recipient in self.waiting:
                name = self.waiting.pop(recipient)
                told = {"event": "delivered", "to": name, "to_id": recipient}
                return [Report(f"{shown_name(name, recipient)} has received it.", told)]
            case TextNotDelivered(text, recipient, reason) if text == self._text and recipient in self.waiting:
                return [self._fail(recipient, reason)]
            case ConnectionLost(_, reason):
                return [self._fail(recipient, reason) for recipient in list(self.waiting)]
            case _:
                return []

    def _silence(self, number: int, seconds: float) -> str:  # noqa: ARG002 - of all the same is told
        return f"No receipt came within {seconds:g} seconds; it may have arrived all the same. Ask, or send it again."

    def _missing(self, number: int, reason: str, *, timed_out: bool) -> Report:
        recipient, name = number, self.waiting.pop(number)
        self.complaints.append(f"To {shown_name(name, recipient)}: {reason}")
        told = {"event": "not_delivered", "to": name, "to_id": recipient, "reason": reason, "timed_out": timed_out}
        return Report("", told)
