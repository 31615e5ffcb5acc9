"""What is told of a batch: nothing twice, nothing behind the end, nothing without bound.

Thread: pytest's main thread.
"""

from pathlib import PurePosixPath

from commonlib.transfer.messages import Outcome, Place
from tcpipclient.core.batch_events import BatchEnded, BatchProblem, BatchProgressed, BatchState
from tcpipclient.core.transfers.orders import Order, Tell
from tcpipclient.core.transfers.outgoing import OutgoingBatch
from tcpipclient.core.transfers.peers import Peer, Peers
from tcpipclient.core.transfers.pump_news import MOST_PROBLEMS, MOST_TOP_PATHS


def batch(name: str = "Bob") -> tuple[OutgoingBatch, list[Order]]:
    """One, and what it orders."""
    ordered: list[Order] = []
    return OutgoingBatch(1, bytes(16), Peer(2, b"b" * 32, name), Peers(), ordered.append, 0.0, links=False), ordered


def test_a_state_is_told_once_and_nothing_behind_the_end() -> None:
    """What is new of it (its place, a sentence) is told, too."""
    one, ordered = batch()
    one.show(BatchState.WAITING, 0.0, place=1)
    one.show(BatchState.WAITING, 1.0, place=1)
    one.show(BatchState.WAITING, 2.0, place=2)
    assert (len(ordered), one.since) == (2, 0.0)
    one.end(BatchState.CANCELLED, "Over.", 3.0)
    one.show(BatchState.RUNNING, 4.0)
    assert len(ordered) == 3
    assert isinstance(ordered[-1], Tell)
    assert isinstance(ordered[-1].event, BatchEnded)
    assert (one.state, one.since) == (BatchState.CANCELLED, 3.0)


def test_a_speed_is_told_until_nothing_moves_any_more() -> None:
    """Once a second, slower and slower down to nothing, and then no more."""
    one, ordered = batch()
    one.progress.restart(0.0)
    one.progress.move(3000, 0, "a", 1.0)
    one.tell_progress(1.0)
    times = []
    while one.stale_at is not None:
        times.append(one.stale_at)
        one.tick_progress(one.stale_at - 0.01)
        one.tick_progress(one.stale_at)
    speeds = [
        order.event.speed for order in ordered if isinstance(order, Tell) and isinstance(order.event, BatchProgressed)
    ]
    assert times == [2.0, 3.0, 4.0]
    assert speeds == [3000, 1500, 1000, 0]


def test_nothing_is_stale_behind_the_end() -> None:
    """The speed of what is over interests nobody."""
    one, _ = batch()
    one.progress.restart(0.0)
    one.progress.move(3000, 0, "a", 1.0)
    one.tell_progress(1.0)
    one.end(BatchState.CANCELLED, "Over.", 1.5)
    assert one.stale_at is None


def test_problems_and_paths_are_told_once_and_so_many() -> None:
    """A further connection tells them again."""
    one, ordered = batch()
    for number in range(MOST_PROBLEMS + 5):
        problem = BatchProblem(f"file {number}", Outcome.FAILED, Place.RECEIVER, "full")
        one.add_problem(problem)
        one.add_problem(problem)
        one.add_path(PurePosixPath(f"file {number}"))
        one.add_path(PurePosixPath(f"file {number}"))
    one.end(BatchState.FAILED, "No.", 1.0)
    (told,) = [order.event for order in ordered if isinstance(order, Tell)]
    assert isinstance(told, BatchEnded)
    assert (len(told.problems), len(told.paths)) == (MOST_PROBLEMS, MOST_TOP_PATHS)


def test_names_in_sentences_are_harmless() -> None:
    """Whatever somebody calls himself."""
    assert batch("Bo\x1bb")[0].name == "Bo\\x1bb"
    assert batch("")[0].name == "the other end"
