"""What a command remembers of the batches that it follows."""

from tcpipclient.cli_batches import Batches, Followed, Row
from tcpipclient.core.batch_events import BatchChanged, BatchProgressed, BatchState, WayKind
from tcpipclient.core.events import Direction


def changed(state: BatchState, way: WayKind | None = None, number: int = 7) -> BatchChanged:
    """A batch is in another state."""
    return BatchChanged(number, Direction.OUTGOING, 2, state, way)


def progressed(done: int, files_done: int = 0) -> BatchProgressed:
    """So much of a batch is done."""
    return BatchProgressed(7, Direction.OUTGOING, 2, done, 1000, files_done, 3)


def following() -> Batches:
    """One batch is followed."""
    batches = Batches()
    batches.follow(7, Followed("photos to Bob (2)", "Bob"))
    return batches


def test_only_what_is_followed_is_told() -> None:
    """Not what others of this client's do, nor what is over."""
    batches = following()
    assert batches.receive(changed(BatchState.OFFERED, number=8), 0.0) == []
    assert [report.item["peer"] for report in batches.receive(changed(BatchState.OFFERED), 0.0)] == ["Bob"]
    batches.forget(7)
    assert batches.receive(changed(BatchState.RUNNING), 0.0) == []
    assert list(batches.rows()) == []


def test_progress_is_told_a_few_times_a_second() -> None:
    """States always."""
    batches = following()
    told = [report for step in range(100) for report in batches.receive(progressed(step), step / 100)]
    assert [report.item["done"] for report in told] == [0, 25, 50, 75]


def test_the_bar_shows_the_newest_state_and_progress() -> None:
    """Also what was not told for its being too soon."""
    batches = following()
    batches.receive(changed(BatchState.RUNNING, WayKind.DIRECT), 0.0)
    batches.receive(progressed(1), 0.0)
    batches.receive(progressed(500), 0.0)
    assert list(batches.rows()) == [Row(7, "photos to Bob (2)", 500, 1000, "direct")]


def test_a_batch_that_is_followed_again_goes_on() -> None:
    """An addition to it is no other batch."""
    batches = following()
    batches.receive(progressed(500), 0.0)
    batches.follow(7, Followed("more to Bob (2)", "Bob"))
    assert next(iter(batches.rows())).done == 500


def test_those_with_a_way_are_carried() -> None:
    """Who only waits for an answer or a connection is not."""
    batches = following()
    for state, way in (
        (BatchState.OFFERED, None),
        (BatchState.CONNECTING, WayKind.DIRECT),
        (BatchState.RUNNING, WayKind.DIRECT),
        (BatchState.CONNECTING, None),
    ):
        batches.receive(changed(state, way), 0.0)
        assert batches.are_carried is (way is not None)


def test_only_what_was_never_so_before_moves_a_batch() -> None:
    """A way that comes and goes without a byte does not."""
    batch = Followed("photos", "Bob")
    batches = Batches()
    batches.follow(7, batch)
    for event, moves in (
        (changed(BatchState.CONNECTING), True),
        (changed(BatchState.RUNNING), True),
        (progressed(5), True),
        (changed(BatchState.CONNECTING), False),
        (changed(BatchState.RUNNING), False),
        (progressed(5), False),
        (progressed(5, files_done=1), True),
        (progressed(6, files_done=1), True),
    ):
        assert batch.is_moved_by(event) is moves
        batches.receive(event, 0.0)
