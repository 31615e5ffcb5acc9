"""What the user is asked before files for him are accepted: exactly what, from whom, where to, and what stands there.

Owns the one question that is open. Must never accept by itself, nor look at the disk: the model does, and answers.
Pure: the Tk thread's.
"""

from collections.abc import Callable

from commonlib.conflict import Conflict
from commonlib.printable import printable
from commonlib.transfer.messages import EntryKind
from commonlib.values import replace
from commonlib.wording import shown_count, shown_file, shown_size
from tcpipclient.core.batch_events import BatchOffered, OfferedEntry
from tcpipclient.gui.model import FolderLooked, Model
from tcpipclient.gui.presenter_batch import LONGEST_PATH_SHOWN, Batch, shown_totals
from tcpipclient.gui.shown import FileItem
from tcpipclient.gui.shown_files import AcceptQuestion, Choice
from tcpipclient.gui.view import TransfersView

CHOICES = (
    Choice(Conflict.RENAME, "Keep both: the new one gets another name"),
    Choice(Conflict.SKIP, "Keep what is there"),
    Choice(Conflict.REPLACE, "Replace what is there"),
    Choice(Conflict.NEWEST, "Keep whichever is newer"),
)
LISTENING = (
    "Let this computer listen on port 9998 from now on, so that files come directly. The system may ask whether that "
    "is allowed. Without it, or if you say no there, they come through the hub: slower, and just as safe."
)


class AcceptPresenter:
    """The question about one offer at a time.

    Args:
        downloads: The folder of the settings; empty is the usual one.
        must_explain: Whether the user has never been told that this computer will listen.
        lock_of: What is known of the key of the person in a row, as a sentence.
        always_of: What Always means for the person in a row.
    """

    def __init__(
        self,
        view: TransfersView,
        model: Model,
        downloads: Callable[[], str],
        must_explain: Callable[[], bool],
        lock_of: Callable[[int], str],
        always_of: Callable[[int], str],
    ) -> None:
        self._view = view
        self._model = model
        self._downloads = downloads
        self._must_explain = must_explain
        self._lock_of = lock_of
        self._always_of = always_of
        self._batch: Batch | None = None
        self._question: AcceptQuestion | None = None
        self._folder = ""

    @property
    def folder(self) -> str:
        """Where what is asked about would go; empty is the usual folder."""
        return self._folder

    def ask(self, batch: Batch) -> None:
        """Ask about what this batch offers."""
        assert batch.offered is not None
        self._batch = batch
        self._folder = self._downloads()
        self._show(self._first_question(batch, batch.offered))
        self._look()

    def is_open(self, batch: Batch) -> bool:
        """Whether this batch is being asked about."""
        return self._batch is batch

    def close(self, batch: Batch) -> None:
        """It is answered, or not offered any more."""
        if self._batch is batch:
            self._batch = self._question = None
            self._view.close_accept(batch.key)

    def folder_chosen(self, key: int, folder: str) -> None:
        """It is to go elsewhere."""
        if self._batch is not None and self._batch.key == key and folder:
            self._folder = folder
            self._look()

    def folder_looked(self, event: FolderLooked) -> None:
        """So it is in that folder."""
        batch, question = self._batch, self._question
        if batch is None or question is None or batch.offered is None or event.transfer != batch.number:
            return
        offered = batch.offered
        choices, note = _conflicts(sum(entry.name in event.there for entry in offered.top), offered)
        room, is_short = _room(event.room, offered.totals.size)
        self._folder = event.folder
        self._show(
            replace(
                question,
                items=tuple(_item(entry, is_there=entry.name in event.there) for entry in offered.top),
                folder=printable(event.folder, LONGEST_PATH_SHOWN),
                room=room,
                is_room_short=is_short,
                conflicts=choices,
                conflict_note=note,
            )
        )

    def _look(self) -> None:
        assert self._batch is not None
        assert self._batch.offered is not None
        names = tuple(entry.name for entry in self._batch.offered.top)
        self._model.look_at_folder(self._batch.number, self._folder, names)

    def _first_question(self, batch: Batch, offered: BatchOffered) -> AcceptQuestion:
        room, is_short = _room(offered.room, offered.totals.size)
        choices, note = _conflicts(sum(entry.is_there for entry in offered.top), offered)
        verb = "adds to what you receive" if offered.offer else "sends you"
        links = offered.totals.links
        return AcceptQuestion(
            batch.key,
            f"{batch.who} {verb}: {shown_totals(offered.totals)}",
            self._lock_of(batch.person),
            tuple(_item(entry, is_there=entry.is_there) for entry in offered.top),
            f"and {offered.others:,} more" if offered.others else "",
            "",
            room,
            is_short,
            choices,
            note,
            f"Make {shown_count(links, 'link')}, too, where they stay inside of what comes" if links else "",
            LISTENING if self._must_explain() else "",
            self._always_of(batch.person),
        )

    def _show(self, question: AcceptQuestion) -> None:
        if question != self._question:
            self._question = question
            self._view.ask_accept(question)


def offer_sentence(who: str, offered: BatchOffered) -> str:
    """What is offered, in one line; `who` as shown."""
    verb = "adds" if offered.offer else "sends you"
    first = shown_file(offered.top[0].name)
    more = len(offered.top) - 1 + offered.others
    named = f'"{first}" and {more:,} more' if more else f'"{first}"'
    return f"{who} {verb} {named}: {shown_totals(offered.totals)}."


def is_room_short(offered: BatchOffered) -> bool:
    """Whether what is offered does not fit."""
    return _room(offered.room, offered.totals.size)[1]


def _room(room: int | None, size: int) -> tuple[str, bool]:
    """What is said of the free room, and whether it is too little."""
    if room is None:
        return "", False
    if size > room:
        return f"Only {shown_size(room)} free there: too little for {shown_size(size)}.", True
    return f"{shown_size(room)} free there.", False


def _conflicts(there: int, offered: BatchOffered) -> tuple[tuple[Choice, ...], str]:
    """What can happen to what is there, and what is said above; what is in folders nobody has compared yet."""
    if not there and not offered.others and not offered.totals.folders:
        return (), ""
    if there == 1:
        return CHOICES, "1 of these is there already. Where a file of the name is there:"
    if there:
        return CHOICES, f"{there:,} of these are there already. Where a file of the name is there:"
    return CHOICES, "Where a file of the name is there already:"


def _item(entry: OfferedEntry, *, is_there: bool) -> FileItem:
    size = shown_size(entry.size)
    match entry.kind:
        case EntryKind.FOLDER:
            words = f"folder, {size}"
        case EntryKind.LINK:
            words = "link"
        case _:
            words = size
    if is_there:
        words += ", there already"
    if entry.sent_name != entry.name:
        words += f', sent as "{shown_file(entry.sent_name)}"'
    return FileItem(shown_file(entry.name), words)
