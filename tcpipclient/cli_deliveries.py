"""The waiting of `send-file` for the word on single files: those for people on the classic wire.

Owns whose word is missing. Must never say that a file arrived without its recipient's word. Thread: the program's main
thread.
"""

from collections.abc import Iterable

from commonlib.values import dataclass
from commonlib.wording import shown_file, shown_size
from tcpipclient.cli_answers import Answers
from tcpipclient.cli_inbox import Item
from tcpipclient.cli_output import Throttle
from tcpipclient.cli_recipients import shown_name
from tcpipclient.cli_wording import Report, progress_report
from tcpipclient.core.events import ConnectionLost, Direction, FileNotSent, FileProgressed, FileSent


@dataclass(frozen=True, slots=True)
class Sending:
    """One file on its way to one person; `number` is the transfer's."""

    number: int
    recipient: int
    recipient_name: str
    file: str
    size: int

    @property
    def shown(self) -> str:
        """The file and its recipient, for a person."""
        return f"{shown_file(self.file)} to {shown_name(self.recipient_name, self.recipient)}"


class Deliveries(Answers[Sending]):
    """Which of our files have been saved, as events tell it.

    Attributes:
        waiting: By transfer, those of which the last word is missing.
        complaints: A sentence for each that was not saved, or may not have been.
    """

    def __init__(self, sendings: Iterable[Sending]) -> None:
        super().__init__({sending.number: sending for sending in sendings})
        self._throttle = Throttle()

    def is_news(self, item: Item) -> bool:
        """Whether one of the files that are waited for has moved."""
        match item:
            case FileProgressed(direction=Direction.OUTGOING) | FileSent() | FileNotSent(timed_out=False):
                return item.transfer in self.waiting
            case _:
                return False

    def receive(self, item: Item, now: float) -> list[Report]:
        """Take an event; what is to be told of it."""
        match item:
            case FileProgressed(transfer=number, direction=Direction.OUTGOING) if number in self.waiting:
                if self._throttle.lets_through(number, now):
                    return [progress_report(item, self.waiting[number].recipient_name)]
                return []
            case FileSent(transfer=number) if number in self.waiting:
                sending = self.waiting.pop(number)
                told = {"event": "file_sent", **_item(sending), "size": sending.size}
                sentence = (
                    f"{shown_name(sending.recipient_name, sending.recipient)} has saved {shown_file(sending.file)}"
                )
                return [Report(f"{sentence} ({shown_size(sending.size)}).", told)]
            # One who has not answered for a minute may still be asked whether he wants it: our own patience counts.
            case FileNotSent(transfer=number, timed_out=False) if number in self.waiting:
                return [self._fail(number, item.reason)]
            case ConnectionLost(_, reason):
                return [self._fail(number, reason) for number in list(self.waiting)]
            case _:
                return []

    def _silence(self, number: int, seconds: float) -> str:
        file = shown_file(self.waiting[number].file)
        return (
            f'For {seconds:g} seconds nothing was heard of "{file}", and nobody has said that it was saved. '
            "It may have been declined: ask, or send it again."
        )

    def _missing(self, number: int, reason: str, *, timed_out: bool) -> Report:
        sending = self.waiting.pop(number)
        self.complaints.append(f"To {shown_name(sending.recipient_name, sending.recipient)}: {reason}")
        told = {"event": "file_not_sent", **_item(sending), "reason": reason, "timed_out": timed_out}
        return Report("", told)


def _item(sending: Sending) -> dict[str, object]:
    return {
        "transfer": sending.number,
        "to": sending.recipient_name,
        "to_id": sending.recipient,
        "file": sending.file,
    }
