"""The rhythm of the modern wire, beside the classic one."""

from commonlib.classic.keepalive import KeepAlive
from commonlib.wire.heartbeat import HEARTBEAT, PING_AFTER_SECONDS, SILENCE_SECONDS

NOW = 1000.0


def test_the_times_are_those_of_the_protocol() -> None:
    """A ping after a quarter of a minute, the end after three quarters."""
    assert (PING_AFTER_SECONDS, SILENCE_SECONDS) == (15, 45)


def test_only_those_are_pinged_of_whom_nothing_is_heard() -> None:
    """A sign of life puts the ping off; a ping that was not answered is followed by the next."""
    client = KeepAlive.begin(NOW, HEARTBEAT)
    assert not client.is_ping_due(NOW + 14.9)
    assert client.is_ping_due(NOW + 15.0)
    client = client.heard(NOW + 10.0)
    assert not client.is_ping_due(NOW + 24.9)
    client = client.ping_sent(1, NOW + 25.0)
    assert not client.is_ping_due(NOW + 39.9)
    assert client.is_ping_due(NOW + 40.0)


def test_silence_is_counted_from_the_last_sign_of_life() -> None:
    """Pings of ours are none."""
    client = KeepAlive.begin(NOW, HEARTBEAT).heard(NOW + 10.0).ping_sent(1, NOW + 25.0)
    assert not client.is_silent(NOW + 54.9)
    assert client.is_silent(NOW + 55.0)
    assert client.heard(NOW + 55.0).rhythm is HEARTBEAT
