"""What has become of an offer and its entries, told in the same words at both ends.

Owns the states and how they follow from what was said. Must never guess: a state follows from messages that one end has
sent and the other has, or will have, received. Pure; a record belongs to one machine.
"""

from enum import StrEnum

from commonlib.transfer.messages import Offer, Outcome
from commonlib.values import dataclass

_SAVED, _KEPT = Outcome.SAVED, Outcome.KEPT  # To ask an enumeration for a member takes longer than to compare with it.


class OfferState(StrEnum):
    """Where an offer stands."""

    OFFERED = "offered"
    DECLINED = "declined"
    ACCEPTED = "accepted"
    RUNNING = "running"
    PAUSED = "paused"
    VERIFIED = "verified"
    """All bytes have come and were found right; the last names are being given."""
    SAVED = "saved"
    """Every entry is saved, was there already, or was left out by the receiver's choice."""
    FAILED = "failed"
    """Every entry is settled, and some have failed."""
    CANCELLED = "cancelled"


@dataclass(slots=True)
class Tally:
    """How many entries of an offer came to what end.

    Attributes:
        listed: Entries of the manifest so far.
        verified: Files whose bytes are right and that do not have their name yet.
        saved: By the transfer, on this connection or before.
        unchanged: There before the transfer.
        size: Bytes of the files that are saved or were there already.
    """

    listed: int = 0
    verified: int = 0
    saved: int = 0
    unchanged: int = 0
    skipped: int = 0
    failed: int = 0
    size: int = 0

    @property
    def settled(self) -> int:
        """Entries whose end is known."""
        return self.saved + self.unchanged + self.skipped + self.failed

    def count(self, outcome: Outcome, size: int) -> None:
        """One more entry, of `size` bytes, came to a final end."""
        if outcome is _SAVED or outcome is _KEPT:
            self.saved += 1
            self.size += size
        elif outcome is Outcome.UNCHANGED:
            self.unchanged += 1
            self.size += size
        elif outcome is Outcome.SKIPPED:
            self.skipped += 1
        else:
            self.failed += 1


class OfferRecord:
    """What one machine knows of an offer.

    Attributes:
        offer: As it was made.
        tally: What has become of its entries.
        first: The number of its first entry; -1 until the manifest has begun.
        next: The number behind its last entry so far.
        listing_ended: Whether the manifest is complete.
    """

    __slots__ = ("_accepted", "_cancelled", "_declined", "first", "listing_ended", "next", "offer", "tally")

    def __init__(self, offer: Offer) -> None:
        self.offer = offer
        self.tally = Tally()
        self.first = self.next = -1
        self.listing_ended = False
        self._accepted = self._declined = self._cancelled = False

    @property
    def is_answered(self) -> bool:
        """True when it was accepted, declined or cancelled."""
        return self._accepted or self._declined or self._cancelled

    @property
    def is_open(self) -> bool:
        """True when it was accepted and not cancelled since."""
        return self._accepted and not self._cancelled

    @property
    def is_cancelled(self) -> bool:
        """True when either end has given it up."""
        return self._cancelled

    def accept(self) -> None:
        """The receiver agreed."""
        self._accepted = True

    def decline(self) -> None:
        """The receiver did not agree."""
        self._declined = True

    def cancel(self) -> None:
        """One of the ends gave it up."""
        self._cancelled = True

    def listed(self, first: int, count: int, *, last: bool) -> None:
        """A block of the manifest was sent, or has come."""
        if self.first < 0:
            self.first = first
        self.next = first + count
        self.tally.listed += count
        self.listing_ended = last

    def covers(self, entry: int) -> bool:
        """True when the entry belongs to this offer."""
        return self.first <= entry < self.next

    @property
    def is_settled(self) -> bool:
        """True when the manifest is complete and every entry's end known."""
        return self.listing_ended and self.tally.settled == self.tally.listed

    @property
    def has_ended(self) -> bool:
        """True when nothing will happen to it any more, but for the other end's answer to our own cancelling."""
        return self._declined or self._cancelled or self.is_settled

    def state(self, *, paused: bool) -> OfferState:
        """Where it stands, `paused` being the connection's word."""
        if self._declined:
            return OfferState.DECLINED
        if self.is_settled:
            return OfferState.FAILED if self.tally.failed else OfferState.SAVED
        if self._cancelled:
            return OfferState.CANCELLED
        if not self._accepted:
            return OfferState.OFFERED
        if self.listing_ended and self.tally.settled + self.tally.verified == self.tally.listed:
            return OfferState.VERIFIED
        if paused:
            return OfferState.PAUSED
        return OfferState.RUNNING if self.first >= 0 else OfferState.ACCEPTED
