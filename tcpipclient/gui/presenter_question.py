"""The question before files are sent: exactly what goes to whom, in words.

Owns what can be sent of a drop, and the sentences. Must never send. Pure: any thread.
"""

from commonlib.values import dataclass
from commonlib.wording import LONGEST_FILE_NAME_SHOWN, shown_count, shown_file, shown_size
from tcpipclient.gui.model import DropCounted, DroppedFile, RefusedItem
from tcpipclient.gui.shown import FileItem, SendQuestion

MOST_LISTED = 200
MOST_RECIPIENTS_LISTED = 20
COUNTING = "Counting what is in the folders… You can send before that is done."


@dataclass(slots=True)
class Plan:
    """Who gets what, if the user wants it so.

    Attributes:
        recipients: Names, as shown; `one_by_one` are those of them who get single files and no folders.
        files: What goes to those who get a batch; without any such, what goes one by one.
        for_singles: All that was dropped, where some get single files; else ().
        counted: What is in the folders; None where there are none, or it is not known yet.
        is_addition: Whether it goes with what is on its way already.
        room, batch_room: How many single files, and batches, can be sent more.
        batches: How many people get a batch.
    """

    number: int
    recipients: tuple[str, ...]
    one_by_one: tuple[str, ...]
    files: tuple[DroppedFile, ...]
    for_singles: tuple[DroppedFile, ...]
    refused: tuple[RefusedItem, ...]
    counted: DropCounted | None
    is_counting: bool
    is_addition: bool
    room: int
    batch_room: int
    batches: int

    @property
    def singles(self) -> tuple[DroppedFile, ...]:
        """What goes one by one to those who get no batch."""
        return tuple(file for file in self.for_singles if not file.only_in_batch)

    @property
    def not_singles(self) -> tuple[DroppedFile, ...]:
        """What those do not get."""
        return tuple(file for file in self.for_singles if file.only_in_batch)

    @property
    def size(self) -> int:
        """Bytes in all, as far as they are counted."""
        if self.counted is not None:
            return self.counted.size
        return sum(file.size for file in self.files)

    @property
    def single_count(self) -> int:
        """How many single files that makes, over all recipients."""
        return len(self.singles) * len(self.one_by_one)

    @property
    def problem(self) -> str:
        """Why nothing of it can be sent: a sentence; else empty."""
        if not self.files:
            return "Nothing of this can be sent."
        if self.counted is not None and self.counted.problem:
            return self.counted.problem
        if self.single_count > self.room:
            return (
                f"{self.single_count:,} files are more than can wait at a time: {self.room:,} can. Send fewer, or to "
                "fewer people, or pack them into one archive."
            )
        if self.batches > self.batch_room:
            return f"Only {self.batch_room:,} more can be on their way at a time. Send to fewer people, or wait."
        return ""

    @property
    def is_sendable(self) -> bool:
        """Whether it can be sent."""
        return not self.problem


def question_of(plan: Plan) -> SendQuestion:
    """The question."""
    names = plan.recipients[:MOST_RECIPIENTS_LISTED]
    more_people = len(plan.recipients) - len(names)
    what = _counted_words(plan.files)
    refused = _refused(plan)
    rest = plan.files[MOST_LISTED:]
    links = plan.counted.links if plan.counted is not None else 0
    return SendQuestion(
        plan.number,
        plan.problem or _heading(plan, what),
        (*names, f"and {more_people:,} more") if more_people else names,
        tuple(_item(file, plan.counted) for file in plan.files[:MOST_LISTED]),
        _rest(rest),
        tuple(refused[:MOST_LISTED]),
        f"and {len(refused) - MOST_LISTED:,} more" if len(refused) > MOST_LISTED else "",
        "" if plan.problem else f"{'Add' if plan.is_addition else 'Send'} {what}",
        f"Send {shown_count(links, 'link')} in the folders, too, as links" if links else "",
        _note(plan),
    )


def _heading(plan: Plan, what: str) -> str:
    to = plan.recipients[0] if len(plan.recipients) == 1 else f"each of {len(plan.recipients):,} people"
    size = "" if plan.is_counting else f" ({shown_size(plan.size)})"
    if plan.is_addition:
        return f"Add {what}{size} to what goes to {to}?"
    return f"Send {what}{size} to {to}?"


def _note(plan: Plan) -> str:
    if plan.is_counting:
        return COUNTING
    counted = plan.counted
    if counted is None or counted.problem:
        return ""
    return f"{shown_count(counted.files, 'file')} in {shown_count(counted.folders, 'folder')}."


def _counted_words(files: tuple[DroppedFile, ...]) -> str:
    folders = sum(file.is_folder for file in files)
    alone = len(files) - folders
    parts = (shown_count(alone, "file") if alone else "", shown_count(folders, "folder") if folders else "")
    return " and ".join(filter(None, parts))


def _item(file: DroppedFile, counted: DropCounted | None) -> FileItem:
    if not file.is_folder:
        return FileItem(shown_file(file.name), shown_size(file.size))
    size = counted.sizes.get(file.name) if counted is not None else None
    return FileItem(shown_file(file.name), "folder" if size is None else f"folder, {shown_size(size)}")


def _rest(files: tuple[DroppedFile, ...]) -> str:
    """What is sent and not listed."""
    if not files:
        return ""
    folders = sum(file.is_folder for file in files)
    beside = f", {shown_count(folders, 'folder')} among them" if folders else ""
    return f"and {len(files):,} more ({shown_size(sum(file.size for file in files))}{beside})"


def _refused(plan: Plan) -> list[FileItem]:
    """What is not sent, or not to everybody, and why."""
    found = [FileItem(_shown_item(item.item), item.reason) for item in plan.refused]
    if plan.counted is not None:
        found += [FileItem(_shown_item(item.item), item.reason) for item in plan.counted.left_out]
    if plan.not_singles:
        to = f"not to {plan.one_by_one[0]}: " if plan.batches and len(plan.one_by_one) == 1 else ""
        to = to or (f"not to {len(plan.one_by_one):,} of these people: " if plan.batches else "")
        found += [FileItem(shown_file(file.name), f"{to}{file.only_in_batch}") for file in plan.not_singles]
    return found


def _shown_item(item: str) -> str:
    """Something refused, as it came; of a long one the end, which tells it from others."""
    if len(item) <= LONGEST_FILE_NAME_SHOWN:
        return shown_file(item)
    return shown_file("…" + item[-LONGEST_FILE_NAME_SHOWN // 2 :])
