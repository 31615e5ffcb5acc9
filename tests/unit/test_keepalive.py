"""keepalive: when to ping, who is silent, how long answers took, whose clock is wrong."""

import pytest

from commonlib.classic.keepalive import (
    CLIENT_SILENCE_SECONDS,
    CLOCK_TOLERANCE_SECONDS,
    MEASURE_SECONDS,
    PING_SECONDS,
    SERVER_SILENCE_SECONDS,
    KeepAlive,
    PingStatistics,
    is_server_silent,
    maybe_clock_difference,
)
from commonlib.ticks import LARGEST_TICKS, ticks_from_unix

NOW = 1000.0
WALL = 1_790_000_000.0


def test_the_times_are_those_of_the_protocol() -> None:
    """Four minutes between pings, ten and five of silence, a quarter of an hour between clocks."""
    times = (PING_SECONDS, CLIENT_SILENCE_SECONDS, SERVER_SILENCE_SECONDS, CLOCK_TOLERANCE_SECONDS)
    assert times == (4 * 60, 10 * 60, 5 * 60, 15 * 60)


def test_a_ping_is_due_every_four_minutes() -> None:
    """Four minutes after registering and after each ping, however late that one was sent."""
    client = KeepAlive.begin(NOW)
    assert not client.is_ping_due(NOW + 239.9)
    assert client.is_ping_due(NOW + 240.0)
    client = client.ping_sent(1, NOW + 250.0)
    assert not client.is_ping_due(NOW + 489.9)
    assert client.is_ping_due(NOW + 490.0)


def test_a_ping_that_was_asked_for_does_not_move_the_next() -> None:
    """A client that asks often is pinged by the clock all the same."""
    client = KeepAlive.begin(NOW).ping_sent(1, NOW + 100.0)
    assert client.is_ping_due(NOW + 240.0)


def test_a_client_is_silent_after_ten_minutes_without_a_word() -> None:
    """Anything that comes from it counts; our own pings and its answers to them do not by themselves."""
    client = KeepAlive.begin(NOW)
    assert not client.is_silent(NOW + 599.9)
    assert client.is_silent(NOW + 600.0)
    assert client.ping_sent(1, NOW + 500.0).is_silent(NOW + 600.0)
    heard = client.heard(NOW + 500.0)
    assert not heard.is_silent(NOW + 1099.9)
    assert heard.is_silent(NOW + 1100.0)


def test_a_server_is_silent_after_five_minutes() -> None:
    """A client gives up on a server of which nothing came for five minutes."""
    assert not is_server_silent(NOW, NOW + 299.9)
    assert is_server_silent(NOW, NOW + 300.0)


def test_answers_are_counted_and_timed() -> None:
    """Last, mean and longest time of an answer, and when the longest was."""
    client = KeepAlive.begin(NOW)
    assert client.statistics == PingStatistics(count=0, last=0.0, mean=0.0, longest=0.0, longest_at=0.0)
    for ticks, took in ((11, 0.5), (12, 1.5), (13, 0.25)):
        client = client.ping_sent(ticks, NOW).ping_answered(ticks, NOW + took, WALL + ticks)
    assert client.statistics == PingStatistics(count=3, last=0.25, mean=0.75, longest=1.5, longest_at=WALL + 12)
    assert client.unanswered == ()


def test_the_first_answer_is_the_longest_even_if_it_took_no_time() -> None:
    """An answer within the clock's step still has its moment told."""
    client = KeepAlive.begin(NOW).ping_sent(1, NOW).ping_answered(1, NOW, WALL)
    assert client.statistics == PingStatistics(count=1, last=0.0, mean=0.0, longest=0.0, longest_at=WALL)
    again = client.ping_sent(2, NOW).ping_answered(2, NOW, WALL + 1)
    assert again.statistics.longest_at == WALL


def test_an_answer_is_timed_from_its_own_ping() -> None:
    """With several pings on their way the echoed clock tells which one is answered; older ones are then settled."""
    client = KeepAlive.begin(NOW).ping_sent(1, NOW).ping_sent(2, NOW + 10).ping_sent(3, NOW + 20)
    client = client.ping_answered(2, NOW + 11, WALL)
    assert client.statistics.last == 1.0
    assert client.unanswered == ((3, NOW + 20),)
    assert client.ping_answered(1, NOW + 12, WALL) == client


def test_an_answer_to_no_ping_of_ours_changes_nothing() -> None:
    """Originals answer each other's pings too, with a clock that we never sent, and some answer twice."""
    client = KeepAlive.begin(NOW).ping_sent(1, NOW)
    assert client.ping_answered(0, NOW + 1, WALL) == client
    answered = client.ping_answered(1, NOW + 1, WALL)
    assert answered.ping_answered(1, NOW + 2, WALL) == answered


def test_a_client_that_never_answers_costs_no_memory() -> None:
    """Only the last four pings are remembered."""
    client = KeepAlive.begin(NOW)
    for ticks in range(100):
        client = client.ping_sent(ticks, NOW)
    assert [ticks for ticks, _ in client.unanswered] == [96, 97, 98, 99]


@pytest.mark.parametrize("difference", [900.0, 0.0, -900.0])
def test_clocks_that_agree_within_a_quarter_of_an_hour_are_fine(difference: float) -> None:
    """Fifteen minutes either way are no reason to warn."""
    assert maybe_clock_difference(ticks_from_unix(WALL + difference), WALL) is None


@pytest.mark.parametrize("difference", [901.0, -901.0, 86400.0, -WALL])
def test_clocks_further_apart_are_worth_a_warning(difference: float) -> None:
    """The difference is told with its sign: positive when the other side is ahead."""
    assert maybe_clock_difference(ticks_from_unix(WALL + difference), WALL) == pytest.approx(difference)


@pytest.mark.parametrize("ticks", [0, -1, LARGEST_TICKS + 1, 2**63 - 1, -(2**63)])
def test_what_is_no_clock_is_no_difference(ticks: int) -> None:
    """0 is what somebody without a clock sends; a number beyond the calendar is nobody's clock."""
    assert maybe_clock_difference(ticks, WALL) is None


def test_a_wanted_latency_is_measured_every_fifteen_seconds_at_most() -> None:
    """At once where there never was a ping, and 15 seconds after the last one, whatever that was for."""
    client = KeepAlive.begin(NOW)
    assert client.is_measure_due(NOW)
    client = client.ping_sent(1, NOW)
    assert not client.heard(NOW + 14.0).is_measure_due(NOW + 14.9)
    assert client.is_measure_due(NOW + MEASURE_SECONDS)
    assert MEASURE_SECONDS == 15.0
