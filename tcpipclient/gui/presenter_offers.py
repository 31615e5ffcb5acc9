"""Files that wait for an answer, and the people whose files are always taken.

Owns the order of the offers and the strip that shows the oldest. Must never answer one by itself. Pure: the Tk
thread's.
"""

from commonlib.safename import safe_name
from commonlib.wording import shown_count, shown_file, shown_size
from tcpipclient.gui.presenter_transfer import Transfer
from tcpipclient.gui.shown import OfferShown
from tcpipclient.gui.view import TransfersView

ALWAYS_NOTE = "Always holds until one of you disconnects: a name proves nothing on this hub."


class Offers:
    """What is offered to us on one connection."""

    def __init__(self, view: TransfersView) -> None:
        self._view = view
        self._waiting: dict[int, tuple[Transfer, str]] = {}
        self._always: set[int] = set()
        self._shown: OfferShown | None = None

    def __len__(self) -> int:
        return len(self._waiting)

    def is_always(self, person: int) -> bool:
        """Whether this person's files are taken without asking."""
        return person in self._always

    def add(self, transfer: Transfer, sender: str, sent_name: str) -> None:
        """A file waits for an answer; `sender` as shown, `sent_name` as he calls it."""
        renamed = safe_name(sent_name).explanation
        text = f'{sender} sends you "{shown_file(transfer.name)}" ({shown_size(transfer.size)}). {renamed}'.rstrip()
        self._waiting[transfer.key] = (transfer, text)

    def remove(self, key: int) -> None:
        """A file does not wait any more."""
        self._waiting.pop(key, None)

    def take_always(self, person: int) -> list[Transfer]:
        """This person's files are taken from now on; returns those that wait."""
        self._always.add(person)
        return [transfer for transfer, _ in self._waiting.values() if transfer.person == person]

    def person_left(self, person: int) -> None:
        """Whoever comes under the same name may be somebody else."""
        self._always.discard(person)

    def connection_ended(self) -> None:
        """Ids begin anew."""
        self._always.clear()
        self._waiting.clear()

    def show(self) -> None:
        """Show the oldest one; the same is not shown twice."""
        offer = None
        if self._waiting:
            key, (transfer, text) = next(iter(self._waiting.items()))
            others = len(self._waiting) - 1
            more = (
                f"{shown_count(others, 'more file')} wait{'s' if others == 1 else ''} for an answer" if others else ""
            )
            offer = OfferShown(key, f"{text} {transfer.detail}".rstrip(), ALWAYS_NOTE, more)
        if offer != self._shown:
            self._shown = offer
            self._view.show_offer(offer)
