"""One batch of the transfers panel: files and folders that go together, how far they are, what can be asked for them.

Owns the record of a batch, its row, and what its details say. Must never call a model or a view. Pure: the Tk thread's.
"""

from collections.abc import Sequence
from pathlib import PurePath

from commonlib.printable import printable
from commonlib.transfer.messages import Outcome, Place, Totals
from commonlib.values import dataclass
from commonlib.wording import shown_count, shown_duration, shown_file, shown_size
from tcpipclient.core.batch_events import (
    BatchChanged,
    BatchEnded,
    BatchOffered,
    BatchProblem,
    BatchProgressed,
    BatchState,
    WayKind,
)
from tcpipclient.core.events import Direction
from tcpipclient.gui.shown import FileItem, TransferAction, TransferRow, TransferShown
from tcpipclient.gui.shown_files import DetailsShown

LONGEST_PATH_SHOWN = 400
_STATES = {
    BatchState.WAITING: TransferShown.WAITING,
    BatchState.OFFERED: TransferShown.OFFERED,
    BatchState.CONNECTING: TransferShown.CONNECTING,
    BatchState.PAUSED: TransferShown.PAUSED,
    BatchState.VERIFIED: TransferShown.FINISHING,
    BatchState.FAILED: TransferShown.FAILED,
    BatchState.DECLINED: TransferShown.DECLINED,
    BatchState.CANCELLED: TransferShown.CANCELLED,
}
_OF_OURS = {BatchState.RUNNING: TransferShown.SENDING, BatchState.SAVED: TransferShown.SENT}
_FOR_US = {BatchState.RUNNING: TransferShown.RECEIVING, BatchState.SAVED: TransferShown.SAVED}
_MOVING = (BatchState.CONNECTING, BatchState.RUNNING, BatchState.PAUSED, BatchState.VERIFIED)
_PLACES = {Place.SENDER: "at the sender: ", Place.RECEIVER: "at the receiver: ", Place.WAY: "on the way: "}
_OUTCOMES = {Outcome.SAVED: "saved", Outcome.UNCHANGED: "there already", Outcome.SKIPPED: "skipped"}


@dataclass(slots=True)
class Batch:
    """Files and folders that go together to one person, or come from one.

    Attributes:
        key: Of its row.
        person: Key of the other one's row in the people list.
        who: He, as shown: "Ann (3)".
        names: Those at the top, exactly as they are, not made fit to be shown.
        others: How many more are there.
        paths: Of what we send; or of what has been saved.
        number: The client's; 0 while it has none, or none any more.
        offered: What waits for our answer; None where nothing does.
        waiting_count: Batches of ours that wait for their turn, this one too.
        cancelling: Whether the user has asked for it to stop.
    """

    key: int
    direction: Direction
    person: int
    who: str
    names: tuple[str, ...]
    size: int = 0
    others: int = 0
    files: int = 0
    paths: tuple[PurePath, ...] = ()
    links: bool = False
    number: int = 0
    offered: BatchOffered | None = None
    state: BatchState = BatchState.WAITING
    way: WayKind | None = None
    place: int = 0
    waiting_count: int = 0
    paused_here: bool = False
    detail: str = ""
    done: int = 0
    files_done: int = 0
    current: str = ""
    speed: float = 0.0
    seconds_left: float | None = None
    ended: BatchEnded | None = None
    cancelling: bool = False

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens to it by itself."""
        return self.state.is_over

    @property
    def is_moving(self) -> bool:
        """Whether it was agreed to and goes on, or would if it were not paused."""
        return self.state in _MOVING

    @property
    def is_ours(self) -> bool:
        """Whether it is we who send it."""
        return self.direction is Direction.OUTGOING

    @property
    def name(self) -> str:
        """As shown: the first name, and how many more."""
        first = shown_file(self.names[0]) if self.names else "files"
        more = len(self.names) - 1 + self.others
        return f"{first} and {more:,} more" if more > 0 else first

    def changed(self, event: BatchChanged) -> None:
        """It is in another state, or goes another way."""
        self.state, self.way, self.place = event.state, event.way, event.place
        self.paused_here, self.detail = event.paused_here, event.detail
        if self.state not in _MOVING:
            self.current, self.speed, self.seconds_left = "", 0.0, None

    def progressed(self, event: BatchProgressed) -> None:
        """So much of it is done."""
        self.done, self.size = event.done, event.size
        self.files_done, self.files = event.files_done, event.files
        self.current, self.speed, self.seconds_left = event.current, event.speed, event.seconds_left

    def end(self, event: BatchEnded) -> None:
        """It is over."""
        self.ended, self.offered = event, None
        self.state, self.detail, self.way, self.place = event.state, event.reason, None, 0
        self.current, self.speed, self.seconds_left = "", 0.0, None
        if event.state is BatchState.SAVED:
            self.done = self.size
        if event.paths:
            self.paths = event.paths

    def fail(self, reason: str) -> None:
        """It is over, and the client knows nothing of it (any more)."""
        self.state, self.detail, self.number, self.offered = BatchState.FAILED, reason, 0, None
        self.way, self.place, self.current, self.speed, self.seconds_left = None, 0, "", 0.0, None

    def begin_again(self, who: str) -> None:
        """It is sent once more."""
        self.who, self.state, self.detail, self.ended = who, BatchState.WAITING, "", None
        self.done, self.files_done, self.cancelling = 0, 0, False

    def actions(self) -> tuple[TransferAction, ...]:
        """What is offered now, the most used first."""
        act = TransferAction
        if self.offered is not None:
            return act.REVIEW, act.DECLINE
        if self.is_over:
            return self._actions_after()
        if self.cancelling:
            return ()
        if self.state is BatchState.WAITING:
            up = (act.UP,) if self.place > 1 else ()
            down = (act.DOWN,) if 0 < self.place < self.waiting_count else ()
            return *up, *down, act.CANCEL
        if self.state is BatchState.PAUSED and self.paused_here:
            return act.RESUME, act.CANCEL
        if self.state in (BatchState.CONNECTING, BatchState.RUNNING, BatchState.PAUSED):
            return act.PAUSE, act.CANCEL
        return (act.CANCEL,)

    def more(self) -> tuple[TransferAction, ...]:
        """What is offered besides."""
        act = TransferAction
        found = [act.DETAILS]
        if self.is_over:
            if self.direction is Direction.OUTGOING:
                found.append(act.OPEN_FOLDER)
            return tuple(found)
        if self.takes_more:
            found.insert(0, act.ADD)
        if self.offered is not None and self.state in _MOVING:
            found += [act.RESUME if self.state is BatchState.PAUSED and self.paused_here else act.PAUSE, act.CANCEL]
        if self.paths:
            found.append(act.OPEN_FOLDER)
        return tuple(found)

    @property
    def takes_more(self) -> bool:
        """Whether files can be added to it."""
        return self.is_ours and self.number != 0 and not self.is_over and not self.cancelling

    def row(self) -> TransferRow:
        """As it is shown."""
        moves = self.state in _MOVING and self.speed > 0
        left = self.seconds_left if moves else None
        whole = shown_size(self.size)
        stopping = self.cancelling and not self.is_over
        return TransferRow(
            self.key,
            "↑" if self.is_ours else "↓",
            self.name,
            self._peer(),
            self._shown_state(),
            self._percent(),
            whole if self.is_over or not self.done else f"{shown_size(self.done)} of {whole}",
            f"{shown_size(int(self.speed))}/s" if moves else "",
            f"{shown_duration(left)} left" if left is not None else "",
            "Stopping…" if stopping else self._detail(),
            self.actions(),
            self.more(),
            self.way.value if self.way else "",
            self._count(),
        )

    def details(self) -> DetailsShown:
        """All that is known of it."""
        row = self.row()
        ended = self.ended
        counts = (
            (
                ("saved", ended.saved),
                ("there already", ended.unchanged),
                ("skipped", ended.skipped),
                ("failed", ended.failed),
            )
            if ended
            else ()
        )
        facts = (
            ("State", f"{row.state.value} {row.peer}"),
            ("Way", row.way),
            ("Amount", " · ".join(part for part in (row.amount, row.count, row.speed, row.left) if part)),
            ("Now", printable(self.current, LONGEST_PATH_SHOWN) if self.current else ""),
            ("Ended", ", ".join(f"{number:,} {what}" for what, number in counts if number)),
            ("Took", shown_duration(ended.seconds) if ended and ended.seconds else ""),
            ("Where", printable(str(self.paths[0].parent), LONGEST_PATH_SHOWN) if self.paths else ""),
            ("Note", row.detail),
        )
        problems = ended.problems if ended else ()
        return DetailsShown(
            self.key,
            row.name,
            tuple((what, words) for what, words in facts if words),
            "Not simply saved:" if problems else "",
            tuple(_shown_problem(problem) for problem in problems),
        )

    def _actions_after(self) -> tuple[TransferAction, ...]:
        act = TransferAction
        if self.is_ours:
            again = () if self.state is BatchState.SAVED else (act.RETRY,)
            return *again, act.CLEAR
        if not self.paths:
            return (act.CLEAR,)
        is_one_file = self.state is BatchState.SAVED and len(self.paths) == 1 and self.files == 1
        return *((act.OPEN_FILE,) if is_one_file else ()), act.OPEN_FOLDER, act.CLEAR

    def _shown_state(self) -> TransferShown:
        found = (_OF_OURS if self.is_ours else _FOR_US).get(self.state)
        return found or _STATES[self.state]

    def _peer(self) -> str:
        towards = self.is_ours or self.state is BatchState.CONNECTING
        return f"{'to' if towards else 'from'} {self.who}"

    def _detail(self) -> str:
        if self.detail:
            return self.detail
        if self.state is BatchState.PAUSED:
            return "You have paused it." if self.paused_here else f"{self.who} has paused it."
        if self.state is BatchState.WAITING and self.place:
            return f"Number {self.place:,} in the queue."
        return ""

    def _count(self) -> str:
        if self.files <= 1:
            return ""
        if self.is_over or not self.files_done:
            return shown_count(self.files, "file")
        return f"{self.files_done:,} of {self.files:,} files"

    def _percent(self) -> int:
        if not self.size:
            return 100 if self.state is BatchState.SAVED else 0
        return min(100, self.done * 100 // self.size)


def shown_totals(totals: Totals) -> str:
    """What an offer is: "12 files in 2 folders (4.2 GB)"."""
    folders = shown_count(totals.folders, "folder")
    if not totals.files and not totals.links:
        return f"{folders}, empty"
    parts = [shown_count(totals.files, "file")] if totals.files else []
    if totals.links:
        parts.append(shown_count(totals.links, "link"))
    inside = f" in {folders}" if totals.folders else ""
    return f"{' and '.join(parts)}{inside} ({shown_size(totals.size)})"


def names_of(paths: Sequence[PurePath]) -> tuple[str, ...]:
    """What the other end will call them."""
    return tuple(path.name for path in paths)


def _shown_problem(problem: BatchProblem) -> FileItem:
    path = printable(problem.path, LONGEST_PATH_SHOWN)
    if problem.outcome is Outcome.FAILED:
        return FileItem(path, f"{_PLACES.get(problem.place, '')}{problem.why}")
    return FileItem(path, f"{_OUTCOMES.get(problem.outcome, 'not known')}: {problem.why}")
