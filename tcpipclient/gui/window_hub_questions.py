"""What a hub makes the user decide, and key codes to compare, as cards over the client's window.

Owns which of them is open. The red page of a changed key has no button that Enter presses but the one that does not
connect. Must never decide, nor close a question: the presenter says when it is over. Thread: Tk's.
"""

import time
import tkinter as tk
from functools import partial

from tcpipclient.gui.actions import Actions
from tcpipclient.gui.shown_hub import HubQuestion, HubQuestionKind, IdentityShown
from tcpipclient.gui.window_keycard import CardButton, KeyCard
from tcpipclient.gui.window_questions import Questions
from tcpipclient.gui.window_theme import Look

COPY, COPIED, CLOSE = "Copy", "Copied", "Close"
_STYLES = {HubQuestionKind.CHANGED: "danger outline", HubQuestionKind.UNENCRYPTED: "danger outline"}
"""Of the button that goes on; for the others it is the usual one."""


class HubQuestions:
    """The questions about hubs, and key codes, of one window."""

    def __init__(self, root: tk.Tk, look: Look, actions: Actions, questions: Questions) -> None:
        self._root, self._look, self._actions, self._questions = root, look, actions, questions
        self._card: KeyCard | None = None
        self._number = 0

    def ask_hub(self, question: HubQuestion) -> None:
        """See HubView."""
        if self._card is None or question.number != self._number:
            self._number = question.number
            self._card = self._make(question)
        self._card.show_problem(question.problem)
        if question.yes:
            self._card.enable(question.yes, is_enabled=question.is_yes_enabled)

    def close_hub_question(self) -> None:
        """See HubView."""
        if self._card is not None:
            self._questions.dismiss(self._card)
            self._card = None

    def show_identity(self, shown: IdentityShown) -> None:
        """See HubView. A question is not covered by it."""
        if self._questions.is_open:
            return
        card = KeyCard(self._root, self._look, shown.heading, lambda: self._questions.dismiss(card), is_alarm=False)
        card.add_body(shown.text, shown.code, "")
        buttons = [CardButton(CLOSE, "primary", lambda: self._questions.dismiss(card))]
        if shown.copied:
            buttons.append(CardButton(COPY, "outline", partial(self._copy, card, shown.copied)))
        if shown.forget:
            buttons.append(CardButton(shown.forget, "danger outline", partial(self._forget, card)))
        self._questions.show(card)
        card.add_buttons(buttons, CLOSE)

    def _make(self, question: HubQuestion) -> KeyCard:
        is_alarm = question.kind is HubQuestionKind.CHANGED
        no = partial(self._answer, question.number, yes=False)
        yes = partial(self._answer, question.number, yes=True)
        card = KeyCard(self._root, self._look, question.heading, no, is_alarm=is_alarm)
        card.add_body(question.text, question.code, question.advice)
        if question.entry:
            card.add_entry(question.entry, None if is_alarm else yes)
        buttons = [CardButton(question.no, "light" if is_alarm else "outline", no)]
        if question.yes:
            style = _STYLES.get(question.kind, "primary")
            buttons.append(CardButton(question.yes, style, yes, is_pressed_by_enter=not is_alarm))
        self._questions.show(card)
        card.add_buttons(buttons, question.no)
        return card

    def _answer(self, number: int, *, yes: bool) -> None:
        typed = self._card.typed if self._card is not None else ""
        self._actions.hub_answered(number, typed, time.monotonic(), yes=yes)

    def _forget(self, card: KeyCard) -> None:
        self._questions.dismiss(card)
        self._actions.forget_hub_clicked()

    def _copy(self, card: KeyCard, text: str) -> None:
        self._root.clipboard_clear()
        self._root.clipboard_append(text)
        card.buttons[COPY].configure(text=COPIED)
