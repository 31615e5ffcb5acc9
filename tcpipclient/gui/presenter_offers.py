"""Files that wait for an answer, and the people whose files are always taken.

Owns the order of the offers and the strip that shows the oldest. Who has proved a key to the hub is known by that key,
whenever he comes again and however often he is connected; who has none only until he leaves. Must never answer an offer
by itself. Pure: the Tk thread's.
"""

from collections.abc import Callable

from commonlib.safename import safe_name
from commonlib.wording import shown_count, shown_file, shown_size
from tcpipclient.gui.presenter_departed import Identity
from tcpipclient.gui.presenter_transfer import Transfer
from tcpipclient.gui.shown import OfferShown
from tcpipclient.gui.view import TransfersView

ALWAYS_NOTE = "Always holds until one of you disconnects: without encryption a name proves nothing."
ALWAYS_KEY_NOTE = "Always holds for this person's key, whatever name it goes by, until you close this window."


class Offers:
    """What is offered to us on one connection.

    Args:
        identity_of: By what the person of a row is known again; None where he has no key.
    """

    def __init__(self, view: TransfersView, identity_of: Callable[[int], Identity | None]) -> None:
        self._view = view
        self._identity_of = identity_of
        self._waiting: dict[int, tuple[Transfer, str]] = {}
        self._always: set[int] = set()
        self._always_keys: set[Identity] = set()
        self._shown: OfferShown | None = None

    def __len__(self) -> int:
        return len(self._waiting)

    def is_always(self, person: int) -> bool:
        """Whether this person's files are taken without asking."""
        return person in self._always or self._identity_of(person) in self._always_keys

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
        identity = self._identity_of(person)
        if identity is None:
            self._always.add(person)
        else:
            self._always_keys.add(identity)
        return [transfer for transfer, _ in self._waiting.values() if self.is_always(transfer.person)]

    def person_left(self, person: int) -> None:
        """Whoever comes under the same name may be somebody else, where he has no key."""
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
            note = ALWAYS_NOTE if self._identity_of(transfer.person) is None else ALWAYS_KEY_NOTE
            offer = OfferShown(key, f"{text} {transfer.detail}".rstrip(), note, more)
        if offer != self._shown:
            self._shown = offer
            self._view.show_offer(offer)
