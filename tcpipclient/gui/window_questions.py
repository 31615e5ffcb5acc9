"""Questions inside the client's window: what would be sent, and whether to leave while files are on their way.

Owns the cover that lies over the window while one is open, the keyboard meanwhile, and the card in its middle. A list
scrolls, a heading wraps; the buttons keep their row whatever a name is. Must never answer by itself. Thread: Tk's.
"""

import tkinter as tk
from collections.abc import Callable, Sequence
from typing import Protocol

import ttkbootstrap as tb

from tcpipclient.gui.actions import Actions
from tcpipclient.gui.shown import LeaveQuestion, SendQuestion
from tcpipclient.gui.shown_files import DetailsShown
from tcpipclient.gui.window_scrollbar import scrollbar_of
from tcpipclient.gui.window_theme import BOLD_FONT, TITLE_FONT, Look

_WIDTH, _HEIGHT, _LEAST, _EDGE = 580, 540, 220, 20


class Card(Protocol):
    """What lies over the window until it is answered; `cover` has everything of it."""

    cover: tk.Frame

    def take_focus(self) -> None:
        """Give the keyboard to what is answered first."""

    def close(self) -> None:
        """Take it away."""


class Questions:
    """The question that is open, if one is."""

    def __init__(self, root: tk.Tk, look: Look, actions: Actions) -> None:
        self._root, self._look, self._actions = root, look, actions
        self._card: Card | None = None
        self._sending: tuple[int, _Card] | None = None
        self._focused_before: tk.Misc | None = None
        root.bind("<FocusIn>", self._keep_focus, add="+")

    @property
    def is_open(self) -> bool:
        """Whether one waits for an answer."""
        return self._card is not None

    def ask_send(self, question: SendQuestion) -> None:
        """See TransfersView."""
        number = question.number
        if self._sending is not None and self._sending[0] == number and self._sending[1] is self._card:
            card = self._sending[1]
            card.clear(question.heading)
        else:
            card = self._open(
                question.heading, lambda yes: self._actions.send_answered(number, yes=yes, links=card.is_switched)
            )
            self._sending = (number, card)
        if len(question.recipients) > 1:
            card.add_words("To " + ", ".join(question.recipients))
        if question.note:
            card.add_words(question.note)
        card.add_files(question)
        if question.links:
            card.add_switch(question.links)
        if question.button:
            card.add_buttons(question.button, "Cancel")
        else:
            card.add_buttons("", "Close")

    def show_details(self, shown: DetailsShown) -> None:
        """See TransfersView."""
        if self._card is None:
            card = self._open(shown.title, lambda _: None)
            card.add_details(shown)
            card.add_buttons("", "Close")

    def ask_leave(self, question: LeaveQuestion) -> None:
        """See NoticeView."""
        card = self._open(question.heading, lambda yes: self._actions.leave_answered(yes=yes))
        card.add_words(question.text)
        card.add_buttons(question.leave, question.stay, dangerous=True)

    def show_keys(self, keys: Sequence[tuple[str, str]]) -> None:
        """Show which key does what."""
        if self._card is None:
            card = self._open("Keys", lambda _: None)
            card.add_keys(keys)
            card.add_buttons("", "Close")

    def show(self, card: Card) -> None:
        """A card has been opened: it takes the place of the one before, whose question is not answered any more."""
        if self._card is not None:
            self._card.close()
        else:
            self._focused_before = self._root.focus_get()
        self._card = card

    def dismiss(self, card: Card) -> None:
        """Take a card away where it is still there, and give the keyboard back."""
        if self._card is not card:
            return
        self._card = None
        card.close()
        before = self._focused_before
        if before is not None and before.winfo_exists():
            before.focus_set()

    def _open(self, heading: str, answered: Callable[[bool], None]) -> "_Card":
        def close(yes: bool) -> None:
            self.dismiss(card)
            answered(yes)

        card = _Card(self._root, self._look, heading, close)
        self.show(card)
        return card

    def _keep_focus(self, event: "tk.Event[tk.Misc]") -> None:
        """Tab goes round within the card."""
        if self._card is not None and not str(event.widget).startswith(str(self._card.cover)):
            self._card.take_focus()


class _Card:
    """A question on show: cover, card, and its rows."""

    def __init__(self, root: tk.Tk, look: Look, heading: str, answered: Callable[[bool], None]) -> None:
        self._look, self._answered = look, answered
        self._row = 1
        palette = look.palette
        edge = look.pixels(_EDGE)
        self.cover = tk.Frame(root, background=palette.cover)
        self.cover.place(x=0, y=0, relwidth=1.0, relheight=1.0)
        self._card = tk.Frame(
            self.cover,
            background=palette.background,
            highlightthickness=1,
            highlightbackground=palette.edge,
            padx=edge,
            pady=edge,
        )
        self._card.columnconfigure(0, weight=1)
        self._labels: list[tk.Label] = []
        self._files: tk.Text | None = None
        self._first: tk.Misc = self._card
        self._switch = tk.BooleanVar(self._card)
        self._add_label(heading, TITLE_FONT, palette.text)
        self.cover.bind("<Configure>", self._fit)
        self.cover.bind_all("<Escape>", self._escaped)
        self.cover.grab_set()

    @property
    def is_switched(self) -> bool:
        """Whether the switch is on, where there is one."""
        return bool(self._switch.get())

    def clear(self, heading: str) -> None:
        """Say something else: what was switched stays."""
        for part in self._card.winfo_children():
            part.destroy()
        self._labels.clear()
        self._files, self._first, self._row = None, self._card, 1
        self._add_label(heading, TITLE_FONT, self._look.palette.text)

    def add_switch(self, words: str) -> None:
        """Something that can be wanted, too."""
        switch = tb.Checkbutton(self._card, text=words, variable=self._switch)
        switch.grid(row=self._row, column=0, sticky="w", pady=(0, self._look.pixels(4)))
        self._row += 1

    def add_words(self, words: str) -> None:
        """A sentence below the heading."""
        self._add_label(words, "TkTextFont", self._look.palette.text)

    def add_files(self, question: SendQuestion) -> None:
        """What is sent, and what is not."""
        palette = self._look.palette
        text = self._add_list()
        text.tag_configure("size", foreground=palette.pale)
        text.tag_configure("why", foreground=palette.trouble)
        text.tag_configure("head", font=BOLD_FONT)
        for item in question.items:
            text.insert("end", item.name, "", f"   {item.detail}\n", "size")
        if question.more_items:
            text.insert("end", f"{question.more_items}\n", "size")
        if question.refused:
            text.insert("end", "Not sent:\n", "head")
        for item in question.refused:
            text.insert("end", item.name, "", f"   {item.detail}\n", "why")
        if question.more_refused:
            text.insert("end", f"{question.more_refused}\n", "why")
        text.configure(state="disabled")

    def add_details(self, shown: DetailsShown) -> None:
        """What is known of something, and what has gone wrong with it."""
        text = self._add_list()
        self._put_columns(text, shown.facts)
        text.tag_configure("why", foreground=self._look.palette.trouble)
        if shown.heading:
            text.insert("end", f"{shown.heading}\n", "head")
        for item in shown.items:
            text.insert("end", item.name, "", f"   {item.detail}\n", "why")
        text.delete("end-2c")
        text.configure(state="disabled")

    def add_keys(self, keys: Sequence[tuple[str, str]]) -> None:
        """A list in two columns."""
        text = self._add_list()
        self._put_columns(text, keys)
        text.delete("end-2c")
        text.configure(state="disabled")

    def _put_columns(self, text: tb.Text, lines: Sequence[tuple[str, str]]) -> None:
        widest = max(self._look.width(first, BOLD_FONT) for first, _ in lines) + self._look.pixels(16)
        text.configure(wrap="word", tabs=str(widest))
        text.tag_configure("line", lmargin2=widest)
        text.tag_configure("head", font=BOLD_FONT)
        for first, second in lines:
            text.insert("end", first, ("head", "line"), f"\t{second}\n", "line")

    def add_buttons(self, yes: str, no: str, *, dangerous: bool = False) -> None:
        """The answers; the harmless one has the keyboard where the other is dangerous."""
        gap = self._look.pixels(8)
        box = tk.Frame(self._card, background=self._look.palette.background)
        box.grid(row=self._row, column=0, sticky="e", pady=(gap, 0))
        no_button = tb.Button(box, text=no, bootstyle="outline", command=lambda: self._answered(False))
        self._first = no_button
        if yes:
            style = "danger" if dangerous else "primary"
            yes_button = tb.Button(box, text=yes, bootstyle=style, command=lambda: self._answered(True))
            yes_button.pack(side="right")
            if not dangerous:
                self._first = yes_button
        no_button.pack(side="right", padx=gap)
        self._fit()
        self.take_focus()

    def take_focus(self) -> None:
        """The keyboard goes to the first answer."""
        self._first.focus_set()

    def close(self) -> None:
        """Take the question away."""
        self.cover.unbind_all("<Escape>")
        self.cover.grab_release()
        self.cover.destroy()

    def _add_list(self) -> tb.Text:
        """A list that takes the room that is there, and scrolls."""
        palette = self._look.palette
        box = tk.Frame(self._card, background=palette.background)
        box.grid(row=self._row, column=0, sticky="nsew", pady=self._look.pixels(8))
        self._card.rowconfigure(self._row, weight=1)
        self._row += 1
        box.rowconfigure(0, weight=1)
        box.columnconfigure(0, weight=1)
        text = tb.Text(box, wrap="word", width=10, height=6, cursor="arrow", borderwidth=0)
        text.configure(
            background=palette.background,
            foreground=palette.text,
            font="TkTextFont",
            highlightthickness=self._look.pixels(2),
            highlightbackground=palette.edge,
            highlightcolor=palette.link,
            padx=self._look.pixels(8),
            pady=self._look.pixels(6),
            spacing3=self._look.pixels(4),
        )
        text.grid(row=0, column=0, sticky="nsew")
        scrollbar_of(text).grid_quietly(0, 1)
        self._files = text
        return text

    def _add_label(self, words: str, font: str, colour: str) -> None:
        label = tk.Label(
            self._card,
            text=words,
            font=font,
            anchor="w",
            justify="left",
            background=self._look.palette.background,
            foreground=colour,
        )
        label.grid(row=self._row, column=0, sticky="ew", pady=(0, self._look.pixels(8)))
        self._labels.append(label)
        self._row += 1

    def _fit(self, _: object = None) -> None:
        """Let the card be as large as there is room for, and texts break within it."""
        # What is not placed yet would be told its size in the midst of this.
        self.cover.update_idletasks()
        edge = self._look.pixels(_EDGE)
        room, height = self.cover.winfo_width() - edge, self.cover.winfo_height() - edge
        width = min(self._look.units(_WIDTH), max(room, 1))
        for label in self._labels:
            label.configure(wraplength=max(1, width - 2 * edge - self._look.pixels(8)))
        if self._files is None:
            self._card.place(relx=0.5, rely=0.45, anchor="center", width=width)
            return
        self._card.update_idletasks()
        beside = self._card.winfo_reqheight() - self._files.winfo_reqheight()
        lines = int(self._files.index("end-1c").partition(".")[0])
        wanted = beside + (lines + 1) * (self._look.line() + self._look.pixels(4)) + self._look.pixels(12)
        tall = min(max(self._look.units(_LEAST), wanted), self._look.units(_HEIGHT), max(height, 1))
        self._card.place(relx=0.5, rely=0.5, anchor="center", width=width, height=tall)

    def _escaped(self, _: object) -> str:
        self._answered(False)
        return "break"
