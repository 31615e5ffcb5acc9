"""When to ping, who is silent, how long an answer took, whose clock is wrong (docs/protocol.md, "Keep-alive").

Owns the rules and the figures per connection; the modern wire has them with another rhythm (wire/heartbeat.py). Must
never read a clock: `now` is monotonic seconds, `wall` Unix seconds, both passed in. Pure; an object belongs to one
connection and to the thread that runs its brain.
"""

from commonlib.ticks import unix_from_ticks
from commonlib.values import dataclass, replace

PING_SECONDS = 240.0
"""A server pings every client this often."""
CLIENT_SILENCE_SECONDS = 600.0
"""A server drops a client not heard of for so long."""
SERVER_SILENCE_SECONDS = 300.0
"""A client gives up on a server not heard of for so long."""
MEASURE_SECONDS = 15.0
"""A latency that is wanted is measured again after so long, and not before."""
CLOCK_TOLERANCE_SECONDS = 900.0
"""A difference between two clocks above this is worth a warning."""
_MOST_UNANSWERED = 4


@dataclass(frozen=True, slots=True)
class PingStatistics:
    """How long a client took to answer pings.

    Attributes:
        count: Answers so far; all figures are 0 before the first.
        last, mean, longest: Seconds.
        longest_at: When the longest was measured, Unix seconds.
    """

    count: int = 0
    last: float = 0.0
    mean: float = 0.0
    longest: float = 0.0
    longest_at: float = 0.0

    def with_answer(self, seconds: float, wall: float) -> "PingStatistics":
        """The figures with one more answer."""
        count = self.count + 1
        longer = self.count == 0 or seconds > self.longest
        return PingStatistics(
            count=count,
            last=seconds,
            mean=self.mean + (seconds - self.mean) / count,
            longest=seconds if longer else self.longest,
            longest_at=wall if longer else self.longest_at,
        )


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often a wire pings, and how long it waits.

    Attributes:
        ping_seconds: From one ping to the next.
        silence_seconds: Who was not heard of for so long is dropped.
        pings_only_silent: Whether a sign of life puts off the next ping.
    """

    ping_seconds: float
    silence_seconds: float
    pings_only_silent: bool


CLASSIC = Rhythm(PING_SECONDS, CLIENT_SILENCE_SECONDS, pings_only_silent=False)


@dataclass(frozen=True, slots=True)
class KeepAlive:
    """One client as the server's keep-alive sees it.

    Attributes:
        last_heard: When anything last came from him, monotonic seconds.
        next_ping: When he is to be pinged next.
        rhythm: That of his wire.
        last_ping: When he was pinged last, whatever for; None before the first time.
        unanswered: The pings on their way: (the ticks they carry, when they were sent), oldest first, at most four.
    """

    last_heard: float
    next_ping: float
    rhythm: Rhythm = CLASSIC
    last_ping: float | None = None
    unanswered: tuple[tuple[int, float], ...] = ()
    statistics: PingStatistics = PingStatistics()

    @classmethod
    def begin(cls, now: float, rhythm: Rhythm = CLASSIC) -> "KeepAlive":
        """A client who has just registered."""
        return cls(last_heard=now, next_ping=now + rhythm.ping_seconds, rhythm=rhythm)

    def heard(self, now: float) -> "KeepAlive":
        """Something came from him, or we ourselves kept him from sending."""
        if self.rhythm.pings_only_silent:
            return replace(self, last_heard=now, next_ping=now + self.rhythm.ping_seconds)
        return replace(self, last_heard=now)

    def is_ping_due(self, now: float) -> bool:
        """Whether it is time for the next ping."""
        return now >= self.next_ping

    def is_measure_due(self, now: float) -> bool:
        """Whether somebody who wants to know his latency is worth a ping now: none went out in the last 15 seconds."""
        return self.last_ping is None or now - self.last_ping >= MEASURE_SECONDS

    def is_silent(self, now: float) -> bool:
        """Whether he is to be dropped."""
        return now - self.last_heard >= self.rhythm.silence_seconds

    def ping_sent(self, ticks: int, now: float) -> "KeepAlive":
        """A ping with this clock went out, whether it was due or asked for."""
        unanswered = (*self.unanswered, (ticks, now))[-_MOST_UNANSWERED:]
        next_ping = now + self.rhythm.ping_seconds if self.is_ping_due(now) else self.next_ping
        return replace(self, last_ping=now, unanswered=unanswered, next_ping=next_ping)

    def ping_answered(self, ticks: int, now: float, wall: float) -> "KeepAlive":
        """An answer came. One that echoes no ping of ours (originals answer each other's) changes nothing."""
        for index, (sent_ticks, sent_at) in enumerate(self.unanswered):
            if sent_ticks == ticks:
                statistics = self.statistics.with_answer(now - sent_at, wall)
                return replace(self, unanswered=self.unanswered[index + 1 :], statistics=statistics)
        return self


def is_server_silent(last_heard: float, now: float) -> bool:
    """Whether a client should give up on its server."""
    return now - last_heard >= SERVER_SILENCE_SECONDS


def maybe_clock_difference(ticks: int, wall: float) -> float | None:
    """Seconds by which the other side's clock is ahead of ours, where that is worth a warning, else None.

    0 ticks mean that the other side gave no clock. A number that is no moment counts as no clock, too.
    """
    theirs = unix_from_ticks(ticks) if ticks else None
    if theirs is None or abs(theirs - wall) <= CLOCK_TOLERANCE_SECONDS:
        return None
    return theirs - wall
