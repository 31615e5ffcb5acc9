"""What the event log shows: which kinds, which words, paused or not.

Owns the lines that are kept, bounded, and the choice among them. Must never do more in one `tick` than a few hundred
lines. Pure: run by the Tk thread.
"""

from collections import deque
from collections.abc import Iterable

from commonlib.meaning import Meaning
from commonlib.wording import shown_count
from tcpipserver.gui.events import LineLogged
from tcpipserver.gui.forms import time_of_day
from tcpipserver.gui.views import Clipboard, HubControl, LogView, ShownLine

MOST_KEPT = 20_000
MOST_SHOWN = 5_000
LINES_PER_TICK = 250

WORDS = {
    Meaning.NOTE: "note",
    Meaning.GOOD: "good",
    Meaning.TALK: "talk",
    Meaning.CONNECTION: "connection",
    Meaning.TROUBLE: "trouble",
}


class LogPresenter:
    """The event log."""

    def __init__(self, view: LogView, clipboard: Clipboard, control: HubControl) -> None:
        self._view = view
        self._clipboard = clipboard
        self._control = control
        self._kept: deque[LineLogged] = deque(maxlen=MOST_KEPT)
        self._due: deque[LineLogged] = deque(maxlen=MOST_SHOWN)
        self._kinds = frozenset(Meaning)
        self._words = ""
        self._is_paused = False
        self._come_while_paused = 0
        self._matching = 0
        self._lost = 0
        self._is_changed = True

    def receive_line(self, line: LineLogged) -> None:
        """The hub has logged a line."""
        if len(self._kept) == MOST_KEPT and self._matches(self._kept[0]):
            self._matching -= 1
        self._kept.append(line)
        self._is_changed = True
        if not self._matches(line):
            return
        self._matching += 1
        if self._is_paused:
            self._come_while_paused += 1
        else:
            self._due.append(line)

    def receive_lost(self, count: int) -> None:
        """So many lines came too fast to be shown."""
        self._lost += count
        self._is_changed = True

    def tick(self) -> None:
        """Show some of what is due."""
        if self._due:
            batch = [self._due.popleft() for _ in range(min(LINES_PER_TICK, len(self._due)))]
            self._view.add_lines([_shown(line) for line in batch])
        if self._is_changed:
            self._is_changed = False
            self._view.show_log_state(self._state(), self._is_paused)

    def kinds_chosen(self, kinds: Iterable[Meaning]) -> None:
        """Show these kinds and no others."""
        self._kinds = frozenset(kinds)
        self._show_anew()

    def words_typed(self, words: str) -> None:
        """Show lines that contain this, in capitals or not."""
        if words.strip().casefold() != self._words:
            self._words = words.strip().casefold()
            self._show_anew()

    def pause_clicked(self) -> None:
        """Stop showing new lines, or go on and show what came in the meantime."""
        self._is_paused = not self._is_paused
        self._is_changed = True
        if not self._is_paused:
            came = min(self._come_while_paused, MOST_SHOWN)
            self._come_while_paused = 0
            self._due.extend(self._newest_matching(came))

    def copy_clicked(self, selected: str) -> None:
        """Copy what is selected in the log, else all lines that are shown."""
        self._clipboard.copy(selected or "\n".join(map(_written, self._newest_matching(MOST_SHOWN))))

    def save_chosen(self, path: str) -> None:
        """Write all lines that are kept and match to a file."""
        self._control.save_lines(path, tuple(map(_written, self._newest_matching(MOST_KEPT))))

    def _show_anew(self) -> None:
        self._view.clear_lines()
        self._due.clear()
        self._come_while_paused = 0
        self._matching = sum(map(self._matches, self._kept))
        self._due.extend(self._newest_matching(MOST_SHOWN))
        self._is_changed = True

    def _newest_matching(self, most: int) -> list[LineLogged]:
        """At most so many of the newest lines that match, the oldest of them first."""
        found: list[LineLogged] = []
        for line in reversed(self._kept):
            if len(found) == most:
                break
            if self._matches(line):
                found.append(line)
        found.reverse()
        return found

    def _matches(self, line: LineLogged) -> bool:
        return line.meaning in self._kinds and (not self._words or self._words in line.text.casefold())

    def _state(self) -> str:
        total = shown_count(len(self._kept), "line")
        parts = [total if self._matching == len(self._kept) else f"{self._matching:,} of {total}"]
        if self._is_paused:
            parts.append(f"paused, {self._come_while_paused:,} new")
        if self._lost:
            parts.append(f"{self._lost:,} came too fast to be shown; the log file has them")
        return " · ".join(parts)


def _shown(line: LineLogged) -> ShownLine:
    return ShownLine(line.meaning, time_of_day(line.wall), WORDS[line.meaning], line.text)


def _written(line: LineLogged) -> str:
    return f"{time_of_day(line.wall)}  {WORDS[line.meaning]:<10}  {line.text}"
