"""Files that wait for an answer.

Owns the order of the offers and the strip that shows the oldest. Must never answer an offer by itself. Pure: the Tk
thread's.
"""

from commonlib.safename import safe_name
from commonlib.wording import shown_count, shown_file, shown_size
from tcpipclient.gui.presenter_always import AlwaysTaken
from tcpipclient.gui.presenter_transfer import Transfer
from tcpipclient.gui.shown import OfferShown
from tcpipclient.gui.view import TransfersView


class Offers:
    """What is offered to us on one connection."""

    def __init__(self, view: TransfersView, always: AlwaysTaken) -> None:
        self._view = view
        self._always = always
        self._waiting: dict[int, tuple[Transfer, str]] = {}
        self._shown: OfferShown | None = None

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, transfer: Transfer, sender: str, sent_name: str) -> None:
        """A file waits for an answer; `sender` as shown, `sent_name` as he calls it."""
        renamed = safe_name(sent_name).explanation
        text = f'{sender} sends you "{shown_file(transfer.name)}" ({shown_size(transfer.size)}). {renamed}'.rstrip()
        self._waiting[transfer.key] = (transfer, text)

    def remove(self, key: int) -> None:
        """A file does not wait any more."""
        self._waiting.pop(key, None)

    def of_always(self) -> list[Transfer]:
        """Those that wait and come from somebody whose files are taken without asking."""
        return [transfer for transfer, _ in self._waiting.values() if self._always.is_always(transfer.person)]

    def connection_ended(self) -> None:
        """Nothing can be answered any more."""
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
            offer = OfferShown(key, f"{text} {transfer.detail}".rstrip(), self._always.note(transfer.person), more)
        if offer != self._shown:
            self._shown = offer
            self._view.show_offer(offer)
