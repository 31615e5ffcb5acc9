"""The colours and fonts of the client's window, light and dark, and their change while it is open.

Owns the two palettes, the fonts of our own and the size of all text. What ttkbootstrap does not colour by itself (Text
tags, canvases) is told by `follow`. Must never decide which theme it is: the settings say so, and system_theme.py knows
what the system has. Thread: Tk's.
"""

import tkinter as tk
from collections.abc import Callable
from tkinter import font
from typing import cast

import ttkbootstrap as tb

from commonlib.values import dataclass
from tcpipclient.gui.shown import Light, Severity

LIGHT_THEME, DARK_THEME = "bootstrap-light", "bootstrap-dark"

TITLE_FONT, BOLD_FONT, SMALL_FONT = "ClientTitleFont", "ClientBoldFont", "ClientSmallFont"
CODE_FONT = "ClientCodeFont"
_STANDARD_FONTS = ("TkDefaultFont", "TkTextFont", "TkMenuFont", "TkHeadingFont", "TkCaptionFont", "TkTooltipFont")
_LARGER = {TITLE_FONT: 1.25, SMALL_FONT: 0.9, CODE_FONT: 1.7}
_ROW_AIR = 10
"""Logical pixels that a row of a list is higher than its text."""
_CELL_EDGE = 4


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of one theme; every pair that carries text has a contrast of at least 4.5 to 1.

    Attributes:
        mine: Background of one's own messages; the others have that of the window.
        pale: Times, hints and everything of second rank.
        drop, drop_text: The File Drop area; with a drag above it `drop_ready` and white.
        chosen: Background of selected text and rows.
        alarm, alarm_text: The page of a hub that is not the one that is trusted.
        encrypted: The closed lock.
        paused: The bar of what waits until its user goes on.
    """

    background: str
    text: str
    pale: str
    edge: str
    mine: str
    mine_name: str
    their_name: str
    link: str
    trouble: str
    drop: str
    drop_text: str
    drop_ready: str
    chosen: str
    chosen_text: str
    cover: str
    alarm: str
    alarm_text: str
    encrypted: str
    paused: str
    lights: dict[Light, str]
    banners: dict[Severity, tuple[str, str]]


_LIGHT = Palette(
    background="#ffffff",
    text="#1f2429",
    pale="#5d656d",
    edge="#d3d8dd",
    mine="#eaf2fe",
    mine_name="#0a4db0",
    their_name="#7a2e8e",
    link="#0a58ca",
    trouble="#b02a37",
    drop="#e4effe",
    drop_text="#0a4db0",
    drop_ready="#0a58ca",
    chosen="#0a58ca",
    chosen_text="#ffffff",
    cover="#dfe3e8",
    alarm="#9b1c2a",
    alarm_text="#ffffff",
    encrypted="#146c43",
    paused="#d99a00",
    lights={Light.RED: "#c62f3d", Light.PURPLE: "#8a3ac4", Light.GREEN: "#198754", Light.BLUE: "#0d6efd"},
    banners={
        Severity.NOTE: ("#dbe9fd", "#0a3f92"),
        Severity.WARNING: ("#fff1c7", "#5f4700"),
        Severity.TROUBLE: ("#fbdde0", "#8a1c28"),
    },
)
_DARK = Palette(
    background="#212529",
    text="#f1f3f5",
    pale="#aab2ba",
    edge="#454b51",
    mine="#22344d",
    mine_name="#8cbcff",
    their_name="#dba6ee",
    link="#7fb3ff",
    trouble="#ff8f9a",
    drop="#1d3557",
    drop_text="#b5d3ff",
    drop_ready="#0b5ed7",
    chosen="#2f6fd0",
    chosen_text="#ffffff",
    cover="#15181b",
    alarm="#8a1724",
    alarm_text="#ffffff",
    encrypted="#4cc38a",
    paused="#ffc94d",
    lights={Light.RED: "#ff6b78", Light.PURPLE: "#c18aff", Light.GREEN: "#4cc38a", Light.BLUE: "#5aa2ff"},
    banners={
        Severity.NOTE: ("#16345f", "#cfe2ff"),
        Severity.WARNING: ("#4d3d0b", "#ffe69c"),
        Severity.TROUBLE: ("#55202a", "#ffd1d6"),
    },
)


class Look:
    """Theme and text size of one window."""

    def __init__(self, root: tb.App) -> None:
        self._root = root
        self._followers: list[Callable[[Palette], None]] = []
        self._fonts: dict[str, font.Font] = {}
        self._scaled: dict[float, int] = {}
        self._sizes = {name: _size(root, name) for name in _STANDARD_FONTS if name in font.names(root)}
        base = font.nametofont("TkTextFont", root=root).actual()
        for name in (TITLE_FONT, BOLD_FONT, SMALL_FONT, CODE_FONT):
            weight = "normal" if name == SMALL_FONT else "bold"
            size = round(self._sizes["TkTextFont"] * _LARGER.get(name, 1.0))
            self._sizes[name] = size
            self._own(name, base["family"], size, weight)
        self._percent = 100
        self._show_fonts()

    @property
    def palette(self) -> Palette:
        """The colours in use."""
        return _DARK if self._root.style.theme_use() == DARK_THEME else _LIGHT

    def follow(self, colour: Callable[[Palette], None]) -> None:
        """Call this with the palette: now, and at each change of the theme or the text's size."""
        self._followers.append(colour)
        colour(self.palette)

    def use(self, *, dark: bool, percent: int) -> bool:
        """Change theme and size of the text; False where both are as they were."""
        wanted = DARK_THEME if dark else LIGHT_THEME
        if wanted == self._root.style.theme_use() and percent == self._percent:
            return False
        if percent != self._percent:
            self._percent = percent
            self._show_fonts()
        if wanted != self._root.style.theme_use():
            self._root.style.theme_use(wanted)
        self._style_rows()
        self.style_disabled()
        for colour in self._followers:
            colour(self.palette)
        return True

    def style_disabled(self) -> None:
        """Let buttons be read that cannot be pressed; once they are there, and after each change of the theme."""
        for name in ("TButton", "primary.TButton", "Outline.TButton"):
            self._root.style.map(name, foreground=[("disabled", self.palette.pale)])

    def pixels(self, logical: float) -> int:
        """Logical pixels as those of this screen."""
        if logical not in self._scaled:
            self._scaled[logical] = cast(int, tb.scale_size(self._root, logical))
        return self._scaled[logical]

    def units(self, logical: float) -> int:
        """Logical pixels that grow with the text, for what has to hold text."""
        return self.pixels(logical * self._percent / 100)

    def line(self, name: str = "TkTextFont") -> int:
        """Height of a line of text in pixels."""
        return int(self._font(name).metrics("linespace"))

    def width(self, text: str, name: str = "TkTextFont") -> int:
        """Width of a text in pixels."""
        return self._font(name).measure(text)

    def clip(self, text: str, width: int, name: str = "TkTextFont") -> str:
        """As much of a text as this many pixels hold, with an ellipsis where some is left out."""
        shown = self._font(name)
        if shown.measure(text) <= width:
            return text
        low, high = 0, len(text)
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if shown.measure(text[:middle] + "…") <= width else (low, middle - 1)
        return text[:low] + "…"

    def _font(self, name: str) -> font.Font:
        if name not in self._fonts:
            self._fonts[name] = font.nametofont(name, root=self._root)
        return self._fonts[name]

    def _own(self, name: str, family: str, size: int, weight: str) -> None:
        self._root.tk.call("font", "create", name, "-family", family, "-size", size, "-weight", weight)

    def _show_fonts(self) -> None:
        for name, size in self._sizes.items():
            self._font(name).configure(size=round(size * self._percent / 100) or size)
        self._style_rows()

    def _style_rows(self) -> None:
        """Let rows be as high as their text, and what is selected be seen."""
        colours = self.palette
        style = self._root.style
        style.configure("Treeview", rowheight=self.line() + self.pixels(_ROW_AIR))
        style.configure("Treeview.Cell", padding=(self.pixels(_CELL_EDGE), 0))
        for field in ("TEntry", "TCombobox"):
            style.map(field, foreground=[("disabled", colours.pale)])
        style.map(
            "Treeview",
            background=[("selected", colours.chosen)],
            foreground=[("selected", colours.chosen_text)],
        )


def _size(root: tk.Misc, name: str) -> int:
    return int(font.nametofont(name, root=root).cget("size"))
