"""Make the pictures of both windows anew, light and dark: from a real conversation, and of what is asked about hubs.

    python -m tests.gui.screenshots [FOLDER [THEME]]

Owns the .png files in docs/images, and who says what on them. It must never draw what a user would not see:
the windows are started as commands and used by their labels. Where it may (as root on Linux) it gives them home folders
of their own, /home/anna and /home/ben, in a view of the disk that nobody else has; else they are in a temporary folder.
Of what is asked there are light pictures alone, unless a THEME is named, to look at. Look at each before you commit it.
Thread: the program's main thread; hub, clients and screen are processes.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from PIL import Image, ImageChops

from tests.gui.file_pictures import take_pictures
from tests.support.commands import listening, run_client
from tests.support.desktop import move_window, picture_of
from tests.support.hand import Hand
from tests.support.namespaces import may_make_namespaces
from tests.support.programs import Program, program
from tests.support.virtual_screen import Screen, virtual_screen

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
SERVER_TITLE, CLIENT_TITLE = "tcpipserver", "tcpipchat"
SERVER_PLACE = (0, 0)
PLACES = {"Anna": (1150, 0), "Ben": (0, 800)}
NOWHERE = (2300, 1500)
MOVING = 0.005
"""The part of a window that may change from one look to the next while files are on their way."""
THEMES = {"light": "Light", "dark": "Dark"}
HOMES = Path("/home")
APART = "SCREENSHOTS_APART"
"""Set for the run that has its own HOMES."""
OTHERS = ("Clara", "David")
TRUST = "It is the same: trust this hub"


def main(folder: Path, homes: Path | None = None, asked: str = "light") -> int:
    """Make the pictures in a folder; returns the exit code.

    Args:
        homes: An empty folder for the homes of those on the pictures; without it there are temporary ones.
        asked: The end of the name of a theme, for the pictures of what is asked.
    """
    folder.mkdir(parents=True, exist_ok=True)
    theme = {asked: THEMES[asked]}
    with virtual_screen() as screen:
        hand = Hand(screen)
        with homes_of(homes) as home, conversation(hand, home) as (server, anna):
            for name, label in THEMES.items():
                choose_theme(server, "Menu", label)
                choose_theme(anna, "Settings", label)
                hand.point(NOWHERE)
                save(screen, SERVER_TITLE, SERVER_PLACE, folder / f"server-{name}.png")
                save(screen, CLIENT_TITLE, PLACES["Anna"], folder / f"client-{name}.png")
        with homes_of(homes) as home:
            questions(hand, home, folder, theme)
        with homes_of(homes) as home:
            files(hand, home, folder, theme)
    return 0


@contextmanager
def homes_of(folder: Path | None) -> Iterator[Path]:
    """A folder for homes, empty before and afterwards."""
    if folder is None:
        with tempfile.TemporaryDirectory(prefix="tcpipchat-") as home:
            yield Path(home)
        return
    yield folder
    for home in folder.iterdir():
        shutil.rmtree(home)


def run_apart(arguments: list[str]) -> int | None:
    """Run this module where /home is empty and ours alone; returns its exit code, or None where that may not be."""
    needed = (Path(__file__).resolve(), Path(sys.executable), Path(arguments[0]).resolve())
    if not may_make_namespaces() or any(path.is_relative_to(HOMES) for path in needed):
        return None
    apart = ("unshare", "--mount", "sh", "-c", f'mount -t tmpfs homes {HOMES} && exec "$@"', "sh")
    environment = os.environ | {APART: "1"}
    return subprocess.run(
        [*apart, sys.executable, "-m", "tests.gui.screenshots", *arguments], env=environment, check=False
    ).returncode


def files(hand: Hand, homes: Path, folder: Path, themes: dict[str, str]) -> None:
    """The pictures of files between Anna and Ben."""

    def start(stack: ExitStack) -> tuple[Program, Program, int]:
        hub = ("--host", "127.0.0.1", "--port", "0")
        server = stack.enter_context(program(hand, homes / "hub", "tcpipserver", *hub))
        server.wait_for("Listening", "TLabel")
        port = int(server.field("Port").text)
        anna, ben = (stack.enter_context(connected(hand, homes, f"127.0.0.1:{port}", name)) for name in ("Anna", "Ben"))
        return anna, ben, port

    take_pictures(
        hand,
        homes,
        start,
        lambda window, label: choose_theme(window, "Settings", label),
        themes,
        lambda who, name: save(hand.screen, CLIENT_TITLE, PLACES[who], folder / f"{name}.png"),
        lambda who, name: save(hand.screen, CLIENT_TITLE, PLACES[who], folder / f"{name}.png", is_still=False),
        NOWHERE,
    )


def questions(hand: Hand, homes: Path, folder: Path, themes: dict[str, str]) -> None:
    """The pictures of first trust, of a changed key, and of somebody who waits until the operator lets him in."""
    here = ("--host", "127.0.0.1")
    with program(hand, homes / "anna", "tcpipclient") as anna:
        anna.wait_for("Not connected", "TLabel")
        move_window(hand.screen, CLIENT_TITLE, PLACES["Anna"])
        with program(hand, homes / "hub", "tcpipserver", *here, "--port", "0", "--approve") as server:
            server.wait_for("Listening", "TLabel")
            move_window(hand.screen, SERVER_TITLE, SERVER_PLACE)
            port = server.field("Port").text
            for label, text in (("Host", "127.0.0.1"), ("Port", port), ("My name", "Anna")):
                anna.fill(label, text)
            for name, label in themes.items():
                choose_theme(anna, "Settings", label)
                anna.click("Connect")
                anna.button(TRUST)
                save(hand.screen, CLIENT_TITLE, PLACES["Anna"], folder / f"client-trust-{name}.png")
                anna.click("Do not connect")
            anna.click("Connect")
            anna.click(TRUST)
            server.button("Let in")
            for name, label in themes.items():
                choose_theme(server, "Menu", label)
                hand.point(NOWHERE)
                save(hand.screen, SERVER_TITLE, SERVER_PLACE, folder / f"server-waiting-{name}.png")
            server.click("Let in")
            anna.wait_for("Connected as Anna", "TLabel")
            anna.click("Disconnect")
        with program(hand, homes / "another hub", "tcpipserver", *here, "--port", port) as server:
            server.wait_for("Listening", "TLabel")
            for name, label in themes.items():
                choose_theme(anna, "Settings", label)
                anna.click("Connect")
                anna.button("Trust the new key")
                save(hand.screen, CLIENT_TITLE, PLACES["Anna"], folder / f"client-changed-{name}.png")
                anna.click("Do not connect")


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
            downloads = folder / other.lower() / "Downloads"
            downloads.mkdir(parents=True)
            options = ("--accept", "all", "--downloads", str(downloads), *own(folder / other.lower() / "tcpipchat"))
            stack.enter_context(listening(port, other, *options))
            anna.wait_for(other, "row")
        talk(anna, ben, folder, address)
        yield server, anna


@contextmanager
def connected(hand: Hand, folder: Path, address: str, name: str) -> Iterator[Program]:
    """Somebody's window, at its place."""
    with program(
        hand, folder / name.lower(), "tcpipclient", "--server", address, "--name", name, "--connect"
    ) as client:
        client.click(TRUST)
        client.wait_for(f"Connected as {name}", "TLabel")
        move_window(hand.screen, CLIENT_TITLE, PLACES[name])
        yield client


def talk(anna: Program, ben: Program, folder: Path, address: str) -> None:
    """What is said, and which files go to whom."""
    paths = [folder / "anna" / name for name in ("Minutes of Monday.pdf", "measurements.csv")]
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
    ben.click("Accept…")
    ben.button("Not now")
    ben.click("Accept")
    anna.wait_for("Sent to Ben", "TLabel")
    say(ben, "Both are here, and complete.")
    anna.wait_for("complete", "Text")
    options = ("--server", address, "--name", "Emil", "--to", "server", *own(folder / "emil"))
    told = run_client("send", *options, "The printer is out of paper.")
    assert told.returncode == 0, told.stderr


def own(folder: Path) -> tuple[str, ...]:
    """The options of a command that is run by somebody of his own."""
    return "--data-dir", str(folder), "--trust-on-first-use"


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


def save(screen: Screen, title: str, place: tuple[int, int], path: Path, *, is_still: bool = True) -> None:
    """Save what the window shows that has this title and is nearest to this place.

    Args:
        is_still: Wait until nothing moves any more; else until no more does than bars and numbers.
    """
    before, now = picture_of(screen, title, place), picture_of(screen, title, place)
    while difference(before, now) > (0.0 if is_still else MOVING):
        before, now = now, picture_of(screen, title, place)
    now.convert("RGB").save(path, optimize=True)
    sys.stdout.write(f"{path}\n")


def difference(one: Image.Image, other: Image.Image) -> float:
    """The part of two pictures, from 0 to 1, in which they differ."""
    if one.size != other.size:
        return 1.0
    pixels = ImageChops.difference(one.convert("L"), other.convert("L")).histogram()
    return 1.0 - pixels[0] / sum(pixels)


if __name__ == "__main__":
    given = sys.argv[1:] or [str(IMAGES)]
    code = None if APART in os.environ else run_apart(given)
    if code is None:
        code = main(Path(given[0]), HOMES if APART in os.environ else None, *given[1:])
    sys.exit(code)
