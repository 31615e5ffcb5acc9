"""Files and folders that are dropped, attached or pasted: read, counted, asked about, and only then sent.

Owns the one drop that is being looked at. Its question is worded by presenter_question.py. Must never look at the disk:
the model does, and answers. Pure: the Tk thread's.
"""

from collections.abc import Callable, Sequence
from itertools import count
from typing import Protocol

from commonlib.printable import printable
from commonlib.values import dataclass
from commonlib.wording import shown_count
from tcpipclient.gui.model import DropCounted, DroppedFile, DropRead, DropReading, Model, RefusedItem
from tcpipclient.gui.presenter_messages import SERVER_CONVERSATION, ConversationKey
from tcpipclient.gui.presenter_people import PeoplePresenter
from tcpipclient.gui.presenter_question import Plan, question_of
from tcpipclient.gui.view import TransfersView

LARGE_DROP = 100
"""Items from which on it is said that they are being looked at."""


class Sender(Protocol):
    """Who sends what was confirmed."""

    @property
    def room(self) -> int:
        """How many single files more can be sent."""

    @property
    def batch_room(self) -> int:
        """How many batches more can be sent."""

    def goes_as_batch(self, person: int) -> bool:
        """Whether somebody gets all that goes to him as one batch, folders too."""

    def send(self, files: Sequence[DroppedFile], person: int, size: int, *, links: bool) -> None:
        """Send these to somebody; `size` is their bytes, as far as they are counted."""

    def maybe_taking_more(self, key: int) -> int | None:
        """The person of a row to which files can be added; None where that cannot be."""

    def add(self, key: int, files: Sequence[DroppedFile]) -> None:
        """Send these with what is sent in a row."""


@dataclass(slots=True)
class Drop:
    """What was dropped, and what is known of it by now.

    Attributes:
        recipients: Keys of the people's rows.
        into: Row of the panel that it is to be added to; None where it goes by itself.
        is_counting: Whether it is not yet known what is in the folders.
    """

    number: int
    recipients: tuple[int, ...]
    into: int | None = None
    files: tuple[DroppedFile, ...] = ()
    refused: tuple[RefusedItem, ...] = ()
    counted: DropCounted | None = None
    is_read: bool = False
    is_counting: bool = False


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
        sender: Sender,
        complain: Callable[[str], None],
    ) -> None:
        self._view = view
        self._model = model
        self._people = people
        self._sender = sender
        self._complain = complain
        self._numbers = count(1)
        self._drop: Drop | None = None

    def files_dropped(self, items: Sequence[str], to: ConversationKey | None, *, is_connected: bool) -> None:
        """These came, exactly as they are; `to` is whom they are for, None where nobody is chosen."""
        if not items or self._is_busy():
            return
        if not is_connected:
            self._complain("Connect first, then drop the files again: there is nobody to send them to.")
            return
        recipients = () if to is None or to == SERVER_CONVERSATION else self._those_here(to)
        if not recipients:
            self._complain("Select who gets the files in the people list, then drop them again.")
            return
        self._begin(items, recipients, None)

    def files_added(self, items: Sequence[str], key: int) -> None:
        """These came to be sent with what is sent in a row of the panel."""
        if not items or self._is_busy():
            return
        person = self._sender.maybe_taking_more(key)
        if person is None:
            self._complain("Nothing can be added to that. Drop the files on the person instead.")
            return
        self._begin(items, (person,), key)

    def reading(self, event: DropReading) -> None:
        """So much has been looked at."""
        if self._drop is not None and event.drop == self._drop.number:
            self._view.show_drop_note(f"Looking at {shown_count(event.total, 'item')}: {event.done:,} done…")

    def read(self, event: DropRead) -> None:
        """Everything has been looked at: ask, and have counted what is in folders meanwhile."""
        drop = self._drop
        if drop is None or event.drop != drop.number:
            return
        self._view.show_drop_note("")
        drop.files, drop.refused, drop.is_read = event.files, event.refused, True
        plan = self._plan(drop)
        if plan.is_sendable and any(file.is_folder for file in plan.files):
            drop.is_counting = plan.is_counting = True
            self._model.count_drop(drop.number, [file.path for file in plan.files])
        self._view.ask_send(question_of(plan))

    def counted(self, event: DropCounted) -> None:
        """What is in the folders is known."""
        drop = self._drop
        if drop is not None and event.drop == drop.number:
            drop.counted, drop.is_counting = event, False
            self._view.ask_send(question_of(self._plan(drop)))

    def answered(self, number: int, *, yes: bool, links: bool) -> None:
        """The answer; those who have left by now get nothing."""
        drop = self._drop
        if drop is None or number != drop.number:
            return
        self._drop = None
        if drop.is_counting:
            self._model.forget_drop(number)
        plan = self._plan(drop)
        if not yes or not plan.is_sendable:
            return
        if drop.into is not None:
            self._sender.add(drop.into, plan.files)
            return
        here = self._those_here(drop.recipients)
        for person in here:
            files = plan.files if self._sender.goes_as_batch(person) else plan.singles
            if files:
                self._sender.send(files, person, plan.size, links=links)
        if len(here) < len(drop.recipients):
            gone = ", ".join(self._people.name_of(person) for person in drop.recipients if person not in here)
            self._complain(f"Not sent to {printable(gone)}: no longer there.")

    def connection_ended(self) -> None:
        """What is being looked at is for nobody any more; a question that is open stays, and sends nothing."""
        if self._drop is not None and not self._drop.is_read:
            self._model.forget_drop(self._drop.number)
            self._view.show_drop_note("")
            self._drop = None

    def _begin(self, items: Sequence[str], recipients: tuple[int, ...], into: int | None) -> None:
        self._drop = Drop(next(self._numbers), recipients, into)
        if len(items) >= LARGE_DROP:
            self._view.show_drop_note(f"Looking at {shown_count(len(items), 'item')}…")
        self._model.read_drop(self._drop.number, items)

    def _is_busy(self) -> bool:
        if self._drop is None:
            return False
        self._complain("Answer the question about the files before first; then drop these again.")
        return True

    def _those_here(self, people: Sequence[int]) -> tuple[int, ...]:
        return tuple(person for person in people if self._people.maybe_id(person) is not None)

    def _plan(self, drop: Drop) -> Plan:
        """Who gets what, if the user wants it so."""
        as_batch = [person for person in drop.recipients if self._sender.goes_as_batch(person)]
        one_by_one = [person for person in drop.recipients if not self._sender.goes_as_batch(person)]
        return Plan(
            drop.number,
            tuple(self._people.name_of(person) for person in drop.recipients),
            tuple(self._people.name_of(person) for person in one_by_one),
            drop.files if as_batch else tuple(file for file in drop.files if not file.only_in_batch),
            drop.files if one_by_one else (),
            drop.refused,
            drop.counted,
            drop.is_counting,
            drop.into is not None,
            self._sender.room,
            self._sender.batch_room,
            len(as_batch),
        )
