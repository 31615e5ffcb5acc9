"""Make the README's pictures of both windows anew, light and dark, from a real conversation.

    python -m tests.gui.screenshots [FOLDER]

Owns docs/images/server-*.png and client-*.png, and who says what on them. It must never draw what a user would not see:
the windows are started as commands and used by their labels. Look at each picture before you commit it.
Thread: the program's main thread; hub, clients and screen are processes.
"""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.support.commands import listening, run_client
from tests.support.desktop import move_window, picture_of
from tests.support.hand import Hand
from tests.support.programs import Program, program
from tests.support.virtual_screen import Screen, virtual_screen

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
SERVER_TITLE, CLIENT_TITLE = "tcpipserver", "tcpipchat"
SERVER_PLACE = (0, 0)
PLACES = {"Anna": (1150, 0), "Ben": (0, 800)}
NOWHERE = (2300, 1500)
THEMES = {"light": "Light", "dark": "Dark"}
OTHERS = ("Clara", "David")


def main(folder: Path) -> int:
    """Make the pictures in a folder; returns the exit code."""
    folder.mkdir(parents=True, exist_ok=True)
    with virtual_screen() as screen, tempfile.TemporaryDirectory(prefix="tcpipchat-") as name:
        hand = Hand(screen)
        with conversation(hand, Path(name)) as (server, anna):
            for name, label in THEMES.items():
                choose_theme(server, "Menu", label)
                choose_theme(anna, "Settings", label)
                hand.point(NOWHERE)
                save(screen, SERVER_TITLE, SERVER_PLACE, folder / f"server-{name}.png")
                save(screen, CLIENT_TITLE, PLACES["Anna"], folder / f"client-{name}.png")
    return 0


@contextmanager
def conversation(hand: Hand, folder: Path) -> Iterator[tuple[Program, Program]]:
    """A hub's window, and Anna's who is in the middle of a talk and of sending files."""
    with ExitStack() as stack:
        server = stack.enter_context(program(hand, folder / "hub", "tcpipserver", "--host", "127.0.0.1", "--port", "0"))
        server.wait_for("Listening", "TLabel")
        move_window(hand.screen, SERVER_TITLE, SERVER_PLACE)
        port = int(server.field("Port").text)
        address = f"127.0.0.1:{port}"
        ben, anna = (stack.enter_context(connected(hand, folder, address, name)) for name in ("Ben", "Anna"))
        for other in OTHERS:
            downloads = folder / f"{other}'s files"
            downloads.mkdir()
            stack.enter_context(listening(port, other, "--accept", "all", "--downloads", str(downloads)))
            anna.wait_for(other, "row")
        talk(anna, ben, folder, address)
        yield server, anna


@contextmanager
def connected(hand: Hand, folder: Path, address: str, name: str) -> Iterator[Program]:
    """Somebody's window, at its place."""
    with program(hand, folder / name, "tcpipclient", "--server", address, "--name", name, "--connect") as client:
        client.wait_for(f"Connected as {name}", "TLabel")
        move_window(hand.screen, CLIENT_TITLE, PLACES[name])
        yield client


def talk(anna: Program, ben: Program, folder: Path, address: str) -> None:
    """What is said, and which files go to whom."""
    paths = [folder / name for name in ("Minutes of Monday.pdf", "measurements.csv")]
    for number, path in enumerate(paths):
        path.write_bytes(b"0123456789" * 40_000 * (number + 1))
    for one, other in ((anna, "Ben"), (ben, "Anna")):
        one.choose(other)
    lines = ((anna, "Good morning! Do you have the minutes of Monday?"), (ben, "Only on paper, and David has that."))
    for one, text in (*lines, (anna, "Then I drop them here, with the measurements."), (ben, "Thank you!")):
        say(one, text)
        anna.wait_for(text, "Text")
    anna.hand.drop(paths, anna.wait_for("File Drop", "Label").place, NOWHERE)
    anna.click("Send 2 files")
    ben.click("Always from this person")
    anna.until(lambda: len(anna.all_of("Sent", "TLabel")) == len(paths), "the files were not saved")
    say(ben, "Both are here, and complete.")
    anna.wait_for("complete", "Text")
    told = run_client(
        "send",
        "--server",
        address,
        "--name",
        "Emil",
        "--trust-on-first-use",
        "--to",
        "server",
        "The printer is out of paper.",
    )
    assert told.returncode == 0, told.stderr


def say(client: Program, text: str) -> None:
    """Type a text into the open conversation and send it."""
    client.hand.click(client.field("Enter sends", "Text").place)
    client.hand.write(text)
    client.hand.press("Return")


def choose_theme(window: Program, menu: str, label: str) -> None:
    """Choose the colours in a window's menu."""
    window.click(menu)
    window.choose_in_menu(label)
    window.wait_until_gone(label, "menu entry")


def save(screen: Screen, title: str, place: tuple[int, int], path: Path) -> None:
    """Save what the window shows that has this title and is nearest to this place, once nothing moves any more."""
    before, now = None, picture_of(screen, title, place)
    while now != before:
        before, now = now, picture_of(screen, title, place)
    now.convert("RGB").save(path, optimize=True)
    sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if sys.argv[1:] else IMAGES))
