"""What is told of an event, to a person and to a script; nothing that a peer chose reaches a terminal raw."""

import json
from pathlib import PurePosixPath

import pytest

from commonlib.classic.layouts import DataPacket
from commonlib.identity import Fingerprint, key_code, short_key_code
from commonlib.safename import Change
from tcpipclient.cli_wording import (
    Report,
    maybe_report,
    maybe_unencrypted_notice,
    person_item,
    progress_report,
    ready_report,
    shown_text,
)
from tcpipclient.core.events import (
    ClockDiffered,
    CommandArrived,
    ConnectionLost,
    Direction,
    Event,
    FileNotSaved,
    FileOffered,
    FileProgressed,
    FileSaved,
    HubExited,
    Loss,
    PacketIgnored,
    Person,
    PersonChanged,
    PersonJoined,
    PersonLeft,
    TextArrived,
)

KEY = Fingerprint(bytes(range(32)))
BOB = Person(2, "Bob", "DESK", "192.0.2.7")


def report_of(event: Event) -> Report:
    """What is told of an event that must be told."""
    report = maybe_report(event)
    assert report is not None
    return report


def test_a_text_is_told_with_its_sender_and_its_numbers() -> None:
    """The numbers are shown where there are any; a script gets them always."""
    plain, numbered = report_of(TextArrived(2, "Bob", "Hi.", (0, 0))), report_of(TextArrived(2, "Bob", "Hi.", (5, -7)))
    assert plain.sentence == "Bob (2): Hi."
    assert numbered.sentence == "Bob (2) [5, -7]: Hi."
    assert numbered.item == {"event": "text", "from": "Bob", "from_id": 2, "text": "Hi.", "numbers": [5, -7]}


def test_a_text_of_the_operator_is_the_servers() -> None:
    """Somebody who calls himself server has his id behind it."""
    assert report_of(TextArrived(0, "", "Hi.", (0, 0))).sentence == "server: Hi."
    assert report_of(TextArrived(0, "", "Hi.", (0, 0))).item["from"] == "server"
    assert report_of(TextArrived(9, "server", "Hi.", (0, 0))).sentence == "server (9): Hi."


def test_a_line_of_a_text_cannot_pass_for_another_text() -> None:
    """Further lines are marked, and nothing in them moves the cursor."""
    sentence = report_of(TextArrived(2, "Bob", "one\nAnn (1): two\r\nthree\r\x1b[Afour", (0, 0))).sentence
    assert sentence.split("\n") == ["Bob (2): one", "  | Ann (1): two", "  | three", "  | \\x1b[Afour"]


@pytest.mark.parametrize("character", ["\x1b", "\x07", "\x9b", "\u202e", "\u2028", "\u200b", "\x00"])
def test_no_control_character_reaches_a_terminal(character: str) -> None:
    """Neither in a text nor in a name nor in a file's name; a script gets the character as it is, escaped by JSON."""
    given = f"a{character}b"
    events: list[Event] = [
        TextArrived(2, given, given, (0, 0)),
        PersonJoined(Person(2, given)),
        PersonLeft(Person(2, given)),
        PersonChanged(Person(2, given), BOB),
        FileOffered(7, 2, given, given, given, 5),
        FileSaved(7, 2, given, given, 5, PurePosixPath("/d") / given),
        FileNotSaved(7, 2, given, given, "Declined."),
    ]
    for event in events:
        report = report_of(event)
        assert report.sentence.isprintable(), event
        assert given in report.item.values()
        assert character not in json.dumps(report.item)


def test_a_long_text_is_shown_whole() -> None:
    """Cutting is for names: of a text nothing is lost, however many of its characters become escapes."""
    assert shown_text("x" * 5000) == ["x" * 5000]
    assert shown_text("\x1b" * 1000) == ["\\x1b" * 1000]
    assert shown_text("a\tb") == ["a   b"]
    assert shown_text("") == [""]


def test_people_who_come_change_and_leave_are_told() -> None:
    """A change of anything but the name is for scripts only."""
    assert report_of(PersonJoined(BOB)).sentence == "Bob (2) came, not encrypted."
    keyed = Person(2, "Bob", key=KEY, session=2)
    assert report_of(PersonJoined(keyed)).sentence == f"Bob (2) came, key {short_key_code(KEY)}, connection 2."
    assert report_of(PersonLeft(BOB)).sentence == "Bob (2) left."
    assert report_of(PersonChanged(Person(2, "Rob"), BOB)).sentence == "Bob (2) is now called Rob (2)."
    busy = report_of(PersonChanged(Person(2, "Bob", status=3), BOB))
    assert busy.sentence == ""
    assert (busy.item["event"], busy.item["status"]) == ("changed", 3)


def test_a_person_is_an_object_with_everything_that_is_known() -> None:
    """Every field of the roster is there."""
    assert person_item("person", BOB) == {
        "event": "person",
        "id": 2,
        "name": "Bob",
        "computer": "DESK",
        "address": "192.0.2.7",
        "alternate_address": "",
        "version": "",
        "colour": 0,
        "status": 0,
        "status_since": None,
        "listening_port": 9998,
        "session": 1,
        "encrypted": False,
        "key": None,
        "key_code": None,
        "ping": None,
    }
    assert person_item("person", BOB, 0.25)["ping"] == 0.25


def test_who_has_a_key_is_an_object_with_it() -> None:
    """In full as hexadecimal digits, and as the six digits that a list shows."""
    item = person_item("person", Person(2, "Bob", key=bytes(range(32)), session=3))
    assert (item["encrypted"], item["key"], item["session"]) == (True, bytes(range(32)).hex(), 3)
    assert item["key_code"] == short_key_code(Fingerprint(bytes(range(32))))


def test_a_file_is_told_when_it_is_offered_saved_or_not_kept() -> None:
    """Only a saved one has a path."""
    offered = report_of(FileOffered(7, 2, "Bob", "a.txt", "a.txt", 1500))
    assert offered.sentence == "Bob (2) sends a.txt (1.5 kB)."
    assert offered.item["event"] == "file_offered"
    saved = report_of(FileSaved(7, 2, "Bob", "a.txt", 1500, PurePosixPath("/d/a (2).txt")))
    assert saved.sentence == "Bob (2) sent a.txt (1.5 kB): it is in /d/a (2).txt"
    assert saved.item == {
        "event": "file_saved",
        "transfer": 7,
        "from": "Bob",
        "from_id": 2,
        "file": "a.txt",
        "size": 1500,
        "path": "/d/a (2).txt",
    }
    refused = report_of(FileNotSaved(7, 2, "Bob", "a.txt", "It was declined.", declined=True))
    assert refused.sentence == "From Bob (2): It was declined."
    assert refused.item["declined"] is True
    assert "path" not in {**offered.item, **refused.item}


def test_a_changed_name_is_explained() -> None:
    """Who receives a file under another name than it was sent is told so, and why."""
    offered = report_of(FileOffered(7, 2, "Bob", "b_a.txt", "b/a.txt", 1))
    assert offered.sentence.startswith("Bob (2) sends b_a.txt (1 byte). ")
    assert Change.SEPARATOR in offered.sentence
    assert offered.item["sent_name"] == "b/a.txt"


def test_progress_is_for_scripts() -> None:
    """The object says which file, whose, and how far."""
    event = FileProgressed(7, Direction.INCOMING, 2, "a.txt", 10, 20)
    assert progress_report(event, "Bob").sentence == ""
    assert progress_report(event, "Bob").item == {
        "event": "progress",
        "transfer": 7,
        "direction": "incoming",
        "peer": "Bob",
        "peer_id": 2,
        "file": "a.txt",
        "done": 10,
        "size": 20,
    }


def test_who_is_not_encrypted_is_told_before_something_goes_to_him() -> None:
    """Of those whom it goes to; a crowd is counted; nothing is said where all are."""
    people = [Person(2, "Bob", key=KEY), Person(3, "Eve\x1b"), *(Person(number, "P") for number in range(10, 40))]
    assert maybe_unencrypted_notice((2,), people) is None
    notice = maybe_unencrypted_notice((2, 3), people)
    assert notice is not None
    assert "to Eve\\x1b (3):" in notice
    crowd = maybe_unencrypted_notice(range(100), people)
    assert crowd is not None
    assert "and 11 more:" in crowd


def test_what_is_not_for_the_user_is_not_told() -> None:
    """Commands of programs, what was ignored, and the goodbye that a lost connection follows."""
    assert maybe_report(PacketIgnored("rubbish")) is None
    assert maybe_report(HubExited()) is None
    assert maybe_report(CommandArrived(100, 2, DataPacket(100))) is None


def test_a_wrong_clock_and_a_lost_connection_are_told_to_scripts_too() -> None:
    """The sentences go to standard error, so the reports have only objects."""
    assert report_of(ClockDiffered(1234.5)).item == {"event": "clock_differs", "seconds": 1234}
    lost = report_of(ConnectionLost(Loss.SILENT, "Nothing came."))
    assert lost.item == {"event": "connection_lost", "loss": "silent", "reason": "Nothing came."}


def test_the_first_thing_told_says_who_is_there() -> None:
    """A crowd is counted."""
    few = ready_report(3, "Ann", "hub:9999", (BOB,))
    assert few.sentence == "Listening on hub:9999 as Ann (3): not encrypted. Also here: Bob (2). Ctrl-C ends it."
    assert few.item["people"] == [{"id": 2, "name": "Bob", "encrypted": False, "key": None, "key_code": None}]
    assert (few.item["encrypted"], few.item["hub_key"]) == (False, None)
    secure = ready_report(3, "Ann", "hub:9999", (), KEY)
    assert key_code(KEY) in secure.sentence
    assert (secure.item["encrypted"], secure.item["hub_key"]) == (True, KEY.hex())
    assert "Also here: nobody." in ready_report(3, "Ann", "hub:9999", ()).sentence
    crowd = ready_report(99, "Ann", "hub:9999", tuple(Person(number, "P") for number in range(1, 51)))
    assert "P (20), 30 more." in crowd.sentence
    assert len(crowd.item["people"]) == 50


def test_listening_says_what_the_hub_is_called() -> None:
    """Before its address; untouched in the object."""
    ready = ready_report(3, "Ann", "hub:9999", (), hub_name="Office\n")
    assert ready.sentence.startswith("Listening on Office\\n at hub:9999 as Ann (3)")
    assert ready.item["hub_name"] == "Office\n"
