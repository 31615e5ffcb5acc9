"""What a person still has to be asked about offered files, one question at a time.

Owns the order of the questions, the meaning of an answer, and for whom "always" was said. Must never read a keyboard or
answer for the person. Pure; used by the program's main thread.
"""

from collections import deque
from collections.abc import Callable

from commonlib.conflict import Conflict
from commonlib.values import dataclass, replace
from commonlib.wording import shown_file, shown_size
from tcpipclient.cli_batch_wording import explanation, shown_offer, shown_top
from tcpipclient.cli_recipients import shown_name
from tcpipclient.core.batch_events import BatchOffered
from tcpipclient.core.events import FileOffered

Offer = FileOffered | BatchOffered

_YES = ("y", "yes")
_ALWAYS = ("a", "always")
_CHOICES = "[y/N/a = always from now on]"
_CONFLICTS = {
    "": Conflict.RENAME,
    "r": Conflict.RENAME,
    "s": Conflict.SKIP,
    "p": Conflict.REPLACE,
    "n": Conflict.NEWEST,
}


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of an offer.

    Attributes:
        conflict: What happens to names that are there; None means as the client was told.
    """

    offer: Offer
    accepted: bool
    conflict: Conflict | None = None


@dataclass(frozen=True, slots=True)
class _Open:
    """An offer that waits for an answer; `wanted` where only the names that are there are left to ask about."""

    offer: Offer
    wanted: bool = False


class Questions:
    """Offers in, decisions out; in between, `question` is the one to be shown.

    Args:
        about_conflicts: Ask once per batch what happens to names that are there.

    Attributes:
        nobody_answers: True when no answer can come any more: everything is declined.
    """

    def __init__(self, *, nobody_answers: bool = False, about_conflicts: bool = False) -> None:
        self.nobody_answers = nobody_answers
        self._about_conflicts = about_conflicts
        self._open: deque[_Open] = deque()
        self._always: set[int] = set()
        self._withdrawn = False

    @property
    def question(self) -> str:
        """What to ask now; empty when there is nothing."""
        if not self._open:
            return ""
        return _conflict_question(self._open[0].offer) if self._open[0].wanted else _question(self._open[0].offer)

    @property
    def explanation(self) -> str:
        """What to show above the question, once, in several lines; empty when there is nothing."""
        offer = self._open[0].offer if self._open else None
        return explanation(offer) if isinstance(offer, BatchOffered) else ""

    def receive_offer(self, offer: Offer, *, wanted: bool = False) -> list[Decision]:
        """Files are offered; `wanted` where a rule has accepted them already."""
        wanted = wanted or offer.sender in self._always
        asked = _Open(offer, wanted)
        if self.nobody_answers:
            return [self._unanswered(asked)]
        if wanted and not self._asks_about_conflicts(offer):
            return [Decision(offer, accepted=True)]
        self._open.append(asked)
        return []

    def receive_answer(self, line: str) -> list[Decision]:
        """The person answered the question; anything but yes and always is no.

        Only what is to happen to names that are there is asked again until the answer is one of the choices.
        Ignored where none was open, and after the one that was asked has gone: what was typed for that offer must not
        let another one in. The question then stands as it is.
        """
        withdrawn, self._withdrawn = self._withdrawn, False
        if withdrawn or not self._open:
            return []
        asked, answer = self._open[0], line.strip().casefold()
        if asked.wanted:
            if answer not in _CONFLICTS:
                return []
            self._open.popleft()
            return [Decision(asked.offer, accepted=True, conflict=_CONFLICTS[answer])]
        if answer in _ALWAYS:
            self._always.add(asked.offer.sender)
            return self._want(lambda each: each.offer.sender == asked.offer.sender)
        if answer in _YES:
            return self._want(lambda each: each is asked)
        self._open.popleft()
        return [Decision(asked.offer, accepted=False)]

    def receive_end(self) -> list[Decision]:
        """No answer can come any more: both are kept of names that are there, and what was not wanted is declined."""
        self.nobody_answers = True
        left, self._open = self._open, deque()
        return [self._unanswered(each) for each in left]

    def forget_offer(self, transfer: int) -> None:
        """An offer is over without an answer."""
        if self._open and self._open[0].offer.transfer == transfer:
            self._withdrawn = True
        self._open = deque(each for each in self._open if each.offer.transfer != transfer)

    def forget_person(self, person: int) -> None:
        """Somebody left; who gets the id after him is somebody else."""
        self._always.discard(person)

    def _want(self, is_meant: Callable[[_Open], bool]) -> list[Decision]:
        """Accept some of the open offers; those with names that are there stay to be asked about these."""
        decided = []
        left: deque[_Open] = deque()
        for each in self._open:
            if not is_meant(each):
                left.append(each)
            elif self._asks_about_conflicts(each.offer):
                left.append(replace(each, wanted=True))
            else:
                decided.append(Decision(each.offer, accepted=True))
        self._open = left
        return decided

    def _unanswered(self, asked: _Open) -> Decision:
        keeps_both = asked.wanted and self._asks_about_conflicts(asked.offer)
        return Decision(asked.offer, accepted=asked.wanted, conflict=Conflict.RENAME if keeps_both else None)

    def _asks_about_conflicts(self, offer: Offer) -> bool:
        return self._about_conflicts and isinstance(offer, BatchOffered) and may_conflict(offer)


def may_conflict(offer: BatchOffered) -> bool:
    """Whether a name at the top of a batch is there already, or not all of them are known."""
    return bool(offer.others) or any(entry.is_there for entry in offer.top)


def _question(offer: Offer) -> str:
    if isinstance(offer, BatchOffered):
        them = "it" if offer.totals.entries == 1 else "them all"
        return f"{shown_offer(offer)}. Keep {them}? {_CHOICES} "
    file = f"{shown_file(offer.name)} ({shown_size(offer.size)})"
    return f"{shown_name(offer.sender_name, offer.sender)} sends {file}. Keep it? {_CHOICES} "


def _conflict_question(offer: Offer) -> str:
    there = [entry.name for entry in offer.top if entry.is_there] if isinstance(offer, BatchOffered) else []
    verb = "is" if len(there) == 1 else "are"
    what = f"{shown_top(there)} {verb} there already" if there else "Some of these names may be there already"
    return f"{what}: r keeps both, s skips the new, p replaces the old, n keeps the newest. [R/s/p/n] "
