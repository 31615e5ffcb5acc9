"""How many bytes may be sent now."""

from tcpipclient.core.transfers.speed_limit import SpeedLimit


def spent_in(limit: SpeedLimit, seconds: float, step: float = 0.01) -> int:
    """Send whatever may be sent, asking again after each step."""
    spent, now = 0, 100.0
    while now < 100.0 + seconds:
        allowance = limit.allowance(now)
        assert allowance is not None
        limit.spend(allowance)
        spent += allowance
        now += step
    return spent


def test_over_some_seconds_the_speed_is_what_was_said() -> None:
    """However often one asks, a second brings as many bytes as the limit says, give or take what is saved up."""
    for speed in (1_000, 1_000_000, 1 << 30):
        for step in (0.001, 0.01, 0.09):
            assert abs(spent_in(SpeedLimit(speed), 5.0, step) - 5 * speed) <= max(0.2 * speed, 8192)


def test_what_was_saved_up_in_a_pause_is_not_sent_at_one_stroke() -> None:
    """After an hour of rest there are bytes for a tenth of a second."""
    limit = SpeedLimit(1_000_000)
    limit.allowance(0.0)
    assert limit.allowance(3600.0) == 100_000


def test_without_a_limit_any_number_may_be_sent() -> None:
    """Nothing is counted, and nobody waits."""
    limit = SpeedLimit()
    limit.spend(1 << 40)
    assert limit.allowance(1.0) is None
    assert limit.wait(1.0) == 0.0


def test_who_waits_as_long_as_he_is_told_may_send() -> None:
    """The wait is as long as it takes until some bytes are there, and no shorter."""
    limit = SpeedLimit(1_000_000)
    now = 50.0
    limit.allowance(now)
    limit.spend(500_000)
    wait = limit.wait(now)
    assert 0.4 < wait < 0.6
    assert limit.allowance(now + wait / 2) == 0
    assert limit.allowance(now + wait + 0.001)
    assert limit.wait(now + wait + 0.001) == 0.0


def test_a_limit_may_change_at_any_time() -> None:
    """A lower one takes away what was saved up; none at all lets everything pass."""
    limit = SpeedLimit(100_000_000)
    limit.allowance(0.0)
    limit.allowance(1.0)
    limit.speed = 1000
    allowance = limit.allowance(1.0)
    assert allowance is not None
    assert allowance <= 4096
    limit.speed = None
    assert limit.allowance(1.0) is None
