"""The dates that end a file on the classic wire: `created|modified`, local time as text (docs/protocol.md, "Files").

Owns writing and reading them. Must never guess: what can be read in two ways is read as None, and the file then keeps
the time at which it arrived. Must never know a time zone: dates are naive local ones. Pure: any thread.
"""

import re
from datetime import datetime

from commonlib.classic.file_layouts import FILE_NAME_WIDTH

_NUMBERS = re.compile(
    r"\s*(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})\.?[ T]+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([AaPp])?\.?(?:[Mm]\.?)?\s*",
    re.ASCII,
)


def write_dates(created: datetime, modified: datetime) -> str:
    """Both dates as `yyyy-MM-dd HH:mm:ss|yyyy-MM-dd HH:mm:ss`, which an original reads whatever its locale."""
    return f"{_written(created)}|{_written(modified)}"


def _written(date: datetime) -> str:
    return f"{date.year:04}-{date:%m-%d %H:%M:%S}"


def read_dates(text: str) -> tuple[datetime | None, datetime | None]:
    """Created and modified, each None where it cannot be read or could mean two days."""
    created, _, modified = text[:FILE_NAME_WIDTH].partition("|")
    return _maybe_date(created), _maybe_date(modified)


def _maybe_date(text: str) -> datetime | None:
    match = _NUMBERS.fullmatch(text)
    if match is None:
        return None
    first, _, second, third = match.group(1, 2, 3, 4)
    hour, minute, second_of_minute = int(match[5]), int(match[6]), int(match[7] or 0)
    if match[8] is not None:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match[8] in "Pp" else 0)
    days = _possible_days(first, second, third)
    dates = {date for day in days if (date := _maybe_datetime(*day, hour, minute, second_of_minute)) is not None}
    return dates.pop() if len(dates) == 1 else None


def _possible_days(first: str, second: str, third: str) -> list[tuple[int, int, int]]:
    """The (year, month, day) that three numbers may mean: the year has four digits and stands first or last."""
    if len(first) == 4 and len(third) <= 2:
        return [(int(first), int(second), int(third))]
    if len(third) == 4 and len(first) <= 2:
        return [(int(third), int(first), int(second)), (int(third), int(second), int(first))]
    return []


def _maybe_datetime(year: int, month: int, day: int, hour: int, minute: int, second: int) -> datetime | None:
    try:
        return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - the wire gives no zone
    except ValueError:
        return None
