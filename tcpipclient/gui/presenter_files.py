"""Everything about files in one window: drops, single files, batches, offers, the speed limit.

Owns which way files go: as a batch to who uses a program of ours over the encrypted wire, else one by one by the
article's packets. Must never decide what its parts decide. Pure: the Tk thread's; `now` is monotonic, `wall` Unix
seconds. What batches need of the wire is loaded when the first connection stands, not with the window.
"""

from collections.abc import Callable, Sequence
from itertools import count
from typing import TYPE_CHECKING

from commonlib.wording import shown_count, shown_file
from tcpipclient.gui.model import (
    BatchRefused,
    BatchStarted,
    DropCounted,
    DroppedFile,
    DropRead,
    DropReading,
    FileRefused,
    FileStarted,
    FolderLooked,
    Model,
)
from tcpipclient.gui.presenter_always import AlwaysTaken
from tcpipclient.gui.presenter_drops import DropsPresenter
from tcpipclient.gui.presenter_messages import ConversationKey
from tcpipclient.gui.presenter_offers import Offers
from tcpipclient.gui.presenter_people import PeoplePresenter
from tcpipclient.gui.presenter_settings import SettingsPresenter
from tcpipclient.gui.presenter_speed import SpeedPresenter
from tcpipclient.gui.presenter_totals import Counts
from tcpipclient.gui.presenter_transfers import FileEvent, TransfersPresenter
from tcpipclient.gui.shown import TransferAction
from tcpipclient.gui.shown_files import OfferAnswer
from tcpipclient.gui.view import TransfersView

if TYPE_CHECKING:
    from tcpipclient.core.batch_events import BatchEvent
    from tcpipclient.gui.presenter_batches import BatchesPresenter

Notice = tuple[str, str]
"""Title and text of what the user is told where he looks elsewhere."""

FilesAnswer = (
    FileStarted | FileRefused | BatchStarted | BatchRefused | FolderLooked | DropReading | DropRead | DropCounted
)


class FilesPresenter:
    """The files of one window.

    Args:
        complain: Takes a sentence about what did not work.
    """

    def __init__(
        self,
        view: TransfersView,
        model: Model,
        people: PeoplePresenter,
        settings: SettingsPresenter,
        always: AlwaysTaken,
        complain: Callable[[str], None],
    ) -> None:
        self._view = view
        self._model = model
        self._people = people
        self._settings = settings
        self._always = always
        self._complain = complain
        self._keys = count(1)
        self._offers = Offers(view, always)
        self._singles = TransfersPresenter(view, model, people, always, self._offers, self._keys, complain)
        self._maybe_batches: BatchesPresenter | None = None
        self._drops = DropsPresenter(view, model, people, self, complain)
        self.speed = SpeedPresenter(view, model, settings)
        self._note: str | None = None

    @property
    def batches(self) -> "BatchesPresenter":
        """The batches; made when they are first needed."""
        if self._maybe_batches is None:
            from tcpipclient.gui.presenter_batches import BatchesPresenter

            self._maybe_batches = BatchesPresenter(
                self._view,
                self._model,
                self._people,
                self._settings,
                self._always,
                self._offers,
                self._keys,
                self._complain,
            )
        return self._maybe_batches

    @property
    def single_count(self) -> int:
        """Single files on their way, both directions."""
        return self._singles.outgoing_count + self._singles.incoming_count

    @property
    def outgoing_count(self) -> int:
        """What we send and is not over."""
        batches = self._maybe_batches
        return self._singles.outgoing_count + (batches.outgoing_count if batches else 0)

    @property
    def incoming_count(self) -> int:
        """What is for us and is not over, what is only offered, too."""
        batches = self._maybe_batches
        return self._singles.incoming_count + (batches.incoming_count if batches else 0)

    @property
    def sending(self) -> str:
        """What we are sending, in words; empty for nothing."""
        batches = self._maybe_batches
        files = self._singles.outgoing_count + (batches.sending_count if batches else 0)
        return f"Sending {shown_count(files, 'file')}" if files else ""

    def has_person(self, person: int) -> bool:
        """Whether something in the panel is to or from somebody."""
        batches = self._maybe_batches
        return self._singles.has_person(person) or (batches is not None and batches.has_person(person))

    def flush(self) -> None:
        """Show what has changed since the last time."""
        batches = self._maybe_batches
        self._singles.flush()
        if batches is not None:
            batches.flush()
        self._offers.show()
        note = (self._singles.counts + (batches.counts if batches else Counts())).sentence()
        if note != self._note:
            self._note = note
            self._view.show_transfers_note(note)

    def ticked(self, now: float) -> None:
        """Time has passed."""
        self._singles.ticked(now)
        if self._maybe_batches is not None:
            self._maybe_batches.ticked()

    # Who gets what how; `presenter_drops.Sender`

    def goes_as_batch(self, person: int) -> bool:
        """Whether files go to somebody as a batch: he, and we, are on the modern wire."""
        return self._people.maybe_identity(person) is not None

    @property
    def room(self) -> int:
        """How many single files more can be sent."""
        return self._singles.room

    @property
    def batch_room(self) -> int:
        """How many batches more can be sent."""
        return self.batches.room

    def send(self, files: Sequence[DroppedFile], person: int, size: int, *, links: bool) -> None:
        """Send files and folders to somebody; where he takes no batch, there are no folders among them."""
        if self.goes_as_batch(person):
            self.batches.send([file.path for file in files], person, size, links=links)
        else:
            self._singles.send(files, person)

    def maybe_taking_more(self, key: int) -> int | None:
        """The person of a row to which files can be added; None where that cannot be."""
        return self.batches.maybe_taking_more(key)

    def add(self, key: int, files: Sequence[DroppedFile]) -> None:
        """Send files and folders with what is sent in a row."""
        self.batches.add(key, [file.path for file in files])

    # What the model tells

    def answered(self, event: FilesAnswer) -> None:
        """The answer to something that was asked of the model."""
        match event:
            case FileStarted():
                self._singles.file_started(event)
            case FileRefused():
                self._singles.file_refused(event)
            case BatchStarted():
                self.batches.started(event)
            case BatchRefused():
                self.batches.refused(event)
            case FolderLooked():
                self.batches.folder_looked(event)
            case DropReading():
                self._drops.reading(event)
            case DropRead():
                self._drops.read(event)
            case _:
                self._drops.counted(event)

    def file_told(self, event: FileEvent, now: float, wall: float) -> Notice | None:
        """Something happened to a single file; returns what the user is to be told of."""
        offered = self._singles.received(event, now, wall)
        if offered is None:
            return None
        return f"{self._people.name_of(offered.person)} sends you a file", shown_file(offered.name)

    def batch_told(self, event: "BatchEvent", wall: float) -> Notice | None:
        """Something happened to a batch; returns what the user is to be told of."""
        offered = self.batches.received(event, wall)
        return None if offered is None else (f"{offered.who} sends you files", offered.name)

    def accept_always(self) -> None:
        """Take what waits and comes from somebody whose files are taken without asking."""
        self._offers.accept_always()

    def person_left(self, person: int) -> None:
        """Somebody went; what he had on its way the client tells."""
        self._always.person_left(person)

    def connection_ended(self, *, is_wanted: bool) -> None:
        """There is no connection any more; `is_wanted` where the user has left."""
        self._always.connection_ended()
        self._singles.connection_ended()
        if self._maybe_batches is not None:
            if is_wanted:
                self._maybe_batches.disconnected()
            else:
                self._maybe_batches.connection_lost()
        self._drops.connection_ended()

    # What the user does

    def files_dropped(self, items: Sequence[str], to: ConversationKey | None, *, is_connected: bool) -> None:
        """These were dropped, attached or pasted, for these people."""
        self._drops.files_dropped(items, to, is_connected=is_connected)

    def files_added(self, items: Sequence[str], key: int) -> None:
        """These were dropped on a row of the panel, or chosen to be added to it."""
        self._drops.files_added(items, key)

    def send_answered(self, number: int, *, yes: bool, links: bool) -> None:
        """The answer to the question before sending."""
        self._drops.answered(number, yes=yes, links=links)

    def offer_answered(self, key: int, answer: OfferAnswer) -> None:
        """The answer to the question before accepting."""
        self.batches.offer_answered(key, answer)

    def offer_folder_chosen(self, key: int, folder: str) -> None:
        """What is offered is to go to another folder."""
        self.batches.offer_folder_chosen(key, folder)

    def act(self, key: int, action: TransferAction) -> None:
        """A button of a row."""
        self._singles.act(key, action)
        if self._maybe_batches is not None:
            self._maybe_batches.act(key, action)

    def cancel_waiting_clicked(self) -> None:
        """Cancel all single files of ours whose turn has not come."""
        self._singles.cancel_waiting_clicked()

    def clear_clicked(self) -> None:
        """Take all that is over from the panel."""
        self._singles.clear_clicked()
        if self._maybe_batches is not None:
            self._maybe_batches.clear_clicked()
