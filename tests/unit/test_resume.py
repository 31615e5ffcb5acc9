"""resume: what is there decides what is asked for, and nothing that is there is trusted without its hash."""

from dataclasses import replace

import pytest
from blake3 import blake3

from commonlib.conflict import Conflict
from commonlib.transfer.manifest import Listed
from commonlib.transfer.messages import MOST_MARKS, EntryKind, Mark, Outcome, Place
from commonlib.transfer.resume import (
    SMALLEST_RESUMED,
    Choices,
    Fetch,
    Found,
    LeaveOut,
    MakeFolder,
    MakeLink,
    OnDisk,
    Prefix,
    mark_offsets,
    part_name,
    plan,
)

MIB = 1 << 20
FILE = Listed(0, 0, ("d", "f"), EntryKind.FILE, 10 * MIB, 1_700_000_000_123_456_789, 0o644, "f")
FOLDER = Listed(0, 0, ("d",), EntryKind.FOLDER, 0, 0, 0, "d")
LINK = Listed(0, 0, ("d", "l"), EntryKind.LINK, 0, 0, 0, "l", "f")
SAME = OnDisk(Found.FILE, FILE.size, FILE.modified_ns)
OLDER = OnDisk(Found.FILE, FILE.size + 1, FILE.modified_ns - 1)
NEWER = OnDisk(Found.FILE, FILE.size + 1, FILE.modified_ns + 1)


def outcome(entry: Listed, found: OnDisk, conflict: Conflict = Conflict.RENAME, *, links: bool = True) -> str:
    """What is planned, in a word."""
    planned = plan(entry, found, Choices(conflict, links))
    return planned.outcome.name.lower() if isinstance(planned, LeaveOut) else type(planned).__name__


def test_a_file_that_is_not_there_is_fetched_from_its_beginning() -> None:
    """Nothing there, nothing left of an earlier run."""
    assert plan(FILE, OnDisk(), Choices()) == Fetch(())


@pytest.mark.parametrize("conflict", Conflict)
def test_a_file_that_is_there_unchanged_is_not_fetched(conflict: Conflict) -> None:
    """Of the same size and date, or in the receiver's own book, whatever else the user has chosen."""
    assert outcome(FILE, SAME, conflict) == "unchanged"
    assert outcome(FILE, OnDisk(saved_before=True), conflict) == "unchanged"


@pytest.mark.parametrize(
    ("conflict", "older", "newer", "other"),
    [
        (Conflict.RENAME, "Fetch", "Fetch", "Fetch"),
        (Conflict.REPLACE, "Fetch", "Fetch", "Fetch"),
        (Conflict.SKIP, "skipped", "skipped", "skipped"),
        (Conflict.NEWEST, "Fetch", "skipped", "Fetch"),
    ],
)
def test_a_conflict_is_settled_by_the_users_choice(conflict: Conflict, older: str, newer: str, other: str) -> None:
    """Before a byte of the file is asked for, where that can be told."""
    assert outcome(FILE, OLDER, conflict) == older
    assert outcome(FILE, NEWER, conflict) == newer
    assert outcome(FILE, OnDisk(Found.FOLDER), conflict) == other


def test_the_newest_cannot_be_told_without_a_date() -> None:
    """The file comes, and is kept beside the other."""
    assert outcome(replace_entry(FILE, modified_ns=0), NEWER, Conflict.NEWEST) == "Fetch"


def replace_entry(entry: Listed, size: int | None = None, modified_ns: int | None = None) -> Listed:
    """The entry with another size or date."""
    return Listed(
        entry.number,
        entry.offer,
        entry.path,
        entry.kind,
        entry.size if size is None else size,
        entry.modified_ns if modified_ns is None else modified_ns,
        entry.mode,
        entry.sent_name,
    )


@pytest.mark.parametrize(
    ("sent", "kept", "is_same"),
    [
        (1_000_000_123, 1_000_000_123, True),
        (1_000_000_123, 1_000_000_100, True),
        (1_000_000_123, 1_000_000_122, False),
        (5_999_999_999, 5_000_000_000, True),
        (5_999_999_999, 4_000_000_000, True),
        (5_999_999_999, 6_000_000_000, True),
        (7_999_999_999, 4_000_000_000, False),
        (5_000_000_000, 5_999_999_999, False),
        (0, 0, False),
    ],
)
def test_a_disk_may_have_rounded_a_date(sent: int, kept: int, is_same: bool) -> None:
    """To 100 nanoseconds, a second or two; a date that no rounding makes is another one, and none is none."""
    found = OnDisk(Found.FILE, FILE.size, kept)
    assert (outcome(replace_entry(FILE, modified_ns=sent), found) == "unchanged") is is_same


def test_the_same_date_with_another_size_is_another_file() -> None:
    """And the same size with another date, too."""
    assert outcome(FILE, replace(SAME, size=FILE.size - 1)) == "Fetch"
    assert outcome(FILE, replace(SAME, modified_ns=FILE.modified_ns + 10**12)) == "Fetch"


def test_a_folder_is_made_or_used_and_never_replaces_anything() -> None:
    """What was there stays."""
    assert plan(FOLDER, OnDisk(), Choices()) == MakeFolder()
    assert plan(FOLDER, OnDisk(Found.FOLDER), Choices(Conflict.SKIP)) == MakeFolder()
    for there in (Found.FILE, Found.OTHER):
        planned = plan(FOLDER, OnDisk(there), Choices(Conflict.REPLACE))
        assert isinstance(planned, LeaveOut)
        assert (planned.outcome, planned.place) == (Outcome.FAILED, Place.RECEIVER)
        assert planned.why


@pytest.mark.parametrize("entry", [FILE, FOLDER, LINK])
def test_nothing_is_planned_below_what_is_no_folder(entry: Listed) -> None:
    """A folder that could not be made, or one that is a link by now."""
    assert outcome(entry, OnDisk(Found.BLOCKED, part_size=5 * MIB)) == "failed"


def test_links_are_made_only_where_they_are_wanted_and_lead_inside() -> None:
    """And only where nothing is in their way, or may be replaced or kept beside."""
    assert plan(LINK, OnDisk(), Choices(links=True)) == MakeLink()
    assert outcome(LINK, OnDisk(), links=False) == "skipped"
    assert outcome(LINK, OnDisk(saved_before=True)) == "unchanged"
    assert outcome(LINK, OnDisk(Found.FILE), Conflict.SKIP) == "skipped"
    assert outcome(LINK, OnDisk(Found.FILE), Conflict.NEWEST) == "skipped"
    assert outcome(LINK, OnDisk(Found.FILE), Conflict.REPLACE) == "MakeLink"
    refused = Listed(0, 0, ("l",), EntryKind.LINK, 0, 0, 0, "l", "", "it leads out")
    planned = plan(refused, OnDisk(), Choices(links=True))
    assert isinstance(planned, LeaveOut)
    assert planned.why == "the link was not made: it leads out"


def test_a_part_is_asked_about_at_its_end_and_at_points_before() -> None:
    """Ascending, none so early that a fresh start would cost as much, and no more than a message holds."""
    assert plan(FILE, OnDisk(part_size=6 * MIB), Choices()) == Fetch((2 * MIB, 5 * MIB, 6 * MIB))
    assert mark_offsets(MIB, MIB) == (MIB,)
    huge = mark_offsets(1 << 40, 1 << 41)
    assert len(huge) == MOST_MARKS
    assert list(huge) == sorted(set(huge))
    assert huge[-1] == 1 << 40


@pytest.mark.parametrize("part_size", [0, 1, SMALLEST_RESUMED - 1, FILE.size + 1])
def test_a_part_that_is_short_or_too_long_is_not_asked_about(part_size: int) -> None:
    """It is quicker sent again, or is of another file."""
    assert plan(FILE, OnDisk(part_size=part_size), Choices()) == Fetch(())


def test_a_part_has_the_same_name_in_every_run() -> None:
    """As long as path, size and date are the same, and a harmless one."""
    name = part_name(FILE)
    assert name == part_name(Listed(99, 3, FILE.path, FILE.kind, FILE.size, FILE.modified_ns, 0, "other"))
    assert len(name) == 32
    assert set(name) <= set("0123456789abcdef")
    others = {part_name(replace_entry(FILE, size=1)), part_name(replace_entry(FILE, modified_ns=1)), part_name(FOLDER)}
    assert len(others | {name}) == 4


def test_the_hash_over_a_part_is_kept_at_its_points() -> None:
    """However the bytes come; going on from a point gives the hash of the whole."""
    data = bytes(range(256)) * 4
    prefix = Prefix((10, 700, 1000))
    position = 0
    while prefix.due:
        step = min(prefix.due, 7)
        prefix.receive_data(data[position : position + step])
        position += step
    assert position == 1000
    assert prefix.marks == [Mark(offset, blake3(data[:offset]).digest()) for offset in (10, 700, 1000)]
    for offset in (0, 10, 700, 1000):
        going_on = prefix.hash_at(offset)
        going_on.update(data[offset:])
        assert going_on.digest() == blake3(data).digest()
    with pytest.raises(KeyError):
        prefix.hash_at(11)


def test_a_part_that_ends_early_gives_the_points_that_were_reached() -> None:
    """It became shorter since it was looked at; and more bytes than are due are a mistake of the shell's."""
    prefix = Prefix((10, 20))
    prefix.receive_data(bytes(10))
    assert [mark.offset for mark in prefix.marks] == [10]
    with pytest.raises(ValueError, match="due"):
        prefix.receive_data(bytes(11))
