"""The dates that end a file on the classic wire: `created|modified`, local time as text (docs/protocol.md, "Files").

Owns writing and reading them. Must never guess: what can be read in two ways is read as None, and the file then keeps
the time at which it arrived. Must never know a time zone: dates are naive local ones. Pure: any thread.
"""

import re
from datetime import datetime

# Compiled when the first date is read: most who load this never read one.
_DATE_AND_TIME = r"""
    \s* (\d{1,4}) ([./-]) (\d{1,2}) \2 (\d{1,4}) \.?   # three numbers with the same separator between them
    [ T]+ (\d{1,2}) : (\d{2}) (?: : (\d{2}) )?         # hours, minutes, maybe seconds
    \s* (?: ([AaPp]) \.? \s? [Mm]? \.? )? \s*          # maybe AM or PM, however it is written
"""
_YEAR_FIRST, _MONTH_FIRST, _DAY_FIRST = "year first", "month first", "day first"


def write_dates(created: datetime, modified: datetime) -> str:
    """Both dates as `yyyy-MM-dd HH:mm:ss|yyyy-MM-dd HH:mm:ss`, which an original reads whatever its locale.

    Both are naive local times; fractions of a second are left out.
    """
    return f"{created.isoformat(' ', 'seconds')}|{modified.isoformat(' ', 'seconds')}"


def read_dates(text: str) -> tuple[datetime | None, datetime | None]:
    """Created and modified, each None where it cannot be read or could mean two days.

    One program wrote both in one format: what the one says about the order of day and month holds for the other.
    """
    created, _, modified = text.partition("|")
    created_readings, modified_readings = _readings(created), _readings(modified)
    return _maybe_only(created_readings, modified_readings), _maybe_only(modified_readings, created_readings)


def _maybe_only(readings: dict[str, datetime], of_the_other: dict[str, datetime]) -> datetime | None:
    shared = {date for order, date in readings.items() if order in of_the_other}
    dates = shared or set(readings.values())
    return dates.pop() if len(dates) == 1 else None


def _readings(text: str) -> dict[str, datetime]:
    """What a date may mean, by the order of its numbers."""
    match = re.fullmatch(_DATE_AND_TIME, text, re.ASCII | re.VERBOSE)
    if match is None:
        return {}
    first, _, second, third = match.group(1, 2, 3, 4)
    time = (int(match[5]), int(match[6]), int(match[7] or 0))
    possible: dict[str, datetime | None] = {}
    if len(first) == 4 and len(third) <= 2:
        possible[_YEAR_FIRST] = _maybe_date(int(first), int(second), int(third), time, match[8])
    elif len(third) == 4 and len(first) <= 2:
        possible[_MONTH_FIRST] = _maybe_date(int(third), int(first), int(second), time, match[8])
        possible[_DAY_FIRST] = _maybe_date(int(third), int(second), int(first), time, match[8])
    return {order: date for order, date in possible.items() if date is not None}


def _maybe_date(
    year: int, month: int, day: int, time: tuple[int, int, int], half_of_day: str | None
) -> datetime | None:
    hour, minute, second = time
    if half_of_day is not None:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half_of_day in "Pp" else 0)
    try:
        return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - the wire gives no zone
    except ValueError:
        return None
