"""The middle of the client's window: title, messages, composer with Send and Attach, and the two numbers.

Owns these widgets; the messages' Text is that of window_messages.py. Must never decide whether something may be sent.
Thread: Tk's.
"""

import time
import tkinter as tk
from collections.abc import Callable, Sequence

import ttkbootstrap as tb

from tcpipclient.gui.actions import Actions
from tcpipclient.gui.shown import ComposerShown, ConversationShown, MessageRow
from tcpipclient.gui.window_messages import MessagesText
from tcpipclient.gui.window_theme import SMALL_FONT, TITLE_FONT, Look, Palette

_COMPOSER_LINES = 3
FILES, FOLDER = "Files…", "A folder…"


class ConversationPane(tb.Frame):
    """The conversation on show."""

    def __init__(
        self,
        master: tk.Misc,
        look: Look,
        actions: Actions,
        attach: Callable[[], None],
        attach_folder: Callable[[], None],
        paste: Callable[[], bool],
    ) -> None:
        super().__init__(master)
        self._look, self._actions, self._paste = look, actions, paste
        self._can_send = False
        self._draft = ""
        self.grid_rowconfigure(2, weight=1)
        self.grid_columnconfigure(0, weight=1)
        self._build_title()
        self.messages = MessagesText(self, look, actions.link_clicked, self.earlier.grid)
        self.messages.grid(row=2, column=0, sticky="nsew")  # type: ignore[no-untyped-call]
        tb.Separator(self).grid(row=3, column=0, sticky="ew")
        self._build_composer()
        self.attach_menu = tb.Menu(self, tearoff=False)
        # The menu is gone before the system's window for choosing opens.
        self.attach_menu.add_command(label=FILES, command=lambda: self.after_idle(attach))
        self.attach_menu.add_command(label=FOLDER, command=lambda: self.after_idle(attach_folder))
        look.follow(self._colour)

    def _build_title(self) -> None:
        gap = self._look.pixels(10)
        self._head = head = tb.Frame(self, padding=(gap, self._look.pixels(8)))
        head.grid(row=0, column=0, sticky="ew")
        head.columnconfigure(0, weight=1)
        self._title = tb.Label(head, text="", font=TITLE_FONT, anchor="w", justify="left")
        self._note = tb.Label(head, text="", font=SMALL_FONT, anchor="w", justify="left")
        self._title.grid(row=0, column=0, sticky="ew")
        self._note.grid(row=1, column=0, sticky="ew")
        self.earlier = tb.Button(head, text="Show earlier", bootstyle="outline", command=self._actions.earlier_clicked)
        self.earlier.grid(row=0, column=1, rowspan=2, padx=(gap, 0))
        self.earlier.grid_remove()
        for label in (self._title, self._note):
            label.bind("<Configure>", lambda event: event.widget.configure(wraplength=event.width))
        self._line = tb.Separator(self)
        self._line.grid(row=1, column=0, sticky="ew")

    def _build_composer(self) -> None:
        look = self._look
        gap = look.pixels(8)
        box = tb.Frame(self, padding=gap)
        box.grid(row=4, column=0, sticky="ew")
        box.columnconfigure(0, weight=1)
        self.composer = tb.Text(
            box,
            height=_COMPOSER_LINES,
            width=20,
            wrap="word",
            undo=True,
            maxundo=200,
            borderwidth=0,
            highlightthickness=look.pixels(2),
            padx=look.pixels(6),
            pady=look.pixels(4),
        )
        self.composer.grid(row=0, column=0, sticky="nsew", rowspan=2)
        self.send_button = tb.Button(box, text="Send", icon="send", bootstyle="primary", command=self._send)
        self.attach_button = tb.Button(box, text="Attach…", icon="paperclip", bootstyle="outline", command=self._attach)
        self.send_button.grid(row=0, column=1, sticky="ew", padx=(gap, 0), pady=(0, look.pixels(5)))
        self.attach_button.grid(row=1, column=1, sticky="ew", padx=(gap, 0))
        below = tb.Frame(box)
        below.grid(row=2, column=0, columnspan=2, sticky="ew", pady=(look.pixels(4), 0))
        below.columnconfigure(0, weight=1)
        self._hint = tb.Label(below, font=SMALL_FONT, anchor="w", justify="left")
        self._warning = tb.Label(below, font=SMALL_FONT, anchor="w", justify="left")
        self._hint.grid(row=0, column=0, sticky="ew")
        self._warning.grid(row=1, column=0, sticky="ew")
        for label in (self._hint, self._warning):
            label.bind("<Configure>", lambda event: event.widget.configure(wraplength=event.width))
        self._build_numbers(below)
        self._listen()

    def _build_numbers(self, master: tb.Frame) -> None:
        """The two numbers that a text to the server carries."""
        self._numbers = tb.Frame(master)
        self._numbers.grid(row=2, column=0, sticky="w", pady=(self._look.pixels(4), 0))
        self.first_number = tb.Entry(self._numbers, width=8)
        self.second_number = tb.Entry(self._numbers, width=8)
        for words, field in (("First number", self.first_number), ("Second number", self.second_number)):
            tb.Label(self._numbers, text=words, font=SMALL_FONT).pack(side="left", padx=(0, self._look.pixels(5)))
            field.pack(side="left", padx=(0, self._look.pixels(12)))
            field.bind("<Return>", lambda _: self._send())
        self._numbers.grid_remove()

    def _listen(self) -> None:
        self.composer.bind("<Return>", self._entered)
        self.composer.bind("<KP_Enter>", self._entered)
        for keys in ("<Shift-Return>", "<Shift-KP_Enter>"):
            self.composer.bind(keys, self._broken)
        self.composer.bind("<Tab>", lambda _: self._move(forward=True))
        for keys in ("<Shift-Tab>", "<ISO_Left_Tab>") if self._is_x11() else ("<Shift-Tab>",):
            self.composer.bind(keys, lambda _: self._move(forward=False))
        self.composer.bind("<<Modified>>", self._modified)
        self.composer.bind("<<Paste>>", lambda _: "break" if self._paste() else None)

    def _is_x11(self) -> bool:
        return str(self.tk.call("tk", "windowingsystem")) == "x11"

    def lay_out(self, *, narrow: bool) -> None:
        """Take fewer lines for the composer where there is little room."""
        self.composer.configure(height=_COMPOSER_LINES - 1 if narrow else _COMPOSER_LINES)

    def show_conversation(self, shown: ConversationShown) -> None:
        """See ConversationView."""
        self._title.configure(text=shown.title)
        self._note.configure(text=shown.note if shown.messages else "")
        parts: tuple[tuple[tk.Widget, bool], ...] = (
            (self._head, bool(shown.title)),
            (self._line, bool(shown.title)),
            (self._note, bool(shown.note and shown.messages)),
        )
        for widget, is_wanted in parts:
            if is_wanted:
                widget.grid()
            else:
                widget.grid_remove()
        self._offer_earlier(wanted=shown.has_earlier)
        if shown.is_server:
            self._numbers.grid()
        else:
            self._numbers.grid_remove()
        self.set_draft(shown.draft)
        self.messages.show(shown.messages, shown.note)

    def add_messages(self, rows: Sequence[MessageRow]) -> None:
        """See ConversationView."""
        self.messages.add(rows)

    def add_earlier(self, rows: Sequence[MessageRow], has_earlier: bool) -> None:
        """See ConversationView."""
        self._offer_earlier(wanted=has_earlier)
        self.messages.add_earlier(rows)

    def change_messages(self, rows: Sequence[MessageRow]) -> None:
        """See ConversationView."""
        self.messages.change(rows)

    def show_composer(self, shown: ComposerShown) -> None:
        """See ConversationView."""
        self._can_send = shown.can_send
        self.send_button.configure(state="normal" if shown.can_send else "disabled")
        self.attach_button.configure(state="normal" if shown.can_attach else "disabled")
        self._hint.configure(text=shown.hint)
        self._warning.configure(text=shown.warning)
        if shown.warning:
            self._warning.grid()
        else:
            self._warning.grid_remove()

    def set_draft(self, text: str) -> None:
        """See ConversationView."""
        self._draft = text
        if self._typed() != text:
            self.composer.delete("1.0", "end")
            self.composer.insert("1.0", text)
            self.composer.edit_reset()

    def _offer_earlier(self, *, wanted: bool) -> None:
        if wanted:
            self.earlier.grid()
        else:
            self.earlier.grid_remove()

    def _typed(self) -> str:
        return self.composer.get("1.0", "end-1c")

    def _modified(self, _: object) -> None:
        if not self.composer.edit_modified():
            return
        self.composer.edit_modified(False)
        typed = self._typed()
        if typed != self._draft:
            self._draft = typed
            self._actions.draft_typed(typed)

    def _entered(self, _: object) -> str:
        self._send()
        return "break"

    def _broken(self, _: object) -> str:
        self.composer.insert("insert", "\n")
        self.composer.see("insert")
        return "break"

    def _send(self) -> None:
        if self._can_send:
            numbers = (self.first_number.get(), self.second_number.get())
            self._actions.send_clicked(self._typed(), time.monotonic(), time.time(), numbers)

    def _attach(self) -> None:
        """Files or a folder: the system has one window for each."""
        button = self.attach_button
        self.attach_menu.tk_popup(button.winfo_rootx(), button.winfo_rooty() + button.winfo_height())

    def _move(self, *, forward: bool) -> str:
        """Tab leaves the composer, as it leaves every other field."""
        other = self.composer.tk_focusNext() if forward else self.composer.tk_focusPrev()
        if other is not None:
            other.focus_set()
        return "break"

    def _colour(self, palette: Palette) -> None:
        self.composer.configure(
            background=palette.background,
            foreground=palette.text,
            insertbackground=palette.text,
            font="TkTextFont",
            selectbackground=palette.chosen,
            selectforeground=palette.chosen_text,
            highlightbackground=palette.edge,
            highlightcolor=palette.link,
        )
        self._note.configure(foreground=palette.pale)
        self._hint.configure(foreground=palette.pale)
        self._warning.configure(foreground=palette.trouble)
