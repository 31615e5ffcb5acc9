"""What is told of batches, to a person and to a script; nothing that a peer chose reaches a terminal raw."""

from dataclasses import replace
from pathlib import PurePosixPath

import pytest

from commonlib.identity import Fingerprint, short_key_code
from commonlib.transfer.messages import EntryKind, Outcome, Place, Totals
from tcpipclient.cli_batch_wording import (
    MOST_PROBLEMS,
    bar_note,
    batch_progress_report,
    changed_report,
    explanation,
    offered_report,
    received_report,
    sent_report,
    shown_totals,
    unsent_complaint,
)
from tcpipclient.core.batch_events import (
    BatchChanged,
    BatchEnded,
    BatchOffered,
    BatchProblem,
    BatchProgressed,
    BatchState,
    OfferedEntry,
    WayKind,
)
from tcpipclient.core.events import Direction

KEY = bytes(range(32))
CODE = short_key_code(Fingerprint(KEY))
PHOTOS = OfferedEntry(EntryKind.FOLDER, "photos", "photos", 3_200_000_000, is_there=True)
CONSOLE = OfferedEntry(EntryKind.FILE, "CON_", "CON", 5)
POINTER = OfferedEntry(EntryKind.LINK, "latest", "latest", 0)
TOTALS = Totals(files=2500, folders=31, links=1, size=3_200_000_005)
OFFERED = BatchOffered(7, 0, 3, "Ann", KEY, TOTALS, (PHOTOS, CONSOLE, POINTER), others=2, room=12_000_000_000)
SENT = BatchEnded(7, Direction.OUTGOING, 2, "Bob", BatchState.SAVED, saved=1, size=1100, seconds=0.02)
RECEIVED = replace(SENT, direction=Direction.INCOMING, peer=3, peer_name="Ann", paths=(PurePosixPath("/d/a.txt"),))
LOST = BatchProblem("photos/b.jpg", Outcome.FAILED, Place.RECEIVER, "The disk is full.")
KEPT = BatchProblem("photos/c.jpg", Outcome.SKIPPED, Place.NOWHERE, "one of the name is there.")
HOSTILE = "a\x1b[2Jb\r\n\u202efdp.exe"


def test_an_offer_is_one_line_and_one_object() -> None:
    """A script gets every name as it was sent and as it would be saved."""
    report = offered_report(OFFERED)
    assert report.sentence == "Ann (3) offers photos and 4 more (2,500 files in 31 folders, 1 link, 3.2 GB)."
    top = report.item["top"]
    assert top[0] == {
        "kind": "folder",
        "name": "photos",
        "sent_name": "photos",
        "size": 3_200_000_000,
        "is_there": True,
    }
    assert (top[1]["name"], top[1]["sent_name"], top[2]["kind"]) == ("CON_", "CON", "link")
    assert {key: report.item[key] for key in ("transfer", "from", "from_id", "files", "others", "room")} == {
        "transfer": 7,
        "from": "Ann",
        "from_id": 3,
        "files": 2500,
        "others": 2,
        "room": 12_000_000_000,
    }
    assert (report.item["key"], report.item["key_code"]) == (KEY.hex(), CODE)


@pytest.mark.parametrize(
    ("totals", "shown"),
    [
        (Totals(files=1, size=5), "5 bytes"),
        (Totals(files=2, size=5), "2 files, 5 bytes"),
        (Totals(folders=1), "0 files in 1 folder, 0 bytes"),
        (Totals(files=1, links=2, size=5), "1 file, 2 links, 5 bytes"),
    ],
)
def test_how_much_there_is_is_counted(totals: Totals, shown: str) -> None:
    """A single file has a size and nothing else."""
    assert shown_totals(totals) == shown


def test_who_is_asked_sees_every_name_and_what_is_there() -> None:
    """Who, by which key, how much, whether it fits, what it will be called, and what is there already."""
    assert explanation(OFFERED).splitlines() == [
        f"Ann (3), key {CODE}, offers 2,500 files in 31 folders, 1 link, 3.2 GB; 12.0 GB are free:",
        "  photos/ (3.2 GB), there already",
        '  CON_ (5 bytes), sent as "CON"',
        "  latest (link)",
        "  and 2 more",
    ]


def test_too_little_room_is_said_loudly() -> None:
    """Before the answer; where nobody knows, nothing is said."""
    assert "and ONLY 1.0 kB ARE FREE:" in explanation(replace(OFFERED, room=1000))
    assert "free" not in explanation(replace(OFFERED, room=None)).lower()


def test_names_cannot_harm_a_terminal() -> None:
    """Escapes, line ends and changes of direction are shown as such wherever a peer's text is told."""
    entry = OfferedEntry(EntryKind.FILE, HOSTILE, HOSTILE + "x", 5)
    offered = replace(OFFERED, sender_name=HOSTILE, top=(entry,), others=0)
    problem = BatchProblem(HOSTILE, Outcome.FAILED, Place.SENDER, HOSTILE)
    ended = replace(SENT, peer_name=HOSTILE, failed=1, problems=(problem,), reason="It failed.")
    received = replace(RECEIVED, peer_name=HOSTILE, paths=(PurePosixPath(f"/d/{HOSTILE}"),), problems=(problem,))
    told = [explanation(offered), offered_report(offered).sentence, sent_report(ended, "a.txt").sentence]
    told += [unsent_complaint(ended, "a.txt"), received_report(received).sentence]
    for text in told:
        assert all(line.isprintable() for line in text.split("\n"))
        assert "\\x1b[2J" in text


def test_a_state_is_an_object() -> None:
    """The way has the word that --path has; a person has the bars."""
    changed = BatchChanged(7, Direction.OUTGOING, 2, BatchState.RUNNING, WayKind.HUB)
    report = changed_report(changed, "Bob")
    assert report.sentence == ""
    assert report.item == {
        "event": "batch_state",
        "transfer": 7,
        "direction": "outgoing",
        "peer": "Bob",
        "peer_id": 2,
        "state": "running",
        "way": "hub",
        "place": 0,
        "paused_here": False,
        "detail": "",
    }
    assert changed_report(replace(changed, way=None), "Bob").item["way"] is None
    assert changed_report(replace(changed, way=WayKind.DIRECT), "Bob").item["way"] == "direct"


def test_progress_is_an_object() -> None:
    """With whole bytes per second, and no time left where nothing moves."""
    progressed = BatchProgressed(7, Direction.INCOMING, 3, 500, 1000, 1, 2, "photos/a.jpg", 123.4, 4.06)
    item = batch_progress_report(progressed, "Ann").item
    assert (item["done"], item["size"], item["files_done"], item["files"]) == (500, 1000, 1, 2)
    assert (item["current"], item["speed"], item["seconds_left"]) == ("photos/a.jpg", 123, 4.1)
    assert batch_progress_report(replace(progressed, seconds_left=None), "Ann").item["seconds_left"] is None


@pytest.mark.parametrize(
    ("ended", "sentence"),
    [
        (SENT, "Bob (2) has saved a.txt (1.1 kB)."),
        (replace(SENT, saved=0, unchanged=1), "Bob (2) had a.txt (1.1 kB) already."),
        (replace(SENT, saved=0, skipped=1, size=0), "Bob (2) did not keep a.txt."),
        (replace(SENT, saved=0, size=0), "Bob (2) has a.txt: nothing, 0 bytes."),
        (
            replace(SENT, saved=2480, unchanged=20, size=3_400_000_000, seconds=12.9),
            "Bob (2) has a.txt: 2,480 saved, 20 unchanged, 3.4 GB in 12 s.",
        ),
    ],
)
def test_the_recipients_word_says_what_became_of_it(ended: BatchEnded, sentence: str) -> None:
    """Saved, there already, or left out by his choice."""
    assert sent_report(ended, "a.txt").sentence == sentence


@pytest.mark.parametrize(
    ("ended", "sentence"),
    [
        (RECEIVED, "Ann (3) sent a.txt (1.1 kB): it is in /d/a.txt"),
        (replace(RECEIVED, saved=0, unchanged=1), "Ann (3) sent a.txt (1 unchanged, 1.1 kB): it is in /d/a.txt"),
        (replace(RECEIVED, saved=0, paths=()), "Ann (3) sent files (nothing, 1.1 kB)."),
        (
            replace(RECEIVED, saved=3, seconds=61.0, paths=(PurePosixPath("/d/a"), PurePosixPath("/d/b"))),
            "Ann (3) sent a and 1 more (3 saved, 1.1 kB in 1 min): they are in /d",
        ),
        (
            replace(RECEIVED, state=BatchState.CANCELLED, saved=2, reason="Ann stopped it."),
            "From Ann (3): Ann stopped it. (2 saved)",
        ),
    ],
)
def test_what_came_is_told_with_its_place(ended: BatchEnded, sentence: str) -> None:
    """The file or folder itself where it is one, else the folder that all is in."""
    assert received_report(ended).sentence == sentence


def test_each_problem_is_told_with_its_place_and_reason() -> None:
    """Seen from this end; a script gets the same in words of its own."""
    moved = BatchProblem("photos/CON", Outcome.SAVED, Place.NOWHERE, "some systems cannot have this name.")
    ended = replace(SENT, state=BatchState.FAILED, failed=1, skipped=1, problems=(LOST, KEPT, moved), reason="No.")
    assert unsent_complaint(ended, "photos").splitlines() == [
        "To Bob (2), photos: No. (1 saved, 1 skipped, 1 failed)",
        "  photos/b.jpg failed at the receiver: The disk is full.",
        "  photos/c.jpg was skipped: one of the name is there.",
        "  photos/CON has another name: some systems cannot have this name.",
    ]
    here = received_report(replace(ended, direction=Direction.INCOMING))
    assert "photos/b.jpg failed here: The disk is full." in here.sentence
    assert here.item["problems"][0] == {
        "path": "photos/b.jpg",
        "outcome": "failed",
        "place": "receiver",
        "why": "The disk is full.",
    }


def test_the_first_problems_are_told_and_the_others_counted() -> None:
    """A thousand lines are no sentence; all that are known are in the object."""
    ended = replace(SENT, failed=1000, problems=(LOST,) * 100, reason="No.")
    lines = unsent_complaint(ended, "photos").splitlines()
    assert len(lines) == MOST_PROBLEMS + 2
    assert lines[-1] == "  and 990 more"
    assert len(received_report(ended).item["problems"]) == 100


def test_the_note_behind_a_bar_says_speed_and_way_or_why_nothing_moves() -> None:
    """Speed, time left, and whether it goes directly."""
    progressed = BatchProgressed(7, Direction.OUTGOING, 2, 5, 10, 0, 1, "", 2_500_000.0, 12.0)
    assert bar_note(BatchState.RUNNING, WayKind.DIRECT, progressed) == "2.5 MB/s, 12 s left, direct"
    assert bar_note(BatchState.RUNNING, WayKind.HUB, None) == "through the hub"
    assert bar_note(BatchState.PAUSED, WayKind.HUB, progressed) == "paused"
    assert bar_note(BatchState.OFFERED, None, None) == "waiting for an answer"
