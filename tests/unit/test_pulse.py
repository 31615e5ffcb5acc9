"""pulse: who is quiet pings in time, and who hears nothing gives up."""

from commonlib.transfer.pulse import PING_SECONDS, SILENCE_SECONDS, Pulse


def test_a_ping_is_due_when_nothing_was_sent() -> None:
    """Counted from the first look at the time after the last sending."""
    pulse = Pulse()
    assert not pulse.is_ping_due(100.0)
    assert not pulse.is_ping_due(100.0 + PING_SECONDS - 0.1)
    assert pulse.is_ping_due(100.0 + PING_SECONDS)
    pulse.send()
    assert not pulse.is_ping_due(100.0 + PING_SECONDS)
    assert not pulse.is_ping_due(100.0 + 2 * PING_SECONDS - 0.1)
    assert pulse.is_ping_due(100.0 + 2 * PING_SECONDS)


def test_silence_is_told_when_nothing_was_heard() -> None:
    """A clock may begin anywhere; hearing begins anew."""
    pulse = Pulse()
    assert not pulse.is_silent(1e6)
    assert not pulse.is_silent(1e6 + SILENCE_SECONDS - 0.1)
    pulse.hear()
    assert not pulse.is_silent(1e6 + SILENCE_SECONDS)
    assert pulse.is_silent(1e6 + 2 * SILENCE_SECONDS)


def test_a_ping_is_heard_long_before_silence_is_told() -> None:
    """Two lost beats do not end a connection."""
    assert 2 * PING_SECONDS < SILENCE_SECONDS
