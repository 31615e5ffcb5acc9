"""Files and folders between people who use windows: dropped by a real drag, asked about, taken or not, paused, stopped.

Slow: second stage of .ci/run. Thread: pytest's main thread; every window and the drag are processes of their own.
"""

import filecmp
import os
from contextlib import ExitStack
from pathlib import Path

from tests.desktop.conftest import PLACES, Room
from tests.support.desktop import move_window
from tests.support.hand import Dropped, Hand
from tests.support.leaks import wait_until
from tests.support.original_server import OriginalServer
from tests.support.programs import Program, program

SECONDS = 60.0
TAKEN = Dropped(accepted=True, action="XdndActionCopy")
DROP_AREA = "File Drop"
DRAG_FROM = (2340, 1500)
"""Where no window is."""
LISTEN = "Listen for direct connections"


def downloads(folder: Path, name: str) -> Path:
    """Somebody's folder for received files, whether it is there yet or not."""
    found = [path for path in (folder / name).rglob("*") if path.is_dir() and path.name.lower() == "downloads"]
    return found[0] if found else folder / name / "none"


def received(room: Room, name: str) -> list[Path]:
    """The whole files at the top of somebody's folder for received files."""
    return [path for path in downloads(room.folder, name).glob("*") if path.is_file() and path.suffix != ".part"]


def drop(ann: Program, paths: list[Path], onto: tuple[int, int] | None = None) -> None:
    """Drag them onto Ann's File Drop area, or another place of her window; the window must copy, never move."""
    place = onto or ann.wait_for(DROP_AREA, "Label").place
    assert ann.hand.drop(paths, place, DRAG_FROM) == TAKEN


def take(client: Program, answer: str = "Accept") -> None:
    """Look at the oldest offer, and answer."""
    client.click("Accept…")
    client.button("Not now")
    client.click(answer)
    client.wait_until_gone("Not now", "TButton")


def made(folder: Path, *names: str) -> list[Path]:
    """Files of these names, each with its own name as its content."""
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / name).write_text(name, encoding="utf-8")
    return [folder / name for name in names]


def made_tree(folder: Path) -> Path:
    """A folder with files of many sizes, folders in folders, and an empty one."""
    for number, depth in enumerate(("", "inner", "inner/deeper", "with spaces 🎉")):
        (folder / depth).mkdir(parents=True, exist_ok=True)
        for size in (0, 1, 4096, 300_000):
            (folder / depth / f"{size} bytes.bin").write_bytes(os.urandom(size) + bytes([number]))
    (folder / "empty").mkdir()
    return folder


def is_same(one: Path, other: Path) -> bool:
    """Whether two folders hold the same, byte by byte."""
    compared = filecmp.dircmp(one, other)
    if compared.left_only or compared.right_only or compared.funny_files:
        return False
    same = filecmp.cmpfiles(one, other, compared.common_files, shallow=False)[0]
    return same == compared.common_files and all(is_same(one / name, other / name) for name in compared.common_dirs)


def slow_down(client: Program, megabytes: str) -> None:
    """Limit the speed at which somebody sends."""
    client.click("Settings")
    client.choose_in_menu("Speed limit…")
    client.button("Set")
    client.fill("MB/s", megabytes)
    client.click("Set")
    client.wait_until_gone("No limit", "TButton")


def large(folder: Path, megabytes: int = 64) -> Path:
    """A file that takes a while."""
    folder.mkdir(exist_ok=True)
    (folder / "large.bin").write_bytes(os.urandom(megabytes << 20))
    return folder / "large.bin"


def test_a_dropped_folder_arrives_byte_by_byte(room: Room, tmp_path: Path) -> None:
    """With files beside it, in one question and one row; the question has exactly what goes to whom."""
    names = ["a plain name.txt", "party 🎉.txt", "{braces}.txt", "[exit] $HOME 100%41.txt"]
    paths = made(tmp_path / "outgoing", *names)
    tree = made_tree(tmp_path / "outgoing" / "a folder")
    room.ann.choose("Bob")
    drop(room.ann, [*paths, tree])
    room.ann.wait_for("20 files in 5 folders", "Label")
    asked = room.ann.wait_for(names[0], "Text").text
    assert all(name in asked for name in (*names, "a folder"))
    room.ann.wait_for("to Bob", "Label", "TLabel")
    room.ann.click("Send 4 files and 1 folder")
    take(room.bob)
    room.ann.wait_for("Sent to Bob", "TLabel")
    room.bob.wait_for("Saved from Ann", "TLabel")
    there = downloads(room.folder, "Bob")
    assert is_same(tree, there / "a folder")
    assert sorted(path.read_text(encoding="utf-8") for path in received(room, "Bob")) == sorted(names)
    assert received(room, "Cid") == []
    assert all(path.exists() for path in paths)


def test_a_drop_anywhere_on_the_window_counts(room: Room, tmp_path: Path) -> None:
    """On the conversation, for two people; one takes the file, the other does not, and Ann is told both."""
    (path,) = made(tmp_path / "outgoing", "for two.txt")
    room.ann.choose("Bob", "Cid")
    drop(room.ann, [path], room.ann.wait_for("Each of them gets", "TLabel").place)
    room.ann.click("Send 1 file")
    take(room.bob)
    room.cid.click("Decline")
    assert wait_until(lambda: [found.name for found in received(room, "Bob")] == [path.name], SECONDS)
    room.ann.wait_for("Sent to Bob", "TLabel")
    room.ann.wait_for("Declined to Cid", "TLabel")
    assert received(room, "Cid") == []


def test_a_question_that_is_cancelled_sends_nothing(room: Room, tmp_path: Path) -> None:
    """By the button or by Escape; what is sent afterwards is the first that the others hear of."""
    first, second = made(tmp_path / "outgoing", "first.txt", "second.txt")
    room.ann.choose("Bob")
    for answer in ("Cancel", "Escape"):
        drop(room.ann, [first])
        room.ann.button("Send 1 file")
        if answer == "Escape":
            room.ann.hand.press(answer)
        else:
            room.ann.click(answer)
        room.ann.wait_until_gone("Send 1 file", "TButton")
    drop(room.ann, [second])
    room.ann.click("Send 1 file")
    room.bob.wait_for("second.txt", "Label")
    assert not room.bob.all_of("first.txt")


def test_a_thousand_files_are_one_question_and_one_row(room: Room, tmp_path: Path) -> None:
    """And all of them arrive; the next ones come without a question, as Bob has said."""
    paths = made(tmp_path / "outgoing", *(f"number {number}.txt" for number in range(1000)))
    room.ann.choose("Bob")
    drop(room.ann, paths)
    room.ann.click("Send 1,000 files")
    take(room.bob, "Always from this person")
    room.bob.wait_for("Saved from Ann", "TLabel")
    assert {path.read_text() for path in received(room, "Bob")} == {path.name for path in paths}
    assert len(room.ann.all_of("Sent to Bob", "TLabel")) == 1
    drop(room.ann, made(tmp_path / "more", "one more.txt"))
    room.ann.click("Send 1 file")
    assert wait_until((downloads(room.folder, "Bob") / "one more.txt").exists, SECONDS)


def test_a_batch_is_paused_resumed_and_stopped_by_clicks(room: Room, tmp_path: Path) -> None:
    """Both ends say so each time; nothing but whole files is left at the end."""
    slow_down(room.ann, "1")
    room.ann.choose("Bob")
    drop(room.ann, [large(tmp_path / "outgoing")])
    room.ann.click("Send 1 file")
    take(room.bob)
    room.ann.wait_for("B/s", "TLabel")
    room.ann.wait_for("direct", "TLabel")
    room.ann.click("Pause")
    room.bob.wait_for("has paused it.", "TLabel")
    room.ann.click("Resume")
    room.bob.wait_for("Receiving from Ann", "TLabel")
    room.bob.click("Pause")
    room.ann.wait_for("has paused it.", "TLabel")
    room.bob.click("Resume")
    room.ann.wait_for("Sending to Bob", "TLabel")
    room.bob.click("Cancel")
    for client in (room.ann, room.bob):
        client.wait_for("Cancelled", "TLabel")
    assert received(room, "Bob") == []


def test_a_batch_goes_on_while_the_hub_is_away(room: Room, hand: Hand, tmp_path: Path) -> None:
    """It was going from computer to computer; it ends the same at both ends when all are back."""
    slow_down(room.ann, "4")
    tree = made_tree(tmp_path / "outgoing" / "a folder")
    large(tree, 16)
    room.ann.choose("Bob")
    drop(room.ann, [tree])
    room.ann.click("Send 1 folder")
    take(room.bob)
    room.ann.wait_for("direct", "TLabel")
    room.hub.process.kill()
    room.ann.wait_for("Connecting again", "TLabel")
    again = ("--host", "127.0.0.1", "--port", str(room.port))
    with program(hand, room.folder / "hub", "tcpipserver", *again) as hub:
        hub.wait_for("3 clients", "TLabel")
        room.ann.wait_for("Sent to Bob", "TLabel")
        room.bob.wait_for("Saved from Ann", "TLabel")
    assert is_same(tree, downloads(room.folder, "Bob") / "a folder")


def test_the_first_acceptance_tells_that_this_computer_listens(room: Room, tmp_path: Path) -> None:
    """It works for who does not want that, too, through the hub or not; the second does not tell it again."""
    room.ann.choose("Bob")
    for name in ("first.txt", "second.txt"):
        drop(room.ann, made(tmp_path / "outgoing", name))
        room.ann.click("Send 1 file")
        room.bob.click("Accept…")
        room.bob.button("Not now")
        assert bool(room.bob.all_of(LISTEN, "TCheckbutton")) == (name == "first.txt")
        if name == "first.txt":
            room.bob.click(LISTEN)
        room.bob.click("Accept")
        assert wait_until(lambda: name in [path.name for path in received(room, "Bob")], SECONDS)  # noqa: B023 - now


def test_without_encryption_files_go_one_by_one(hand: Hand, tmp_path: Path) -> None:
    """Over an original server: no folders, and one click accepts a file."""
    with OriginalServer() as server, ExitStack() as stack:
        people = []
        for name in ("Ann", "Bob"):
            client = stack.enter_context(program(hand, tmp_path / name, "tcpipclient"))
            client.wait_for("Not connected", "TLabel")
            move_window(hand.screen, "tcpipchat", PLACES[name])
            for label, text in (("Host", "127.0.0.1"), ("Port", str(server.port)), ("My name", name)):
                client.fill(label, text)
            client.click("Connect")
            client.click("Connect without encryption")
            client.wait_for(f"Connected as {name}", "TLabel")
            people.append(client)
        ann, bob = people
        ann.wait_for("Bob", "row")
        ann.choose("Bob")
        paths = made(tmp_path / "outgoing", "a.txt")
        drop(ann, [*paths, made_tree(tmp_path / "outgoing" / "a folder")])
        asked = ann.wait_for("a.txt", "Text").text
        assert "a folder" in asked.partition("Not sent:")[2]
        ann.click("Send 1 file")
        bob.click("Accept")
        ann.wait_for("Sent to Bob", "TLabel")
        assert (downloads(tmp_path, "Bob") / "a.txt").read_text() == "a.txt"
