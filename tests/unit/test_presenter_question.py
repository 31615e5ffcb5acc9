"""The question before files are sent, where folders are among them and not everybody gets the same."""

from pathlib import PurePath

from tcpipclient.gui.model import DropCounted, DroppedFile, RefusedItem
from tcpipclient.gui.presenter_question import COUNTING, MOST_LISTED, Plan, question_of
from tcpipclient.gui.shown import FileItem

FILE = DroppedFile(PurePath("/h/a.txt"), "a.txt", 1000)
FOLDER = DroppedFile(PurePath("/h/Photos"), "Photos", 0, is_folder=True, only_in_batch="no folders")


def plan(*files: DroppedFile, counted: DropCounted | None = None, **more: object) -> Plan:
    """What Ann gets as a batch."""
    found = Plan(1, ("Ann (2)",), (), files, (), (), counted, False, False, 10_000, 1000, 1)
    for name, value in more.items():
        setattr(found, name, value)
    return found


def test_folders_are_named_before_they_are_counted() -> None:
    """One may send at once."""
    question = question_of(plan(FILE, FOLDER, is_counting=True))
    assert question.heading == "Send 1 file and 1 folder to Ann (2)?"
    assert (question.button, question.note) == ("Send 1 file and 1 folder", COUNTING)
    assert question.items == (FileItem("a.txt", "1.0 kB"), FileItem("Photos", "folder"))
    assert question.links == ""


def test_counted_folders_say_how_much_they_are() -> None:
    """Links can be chosen, and what is left out is told."""
    counted = DropCounted(
        1, 300, 14, 2, 9000, {"a.txt": 1000, "Photos": 8000}, (RefusedItem("Photos/pipe", "it is a pipe"),)
    )
    question = question_of(plan(FILE, FOLDER, counted=counted))
    assert question.heading == "Send 1 file and 1 folder (9.0 kB) to Ann (2)?"
    assert question.note == "300 files in 14 folders."
    assert question.items[1] == FileItem("Photos", "folder, 8.0 kB")
    assert question.links == "Send 2 links in the folders, too, as links"
    assert question.refused == (FileItem("Photos/pipe", "it is a pipe"),)


def test_what_cannot_be_counted_cannot_be_sent() -> None:
    """The reason is the heading."""
    question = question_of(plan(FOLDER, counted=DropCounted(1, problem="Photos cannot be sent: no.")))
    assert (question.heading, question.button, question.note) == ("Photos cannot be sent: no.", "", "")


def test_folders_beyond_the_list_are_counted() -> None:
    """With the rest of what is not listed."""
    question = question_of(plan(*(FILE for _ in range(MOST_LISTED)), FILE, FOLDER))
    assert question.more_items == "and 2 more (1.0 kB, 1 folder among them)"


def test_who_gets_no_folders_is_told() -> None:
    """By name where it is one, by number where there are more; where it is everybody it needs no name."""
    both = plan(FILE, FOLDER, recipients=("Ann (2)", "Bob (3)"), one_by_one=("Bob (3)",), for_singles=(FILE, FOLDER))
    assert question_of(both).refused == (FileItem("Photos", "not to Bob (3): no folders"),)
    assert (both.singles, both.single_count) == ((FILE,), 1)
    both.one_by_one = ("Bob (3)", "Eve (4)")
    assert question_of(both).refused == (FileItem("Photos", "not to 2 of these people: no folders"),)
    all_of_them = plan(FILE, one_by_one=("Ann (2)",), for_singles=(FILE, FOLDER), batches=0)
    assert question_of(all_of_them).refused == (FileItem("Photos", "no folders"),)


def test_an_addition_is_called_one() -> None:
    """It goes with what is on its way."""
    question = question_of(plan(FILE, is_addition=True))
    assert question.heading == "Add 1 file (1.0 kB) to what goes to Ann (2)?"
    assert question.button == "Add 1 file"
