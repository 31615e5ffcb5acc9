"""A card in the middle of the client's window: a heading, sentences, a list that scrolls, and its answers.

Owns the cover over everything else, the keyboard meanwhile, and how large the card is: a heading wraps, the buttons
keep their row whatever a name is. Must never answer by itself. Thread: Tk's.
"""

import tkinter as tk
from collections.abc import Callable, Sequence

import ttkbootstrap as tb

from tcpipclient.gui.shown import FileItem
from tcpipclient.gui.window_scrollbar import scrollbar_of
from tcpipclient.gui.window_theme import BOLD_FONT, TITLE_FONT, Look

CARD_EDGE = 20
"""Units around what stands on a card."""
_WIDTH, _HEIGHT, _LEAST = 580, 540, 220


def cover_with_card(root: tk.Tk, look: Look, *, is_alarm: bool = False) -> tuple[tk.Frame, tk.Frame]:
    """What lies over the whole window, and the card on it, empty, of one column; the caller places the card."""
    palette, edge = look.palette, look.pixels(CARD_EDGE)
    cover = tk.Frame(root, background=palette.alarm if is_alarm else palette.cover)
    cover.place(x=0, y=0, relwidth=1.0, relheight=1.0)
    card = tk.Frame(
        cover,
        background=palette.alarm if is_alarm else palette.background,
        highlightthickness=0 if is_alarm else 1,
        highlightbackground=palette.edge,
        highlightcolor=palette.edge,
        padx=edge,
        pady=edge,
    )
    card.columnconfigure(0, weight=1)
    return cover, card


class Card:
    """One card; what stands on it is added from top to bottom, the answers last.

    Args:
        answered: Takes the answer; False for Escape, too.

    Attributes:
        cover: Lies over the whole window.
    """

    def __init__(self, root: tk.Tk, look: Look, heading: str, answered: Callable[[bool], None]) -> None:
        self._look, self._answered = look, answered
        self._row = 0
        self.cover, self._card = cover_with_card(root, look)
        self._labels: list[tk.Label] = []
        self._text: tb.Text | None = None
        self._first: tk.Misc = self._card
        self._fitted: tuple[int, int] | None = None
        self._heading = self.add_words(heading, TITLE_FONT)
        self.cover.bind("<Configure>", self._resized)
        self.cover.grab_set()

    def add_words(self, words: str, font: str = "TkTextFont") -> tk.Label:
        """A sentence; an empty one takes no room."""
        label = tk.Label(
            self._card,
            text=words,
            font=font,
            anchor="w",
            justify="left",
            background=self._look.palette.background,
            foreground=self._look.palette.text,
        )
        label.grid(row=self._next_row(), column=0, sticky="ew", pady=(0, self._look.pixels(8)))
        self._labels.append(label)
        show_if(label, words)
        return label

    def add_switch(self, variable: tk.BooleanVar) -> tb.Checkbutton:
        """Something that can be wanted, too; its words come with `show_if`."""
        switch = tb.Checkbutton(self._card, variable=variable)
        switch.grid(row=self._next_row(), column=0, sticky="w", pady=(0, self._look.pixels(4)))
        switch.grid_remove()
        return switch

    def add_list(self) -> tb.Text:
        """A list that takes the room that is there, and scrolls."""
        palette, pixels = self._look.palette, self._look.pixels
        box = tk.Frame(self._card, background=palette.background)
        row = self._next_row()
        box.grid(row=row, column=0, sticky="nsew", pady=pixels(8))
        self._card.rowconfigure(row, weight=1)
        box.rowconfigure(0, weight=1)
        box.columnconfigure(0, weight=1)
        self._text = text = tb.Text(box, wrap="word", width=10, height=6, cursor="arrow", borderwidth=0)
        text.configure(
            background=palette.background,
            foreground=palette.text,
            font="TkTextFont",
            highlightthickness=pixels(2),
            highlightbackground=palette.edge,
            highlightcolor=palette.link,
            padx=pixels(8),
            pady=pixels(6),
            spacing3=pixels(4),
        )
        text.tag_configure("size", foreground=palette.pale)
        text.tag_configure("why", foreground=palette.trouble)
        text.tag_configure("head", font=BOLD_FONT)
        text.grid(row=0, column=0, sticky="nsew")
        scrollbar_of(text).grid_quietly(0, 1)
        return text

    def add_columns(self, lines: Sequence[tuple[str, str]]) -> None:
        """Lines of the list in two columns; before anything else stands in it."""
        text = self.list
        widest = max(self._look.width(first, BOLD_FONT) for first, _ in lines) + self._look.pixels(16)
        text.configure(wrap="word", tabs=str(widest))
        text.tag_configure("line", lmargin2=widest)
        for first, second in lines:
            text.insert("end", first, ("head", "line"), f"\t{second}\n", "line")

    def add_items(self, heading: str, items: Sequence[FileItem], more: str, tag: str) -> None:
        """Lines of the list for files, and one for those that it does not have."""
        text = self.list
        if heading:
            text.insert("end", f"{heading}\n", "head")
        for item in items:
            text.insert("end", item.name, "", f"   {item.detail}\n", tag)
        if more:
            text.insert("end", f"{more}\n", tag)

    @property
    def list(self) -> tb.Text:
        """What `add_list` has made."""
        assert self._text is not None
        return self._text

    def add_buttons(self, yes: str, no: str, *, dangerous: bool = False) -> tuple[tb.Button, tb.Button]:
        """The answers; the harmless one has the keyboard where the other is dangerous."""
        gap = self._look.pixels(8)
        box = tk.Frame(self._card, background=self._look.palette.background)
        box.grid(row=self._next_row(), column=0, sticky="e", pady=(gap, 0))
        style = "danger" if dangerous else "primary"
        yes_button = tb.Button(box, text=yes, bootstyle=style, command=lambda: self._answered(True))
        yes_button.grid(row=0, column=1)
        no_button = tb.Button(box, text=no, bootstyle="outline", command=lambda: self._answered(False))
        no_button.grid(row=0, column=0, padx=gap)
        show_if(yes_button, yes)
        self._first = yes_button if yes and not dangerous else no_button
        return yes_button, no_button

    def take_focus(self) -> None:
        """The keyboard goes to the first answer."""
        self._first.focus_set()

    def escape(self) -> None:
        """Escape was pressed."""
        self._answered(False)

    def close(self) -> None:
        """Take the card away."""
        self.cover.grab_release()
        self.cover.destroy()

    @property
    def spare_lines(self) -> int:
        """For how many lines more than it has the list gets room."""
        return 0

    def fit(self) -> None:
        """Let the card be as large as there is room for, and texts break within it."""
        self.cover.update_idletasks()
        self._fitted = self.cover.winfo_width(), self.cover.winfo_height()
        edge, gap = self._look.pixels(CARD_EDGE), self._look.pixels(4)
        room, height = self._fitted[0] - edge, self._fitted[1] - edge
        width = min(self._look.units(_WIDTH), max(room, 1))
        for label in self._labels:
            label.configure(wraplength=max(1, width - 2 * edge - 2 * gap))
        if self._text is None:
            self._card.place(relx=0.5, rely=0.45, anchor="center", width=width)
            return
        self._card.update_idletasks()
        beside = self._card.winfo_reqheight() - self._text.winfo_reqheight()
        lines = int(self._text.index("end-1c").partition(".")[0]) + self.spare_lines
        wanted = beside + (lines + 1) * (self._look.line() + gap) + 3 * gap
        tall = min(max(self._look.units(_LEAST), wanted), self._look.units(_HEIGHT), max(height, 1))
        self._card.place(relx=0.5, rely=0.5, anchor="center", width=width, height=tall)

    def _resized(self, event: "tk.Event[tk.Misc]") -> None:
        # The cover is told its first size in the midst of the first fitting.
        if self._fitted is not None and (event.width, event.height) != self._fitted:
            self.fit()

    def _next_row(self) -> int:
        self._row += 1
        return self._row


def show_if(widget: tk.Label | tb.Button | tb.Checkbutton, words: str) -> None:
    """Have a widget say this, where there is something to say; else it is not seen, and keeps its place."""
    if not words:
        widget.grid_remove()
        return
    if str(widget.cget("text")) != words:
        widget.configure(text=words)
    widget.grid()
