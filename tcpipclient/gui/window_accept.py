"""The card on which files for the user are accepted: what, from whom, where to, and what happens to what is there.

Owns its widgets and what was chosen on them. What is said scrolls where there is no room, the buttons keep theirs. Must
never answer by itself: closing it leaves the offer waiting. Thread: Tk's.
"""

import tkinter as tk
from collections.abc import Callable
from tkinter import filedialog

import ttkbootstrap as tb

from commonlib.conflict import Conflict
from tcpipclient.gui.actions import Actions
from tcpipclient.gui.shown import TransferAction
from tcpipclient.gui.shown_files import AcceptQuestion, OfferAnswer, Verdict
from tcpipclient.gui.window_card import CARD_EDGE, cover_with_card
from tcpipclient.gui.window_questions import Questions
from tcpipclient.gui.window_scrollbar import scrollbar_of
from tcpipclient.gui.window_scrolled import ScrolledFrame
from tcpipclient.gui.window_theme import BOLD_FONT, SMALL_FONT, TITLE_FONT, Look

LATER, FOLDER, LISTEN = "Not now", "Another folder…", "Listen for direct connections"
_WIDTH, _MOST_LINES = 620, 8
_BUTTONS = (
    (Verdict.ACCEPT, TransferAction.ACCEPT.value, "success"),
    (Verdict.ALWAYS, TransferAction.ALWAYS.value, "success outline"),
    (Verdict.DECLINE, TransferAction.DECLINE.value, "danger outline"),
    (Verdict.LATER, LATER, "outline"),
)


class AcceptCards:
    """The question before files are accepted, in one window."""

    def __init__(self, root: tk.Tk, look: Look, actions: Actions, questions: Questions) -> None:
        self._root, self._look, self._actions, self._questions = root, look, actions, questions
        self._card: AcceptCard | None = None

    def ask_accept(self, question: AcceptQuestion) -> None:
        """See TransfersView."""
        card = self._card
        if card is None or card.key != question.key:
            key = question.key
            card = self._card = AcceptCard(
                self._root,
                self._look,
                question,
                lambda answer: self._actions.offer_answered(key, answer),
                lambda folder: self._actions.offer_folder_chosen(key, folder),
                lambda: self._root.after_idle(self._put_off, key),
            )
            self._questions.show(card)
        if not card.is_closed:
            card.show(question)

    def close_accept(self, key: int) -> None:
        """See TransfersView."""
        card = self._card
        if card is not None and card.key == key:
            self._card = None
            self._questions.dismiss(card)

    def _put_off(self, key: int) -> None:
        """Another question has taken the place of this one: as if the user had said that he answers later."""
        card = self._card
        if card is not None and card.key == key and card.is_closed:
            card.escape()


class AcceptCard:
    """One such question.

    Args:
        answered: Takes the answer.
        folder_chosen: Takes another folder.
        closed: Is called when it has been taken away, whoever did it.

    Attributes:
        key: Of the row that it is about.
        cover: Lies over the whole window.
        is_closed: Whether it has been taken away.
    """

    def __init__(
        self,
        root: tk.Tk,
        look: Look,
        question: AcceptQuestion,
        answered: Callable[[OfferAnswer], None],
        folder_chosen: Callable[[str], None],
        closed: Callable[[], object],
    ) -> None:
        self.key = question.key
        self.is_closed = False
        self._look, self._answered, self._folder_chosen, self._closed = look, answered, folder_chosen, closed
        self._question: AcceptQuestion | None = None
        self._labels: list[tk.Label] = []
        self._background = look.palette.background
        self.cover, self._card = cover_with_card(root, look)
        self._card.rowconfigure(1, weight=1)
        self._heading = self._label(self._card, question.heading, TITLE_FONT)
        self._heading.grid(row=0, column=0, sticky="ew", pady=(0, look.pixels(6)))
        self._body = ScrolledFrame(self._card, look, self._background)
        self._body.grid(row=1, column=0, sticky="nsew")
        self._conflict = tk.StringVar(root)
        self._links = tk.BooleanVar(root, value=False)
        self._listening = tk.BooleanVar(root, value=True)
        self._build(self._body.inside, question)
        self._body.follow()
        self.buttons = self._make_buttons()
        self._fitted: tuple[int, int] | None = None
        self.cover.bind("<Configure>", self._resized)
        self.cover.grab_set()

    def show(self, question: AcceptQuestion) -> None:
        """Say what is known by now."""
        if question == self._question:
            return
        before, self._question = self._question, question
        palette = self._look.palette
        self._files.configure(state="normal")
        self._files.delete("1.0", "end")
        for item in question.items:
            self._files.insert("end", item.name, "", f"   {item.detail}\n", "size")
        if question.more_items:
            self._files.insert("end", f"{question.more_items}\n", "size")
        self._files.delete("end-1c")
        lines = len(question.items) + bool(question.more_items)
        self._files.configure(state="disabled", height=max(1, min(lines, _MOST_LINES)))
        self._folder.configure(text=question.folder or "the usual folder for received files")
        self._room.configure(text=question.room, foreground=palette.trouble if question.is_room_short else palette.pale)
        self._conflict_note.configure(text=question.conflict_note)
        words = [choice.words for choice in question.conflicts]
        self._choices.configure(values=words)
        if words and self._conflict.get() not in words:
            self._conflict.set(words[0])
        for widget in (self._conflict_note, self._choices):
            if words:
                widget.grid()
            else:
                widget.grid_remove()
        self._fit()
        if before is None:
            self.take_focus()

    def take_focus(self) -> None:
        """The keyboard goes to what is answered first."""
        is_short = self._question is not None and self._question.is_room_short
        self.buttons[Verdict.LATER if is_short else Verdict.ACCEPT].focus_set()

    def escape(self) -> None:
        """Escape was pressed."""
        self._answer(Verdict.LATER)

    def close(self) -> None:
        """Take it away."""
        self.is_closed = True
        self.cover.grab_release()
        self.cover.destroy()
        self._closed()

    def _build(self, body: tk.Frame, question: AcceptQuestion) -> None:
        look, gap = self._look, self._look.pixels(8)
        palette = look.palette
        self._label(body, question.lock, SMALL_FONT, palette.pale).grid(row=0, sticky="ew", pady=(0, gap))
        self._files = self._make_list(body)
        self._label(body, "Into", BOLD_FONT).grid(row=2, sticky="w")
        where = tk.Frame(body, background=self._background)
        where.grid(row=3, sticky="ew")
        where.columnconfigure(0, weight=1)
        self._folder = tk.Label(
            where, font="TkTextFont", anchor="w", justify="left", background=self._background, foreground=palette.text
        )
        self._folder.grid(row=0, column=0, sticky="ew")
        self._folder.bind("<Configure>", lambda event: self._folder.configure(wraplength=max(1, event.width)))
        button = tb.Button(where, text=FOLDER, bootstyle="outline", command=self._choose_folder)
        button.grid(row=0, column=1, padx=(gap, 0))
        self._room = self._label(body, "", SMALL_FONT, palette.pale)
        self._room.grid(row=4, sticky="ew", pady=(0, gap))
        self._conflict_note = self._label(body, "", BOLD_FONT)
        self._conflict_note.grid(row=5, sticky="ew")
        self._choices = tb.Combobox(body, textvariable=self._conflict, state="readonly")
        self._choices.grid(row=6, sticky="ew", pady=(0, gap))
        if question.links:
            tb.Checkbutton(body, text=question.links, variable=self._links).grid(row=7, sticky="w", pady=(0, gap))
        if question.listening:
            tb.Checkbutton(body, text=LISTEN, variable=self._listening).grid(row=8, sticky="w")
            self._label(body, question.listening, SMALL_FONT).grid(row=9, sticky="ew", pady=(0, gap))
        self._label(body, question.always, SMALL_FONT, palette.pale).grid(row=10, sticky="ew")

    def _make_list(self, body: tk.Frame) -> tb.Text:
        look = self._look
        palette = look.palette
        box = tk.Frame(body, background=self._background)
        box.grid(row=1, sticky="ew", pady=(0, look.pixels(8)))
        box.columnconfigure(0, weight=1)
        text = tb.Text(box, wrap="word", width=10, height=1, cursor="arrow", borderwidth=0)
        text.configure(
            background=palette.background,
            foreground=palette.text,
            font="TkTextFont",
            highlightthickness=look.pixels(2),
            highlightbackground=palette.edge,
            highlightcolor=palette.link,
            padx=look.pixels(8),
            pady=look.pixels(4),
        )
        text.tag_configure("size", foreground=palette.pale)
        text.grid(row=0, column=0, sticky="nsew")
        for keys, widget in (("<Tab>", "tk_focusNext"), ("<Shift-Tab>", "tk_focusPrev")):
            text.bind(keys, lambda _, name=widget: self._move(getattr(text, name)()))  # type: ignore[misc]
        scrollbar = scrollbar_of(text)
        scrollbar.configure(takefocus=False)
        scrollbar.grid_quietly(0, 1)
        return text

    def _move(self, other: tk.Misc | None) -> str:
        """Tab leaves the list."""
        if other is not None:
            other.focus_set()
        return "break"

    def _make_buttons(self) -> dict[Verdict, tb.Button]:
        gap = self._look.pixels(8)
        box = tk.Frame(self._card, background=self._background)
        box.grid(row=2, column=0, sticky="e", pady=(gap, 0))
        made = {}
        for column, (verdict, label, style) in enumerate(_BUTTONS):
            made[verdict] = tb.Button(
                box, text=label, bootstyle=style, command=lambda verdict=verdict: self._answer(verdict)
            )
            made[verdict].grid(row=0, column=column, padx=(gap, 0))
        return made

    def _label(self, master: tk.Misc, words: str, font: str, colour: str = "") -> tk.Label:
        label = tk.Label(
            master,
            text=words,
            font=font,
            anchor="w",
            justify="left",
            background=self._background,
            foreground=colour or self._look.palette.text,
        )
        self._labels.append(label)
        return label

    def _answer(self, verdict: Verdict) -> None:
        chosen = Conflict.RENAME
        if self._question is not None:
            for choice in self._question.conflicts:
                if choice.words == self._conflict.get():
                    chosen = choice.conflict
        self._answered(OfferAnswer(verdict, chosen, bool(self._links.get()), bool(self._listening.get())))

    def _choose_folder(self) -> None:
        folder = filedialog.askdirectory(parent=self.cover, title="Folder for these files", mustexist=True)
        if folder:
            self._folder_chosen(str(folder))

    def _resized(self, event: "tk.Event[tk.Misc]") -> None:
        # The cover is told its first size in the midst of the first fitting.
        if self._fitted is not None and (event.width, event.height) != self._fitted:
            self._fit()

    def _fit(self) -> None:
        """Let the card be as large as what it says, or as there is room for."""
        self.cover.update_idletasks()
        self._fitted = self.cover.winfo_width(), self.cover.winfo_height()
        edge = self._look.pixels(CARD_EDGE)
        room, height = self._fitted[0] - edge, self._fitted[1] - edge
        width = max(1, min(self._look.units(_WIDTH), room))
        for label in self._labels:
            label.configure(wraplength=max(1, width - 2 * edge - self._look.pixels(16)))
        self._card.place(relx=0.5, rely=0.5, anchor="center", width=width)
        self._card.update_idletasks()
        wanted = self._card.winfo_reqheight() - self._body.winfo_reqheight() + self._body.wanted
        self._card.place(relx=0.5, rely=0.5, anchor="center", width=width, height=max(1, min(wanted, height)))
