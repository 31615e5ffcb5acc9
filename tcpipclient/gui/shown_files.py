"""The values of what is asked and told about several files that go together: the offer, its details, the speed limit.

Every text in them is fit to be shown. Owns no behaviour: presenters make them, and a window must never change, parse or
decide upon them. Pure: they may go to any thread. The calls that take them are in view.py; the rows of the panel are in
shown.py.
"""

from enum import Enum, auto

from commonlib.conflict import Conflict
from commonlib.values import dataclass
from tcpipclient.gui.shown import FileItem


class Verdict(Enum):
    """What the user says to an offer."""

    ACCEPT = auto()
    DECLINE = auto()
    ALWAYS = auto()
    """Accept it, and from now on whatever this person sends."""
    LATER = auto()
    """The question was closed: the offer waits on."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several ways to go on, with its words."""

    conflict: Conflict
    words: str


@dataclass(frozen=True, slots=True)
class AcceptQuestion:
    """What somebody would like to send us; answered by `offer_answered(key, …)`.

    The same key again is the same question, with what has been found out since; what was chosen meanwhile stays.

    Attributes:
        key: Of the row in the transfers panel.
        heading: "Ann (3) sends you 12 files in 2 folders (4.2 GB)".
        lock: Of the sender: what is known of his key, or that nothing is.
        items: The exact names at the top, with size, and whether something of that name is there.
        more_items: "and 9,800 more", or empty.
        folder: Where it would go; empty while that is looked up.
        room: "120.0 GB free", or that it is too little; empty where nobody can tell.
        is_room_short: Whether `room` is to be seen as trouble.
        conflicts: What may happen to those that are there: all the ways, the usual first; empty where none is.
        conflict_note: "3 of these are there already:".
        links: What a switch says that has links made, too; empty where there are none.
        listening: What a switch says that lets this computer listen for direct connections, with what follows from
            it; empty where the user has been told before.
        always: What Always means here.
    """

    key: int
    heading: str
    lock: str
    items: tuple[FileItem, ...]
    more_items: str
    folder: str
    room: str
    is_room_short: bool
    conflicts: tuple[Choice, ...]
    conflict_note: str
    links: str
    listening: str
    always: str


@dataclass(frozen=True, slots=True)
class OfferAnswer:
    """What the user says to an AcceptQuestion.

    Attributes:
        listening: Whether this computer may listen for direct connections; True where that was not asked.
    """

    verdict: Verdict
    conflict: Conflict = Conflict.RENAME
    links: bool = False
    listening: bool = True


@dataclass(frozen=True, slots=True)
class DetailsShown:
    """All that is known of one row of the transfers panel.

    Attributes:
        key: Of the row.
        facts: Lines such as ("State", "Receiving from Ann (3)").
        heading: Above the items: "Not simply saved:"; empty where there are none.
        items: The path of each that failed, was skipped or renamed, and why.
    """

    key: int
    title: str
    facts: tuple[tuple[str, str], ...]
    heading: str
    items: tuple[FileItem, ...]


@dataclass(frozen=True, slots=True)
class LimitQuestion:
    """How fast files may be sent; answered by `speed_limit_typed(…)`.

    Attributes:
        typed: What stands in the field, in MB/s; empty is no limit.
        problem: What was wrong with what was typed; may be empty.
    """

    typed: str
    problem: str
