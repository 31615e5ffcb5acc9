"""Clock ticks of the classic wire: 100 ns steps since 0001-01-01 UTC (docs/protocol.md, "Numbers").

Owns the conversion between ticks and Unix seconds. Must never read a clock: times are passed in. Pure: any thread.
"""

TICKS_PER_SECOND = 10_000_000
UNIX_EPOCH_TICKS = 621_355_968_000_000_000
LARGEST_TICKS = 3_155_378_975_999_999_999
"""The last tick of the year 9999; an original's clock cannot say more."""


def ticks_from_unix(seconds: float) -> int:
    """Ticks of a moment given in Unix seconds, clamped to what ticks can say (0001-01-01 to 9999-12-31)."""
    ticks = UNIX_EPOCH_TICKS + round(seconds * TICKS_PER_SECOND)
    return min(max(ticks, 0), LARGEST_TICKS)


def unix_from_ticks(ticks: int) -> float | None:
    """Unix seconds of a moment given in ticks, or None where the number is no moment (negative or past 9999)."""
    if not 0 <= ticks <= LARGEST_TICKS:
        return None
    return (ticks - UNIX_EPOCH_TICKS) / TICKS_PER_SECOND
