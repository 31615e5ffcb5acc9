"""Sizes, times, names and counts as people read them: one form for windows and commands.

Owns these forms. Names that a peer chose come out clamped and printable. Must never read a clock: moments and zones are
passed in. Pure: any thread.
"""

from datetime import UTC, datetime, tzinfo

from commonlib.printable import printable

LONGEST_FILE_NAME_SHOWN = 120
LONGEST_NAME_SHOWN = 60
_UNITS = ("kB", "MB", "GB", "TB", "PB", "EB")
_TENTHS_BELOW = 0.01
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def shown_size(size: int) -> str:
    """Bytes for a person: 999 bytes, 3.2 MB."""
    if size < 1000:
        return "1 byte" if size == 1 else f"{size} bytes"
    value, unit = size / 1000, 0
    while value >= 999.95 and unit < len(_UNITS) - 1:
        value, unit = value / 1000, unit + 1
    return f"{value:.1f} {_UNITS[unit]}"


def shown_duration(seconds: float) -> str:
    """A length of time in its two largest units, rounded down: 45 s, 3 min, 2 h 05 min, 4 d 3 h."""
    whole = max(0, int(seconds))
    if whole < _MINUTE:
        return f"{whole} s"
    if whole < _HOUR:
        return f"{whole // _MINUTE} min"
    if whole < _DAY:
        return f"{whole // _HOUR} h {whole % _HOUR // _MINUTE:02} min"
    return f"{whole // _DAY} d {whole % _DAY // _HOUR} h"


def shown_ping(seconds: float) -> str:
    """How long an answer took: 0.4 ms, 25 ms, 1.3 s."""
    if seconds < _TENTHS_BELOW:
        return f"{seconds * 1000:.1f} ms"
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


def shown_moment(wall: float, today: float, zone: tzinfo | None = None) -> str:
    """A moment of the past, Unix seconds: 12:04 where it was on the day of `today`, else 2026-03-01 12:04.

    Args:
        zone: Whose clock; None is the system's.
    """
    moment, current = (datetime.fromtimestamp(each, UTC).astimezone(zone) for each in (wall, today))
    return moment.strftime("%H:%M" if moment.date() == current.date() else "%Y-%m-%d %H:%M")


def shown_file(name: str) -> str:
    """A file's name, clamped so that it hides nothing that stands behind it."""
    return printable(name, LONGEST_FILE_NAME_SHOWN)


def shown_person(name: str, person_id: int) -> str:
    """Somebody's name with his id behind it, so that nobody passes for another."""
    return f"{printable(name, LONGEST_NAME_SHOWN).strip() or 'somebody'} ({person_id})"


def shown_count(count: int, thing: str) -> str:
    """A number of things whose plural ends in s: 1 file, 9,800 files."""
    return f"{count:,} {thing}" if count == 1 else f"{count:,} {thing}s"


def clock_sentence(seconds: float) -> str:
    """A warning that the hub's clock is ahead of ours by so many seconds (negative: behind)."""
    direction = "ahead of" if seconds > 0 else "behind"
    return f"The hub's clock is {abs(seconds) / 60:.0f} minutes {direction} this computer's: set the one that is wrong."
