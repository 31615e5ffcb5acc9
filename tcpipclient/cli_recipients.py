"""Whom the user means with --to: names, ids and the two words @all and server, looked up in the roster.

Owns the words, the order in which meanings are tried, and the sentences for what cannot be told. Must never guess:
where two people could be meant, nobody gets anything. Pure: any thread.
"""

from collections.abc import Iterable, Sequence

from commonlib.classic.packet import SERVER
from commonlib.exceptions import ChatError
from commonlib.printable import printable
from tcpipclient.core.events import Person

EVERYBODY = "@all"
HUB = "server"

MOST_LISTED = 20
"""People named in an error; the roster command has them all."""
LONGEST_NAME_SHOWN = 60


class RecipientError(ChatError):
    """What was typed as a recipient names nobody, or more than one person.

    Attributes:
        wanted: As it was typed.
        candidates: The people it could mean; empty where it means nobody.
        people: Everybody who is there.
    """

    def __init__(self, wanted: str, candidates: Sequence[Person], people: Sequence[Person]) -> None:
        super().__init__(wanted, candidates, people)
        self.wanted = wanted
        self.candidates = tuple(candidates)
        self.people = tuple(people)

    def __str__(self) -> str:
        wanted = printable(self.wanted, LONGEST_NAME_SHOWN)
        if self.candidates:
            found = _listed(self.candidates, with_places=True)
            return f'"{wanted}" could be {found}: give the id of the one you mean. Nothing was sent.'
        if not self.people:
            return f'There is no "{wanted}" on the hub, nor anybody else, so nothing was sent: try again later.'
        return (
            f'There is no "{wanted}" on the hub. There is {_listed(self.people)}: give one of these names or ids. '
            "Nothing was sent."
        )


class NobodyThereError(ChatError):
    """Everybody was meant, and nobody else is on the hub."""

    def __str__(self) -> str:
        return "Nobody else is on the hub, so nothing was sent: try again when somebody is there."


def resolve(wanted: Iterable[str], people: Sequence[Person]) -> tuple[int, ...]:
    """The ids that are meant, each once, in the order typed; 0 is the hub's operator.

    An id comes before a name, so that nobody can stand in front of another by calling himself 2. A name counts as it is
    written, else without regard to case.

    Raises:
        RecipientError: One of them names nobody, or more than one person.
        NobodyThereError: @all, and there is nobody.
    """
    ids: dict[int, None] = {}
    for text in wanted:
        if text.lower() == HUB:
            ids[SERVER] = None
        elif text.lower() == EVERYBODY:
            if not people:
                raise NobodyThereError
            ids.update((person.id, None) for person in people)
        else:
            ids[_the_one(text, people).id] = None
    return tuple(ids)


def shown_name(name: str, person_id: int) -> str:
    """How somebody is shown: his name with his id behind it, so that nobody passes for another or for the hub."""
    if person_id == SERVER:
        return HUB
    return f"{printable(name, LONGEST_NAME_SHOWN) or 'somebody'} ({person_id})"


def _the_one(text: str, people: Sequence[Person]) -> Person:
    candidates = (
        [person for person in people if str(person.id) == text]
        or [person for person in people if person.name == text]
        or [person for person in people if person.name.casefold() == text.casefold()]
    )
    if len(candidates) != 1:
        raise RecipientError(text, candidates, people)
    return candidates[0]


def _listed(people: Sequence[Person], *, with_places: bool = False) -> str:
    names = []
    for person in people[:MOST_LISTED]:
        place = printable(" at ".join(filter(None, (person.computer, person.address))), LONGEST_NAME_SHOWN)
        names.append(shown_name(person.name, person.id) + (f" on {place}" if with_places and place else ""))
    if len(people) > MOST_LISTED:
        return f"{', '.join(names)} and {len(people) - MOST_LISTED} more (see 'tcpipclient roster')"
    joint = " or " if with_places else " and "
    return joint.join(filter(None, (", ".join(names[:-1]), names[-1])))
