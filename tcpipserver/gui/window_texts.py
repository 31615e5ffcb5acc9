"""The texts to the server as a table, and the line in which the operator answers.

Owns the table and the line. Must never decide to whom a text goes. Run by the Tk thread.
"""

import time
import tkinter
from collections.abc import Sequence

import ttkbootstrap as tb

from tcpipserver.gui.appearance import Appearance, select_all, show_focus
from tcpipserver.gui.presenter import Presenter
from tcpipserver.gui.presenter_texts import MOST_TEXTS
from tcpipserver.gui.views import ShownText
from tcpipserver.gui.window_scrollbar import Scrollbar

_COLUMNS = (("time", "Time", 8), ("who", "From", 16), ("numbers", "Numbers", 9))
_NO_TEXT_CHOSEN = "Choose a text to read all of it here, and to answer whoever wrote it."
_NO_TEXTS = "No text yet.\nWhat people send “to the server” appears here, with its two numbers."


class TextsPanel(tb.Frame):
    """The texts to the server."""

    def __init__(self, master: tkinter.Misc, presenter: Presenter, looks: Appearance) -> None:
        super().__init__(master, padding=(0, looks.pixels(6), 0, 0))
        self._presenter = presenter
        self._looks = looks
        self._whole: dict[str, str] = {}
        self._make_line().pack(side="bottom", fill="x", pady=(looks.pixels(4), 0))
        self._problem = tb.Label(self, bootstyle="danger")
        middle = tb.Frame(self)
        middle.pack(fill="both", expand=True)
        self._tree = tb.Treeview(
            middle,
            columns=[*(column[0] for column in _COLUMNS), "text"],
            show="headings",
            selectmode="browse",
            height=3,
            takefocus=False,
        )
        self._detail = tb.Text(
            middle, wrap="word", state="disabled", width=24, height=3, padx=looks.pixels(8), font="TkDefaultFont"
        )
        self._tree.grid(row=0, column=0, sticky="nsew")
        Scrollbar(self._tree, 0, 1)
        self._show_detail(_NO_TEXT_CHOSEN)
        self._detail.grid(row=0, column=2, sticky="nsew", padx=(looks.pixels(6), 0))
        middle.rowconfigure(0, weight=1)
        middle.columnconfigure(0, weight=3)
        middle.columnconfigure(2, weight=2)
        self._empty = tb.Label(self._tree, text=_NO_TEXTS, justify="center", bootstyle="secondary")
        self._empty.place(relx=0.5, rely=0.6, anchor="center")
        self._tree.bind("<<TreeviewSelect>>", self._chosen)
        self._tree.bind("<FocusIn>", show_focus)
        self._tree.bind("<Return>", lambda _: self.entry.focus_set())
        self._detail.bind("<Button-1>", lambda _: self._detail.focus_set())
        self._detail.bind("<Control-a>", select_all)
        self.fit()

    def _make_line(self) -> tb.Frame:
        gap = self._looks.pixels(6)
        line = tb.Frame(self)
        self._to = tb.Label(line, text="To everybody")
        self._to.grid(row=0, column=0, padx=(0, gap))
        self.entry = tb.Entry(line)
        self.entry.grid(row=0, column=1, sticky="ew")
        tb.Label(line, text="Numbers").grid(row=0, column=2, padx=(gap * 2, gap))
        self.numbers = (tb.Entry(line, width=6), tb.Entry(line, width=6))
        for column, number in enumerate(self.numbers, start=3):
            number.insert(0, "0")
            number.grid(row=0, column=column, padx=(0, gap))
        self.send_button = tb.Button(line, text="Send", command=self._send, bootstyle="primary")
        self.send_button.grid(row=0, column=5)
        self._everybody = tb.Button(
            line, text="To everybody", command=self._presenter.texts.everybody_clicked, bootstyle="secondary outline"
        )
        for field in (self.entry, *self.numbers):
            field.bind("<Return>", lambda _: self._send())
        line.columnconfigure(1, weight=1)
        return line

    def fit(self) -> None:
        """Set the columns' widths to the size of the text, and the colours to the theme."""
        self._empty.configure(background=self._looks.table_background)
        for key, title, width in _COLUMNS:
            pixels = self._looks.digits(width) + self._looks.pixels(10)
            self._tree.heading(key, text=title, anchor="w")
            self._tree.column(key, width=pixels, minwidth=pixels, stretch=False)
        self._tree.heading("text", text="Text", anchor="w")
        self._tree.column("text", width=self._looks.digits(20), stretch=True)
        self._tree.tag_configure("ours", font="HubSmallFont")

    def add_texts(self, texts: Sequence[ShownText]) -> None:
        """Add below; above the most that are shown, the oldest go."""
        self._empty.place_forget()
        self._tree.configure(takefocus=True)
        is_at_end = self._tree.yview()[1] >= 1.0
        for text in texts:
            key = str(text.key)
            self._whole[key] = text.text
            one_line = text.text.replace("\n", " ⏎ ")
            values = (text.time, text.who, text.numbers, one_line)
            self._tree.insert("", "end", iid=key, values=values, tags=("ours",) if text.is_ours else ())
        extra = self._tree.get_children()[:-MOST_TEXTS]
        if extra:
            self._tree.delete(*extra)
            for key in extra:
                del self._whole[key]
        if is_at_end:
            self._tree.see(str(texts[-1].key))

    def show_recipient(self, text: str, is_everybody: bool) -> None:
        """Say who will read what is being written."""
        self._to.configure(text=f"To {text}")
        if is_everybody:
            self._everybody.grid_forget()
        else:
            self._everybody.grid(row=0, column=6, padx=(self._looks.pixels(6), 0))

    def show_problem(self, text: str) -> None:
        """Say why a text was not sent; "" when all is well."""
        self._problem.configure(text=text)
        if text:
            self._problem.pack(side="bottom", fill="x")
        else:
            self._problem.pack_forget()

    def clear_entry(self) -> None:
        """A text has gone out: empty the line."""
        self.entry.delete(0, "end")

    def _send(self) -> None:
        first, second = self.numbers
        self._presenter.texts.send_clicked(self.entry.get(), first.get(), second.get(), time.time())

    def _chosen(self, _event: "tkinter.Event[tkinter.Misc]") -> None:
        selection = self._tree.selection()
        if not selection:
            return
        self._show_detail(self._whole[selection[0]])
        self._presenter.texts.text_chosen(int(selection[0]))

    def _show_detail(self, text: str) -> None:
        self._detail.configure(state="normal")
        self._detail.delete("1.0", "end")
        self._detail.insert("1.0", text)
        self._detail.configure(state="disabled")
