"""Which offered files a person still has to be asked about, one question at a time.

Owns the order of the questions, the meaning of an answer, and for whom "always" was said. Must never read a keyboard or
answer for the person. Pure; used by the program's main thread.
"""

from collections import deque
from dataclasses import dataclass

from commonlib.wording import shown_file, shown_size
from tcpipclient.cli_recipients import shown_name
from tcpipclient.core.events import FileOffered

_YES = ("y", "yes")
_ALWAYS = ("a", "always")


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of an offered file."""

    offer: FileOffered
    accepted: bool


class Questions:
    """Offers in, decisions out; in between, `question` is the one to be shown.

    Attributes:
        nobody_answers: True when no answer can come any more: everything is declined.
    """

    def __init__(self, *, nobody_answers: bool = False) -> None:
        self.nobody_answers = nobody_answers
        self._offers: deque[FileOffered] = deque()
        self._always: set[int] = set()
        self._withdrawn = False

    @property
    def question(self) -> str:
        """What to ask now; empty when there is nothing."""
        if not self._offers:
            return ""
        offer = self._offers[0]
        who = shown_name(offer.sender_name, offer.sender)
        file = f"{shown_file(offer.name)} ({shown_size(offer.size)})"
        return f"{who} sends {file}. Keep it? [y/N/a = always from now on] "

    def receive_offer(self, offer: FileOffered) -> list[Decision]:
        """A file is offered."""
        if offer.sender in self._always:
            return [Decision(offer, accepted=True)]
        if self.nobody_answers:
            return [Decision(offer, accepted=False)]
        self._offers.append(offer)
        return []

    def receive_answer(self, line: str) -> list[Decision]:
        """The person answered the question; anything but yes and always is no.

        Ignored where none was open, and after the one that was asked has gone: what was typed for that file must not
        let another one in. The question then stands as it is.
        """
        withdrawn, self._withdrawn = self._withdrawn, False
        if withdrawn or not self._offers:
            return []
        offer = self._offers.popleft()
        answer = line.strip().casefold()
        if answer not in _ALWAYS:
            return [Decision(offer, answer in _YES)]
        self._always.add(offer.sender)
        mine = [other for other in self._offers if other.sender == offer.sender]
        self._offers = deque(other for other in self._offers if other.sender != offer.sender)
        return [Decision(other, accepted=True) for other in (offer, *mine)]

    def receive_end(self) -> list[Decision]:
        """No answer can come any more."""
        self.nobody_answers = True
        offers, self._offers = self._offers, deque()
        return [Decision(offer, accepted=False) for offer in offers]

    def forget_offer(self, transfer: int) -> None:
        """An offer is over without an answer."""
        if self._offers and self._offers[0].transfer == transfer:
            self._withdrawn = True
        self._offers = deque(offer for offer in self._offers if offer.transfer != transfer)

    def forget_person(self, person: int) -> None:
        """Somebody left; who gets the id after him is somebody else."""
        self._always.discard(person)
