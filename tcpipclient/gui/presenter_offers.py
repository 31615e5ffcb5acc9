"""What waits for an answer, single files and batches.

Owns the order of the offers and the strip that shows the oldest. Must never answer an offer by itself. Pure: the Tk
thread's.
"""

from collections.abc import Callable

from commonlib.values import dataclass
from commonlib.wording import shown_count
from tcpipclient.gui.presenter_always import AlwaysTaken
from tcpipclient.gui.shown import OfferShown, TransferAction
from tcpipclient.gui.view import TransfersView

SINGLE_FILE = (TransferAction.ACCEPT, TransferAction.DECLINE, TransferAction.ALWAYS)
BATCH = (TransferAction.REVIEW, TransferAction.DECLINE)
"""A batch is looked at before it is accepted: Always stands there."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One offer.

    Attributes:
        person: Key of the row of who offers it.
        tell: What is said of it now.
        accept: Called where all of this person's files are taken from now on, to take it if nothing else speaks
            against that.
    """

    person: int
    tell: Callable[[], str]
    accept: Callable[[], object]
    actions: tuple[TransferAction, ...] = SINGLE_FILE


class Offers:
    """What is offered to us by anybody."""

    def __init__(self, view: TransfersView, always: AlwaysTaken) -> None:
        self._view = view
        self._always = always
        self._waiting: dict[int, Waiting] = {}
        self._shown: OfferShown | None = None

    def add(self, key: int, waiting: Waiting) -> None:
        """Something waits for an answer."""
        self._waiting[key] = waiting

    def remove(self, key: int) -> None:
        """It does not wait any more."""
        self._waiting.pop(key, None)

    def accept_always(self) -> None:
        """Have taken what waits and comes from somebody whose files are taken without asking."""
        for waiting in [waiting for waiting in self._waiting.values() if self._always.is_always(waiting.person)]:
            waiting.accept()

    def show(self) -> None:
        """Show the oldest one; the same is not shown twice."""
        offer = None
        if self._waiting:
            key, waiting = next(iter(self._waiting.items()))
            others = len(self._waiting) - 1
            more = f"{shown_count(others, 'more offer')} wait{'s' if others == 1 else ''} for an answer"
            is_single = TransferAction.ALWAYS in waiting.actions
            note = self._always.note(waiting.person) if is_single else ""
            offer = OfferShown(key, waiting.tell(), note, more if others else "", waiting.actions)
        if offer != self._shown:
            self._shown = offer
            self._view.show_offer(offer)
