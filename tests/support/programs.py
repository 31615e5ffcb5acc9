"""Programs with windows, as a user meets them: started as processes, looked at by what stands on them, and ended.

Owns the test's side of the questions to a program (tests/support/inspected_program.py) and how a user finds things: a
button by its label, a field by the words beside it. It must never know a widget's name or a module of the product.
Thread: the test's own.
"""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.hand import Hand
from tests.support.leaks import wait_until

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 30.0
BUTTONS = ("TButton", "Button", "TCheckbutton", "TRadiobutton", "TMenubutton")
FIELDS = ("TEntry", "TCombobox", "TSpinbox", "Entry", "Spinbox", "Text")
LABELS = ("TLabel", "Label", "TLabelframe", "Labelframe")


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing that can be read on a window.

    Attributes:
        kind: The widget's class in Tk, or "row", "heading", "tab", "menu entry" for a part of one.
        box: Left, top, width and height in pixels of the screen.
        is_chosen: Whether a row is selected, a switch is on, or the pointer is on the entry of a menu.
        window: The same for all that stands on one window, a menu being one.
    """

    kind: str
    text: str
    box: tuple[int, int, int, int]
    is_enabled: bool
    is_chosen: bool
    has_focus: bool
    window: str

    @property
    def place(self) -> tuple[int, int]:
        """Its middle."""
        left, top, width, height = self.box
        return left + width // 2, top + height // 2


class Program:
    """One running program, at which a user sits."""

    def __init__(self, process: "subprocess.Popen[bytes]", line: socket.socket, said: Path, hand: Hand) -> None:
        self.process = process
        self.hand = hand
        self._line = line
        self._answers = line.makefile(encoding="utf-8")
        self._said = said

    @property
    def said(self) -> str:
        """What it has written to standard output and standard error so far."""
        return self._said.read_text(encoding="utf-8", errors="replace")

    def seen(self) -> list[Seen]:
        """Everything that can be read on its windows now."""
        return [Seen(**{**item, "box": tuple(item["box"])}) for item in self._ask(what="seen")]

    def errors(self) -> list[str]:
        """The tracebacks of all errors in Tk's callbacks so far."""
        return list(self._ask(what="errors"))

    def places_of(self, phrase: str) -> list[tuple[int, int]]:
        """Points on the phrase in texts of many lines."""
        return [(x, y) for x, y in self._ask(what="phrase", of=phrase)]

    def wait_for(self, text: str, *kinds: str, is_enabled: bool | None = None) -> Seen:
        """The first thing of these kinds (of all, without any) that has the text in it, as soon as there is one."""
        found: list[Seen] = []

        def look() -> bool:
            found[:] = self.all_of(text, *kinds)
            if is_enabled is not None:
                found[:] = [seen for seen in found if seen.is_enabled is is_enabled]
            return bool(found)

        assert wait_until(look, SECONDS), f"there is no {text!r} {kinds} to see: {self._overview()}"
        return found[0]

    def wait_until_gone(self, text: str, *kinds: str) -> None:
        """Wait until nothing of these kinds has the text in it."""
        assert wait_until(lambda: not self.all_of(text, *kinds), SECONDS), f"{text!r} stays: {self._overview()}"

    def all_of(self, text: str, *kinds: str) -> list[Seen]:
        """All things of these kinds that have the text in them; those that are nothing else come first."""
        found = [seen for seen in self.seen() if text in seen.text and (not kinds or seen.kind in kinds)]
        return sorted(found, key=lambda seen: seen.text != text)

    def button(self, label: str) -> Seen:
        """The button or switch with this label, once it can be used and has come to rest."""
        before = self.wait_for(label, *BUTTONS, is_enabled=True)
        while (now := self.wait_for(label, *BUTTONS, is_enabled=True)).box != before.box:
            before = now
        return now

    def field(self, label: str, *kinds: str) -> Seen:
        """The field that a user takes to be meant by a label: one to its right or below it, else the nearest.

        Args:
            kinds: The kinds of field that may be meant; without any, all.
        """
        named = self.wait_for(label, *LABELS, *BUTTONS)
        fields = [seen for seen in self.seen() if seen.kind in (kinds or FIELDS) and seen.window == named.window]
        left, top, _, height = named.box

        def distance(seen: Seen) -> tuple[int, int]:
            x, y, _, high = seen.box
            beside = min(top + height, y + high) > max(top, y) and x >= left
            below = y >= top and seen.box[0] - 60 <= left <= seen.box[0] + seen.box[2]
            return (0, x - left) if beside else (1, y - top) if below else (2, abs(x - left) + abs(y - top))

        assert fields, f"there is no field: {self._overview()}"
        return min(fields, key=distance)

    def click(self, label: str) -> None:
        """Click the button with this label."""
        self.hand.click(self.button(label).place)

    def fill(self, label: str, text: str) -> None:
        """Select what stands in the field of a label, and type the text in its place."""
        self.hand.click(self.field(label).place, times=3)
        self.hand.write(text)

    def choose(self, *rows: str) -> None:
        """Select these rows, and no others, of a table."""
        for number, row in enumerate(rows):
            self.hand.click(self.wait_for(row, "row").place, held="ctrl" if number else None)

    def choose_in_menu(self, entry: str) -> None:
        """Click an entry of the menu that is open."""
        place = self.wait_for(entry, "menu entry", is_enabled=True).place
        self.hand.point(place)
        self.until(lambda: self.wait_for(entry, "menu entry").is_chosen, f"{entry} does not react to the pointer")
        self.hand.click(place)

    def until(self, condition: Callable[[], bool], what: str) -> None:
        """Wait for a condition; `what` says what is missing if it never holds."""
        assert wait_until(condition, SECONDS), f"{what}: {self._overview()}"

    def close(self) -> None:
        """End the test's side of the questions."""
        self._answers.close()
        self._line.close()

    def _ask(self, **question: str) -> Any:
        assert self.process.poll() is None, f"the program has ended: {self.said}"
        self._line.sendall(json.dumps(question).encode() + b"\n")
        answer = self._answers.readline()
        assert answer, f"the program ended: {self.said}"
        return json.loads(answer)

    def _overview(self) -> str:
        seen = "\n".join(
            f"  {item.kind}: {item.text[-300:]!r}{'' if item.is_enabled else ' (off)'}" for item in self.seen()
        )
        return f"\n{seen}\n{self.said[-2000:]}"


@contextmanager
def program(hand: Hand, folder: Path, module: str, *arguments: str, prefix: Sequence[str] = ()) -> Iterator[Program]:
    """Run a module with windows until the block ends; then no callback of its windows may have failed.

    Args:
        folder: Empty or not there yet; it becomes the program's home.
        prefix: The beginning of a command that runs it somewhere else, on another machine for instance.
    """
    folder.mkdir(parents=True, exist_ok=True)
    ours, its = socket.socketpair()
    home = {"HOME": str(folder), "USERPROFILE": str(folder), "TCPIPCHAT_HOME": str(folder / "tcpipchat")}
    ours.settimeout(SECONDS)
    with (folder / "said.txt").open("wb") as said, its:
        process = subprocess.Popen(
            [*prefix, sys.executable, "-m", "tests.support.inspected_program", str(its.fileno()), module, *arguments],
            cwd=ROOT,
            env=hand.screen.environment | home | {"PYTHONPATH": os.fspath(ROOT), "PYTHONUTF8": "1"},
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            pass_fds=[its.fileno()],
        )
    running = Program(process, ours, folder / "said.txt", hand)
    try:
        yield running
        if process.poll() is None:
            errors = running.errors()
            assert not errors, "\n".join(errors)
        assert "Traceback" not in running.said, running.said
    finally:
        process.kill()
        process.wait(SECONDS)
        running.close()
