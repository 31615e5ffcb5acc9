"""The card on which the limit of the speed of sending is typed.

Owns whether it is open. Must never decide what a limit may be. Thread: Tk's.
"""

import tkinter as tk

from tcpipclient.gui.actions import Actions
from tcpipclient.gui.shown_files import LimitQuestion
from tcpipclient.gui.window_keycard import CardButton, KeyCard
from tcpipclient.gui.window_questions import Questions
from tcpipclient.gui.window_theme import Look

HEADING, FIELD, SET, NONE, CANCEL = "Speed limit", "MB/s", "Set", "No limit", "Cancel"
_TEXT = (
    "All files that you send go no faster than this together, so that others can use the network, too. Files to "
    "people whose connection is not encrypted are not slowed down."
)


class LimitCard:
    """The question of one window.

    Attributes:
        card: What is on show; None where nothing is.
    """

    def __init__(self, root: tk.Tk, look: Look, actions: Actions, questions: Questions) -> None:
        self._root, self._look, self._actions, self._questions = root, look, actions, questions
        self.card: KeyCard | None = None

    def ask_limit(self, question: LimitQuestion) -> None:
        """See TransfersView."""
        if self.card is None:
            if self._questions.is_open:
                return
            self.card = self._make(question)
        self.card.show_problem(question.problem)

    def close_limit(self) -> None:
        """See TransfersView."""
        if self.card is not None:
            self._questions.dismiss(self.card)
            self.card = None

    def _make(self, question: LimitQuestion) -> KeyCard:
        card = KeyCard(self._root, self._look, HEADING, self.close_limit, is_alarm=False)

        def answer() -> None:
            self._actions.speed_limit_typed(card.typed)

        card.add_body(_TEXT, None, "")
        card.add_entry(FIELD, answer)
        card.entry.insert(0, question.typed)
        self._questions.show(card)
        card.add_buttons(
            [
                CardButton(SET, "primary", answer),
                CardButton(NONE, "outline", lambda: self._actions.speed_limit_typed("")),
                CardButton(CANCEL, "outline", self.close_limit),
            ]
        )
        return card
