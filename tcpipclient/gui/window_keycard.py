"""A card over the client's window with a key code in big letters, something to type, and buttons.

Owns its widgets and its size: what is said scrolls where there is no room, the field and the buttons keep theirs. Must
never answer by itself. Thread: Tk's.
"""

import tkinter as tk
from collections.abc import Callable, Sequence

import ttkbootstrap as tb

from commonlib.values import dataclass
from tcpipclient.gui.shown_hub import KeyCode
from tcpipclient.gui.window_card import CARD_EDGE, cover_with_card
from tcpipclient.gui.window_scrollbar import scrollbar_of
from tcpipclient.gui.window_theme import BOLD_FONT, CODE_FONT, TITLE_FONT, Look

_WIDTH, _LEAST = 640, 60


@dataclass(frozen=True, slots=True)
class CardButton:
    """A button of a card, from right to left.

    Attributes:
        is_pressed_by_enter: False for one that is never pressed by habit: Enter does nothing there.
    """

    label: str
    style: str
    press: Callable[[], None]
    is_pressed_by_enter: bool = True


class KeyCard:
    """Heading, what is said, code, field, problem, buttons.

    Args:
        is_alarm: Whether the whole window turns red.
        escaped: Called for Escape.

    Attributes:
        cover: Lies over the whole window.
        entry: The field to type in; it is on the card after `add_entry`.
        buttons: By their labels.
    """

    def __init__(self, root: tk.Tk, look: Look, heading: str, escaped: Callable[[], None], *, is_alarm: bool) -> None:
        self._look, self._escaped = look, escaped
        palette = look.palette
        self._back, self._front = (
            (palette.alarm, palette.alarm_text) if is_alarm else (palette.background, palette.text)
        )
        self._trouble = palette.alarm_text if is_alarm else palette.trouble
        self.cover, self._card = cover_with_card(root, look, is_alarm=is_alarm)
        self._card.rowconfigure(1, weight=1)
        self._heading = self._label(heading, TITLE_FONT, self._front)
        self._heading.grid(row=0, column=0, sticky="ew")
        self._body = self._make_body()
        self._under = tk.Frame(self._card, background=self._back)
        self._under.grid(row=2, column=0, sticky="ew")
        self._under.columnconfigure(0, weight=1)
        self.entry = tb.Entry(self._under, width=30)
        self._problem = self._label("", BOLD_FONT, self._trouble, self._under)
        self.buttons: dict[str, tb.Button] = {}
        self._first: tk.Misc = self.entry
        self.cover.bind("<Configure>", self._fit)
        self.cover.grab_set()

    @property
    def typed(self) -> str:
        """What stands in the field."""
        return str(self.entry.get())

    def add_body(self, text: str, code: KeyCode | None, advice: str) -> None:
        """What is said, with the code between."""
        body = self._body
        parts = [(text, "text")]
        if code is not None:
            parts += [(code.words, "words"), (code.digits, "digits")]
        parts.append((advice, "text"))
        for words, tag in parts:
            if words:
                body.insert("end", f"{words}\n", tag)
        body.delete("end-2c")
        body.configure(state="disabled")

    def add_entry(self, label: str, entered: Callable[[], None] | None) -> None:
        """Something to type; `entered` is called for Enter, which does nothing where it is None."""
        words = self._label(label, BOLD_FONT, self._front, self._under)
        words.grid(row=0, column=0, sticky="w")
        self.entry.grid(row=1, column=0, sticky="w", pady=(self._look.pixels(4), 0))

        def enter(_: object) -> str:
            if entered is not None:
                entered()
            return "break"

        self.entry.bind("<Return>", enter)
        self.entry.bind("<KP_Enter>", enter)
        self._first = self.entry

    def add_buttons(self, buttons: Sequence[CardButton], first: str = "") -> None:
        """The buttons; the one with the label `first` has the keyboard, unless there is something to type."""
        gap = self._look.pixels(8)
        box = tk.Frame(self._under, background=self._back)
        box.grid(row=3, column=0, sticky="e", pady=(gap, 0))
        for wanted in buttons:
            button = tb.Button(box, text=wanted.label, bootstyle=wanted.style, command=wanted.press)
            button.pack(side="right", padx=(gap, 0))
            self.buttons[wanted.label] = button
            if not wanted.is_pressed_by_enter:
                for key in ("<Return>", "<KP_Enter>"):
                    button.bind(key, lambda _: "break")
            if wanted.label == first and self._first is self.entry and not self.entry.winfo_manager():
                self._first = button
        self._fit()
        self.take_focus()

    def show_problem(self, text: str) -> None:
        """Say what was wrong with what was typed; empty takes it away."""
        if str(self._problem.cget("text")) == text:
            return
        self._problem.configure(text=text)
        if text:
            self._problem.grid(row=2, column=0, sticky="ew", pady=(self._look.pixels(6), 0))
        else:
            self._problem.grid_remove()
        self._fit()

    def enable(self, label: str, *, is_enabled: bool) -> None:
        """Whether a button can be pressed."""
        self.buttons[label].configure(state="normal" if is_enabled else "disabled")

    def take_focus(self) -> None:
        """The keyboard goes to the field, or to the first button."""
        self._first.focus_set()

    def escape(self) -> None:
        """Escape was pressed."""
        self._escaped()

    def close(self) -> None:
        """Take the card away."""
        self.cover.grab_release()
        self.cover.destroy()

    def _make_body(self) -> tb.Text:
        look = self._look
        box = tk.Frame(self._card, background=self._back)
        box.grid(row=1, column=0, sticky="nsew", pady=look.pixels(8))
        box.rowconfigure(0, weight=1)
        box.columnconfigure(0, weight=1)
        body = tb.Text(box, wrap="word", width=10, height=1, cursor="arrow", borderwidth=0, takefocus=False)
        body.configure(
            background=self._back, foreground=self._front, font="TkTextFont", highlightthickness=0, padx=0, pady=0
        )
        air = look.pixels(8)
        body.tag_configure("text", spacing3=air)
        body.tag_configure("words", font=CODE_FONT, justify="center", spacing1=air, spacing3=look.pixels(2))
        body.tag_configure("digits", font=CODE_FONT, justify="center", spacing3=air)
        body.grid(row=0, column=0, sticky="nsew")
        scrollbar_of(body).grid_quietly(0, 1)
        return body

    def _label(self, words: str, font: str, colour: str, master: tk.Misc | None = None) -> tk.Label:
        return tk.Label(
            master or self._card,
            text=words,
            font=font,
            anchor="w",
            justify="left",
            background=self._back,
            foreground=colour,
        )

    def _fit(self, _: object = None) -> None:
        """Let the card be as large as what it says, or as there is room for."""
        # What is not placed yet would be told its size in the midst of this.
        self.cover.update_idletasks()
        edge = self._look.pixels(CARD_EDGE)
        room, height = self.cover.winfo_width() - edge, self.cover.winfo_height() - edge
        width = max(1, min(self._look.units(_WIDTH), room))
        for label in (self._heading, self._problem):
            label.configure(wraplength=max(1, width - 2 * edge - self._look.pixels(8)))
        self._card.place(relx=0.5, rely=0.5, anchor="center", width=width)
        self._card.update_idletasks()
        counted = self._body.tk.call(self._body, "count", "-update", "-ypixels", "1.0", "end")
        beside = self._card.winfo_reqheight() - self._body.winfo_reqheight()
        wanted = beside + int(str(counted)) + self._look.pixels(6)
        tall = max(self._look.pixels(_LEAST), min(wanted, height))
        self._card.place(relx=0.5, rely=0.5, anchor="center", width=width, height=tall)
