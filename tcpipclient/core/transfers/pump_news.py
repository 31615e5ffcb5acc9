"""What a pump, the thread that moves the bytes of one batch over one connection, tells of its work.

Owns the values that pass between pumps and the book of batches. Must never hold a rule. Pure: any thread.

A pump tells PumpEnded or WayLost once, and nothing after it. One that goes on over a further connection meets again
what the one before has met: problems are told again in the same words, and what was saved counts as saved again.
"""

from pathlib import PurePath

from commonlib.transfer.messages import TopEntry, Totals
from commonlib.transfer.states import OfferState, Tally
from commonlib.values import dataclass, field
from tcpipclient.core.batch_events import BatchProblem
from tcpipclient.core.transfers.saved_entries import SavedEntries


@dataclass(frozen=True, slots=True)
class AgreedOffer:
    """An offer that the receiver's user has accepted: on the connection it has to be the very same.

    Attributes:
        top: The first entries at the top of it, and `others` how many more stand there.
        saved: What the batch has saved of it, and will: no part of what is agreed to.
    """

    totals: Totals
    top: tuple[TopEntry, ...]
    others: int = 0
    saved: SavedEntries = field(default_factory=SavedEntries, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Moved:
    """How far it is; told at most a few times in a second.

    Attributes:
        done: Bytes of files that need not be sent any more: confirmed by the receiver, or there before.
        files_done: Files whose end is known.
        current: The path of a file that is on its way, below the top of the batch; "" where none is.
    """

    done: int
    files_done: int
    current: str = ""


@dataclass(frozen=True, slots=True)
class StateChanged:
    """The offers on the connection, taken as one, stand elsewhere.

    Attributes:
        state: That of the first offer that has not ended, else how all have ended.
    """

    state: OfferState


@dataclass(frozen=True, slots=True)
class ProblemTold:
    """An entry was not simply saved; at most a hundred are told of one connection."""

    problem: BatchProblem


@dataclass(frozen=True, slots=True)
class TopSaved:
    """To the receiver: something that stands at the top is in the folder for downloads; at most 64 are told."""

    path: PurePath


@dataclass(frozen=True, slots=True)
class PumpEnded:
    """All is settled, both ends know it, and the connection is closed.

    Attributes:
        state: SAVED, FAILED, DECLINED or CANCELLED.
        tally: Of all offers of this connection together.
        why: A sentence, or what follows "because", where the other end gave a reason; else "".
    """

    state: OfferState
    tally: Tally = field(default_factory=Tally)
    why: str = ""


@dataclass(frozen=True, slots=True)
class WayLost:
    """The connection is closed and not all is settled: another way is needed. What was saved stays.

    Attributes:
        why: A sentence.
        tally: What was settled on this connection.
        is_left: Whether we have left it ourselves, as we were told to.
        is_settled: Whether all that was agreed upon is settled, and only the last words are missing: where the other
            end does not know the transfer any more, it has heard them.
    """

    why: str
    tally: Tally = field(default_factory=Tally)
    is_left: bool = False
    is_settled: bool = False


PumpNews = Moved | StateChanged | ProblemTold | TopSaved | PumpEnded | WayLost
"""What a pump tells, on its own thread."""

MOST_PROBLEMS = 100
MOST_TOP_PATHS = 64
