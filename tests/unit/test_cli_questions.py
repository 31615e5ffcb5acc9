"""Which files a person is asked about, and what his answers let in."""

import pytest

from commonlib.conflict import Conflict
from commonlib.transfer.messages import EntryKind, Totals
from tcpipclient.cli_questions import Decision, Questions
from tcpipclient.core.batch_events import BatchOffered, OfferedEntry
from tcpipclient.core.events import FileOffered


def offer(transfer: int, sender: int = 2, name: str = "report.pdf") -> FileOffered:
    """A file of 3.2 MB that Bob offers, unless somebody else does."""
    return FileOffered(transfer, sender, {2: "Bob", 3: "Cy"}[sender], name, name, 3_200_000)


def test_the_question_says_who_sends_what_and_how_large_it_is() -> None:
    """All that a person needs to decide is in one line."""
    questions = Questions()
    assert questions.question == ""
    assert questions.receive_offer(offer(7)) == []
    assert questions.question == "Bob (2) sends report.pdf (3.2 MB). Keep it? [y/N/a = always from now on] "


@pytest.mark.parametrize(
    ("answer", "accepted"),
    [("y", True), ("YES", True), (" y ", True), ("n", False), ("", False), ("yep", False), ("j", False)],
)
def test_only_yes_lets_a_file_in(answer: str, accepted: bool) -> None:
    """Anything but a clear yes is a no, and the question is then gone."""
    questions = Questions()
    questions.receive_offer(offer(7))
    assert questions.receive_answer(answer) == [Decision(offer(7), accepted)]
    assert questions.question == ""


def test_files_are_asked_about_one_after_another() -> None:
    """Each answer goes to the file that was shown."""
    questions = Questions()
    questions.receive_offer(offer(7))
    questions.receive_offer(offer(8, sender=3))
    assert questions.receive_answer("n") == [Decision(offer(7), accepted=False)]
    assert questions.question.startswith("Cy (3) ")
    assert questions.receive_answer("y") == [Decision(offer(8, sender=3), accepted=True)]


def test_always_lets_in_what_one_person_sends_from_then_on() -> None:
    """His waiting files too, and nobody else's."""
    questions = Questions()
    for given in (offer(7), offer(8, sender=3), offer(9)):
        questions.receive_offer(given)
    assert questions.receive_answer("a") == [Decision(offer(7), accepted=True), Decision(offer(9), accepted=True)]
    assert questions.receive_offer(offer(10)) == [Decision(offer(10), accepted=True)]
    assert questions.receive_answer("n") == [Decision(offer(8, sender=3), accepted=False)]
    assert questions.question == ""


def test_always_ends_when_the_person_leaves() -> None:
    """Whoever gets the same id later has to be asked about."""
    questions = Questions()
    questions.receive_offer(offer(7))
    questions.receive_answer("a")
    questions.forget_person(2)
    assert questions.receive_offer(offer(8)) == []
    assert questions.question != ""


def test_an_answer_to_nothing_lets_nothing_in() -> None:
    """What was typed before a question was shown is not taken as its answer."""
    questions = Questions()
    assert questions.receive_answer("y") == []
    questions.receive_offer(offer(7))
    assert questions.question != ""


def test_an_answer_to_a_file_that_has_gone_lets_no_other_in() -> None:
    """Somebody who withdraws one file as the person types yes gets no second one in; he is asked anew."""
    questions = Questions()
    questions.receive_offer(offer(7))
    questions.receive_offer(offer(8, sender=3))
    questions.forget_offer(7)
    assert questions.receive_answer("y") == []
    assert questions.question.startswith("Cy (3) ")
    assert questions.receive_answer("y") == [Decision(offer(8, sender=3), accepted=True)]


def test_a_waiting_file_that_goes_changes_no_open_question() -> None:
    """The answer to the one that is shown counts as before."""
    questions = Questions()
    questions.receive_offer(offer(7))
    questions.receive_offer(offer(8, sender=3))
    questions.forget_offer(8)
    assert questions.receive_answer("y") == [Decision(offer(7), accepted=True)]
    assert questions.question == ""


def test_without_anybody_to_answer_everything_is_declined() -> None:
    """When the keyboard is gone, what waits and what comes later is declined; always stays always."""
    questions = Questions()
    questions.receive_offer(offer(7))
    questions.receive_answer("a")
    questions.receive_offer(offer(8, sender=3))
    assert questions.receive_end() == [Decision(offer(8, sender=3), accepted=False)]
    assert questions.receive_offer(offer(9, sender=3)) == [Decision(offer(9, sender=3), accepted=False)]
    assert questions.receive_offer(offer(10)) == [Decision(offer(10), accepted=True)]


def test_no_name_hides_the_end_of_the_question() -> None:
    """A long or hostile name is clamped and escaped: the choice stays in sight."""
    questions = Questions()
    questions.receive_offer(offer(7, name="x" * 5000 + "\r\x1b[8m"))
    assert len(questions.question) < 300
    assert questions.question.isprintable()


PHOTOS = OfferedEntry(EntryKind.FOLDER, "photos", "photos", 3_200_000, is_there=True)
NOTES = OfferedEntry(EntryKind.FILE, "notes.txt", "notes.txt", 5)


def batch(transfer: int, *top: OfferedEntry, others: int = 0) -> BatchOffered:
    """Files that Bob offers."""
    return BatchOffered(transfer, 0, 2, "Bob", bytes(32), Totals(files=7, size=3_200_005), top, others)


def test_a_batch_is_explained_above_its_question() -> None:
    """Every name once; then one line that says whose it is."""
    questions = Questions()
    assert questions.explanation == ""
    questions.receive_offer(batch(7, PHOTOS, NOTES))
    assert "  photos/ (3.2 MB), there already\n  notes.txt (5 bytes)" in questions.explanation
    assert questions.question == (
        "Bob (2) offers photos and 1 more (7 files, 3.2 MB). Keep them all? [y/N/a = always from now on] "
    )
    assert questions.receive_answer("y") == [Decision(batch(7, PHOTOS, NOTES), accepted=True)]


def test_names_that_are_there_are_asked_about_once_per_batch() -> None:
    """After yes, where the user wants to be asked; not where nothing is there."""
    questions = Questions(about_conflicts=True)
    questions.receive_offer(batch(7, PHOTOS, NOTES))
    assert questions.receive_answer("y") == []
    assert questions.question == (
        "photos is there already: r keeps both, s skips the new, p replaces the old, n keeps the newest. [R/s/p/n] "
    )
    assert questions.receive_answer("p") == [
        Decision(batch(7, PHOTOS, NOTES), accepted=True, conflict=Conflict.REPLACE)
    ]
    questions.receive_offer(batch(8, NOTES))
    assert questions.receive_answer("y") == [Decision(batch(8, NOTES), accepted=True)]
    questions.receive_offer(batch(9, NOTES, others=3))
    assert questions.receive_answer("y") == []
    assert questions.question.startswith("Some of these names may be there already: ")


@pytest.mark.parametrize(
    ("answer", "conflict"),
    [
        ("", Conflict.RENAME),
        ("R", Conflict.RENAME),
        ("s", Conflict.SKIP),
        ("p", Conflict.REPLACE),
        ("n", Conflict.NEWEST),
    ],
)
def test_what_happens_to_names_that_are_there_is_a_letter(answer: str, conflict: Conflict) -> None:
    """Nothing typed keeps both; what is no choice is asked again."""
    questions = Questions(about_conflicts=True)
    questions.receive_offer(batch(7, PHOTOS), wanted=True)
    assert questions.receive_answer("yes") == []
    assert questions.question.startswith("photos is there already")
    assert questions.receive_answer(answer) == [Decision(batch(7, PHOTOS), accepted=True, conflict=conflict)]
    assert questions.question == ""


def test_what_a_rule_accepts_is_asked_about_only_where_names_are_there() -> None:
    """And only where the user wants that."""
    questions = Questions(about_conflicts=True)
    assert questions.receive_offer(batch(7, NOTES), wanted=True) == [Decision(batch(7, NOTES), accepted=True)]
    assert Questions().receive_offer(batch(7, PHOTOS), wanted=True) == [Decision(batch(7, PHOTOS), accepted=True)]


def test_always_leaves_the_question_about_names_that_are_there() -> None:
    """For each batch of that person, now and later."""
    questions = Questions(about_conflicts=True)
    questions.receive_offer(batch(7, NOTES))
    questions.receive_offer(batch(8, PHOTOS))
    assert questions.receive_answer("a") == [Decision(batch(7, NOTES), accepted=True)]
    assert questions.question.startswith("photos is there already")
    assert questions.receive_answer("s") == [Decision(batch(8, PHOTOS), accepted=True, conflict=Conflict.SKIP)]
    assert questions.receive_offer(batch(9, NOTES)) == [Decision(batch(9, NOTES), accepted=True)]


def test_without_anybody_to_answer_what_was_wanted_is_kept_beside_what_is_there() -> None:
    """Yes was said, and nothing is lost by keeping both."""
    questions = Questions(about_conflicts=True)
    questions.receive_offer(batch(7, PHOTOS))
    questions.receive_answer("y")
    questions.receive_offer(batch(8, PHOTOS))
    kept, declined = questions.receive_end()
    assert (kept.accepted, kept.conflict, declined.accepted) == (True, Conflict.RENAME, False)
    (later,) = questions.receive_offer(batch(9, PHOTOS), wanted=True)
    assert (later.accepted, later.conflict) == (True, Conflict.RENAME)
