"""Files between people who use windows: dropped by a real drag from a stranger's window, asked about, taken or not.

Slow: second stage of .ci/run. Thread: pytest's main thread; every window and the drag are processes of their own.
"""

from pathlib import Path

from tests.desktop.conftest import Room
from tests.support.hand import Dropped
from tests.support.leaks import wait_until

SECONDS = 60.0
TAKEN = Dropped(accepted=True, action="XdndActionCopy")
DROP_AREA = "File Drop"
DRAG_FROM = (2340, 1500)
"""Where no window is."""


def received(room: Room, name: str, pattern: str = "*") -> list[Path]:
    """The whole files in somebody's folder for received files."""
    folders = [path for path in (room.folder / name).rglob("*") if path.is_dir() and path.name.lower() == "downloads"]
    return [path for folder in folders for path in folder.glob(pattern) if path.suffix != ".part"]


def drop(room: Room, paths: list[Path], onto: tuple[int, int] | None = None) -> None:
    """Drag them onto Ann's File Drop area, or another place of her window; the window must copy, never move."""
    place = onto or room.ann.wait_for(DROP_AREA, "Label").place
    assert room.ann.hand.drop(paths, place, DRAG_FROM) == TAKEN


def made(folder: Path, *names: str) -> list[Path]:
    """Files of these names, each with its own name as its content."""
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / name).write_text(name, encoding="utf-8")
    return [folder / name for name in names]


def test_dropped_files_are_listed_then_sent_then_taken(room: Room, tmp_path: Path) -> None:
    """The question has exactly what goes to whom, and what cannot; each file is accepted and arrives whole."""
    names = ["a plain name.txt", "party 🎉.txt", "{braces}.txt", "[exit] $HOME 100%41.txt"]
    paths = made(tmp_path / "outgoing", *names)
    folder = tmp_path / "outgoing" / "a folder"
    folder.mkdir()
    room.ann.choose("Bob")
    drop(room, [*paths, folder])
    asked = room.ann.wait_for(names[0], "Text").text
    assert all(name in asked for name in names)
    assert "a folder" in asked.partition("Not sent:")[2]
    room.ann.wait_for("to Bob", "Label", "TLabel")
    room.ann.click("Send 4 files")
    for number in range(len(names)):
        room.bob.click("Accept")
        assert wait_until(lambda: len(received(room, "Bob")) > number, SECONDS)  # noqa: B023 - looked at here
    assert sorted(path.read_text(encoding="utf-8") for path in received(room, "Bob")) == sorted(names)
    room.ann.wait_for("Sent", "TLabel")
    assert received(room, "Cid") == []
    assert all(path.exists() for path in paths)


def test_a_drop_anywhere_on_the_window_counts(room: Room, tmp_path: Path) -> None:
    """On the conversation, for two people; one takes the file, the other does not."""
    (path,) = made(tmp_path / "outgoing", "for two.txt")
    room.ann.choose("Bob", "Cid")
    drop(room, [path], room.ann.wait_for("Each of them gets", "TLabel").place)
    room.ann.click("Send 1 file")
    room.bob.click("Accept")
    room.cid.click("Decline")
    assert wait_until(lambda: [found.name for found in received(room, "Bob")] == [path.name], SECONDS)
    room.cid.wait_for("Declined", "TLabel")
    assert received(room, "Cid") == []


def test_a_question_that_is_cancelled_sends_nothing(room: Room, tmp_path: Path) -> None:
    """By the button or by Escape; what is sent afterwards is the first that the others hear of."""
    first, second = made(tmp_path / "outgoing", "first.txt", "second.txt")
    room.ann.choose("Bob")
    for answer in ("Cancel", "Escape"):
        drop(room, [first])
        room.ann.button("Send 1 file")
        if answer == "Escape":
            room.ann.hand.press(answer)
        else:
            room.ann.click(answer)
        room.ann.wait_until_gone("Send 1 file", "TButton")
    drop(room, [second])
    room.ann.click("Send 1 file")
    room.bob.wait_for("second.txt", "Label")
    assert not room.bob.all_of("first.txt")


def test_a_thousand_files_are_one_question_and_all_arrive(room: Room, tmp_path: Path) -> None:
    """Bob says once that he takes all that Ann sends."""
    paths = made(tmp_path / "outgoing", *(f"number {number}.txt" for number in range(1000)))
    room.ann.choose("Bob")
    drop(room, paths)
    room.ann.click("Send 1,000 files")
    room.bob.click("Always from this person")
    assert wait_until(lambda: len(received(room, "Bob")) == len(paths), SECONDS)
    assert {path.read_text() for path in received(room, "Bob")} == {path.name for path in paths}


def test_a_file_on_its_way_can_be_cancelled(room: Room, tmp_path: Path) -> None:
    """It stops, and nothing of it is kept. The wire does not tell Bob, who is still asked; he declines."""
    (path,) = made(tmp_path / "outgoing", "endless.bin")
    with path.open("r+b") as file:
        file.truncate(3 * 2**30)
    room.ann.choose("Bob")
    drop(room, [path])
    room.ann.click("Send 1 file")
    room.bob.button("Accept")
    room.ann.click("Cancel")
    room.ann.wait_for("Cancelled", "TLabel")
    room.bob.click("Decline")
    assert wait_until(lambda: list((room.folder / "Bob").rglob("*.part")) == [], SECONDS)
    assert received(room, "Bob") == []
