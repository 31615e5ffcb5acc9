"""Sizes, times, names and counts as people read them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from commonlib.wording import (
    clock_sentence,
    shown_count,
    shown_duration,
    shown_file,
    shown_moment,
    shown_person,
    shown_ping,
    shown_size,
)


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (1000, "1.0 kB"),
        (3_249_000, "3.2 MB"),
        (999_949, "999.9 kB"),
        (999_950, "1.0 MB"),
        (0xFFFF_FFFF, "4.3 GB"),
        (10**30, "1000000000000.0 EB"),
    ],
)
def test_sizes_are_shown_with_one_digit(size: int, shown: str) -> None:
    """In steps of a thousand, never as 1000.0 of a unit that has a larger one."""
    assert shown_size(size) == shown


def test_a_file_name_is_clamped() -> None:
    """A long name leaves room for what stands behind it."""
    assert len(shown_file("x" * 5000)) == 120


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (-5, "0 s"),
        (59.9, "59 s"),
        (60, "1 min"),
        (3599, "59 min"),
        (3600 + 301, "1 h 05 min"),
        (86400 * 4 + 3 * 3600 + 5, "4 d 3 h"),
    ],
)
def test_durations_have_their_two_largest_units(seconds: float, shown: str) -> None:
    """Rounded down, and never negative."""
    assert shown_duration(seconds) == shown


def test_a_moment_has_its_date_where_it_is_not_of_today() -> None:
    """The day changes at midnight of the zone that is asked for."""
    evening = datetime(2026, 3, 1, 23, 30, tzinfo=UTC).timestamp()
    assert shown_moment(evening, evening + 60, UTC) == "23:30"
    assert shown_moment(evening, evening + 3600, UTC) == "2026-03-01 23:30"
    assert shown_moment(evening, evening + 3600, timezone(timedelta(hours=2))) == "01:30"
    assert shown_moment(evening, evening).count(":") == 1


def test_a_person_is_shown_with_his_id() -> None:
    """Escapes and lengths of a name hide neither the id nor what stands behind it."""
    assert shown_person("Ann", 3) == "Ann (3)"
    assert shown_person(" \n", 3) == "\\n (3)"
    assert shown_person("  ", 3) == "somebody (3)"
    assert len(shown_person("x" * 500, 3)) < 80


def test_counts_agree_with_their_noun() -> None:
    """One is singular, and thousands have their comma."""
    assert [shown_count(count, "file") for count in (0, 1, 9800)] == ["0 files", "1 file", "9,800 files"]


def test_a_wrong_clock_is_told_in_minutes() -> None:
    """Whichever of the two is ahead."""
    assert clock_sentence(1234.5).startswith("The hub's clock is 21 minutes ahead of this computer's")
    assert "17 minutes behind" in clock_sentence(-1000)


@pytest.mark.parametrize(
    ("duration", "shown"), [(0.0004, "0.4 ms"), (0.0251, "25 ms"), (0.9, "900 ms"), (1.26, "1.3 s"), (75, "75.0 s")]
)
def test_pings_have_the_digits_that_say_something(duration: float, shown: str) -> None:
    """Short ones one behind the point."""
    assert shown_ping(duration) == shown
