"""Events of batches: which states are the last ones."""

from tcpipclient.core.batch_events import BatchState


def test_four_states_are_the_last() -> None:
    """Saved, failed, declined and cancelled; whatever else may still become one of them."""
    over = {state for state in BatchState if state.is_over}
    assert over == {BatchState.SAVED, BatchState.FAILED, BatchState.DECLINED, BatchState.CANCELLED}
