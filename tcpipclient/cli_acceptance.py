"""Which offered files `listen` takes, declines, or has to ask about, by the rule that its user gave.

Owns that decision. Must never ask, nor answer an offer: cli_questions.py and cli_listen.py do. Pure: any thread.
"""

from enum import StrEnum

from commonlib.values import dataclass
from tcpipclient.cli_arguments import AcceptRule
from tcpipclient.config import MOST_UNASKED
from tcpipclient.core.batch_events import BatchOffered
from tcpipclient.core.events import FileOffered


class Verdict(StrEnum):
    """What a rule says of an offer."""

    KEEP = "keep"
    ASK = "ask"
    DECLINE = "decline"


@dataclass(frozen=True, slots=True)
class Rule:
    """What the user has said beforehand.

    Attributes:
        largest: Bytes that are taken without asking, in no more than MOST_UNASKED files; None sets no limit.
    """

    accept: AcceptRule
    largest: int | None = None

    def verdict(self, offer: FileOffered | BatchOffered) -> Verdict:
        """What becomes of an offer."""
        match self.accept:
            case AcceptRule.NONE:
                return Verdict.DECLINE
            case AcceptRule.ASK:
                return Verdict.ASK
            case AcceptRule.KNOWN if not is_from_known(offer):
                return Verdict.DECLINE
            case _:
                return Verdict.ASK if self._is_too_large(offer) else Verdict.KEEP

    def _is_too_large(self, offer: FileOffered | BatchOffered) -> bool:
        if self.largest is None:
            return False
        entries = offer.totals.entries if isinstance(offer, BatchOffered) else 1
        return size_of(offer) > self.largest or entries > MOST_UNASKED


def is_from_known(offer: FileOffered | BatchOffered) -> bool:
    """Whether the sender has proved his key to the hub."""
    return offer.sender_key is not None


def size_of(offer: FileOffered | BatchOffered) -> int:
    """Bytes in all."""
    return offer.totals.size if isinstance(offer, BatchOffered) else offer.size
