"""The pictures of files in the client's window: asked about, offered, on their way, waiting, and looked at afterwards.

Owns who sends what to whom on them. It must never draw what a user would not see: everything is dropped and clicked.
Thread: the program's main thread; hub, clients and screen are processes.
"""

import os
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from tcpipclient.gui.settings import Settings, encode_settings
from tcpipclient.gui.settings_file import FILE_NAME
from tests.support.commands import listening
from tests.support.hand import Hand
from tests.support.programs import Program

PHOTOS, MINUTES, MEASUREMENTS = "Holiday photos", "Minutes of Monday.pdf", "measurements.csv"
LATER, CLOSE = "Not now", "Close"
SLOW = "1.5"
"""MB/s: what is on its way is still on its way when the picture is taken."""

Save = Callable[[str, str], None]
"""Saves the picture of somebody's window under a name."""


def take_pictures(
    hand: Hand,
    folder: Path,
    start: Callable[[ExitStack], tuple[Program, Program, int]],
    choose: Callable[[Program, str], None],
    themes: dict[str, str],
    save: Save,
    snap: Save,
    nowhere: tuple[int, int],
) -> None:
    """Take all of them.

    Args:
        start: Opens a hub and the windows of Anna and Ben; returns these and the hub's port.
        choose: Gives a window the colours with a label.
        themes: These labels, by what the names of the pictures end in.
        save: For what stands still; `snap` for what moves.
    """
    things = make_things(folder / "anna" / "Documents")
    downloads = folder / "ben" / "Downloads"
    downloads.mkdir(parents=True)
    (downloads / MINUTES).write_bytes(b"older minutes")
    (folder / "ben" / "tcpipchat").mkdir()
    settings = Settings(downloads=str(downloads))
    (folder / "ben" / "tcpipchat" / FILE_NAME).write_text(encode_settings(settings), encoding="utf-8")
    with ExitStack() as stack:
        anna, ben, port = start(stack)
        for name in ("Clara", "David"):
            home = folder / name.lower()
            (home / "Downloads").mkdir(parents=True)
            own = ("--data-dir", str(home / "tcpipchat"), "--trust-on-first-use")
            options = ("--accept", "all", "--downloads", str(home / "Downloads"), *own)
            stack.enter_context(listening(port, name, *options))
            anna.wait_for(name, "row")
        limit(anna, SLOW)
        anna.choose("Ben")
        for name, label in themes.items():
            choose(anna, label)
            hand.drop(things, anna.wait_for("File Drop", "Label").place, nowhere)
            anna.wait_for("files in 3 folders", "Label")
            save("Anna", f"client-send-{name}")
            anna.click("Cancel")
        hand.drop(things, anna.wait_for("File Drop", "Label").place, nowhere)
        anna.click("Send 2 files and 1 folder")
        for name, label in themes.items():
            choose(ben, label)
            ben.click("Accept…")
            ben.wait_for("there already", "Text")
            save("Ben", f"client-accept-{name}")
            ben.click("Accept" if name == list(themes)[-1] else LATER)
        for person in ("Clara", "David") * 2:
            anna.choose(person)
            hand.drop(things[:1], anna.wait_for("File Drop", "Label").place, nowhere)
            anna.click("Send 1 folder")
        anna.wait_for("in the queue", "TLabel")
        for name, label in themes.items():
            choose(anna, label)
            anna.wait_for("B/s", "TLabel")
            hand.point(nowhere)
            snap("Anna", f"client-files-{name}")
        limit(anna, "")
        ben.wait_for("Saved from Anna", "TLabel")
        for name, label in themes.items():
            choose(ben, label)
            ben.click("More")
            ben.choose_in_menu("Details…")
            ben.wait_for(MINUTES, "Text")
            hand.point(nowhere)
            save("Ben", f"client-details-{name}")
            ben.click(CLOSE)


def make_things(folder: Path) -> list[Path]:
    """A folder with two others in it, and two files."""
    for inner, count in (("Beach", 40), ("Mountains", 20)):
        (folder / PHOTOS / inner).mkdir(parents=True)
        for number in range(count):
            (folder / PHOTOS / inner / f"IMG_{number:04}.jpg").write_bytes(os.urandom(900_000))
    (folder / MINUTES).write_bytes(os.urandom(800_000))
    (folder / MEASUREMENTS).write_bytes(b"12.5;17.25;0.75\n" * 100_000)
    return [folder / PHOTOS, folder / MINUTES, folder / MEASUREMENTS]


def limit(client: Program, megabytes: str) -> None:
    """Limit the speed at which somebody sends; empty is no limit."""
    client.click("Settings")
    client.choose_in_menu("Speed limit…")
    client.button("Set")
    if megabytes:
        client.fill("MB/s", megabytes)
        client.click("Set")
    else:
        client.click("No limit")
    client.wait_until_gone("No limit", "TButton")
