"""Time without that in which this computer slept."""

from commonlib.awake import SLEEP_SECONDS, AwakeTime


def test_ordinary_time_passes() -> None:
    """Second by second, and after a wait that may have been long."""
    awake = AwakeTime()
    moments = [1000.0, 1001.0, 1001.0, 1001.0 + SLEEP_SECONDS]
    assert [awake.seconds(moment) for moment in moments] == moments
    assert awake.slept == 0.0


def test_a_sleep_is_no_time() -> None:
    """Neither the first nor a second one; between them time passes."""
    awake = AwakeTime()
    moments = [1000.0, 5000.0, 5001.0, 9000.0]
    assert [awake.seconds(moment) for moment in moments] == [1000.0, 1000.0, 1001.0, 1001.0]
    assert awake.slept == 7999.0
