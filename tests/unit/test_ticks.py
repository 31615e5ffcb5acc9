"""ticks: the originals' clock, there and back."""

from datetime import UTC, datetime

import pytest

from commonlib.ticks import LARGEST_TICKS, ticks_from_unix, unix_from_ticks


@pytest.mark.parametrize(
    ("moment", "ticks"),
    [
        (datetime(1970, 1, 1, tzinfo=UTC), 621_355_968_000_000_000),
        (datetime(1, 1, 1, tzinfo=UTC), 0),
        (datetime(2000, 1, 1, tzinfo=UTC), 630_822_816_000_000_000),
        (datetime(2026, 11, 23, 3, 32, 40, 500_000, tzinfo=UTC), 639_310_015_605_000_000),
    ],
)
def test_ticks_are_tenths_of_microseconds_since_the_year_1(moment: datetime, ticks: int) -> None:
    """Known moments in both directions."""
    assert ticks_from_unix(moment.timestamp()) == ticks
    assert unix_from_ticks(ticks) == moment.timestamp()


def test_the_recorded_clock_says_when_the_recording_was_made() -> None:
    """The first greeting in the recordings, read as a date."""
    seconds = unix_from_ticks(639_310_015_607_613_740)
    assert seconds is not None
    assert datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds") == "2026-11-23T03:32:40+00:00"


@pytest.mark.parametrize(("seconds", "ticks"), [(-1e12, 0), (1e12, 3_155_378_975_999_999_999)])
def test_a_moment_outside_the_calendar_is_clamped(seconds: float, ticks: int) -> None:
    """A broken clock of our own still gives ticks that an original can read."""
    assert ticks_from_unix(seconds) == ticks


@pytest.mark.parametrize("ticks", [-1, LARGEST_TICKS + 1, 2**63 - 1, -(2**63)])
def test_a_number_outside_the_calendar_is_no_moment(ticks: int) -> None:
    """A peer may send any 64 bits; what is before the year 1 or after 9999 is None."""
    assert unix_from_ticks(ticks) is None


def test_the_ends_of_the_calendar_are_moments() -> None:
    """The first and the last tick can be read."""
    assert unix_from_ticks(0) == -62_135_596_800.0
    assert unix_from_ticks(LARGEST_TICKS) == pytest.approx(253_402_300_800.0)
