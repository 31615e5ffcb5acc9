"""Files that are dropped, attached or pasted: read, asked about, and only then sent.

Owns the one drop that is being looked at and its question. Must never look at the disk: the model does, and answers.
Pure: the Tk thread's.
"""

from collections.abc import Callable, Sequence
from itertools import count

from commonlib.printable import printable
from commonlib.wording import LONGEST_FILE_NAME_SHOWN, shown_count, shown_file, shown_size
from tcpipclient.gui.model import DroppedFile, DropRead, DropReading, Model, RefusedItem
from tcpipclient.gui.presenter_messages import SERVER_CONVERSATION, ConversationKey
from tcpipclient.gui.presenter_people import PeoplePresenter
from tcpipclient.gui.presenter_transfers import TransfersPresenter
from tcpipclient.gui.shown import FileItem, SendQuestion
from tcpipclient.gui.view import TransfersView

MOST_LISTED = 200
MOST_RECIPIENTS_LISTED = 20
LARGE_DROP = 100
"""Items from which on it is said that they are being looked at."""


class DropsPresenter:
    """The drops of one window; one at a time.

    Args:
        complain: Takes a sentence about what did not work.
    """

    def __init__(
        self,
        view: TransfersView,
        model: Model,
        people: PeoplePresenter,
        transfers: TransfersPresenter,
        complain: Callable[[str], None],
    ) -> None:
        self._view = view
        self._model = model
        self._people = people
        self._transfers = transfers
        self._complain = complain
        self._numbers = count(1)
        self._number = 0
        self._recipients: tuple[int, ...] = ()
        self._files: tuple[DroppedFile, ...] = ()

    def files_dropped(self, items: Sequence[str], to: ConversationKey | None, *, is_connected: bool) -> None:
        """These came, exactly as they are; `to` is whom they are for, None where nobody is chosen."""
        if not items:
            return
        if self._number:
            self._complain("Answer the question about the files before first; then drop these again.")
            return
        if not is_connected:
            self._complain("Connect first, then drop the files again: there is nobody to send them to.")
            return
        recipients = () if to is None or to == SERVER_CONVERSATION else self._those_here(to)
        if not recipients:
            self._complain("Select who gets the files in the people list, then drop them again.")
            return
        self._number = next(self._numbers)
        self._recipients = recipients
        if len(items) >= LARGE_DROP:
            self._view.show_drop_note(f"Looking at {shown_count(len(items), 'item')}…")
        self._model.read_drop(self._number, items)

    def reading(self, event: DropReading) -> None:
        """So much has been looked at."""
        if event.drop == self._number:
            self._view.show_drop_note(f"Looking at {shown_count(event.total, 'item')}: {event.done:,} done…")

    def read(self, event: DropRead) -> None:
        """Everything has been looked at: ask."""
        if event.drop != self._number:
            return
        self._view.show_drop_note("")
        self._files = event.files
        self._view.ask_send(self._question(event.refused))

    def answered(self, number: int, *, yes: bool) -> None:
        """The answer; those who have left by now get nothing."""
        if number != self._number:
            return
        files, recipients = self._files, self._recipients
        self._number, self._files, self._recipients = 0, (), ()
        if not yes or not files or len(files) * len(recipients) > self._transfers.room:
            return
        here = self._those_here(recipients)
        for person in here:
            self._transfers.send(files, person)
        if len(here) < len(recipients):
            gone = ", ".join(self._people.name_of(person) for person in recipients if person not in here)
            self._complain(f"Not sent to {printable(gone)}: no longer there.")

    def connection_ended(self) -> None:
        """What is being looked at is for nobody any more; a question that is open stays, and sends nothing."""
        if self._number and not self._files:
            self._model.forget_drop(self._number)
            self._view.show_drop_note("")
            self._number = 0

    def _those_here(self, people: Sequence[int]) -> tuple[int, ...]:
        return tuple(person for person in people if self._people.maybe_id(person) is not None)

    def _question(self, refused: Sequence[RefusedItem]) -> SendQuestion:
        files = self._files
        names = [self._people.name_of(person) for person in self._recipients[:MOST_RECIPIENTS_LISTED]]
        more_people = len(self._recipients) - len(names)
        to = names[0] if len(self._recipients) == 1 else f"each of {len(self._recipients):,} people"
        what = f"{shown_count(len(files), 'file')} ({shown_size(sum(file.size for file in files))})"
        total = len(files) * len(self._recipients)
        if not files:
            heading, button = "Nothing of this can be sent.", ""
        elif total > self._transfers.room:
            heading = (
                f"{total:,} files are more than can wait at a time: {self._transfers.room:,} can. Send fewer, or to "
                "fewer people, or pack them into one archive."
            )
            button = ""
        else:
            heading, button = f"Send {what} to {to}?", f"Send {shown_count(len(files), 'file')}"
        rest = files[MOST_LISTED:]
        return SendQuestion(
            self._number,
            heading,
            (*names, f"and {more_people:,} more") if more_people else tuple(names),
            tuple(FileItem(shown_file(file.name), shown_size(file.size)) for file in files[:MOST_LISTED]),
            f"and {len(rest):,} more ({shown_size(sum(file.size for file in rest))})" if rest else "",
            tuple(FileItem(_shown_item(item.item), item.reason) for item in refused[:MOST_LISTED]),
            f"and {len(refused) - MOST_LISTED:,} more" if len(refused) > MOST_LISTED else "",
            button,
        )


def _shown_item(item: str) -> str:
    """Something refused, as it came; of a long one the end, which tells it from others."""
    if len(item) <= LONGEST_FILE_NAME_SHOWN:
        return shown_file(item)
    return shown_file("…" + item[-LONGEST_FILE_NAME_SHOWN // 2 :])
