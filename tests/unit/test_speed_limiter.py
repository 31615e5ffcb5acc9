"""The limit that several threads share."""

from concurrent.futures import ThreadPoolExecutor

from tcpipclient.net.peer.speed_limiter import SpeedLimiter


def test_all_threads_together_get_what_there_is() -> None:
    """Each byte is granted once, whoever asks."""
    limiter = SpeedLimiter(1_000_000)
    limiter.take(0, 0.0)
    limiter.take(0, 0.1)
    with ThreadPoolExecutor(8) as threads:
        granted = list(threads.map(lambda _: limiter.take(1000, 0.1), range(400)))
    assert sum(granted) == 100_000


def test_what_could_not_be_sent_is_given_back() -> None:
    """It may be taken again."""
    limiter = SpeedLimiter(10_000)
    limiter.take(0, 0.0)
    assert limiter.take(1 << 20, 1.0) == 4096
    assert limiter.take(1, 1.0) == 0
    assert limiter.wait(1.0) > 0.0
    limiter.give_back(4096)
    assert limiter.wait(1.0) == 0.0
    assert limiter.take(1 << 20, 1.0) == 4096


def test_without_a_limit_everything_is_granted() -> None:
    """Also when the limit is taken away while somebody waits."""
    limiter = SpeedLimiter(1)
    assert limiter.take(100, 0.0) == 0
    limiter.speed = None
    assert limiter.speed is None
    assert limiter.take(100, 0.0) == 100
