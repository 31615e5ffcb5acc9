"""The rows of batches: what is over, and details that follow their row."""

from tcpipclient.core.batch_events import BatchState
from tcpipclient.core.events import Direction
from tcpipclient.gui.presenter_batch import Batch
from tcpipclient.gui.presenter_batch_rows import BatchRows
from tests.support.recording_client_view import RecordingView


def two_rows(view: RecordingView) -> tuple[BatchRows, Batch, Batch]:
    """Two batches to Ann, both shown."""
    rows = BatchRows(view)
    first, second = (Batch(key, Direction.OUTGOING, 2, "Ann (2)", (f"{key}.txt",), 100) for key in (1, 2))
    rows.add(first)
    rows.add(second)
    rows.flush()
    return rows, first, second


def facts(view: RecordingView) -> dict[str, str]:
    """What the details say."""
    assert view.details is not None
    return dict(view.details.facts)


def test_details_follow_their_row() -> None:
    """Until others are wanted; what does not concern them is not told anew."""
    view = RecordingView()
    rows, first, second = two_rows(view)
    rows.show_details(first)
    assert facts(view)["State"] == "Waiting to Ann (2)"
    first.state = BatchState.RUNNING
    rows.change(first)
    rows.flush()
    assert facts(view)["State"] == "Sending to Ann (2)"
    shown = view.details
    for changed in (first, second):
        rows.change(changed)
        rows.flush()
        assert view.details is shown
    rows.show_details(second)
    rows.change(first)
    rows.flush()
    assert view.details is not None
    assert view.details.key == second.key


def test_what_goes_on_again_is_not_cleared() -> None:
    """Whether the client has begun it again, or the user; the first keeps its number, the second has none."""
    view = RecordingView()
    rows, first, second = two_rows(view)
    for batch in (first, second):
        rows.give_number(batch, batch.key + 10)
        batch.state = BatchState.FAILED
        rows.finish(batch)
        rows.change(batch)
    first.state = BatchState.CONNECTING
    rows.change(first)
    rows.begin_again(second, "Ann (3)")
    rows.clear()
    assert rows.all == [first, second]
    assert (rows.maybe_numbered(11), rows.maybe_numbered(12), second.number) == (first, None, 0)
