"""Which of our batches are saved, as the events tell it, and how long each is waited for."""

import pytest

from commonlib.transfer.messages import Outcome, Place
from tcpipclient.cli_batch_deliveries import BatchDeliveries, BatchSending
from tcpipclient.cli_exit import ExitCode
from tcpipclient.core.batch_events import BatchChanged, BatchEnded, BatchProblem, BatchProgressed, BatchState, WayKind
from tcpipclient.core.events import ConnectionLost, Direction, Loss

TO_BOB, TO_CY = BatchSending(5, 2, "Bob", "photos"), BatchSending(6, 3, "Cy", "photos")
LOST = ConnectionLost(Loss.CLOSED, "The hub is gone.")


def deliveries(*sendings: BatchSending) -> BatchDeliveries:
    """What is waited for from the moment 0, a minute long."""
    return BatchDeliveries(sendings or (TO_BOB, TO_CY), 60.0, 0.0)


def changed(state: BatchState, number: int = 5, way: WayKind | None = None) -> BatchChanged:
    """One of ours is in another state."""
    return BatchChanged(number, Direction.OUTGOING, 2, state, way)


def progressed(done: int, number: int = 5) -> BatchProgressed:
    """So much of one of ours is done."""
    return BatchProgressed(number, Direction.OUTGOING, 2, done, 1000, 0, 3)


def ended(state: BatchState, number: int = 5, **counts: int) -> BatchEnded:
    """The last event of one of ours."""
    reason = "" if state is BatchState.SAVED else "It was not saved: ask."
    return BatchEnded(number, Direction.OUTGOING, 9, "Somebody", state, **counts, reason=reason)  # type: ignore[arg-type]


def test_it_is_done_only_after_everybodys_word() -> None:
    """All bytes out is not saved; and the word is told of him it was sent to."""
    waiting = deliveries()
    waiting.receive(changed(BatchState.VERIFIED), 0.0)
    waiting.receive(progressed(1000), 0.0)
    assert set(waiting.waiting) == {5, 6}
    (saved,) = waiting.receive(ended(BatchState.SAVED, saved=1), 1.0)
    assert saved.sentence == "Bob (2) has saved photos (0 bytes)."
    assert (saved.item["event"], saved.item["peer"], saved.item["peer_id"]) == ("batch_ended", "Bob", 2)
    waiting.receive(ended(BatchState.SAVED, 6, skipped=1), 1.0)
    assert not waiting.waiting
    assert waiting.exit_code is ExitCode.DONE
    assert waiting.complaints == []


@pytest.mark.parametrize("state", [BatchState.FAILED, BatchState.DECLINED, BatchState.CANCELLED])
def test_a_batch_that_is_not_simply_saved_fails(state: BatchState) -> None:
    """Code 1 with the client's reason; the others go on."""
    waiting = deliveries()
    (report,) = waiting.receive(ended(state, saved=2, failed=1), 1.0)
    assert (report.sentence, report.item["state"], report.item["timed_out"]) == ("", str(state), False)
    assert set(waiting.waiting) == {6}
    assert waiting.complaints == ["To Bob (2), photos: It was not saved: ask. (2 saved, 1 failed)"]
    assert waiting.exit_code is ExitCode.FAILED


def test_a_complaint_tells_each_problem() -> None:
    """What failed, where and why."""
    waiting = deliveries(TO_BOB)
    problem = BatchProblem("photos/a", Outcome.FAILED, Place.SENDER, "It has gone.")
    failed = BatchEnded(5, Direction.OUTGOING, 2, "Bob", BatchState.FAILED, failed=1, problems=(problem,), reason="No.")
    waiting.receive(failed, 1.0)
    assert waiting.complaints == ["To Bob (2), photos: No. (1 failed)\n  photos/a failed here: It has gone."]


def test_each_batch_has_its_own_patience() -> None:
    """One that is never answered is given up, however well another goes."""
    waiting = deliveries()
    waiting.receive(changed(BatchState.OFFERED), 0.0)
    waiting.receive(changed(BatchState.RUNNING, 6), 0.0)
    waiting.receive(progressed(10, 6), 59.0)
    assert waiting.deadline == 60.0
    assert waiting.expire(59.9) == []
    ((number, report),) = waiting.expire(60.0)
    assert (number, report.item["peer"], report.item["timed_out"]) == (5, "Bob", True)
    assert waiting.complaints == [
        "To Bob (2), photos: Nobody answered within 60 seconds. Ask, and run the same command again."
    ]
    assert waiting.deadline == 119.0
    waiting.receive(ended(BatchState.SAVED, 6, saved=1), 60.0)
    assert waiting.exit_code is ExitCode.TIMED_OUT


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (BatchState.CONNECTING, "For 60 seconds no connection came about."),
        (BatchState.RUNNING, "For 60 seconds nothing moved."),
    ],
)
def test_what_stands_still_is_told_with_the_way_to_go_on(state: BatchState, said: str) -> None:
    """The same command goes on where it stopped."""
    waiting = deliveries(TO_BOB)
    waiting.receive(changed(state), 0.0)
    assert len(waiting.expire(60.0)) == 1
    assert said in waiting.complaints[0]
    assert "the same command goes on where it stopped" in waiting.complaints[0]


def test_one_that_waits_for_others_of_ours_is_not_late() -> None:
    """Its time begins when it is offered."""
    waiting = deliveries(TO_BOB)
    assert waiting.deadline is None
    assert waiting.expire(1000.0) == []
    waiting.receive(changed(BatchState.OFFERED), 1000.0)
    assert waiting.deadline == 1060.0


def test_one_that_somebody_has_paused_is_not_late() -> None:
    """Whoever paused it knows of it; when it goes on it has all its time again."""
    waiting = deliveries(TO_BOB)
    waiting.receive(changed(BatchState.RUNNING), 0.0)
    waiting.receive(changed(BatchState.PAUSED), 10.0)
    assert waiting.deadline is None
    assert waiting.expire(1000.0) == []
    waiting.receive(changed(BatchState.RUNNING), 1000.0)
    assert waiting.deadline == 1060.0
    assert len(waiting.expire(1060.0)) == 1


def test_ways_that_come_and_go_without_a_byte_are_no_news() -> None:
    """Else a batch that gets nowhere would be waited for without end."""
    waiting = deliveries(TO_BOB)
    for step in range(5):
        waiting.receive(changed(BatchState.CONNECTING), float(step))
        waiting.receive(changed(BatchState.RUNNING), float(step))
        waiting.receive(progressed(7), float(step))
    assert waiting.deadline == 60.0


def test_without_the_hub_what_has_a_way_goes_on() -> None:
    """And what has none fails with the sentence that says what to do."""
    waiting = deliveries()
    waiting.receive(changed(BatchState.OFFERED), 0.0)
    waiting.receive(changed(BatchState.RUNNING, 6, WayKind.DIRECT), 0.0)
    (report,) = waiting.receive(LOST, 1.0)
    assert (report.item["peer"], report.item["state"]) == ("Bob", "failed")
    again = "The hub is gone. What has arrived is kept there: the same command goes on where it stopped."
    assert waiting.complaints == [f"To Bob (2), photos: {again}"]
    waiting.receive(ended(BatchState.SAVED, 6, saved=1), 2.0)
    assert not waiting.waiting
    assert waiting.exit_code is ExitCode.FAILED


def test_without_the_hub_a_way_that_breaks_is_the_end() -> None:
    """Nobody waits for another that cannot come."""
    waiting = deliveries(TO_BOB)
    waiting.receive(changed(BatchState.RUNNING, way=WayKind.DIRECT), 0.0)
    assert waiting.receive(LOST, 1.0) == []
    told = waiting.receive(changed(BatchState.CONNECTING), 2.0)
    assert [report.item["event"] for report in told] == ["batch_state", "batch_ended"]
    assert not waiting.waiting
    assert waiting.exit_code is ExitCode.FAILED


def test_what_is_not_ours_changes_nothing() -> None:
    """Batches that come, and others' numbers."""
    waiting = deliveries(TO_BOB)
    assert waiting.receive(changed(BatchState.RUNNING, 9), 0.0) == []
    assert waiting.receive(ended(BatchState.SAVED, 9), 0.0) == []
    incoming = BatchEnded(5, Direction.INCOMING, 2, "Bob", BatchState.SAVED)
    assert waiting.receive(incoming, 0.0) == []
    assert set(waiting.waiting) == {5}


def test_the_bars_are_those_of_whom_the_word_is_missing() -> None:
    """Each with its recipient."""
    waiting = deliveries()
    waiting.receive(ended(BatchState.SAVED, saved=1), 0.0)
    assert [row.label for row in waiting.rows()] == ["photos to Cy (3)"]
