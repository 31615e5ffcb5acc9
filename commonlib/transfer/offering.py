"""The offers that the sender has made on a connection: what was asked, answered, and given up.

Owns which offers there are, and the promise of docs/protocol.md, "M9. Files", that each is answered once and each
cancellation confirmed once. Must never list or send what is in them. Pure; an Offering belongs to one sending machine.
"""

from collections.abc import Sequence

from commonlib.exceptions import FieldError
from commonlib.transfer.manifest import make_offer
from commonlib.transfer.messages import MOST_OFFERS, WINDOW, Offer, TopEntry, Totals
from commonlib.transfer.states import OfferRecord
from commonlib.transfer.stream import TransferError


class Offering:
    """The offers of one connection, by their numbers."""

    __slots__ = ("_records", "_unconfirmed")

    def __init__(self) -> None:
        self._records: list[OfferRecord] = []
        self._unconfirmed: set[int] = set()  # Those that we gave up, until the other end has told all that it knows.

    def __getitem__(self, offer: int) -> OfferRecord:
        return self._records[offer]

    @property
    def are_over(self) -> bool:
        """Whether all have ended, and the other end has said so of those that were given up."""
        return not self._unconfirmed and all(record.has_ended for record in self._records)

    def make(self, totals: Totals, top: Sequence[TopEntry], others: int) -> Offer:
        """One more, to be said and added. Raises FieldError where it cannot be offered, or there were too many."""
        if len(self._records) >= MOST_OFFERS:
            raise FieldError("offer", "no more offers can be made on this connection")
        return make_offer(len(self._records), totals, top, others)

    def add(self, offer: Offer) -> None:
        """It was said."""
        self._records.append(OfferRecord(offer))

    def give_up(self, record: OfferRecord) -> None:
        """We cancel it; the other end will confirm that."""
        self._unconfirmed.add(record.offer.offer)

    # What the receiver says. All raise TransferError where it cannot be.

    def asked(self, offer: int) -> OfferRecord:
        """The offer that an answer is to."""
        if offer >= len(self._records):
            raise TransferError("an answer is to an offer that was not made")
        return self._records[offer]

    def of_run(self, first: int, count: int) -> OfferRecord:
        """The offer that so many entries belong to, all of them."""
        if count <= WINDOW:
            for record in self._records:
                if record.covers(first) and record.covers(first + count - 1):
                    return record
        raise TransferError("a message is about entries that were not listed, or are of several offers")

    def receive_accept(self, record: OfferRecord) -> bool:
        """He takes it; False where we have given it up meanwhile."""
        if record.is_cancelled:
            return False
        if record.is_answered:
            raise TransferError("an offer was answered twice")
        record.accept()
        return True

    def receive_decline(self, record: OfferRecord) -> None:
        """He does not take it, and has no more to tell of it."""
        if record.is_answered and not record.is_cancelled:
            raise TransferError("an offer was answered twice")
        record.decline()
        self._unconfirmed.discard(record.offer.offer)

    def receive_cancel(self, record: OfferRecord) -> bool:
        """Either he gives it up, which is True, or he has told all that he knows of one that we gave up."""
        offer = record.offer.offer
        if offer in self._unconfirmed:
            self._unconfirmed.remove(offer)
            return False
        if record.has_ended:
            raise TransferError("an offer was cancelled that had ended")
        return True
