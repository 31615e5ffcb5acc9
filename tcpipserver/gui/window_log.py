"""The event log as coloured text, with its row of tools.

Owns the text and the tools. Must never decide which line is shown. Run by the Tk thread.
"""

import tkinter
from collections.abc import Sequence
from tkinter import filedialog

import ttkbootstrap as tb

from commonlib.meaning import Meaning
from tcpipserver.gui.appearance import MARKS, Appearance, select_all
from tcpipserver.gui.presenter import Presenter
from tcpipserver.gui.presenter_log import MOST_SHOWN, WORDS
from tcpipserver.gui.views import ShownLine
from tcpipserver.gui.window_scrollbar import Scrollbar

_SLACK = 500
"""Lines above the most that are shown, so that not every new line has to take an old one away."""
_FIND_DELAY = 150


class LogPanel(tb.Frame):
    """The event log."""

    def __init__(self, master: tkinter.Misc, presenter: Presenter, looks: Appearance) -> None:
        super().__init__(master, padding=(0, looks.pixels(6), 0, 0))
        self._presenter = presenter
        self._looks = looks
        self._lines = 0
        self._kinds = {meaning: tb.BooleanVar(self, True) for meaning in Meaning}
        self._words = tb.StringVar(self)
        self._due_search: str | None = None
        self._make_tools().grid(row=0, column=0, columnspan=2, sticky="ew", pady=(0, looks.pixels(4)))
        self.rowconfigure(1, weight=1)
        self.columnconfigure(0, weight=1)
        self._text = tb.Text(
            self, wrap="word", state="disabled", height=4, padx=looks.pixels(8), pady=looks.pixels(4), undo=False
        )
        self._text.grid(row=1, column=0, sticky="nsew")
        Scrollbar(self._text, 1, 1)
        self._text.bind("<Button-1>", lambda _: self._text.focus_set())
        self._text.bind("<Control-a>", select_all)
        self._text.bind("<Control-c>", self._copy_key)
        self.fit()

    def _make_tools(self) -> tb.Frame:
        log, gap = self._presenter.log, self._looks.pixels(6)
        tools = tb.Frame(self)
        self.kinds_button = kinds = tb.Menubutton(tools, text="Kinds ", bootstyle="secondary outline")
        menu = tb.Menu(kinds, tearoff=False)
        for meaning in Meaning:
            label = f"{MARKS[meaning]}  {WORDS[meaning]}"
            menu.add_checkbutton(label=label, variable=self._kinds[meaning], command=self._kinds_changed)
        menu.add_separator()
        menu.add_command(label="All kinds", command=self._all_kinds)
        kinds.configure(menu=menu)
        kinds.pack(side="left")
        tb.Label(tools, text="Find").pack(side="left", padx=(gap * 2, gap))
        self.find = tb.Entry(tools, textvariable=self._words, width=18)
        self.find.pack(side="left")
        self.find.bind("<Escape>", lambda _: self._words.set(""))
        self._words.trace_add("write", lambda *_: self._search_soon())
        self.save_button = tb.Button(tools, text="Save …", command=self.save, bootstyle="secondary outline")
        self.copy_button = tb.Button(tools, text="Copy", command=self._copy, bootstyle="secondary outline")
        for button in (self.save_button, self.copy_button):
            button.pack(side="right", padx=(gap, 0))
        self.pause = tb.Button(tools, text="Pause", command=log.pause_clicked, bootstyle="secondary outline", width=8)
        self.pause.pack(side="right", padx=(gap, 0))
        self._state = tb.Label(tools, bootstyle="secondary", anchor="w")
        self._state.pack(side="left", fill="x", expand=True, padx=gap * 2)
        return tools

    def fit(self) -> None:
        """Set colours and distances to the theme and to the size of the text."""
        time, word = self._looks.digits(10), self._looks.digits(14)
        self._text.configure(font="TkDefaultFont", tabs=f"{time} {time + word}")
        for meaning in Meaning:
            self._text.tag_configure(
                meaning.name, foreground=self._looks.colour(meaning), lmargin2=time + word, spacing3=1
            )

    def add_lines(self, lines: Sequence[ShownLine]) -> None:
        """Add lines below; above the most that are shown, the oldest go."""
        text = self._text
        is_at_end = text.yview()[1] >= 1.0
        pieces: list[str] = []
        for line in lines:
            pieces += (f"{line.time}\t{MARKS[line.meaning]} {line.word}\t{line.text}\n", line.meaning.name)
        text.configure(state="normal")
        text.insert("end", *pieces)
        self._lines += len(lines)
        if self._lines > MOST_SHOWN + _SLACK:
            text.delete("1.0", f"{self._lines - MOST_SHOWN + 1}.0")
            self._lines = MOST_SHOWN
        text.configure(state="disabled")
        if is_at_end:
            text.see("end")

    def clear_lines(self) -> None:
        """Take all lines away."""
        self._text.configure(state="normal")
        self._text.delete("1.0", "end")
        self._text.configure(state="disabled")
        self._lines = 0

    def show_log_state(self, text: str, is_paused: bool) -> None:
        """Say how many lines there are, and whether new ones are being shown."""
        self._state.configure(text=text)
        self.pause.configure(text="Go on" if is_paused else "Pause")

    def save(self) -> None:
        """Ask where, and save."""
        path = filedialog.asksaveasfilename(
            parent=self, title="Save the event log", defaultextension=".txt", initialfile="event log.txt"
        )
        if path:
            self._presenter.log.save_chosen(path)

    def _copy(self) -> None:
        selected = self._text.get("sel.first", "sel.last") if self._text.tag_ranges("sel") else ""
        self._presenter.log.copy_clicked(selected)

    def _copy_key(self, _event: "tkinter.Event[tkinter.Misc]") -> str:
        self._copy()
        return "break"

    def _kinds_changed(self) -> None:
        self._presenter.log.kinds_chosen([meaning for meaning, chosen in self._kinds.items() if chosen.get()])

    def _all_kinds(self) -> None:
        for chosen in self._kinds.values():
            chosen.set(True)
        self._kinds_changed()

    def _search_soon(self) -> None:
        """Wait until the typing pauses."""
        if self._due_search is not None:
            self.after_cancel(self._due_search)
        self._due_search = self.after(_FIND_DELAY, self._search)

    def _search(self) -> None:
        self._due_search = None
        self._presenter.log.words_typed(self._words.get())
