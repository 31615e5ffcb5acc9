"""How the server window looks: themes, the colours of the article's event log, and the size of the text.

Owns the named fonts and the colours. Must never carry a meaning by colour alone: words stand beside it. Run by the Tk
thread.
"""

import tkinter
from tkinter import font

import ttkbootstrap as tb

from commonlib.meaning import Meaning

LIGHT_THEME, DARK_THEME = "bootstrap-light", "bootstrap-dark"
BIG_FONT, BOLD_FONT, SMALL_FONT = "HubBigFont", "HubBoldFont", "HubSmallFont"
CODE_FONT = "HubCodeFont"
_USUAL_FONTS = ("TkDefaultFont", "TkTextFont", "TkMenuFont", "TkHeadingFont", "TkCaptionFont", "TkTooltipFont")
_LIGHT = {
    Meaning.NOTE: "#343a40",
    Meaning.GOOD: "#146c43",
    Meaning.TALK: "#0a58ca",
    Meaning.CONNECTION: "#6f42c1",
    Meaning.TROUBLE: "#b02a37",
}
_DARK = {
    Meaning.NOTE: "#ced4da",
    Meaning.GOOD: "#75d19a",
    Meaning.TALK: "#7db3ff",
    Meaning.CONNECTION: "#c8a6ff",
    Meaning.TROUBLE: "#ff8f99",
}
MARKS = {
    Meaning.NOTE: "·",
    Meaning.GOOD: "✓",
    Meaning.TALK: "»",
    Meaning.CONNECTION: "↔",
    Meaning.TROUBLE: "!",
}
_SMALLEST_POINTS = 6
_CELL_EDGE = 4
"""Logical pixels beside what stands in a cell of a table."""


class Appearance:
    """The looks of one window."""

    def __init__(self, app: tb.App) -> None:
        self._app = app
        self._usual_sizes = {name: int(font.nametofont(name, app).actual("size")) for name in _USUAL_FONTS}
        usual = font.nametofont("TkDefaultFont", app)
        for name in (BIG_FONT, CODE_FONT, BOLD_FONT, SMALL_FONT):
            made = font.Font(app, usual, name=name, exists=False)
            made.configure(weight="normal" if name == SMALL_FONT else "bold")
            # A Font object takes its named font along when it goes.
            setattr(app, f"_kept_{name}", made)
        self.step = 0

    @property
    def is_dark(self) -> bool:
        """Whether the dark theme is on."""
        return self._app.theme_use() == DARK_THEME

    def use_dark(self, is_dark: bool) -> bool:
        """Put a theme on; whether it is another one than before."""
        if is_dark == self.is_dark:
            return False
        self._app.theme_use(DARK_THEME if is_dark else LIGHT_THEME)
        self._fit_rows()
        return True

    def set_text_step(self, step: int) -> None:
        """Make all text so many points larger than usual."""
        self.step = step
        for name, size in self._usual_sizes.items():
            font.nametofont(name, self._app).configure(size=max(size + step, _SMALLEST_POINTS))
        size = max(self._usual_sizes["TkDefaultFont"] + step, _SMALLEST_POINTS)
        # What is large anyway grows only where the text comes near to it: the table below needs the room.
        usual = self._usual_sizes["TkDefaultFont"]
        for name, times, least in ((BIG_FONT, 2.2, 1.3), (CODE_FONT, 1.6, 1.15)):
            font.nametofont(name, self._app).configure(size=round(max(min(size, usual) * times, size * least)))
        font.nametofont(BOLD_FONT, self._app).configure(size=size)
        font.nametofont(SMALL_FONT, self._app).configure(size=max(size - 1, _SMALLEST_POINTS))
        self._fit_rows()

    def colour(self, meaning: Meaning) -> str:
        """What a meaning is written in."""
        return (_DARK if self.is_dark else _LIGHT)[meaning]

    @property
    def table_background(self) -> str:
        """What lies behind the rows of a table."""
        return str(self._app.style.lookup("Treeview", "fieldbackground") or self._app.style.colors.bg)

    def digits(self, count: int) -> int:
        """Pixels that so many digits take."""
        return font.nametofont("TkDefaultFont", self._app).measure("0" * count)

    @property
    def line_height(self) -> int:
        """Pixels from one line of text to the next."""
        return int(font.nametofont("TkDefaultFont", self._app).metrics("linespace"))

    def pixels(self, size: int) -> int:
        """Pixels of a length at 96 dpi."""
        return int(tb.scale_size(self._app, size))

    def _fit_rows(self) -> None:
        self._app.style.configure("Treeview", rowheight=round(self.line_height * 1.45))
        self._app.style.configure("Treeview.Cell", padding=(self.pixels(_CELL_EDGE), 0))


def show_focus(event: "tkinter.Event[tkinter.Misc]") -> None:
    """A table is reached by a key: have a row chosen, so that one sees where one is and the arrows go on from there."""
    table = event.widget
    if isinstance(table, tb.Treeview) and not table.selection() and (rows := table.get_children()):
        table.selection_set(rows[0])
        table.focus(rows[0])


def select_all(event: "tkinter.Event[tkinter.Text]") -> str:
    """Ctrl+A in a text that is only read."""
    event.widget.tag_add("sel", "1.0", "end-1c")
    return "break"
