"""file_dates: what is written is read again, and what can be read in two ways is not guessed."""

from datetime import datetime

import pytest

from commonlib.classic.file_dates import read_dates, write_dates


def at(*numbers: int) -> datetime:
    """A naive local time."""
    return datetime(*numbers)  # type: ignore[arg-type]  # noqa: DTZ001 - the wire gives no zone


def test_dates_are_written_so_that_every_locale_reads_them() -> None:
    """Year first, four digits, two for all others, no fractions; created before modified."""
    written = write_dates(at(2026, 5, 6, 7, 8, 9, 999_999), at(987, 12, 31, 23, 59))
    assert written == "2026-05-06 07:08:09|0987-12-31 23:59:00"


def test_recorded_dates_are_read() -> None:
    """What the originals sent in the recordings: month first, since there is no 23rd month."""
    recorded = "11/23/2026 03:32:47|11/23/2026 03:32:47"
    assert read_dates(recorded) == (at(2026, 11, 23, 3, 32, 47), at(2026, 11, 23, 3, 32, 47))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-05-06 07:08:09", at(2026, 5, 6, 7, 8, 9)),
        ("2026-05-06T07:08:09", at(2026, 5, 6, 7, 8, 9)),
        ("2026/5/6 7:08", at(2026, 5, 6, 7, 8)),
        ("2026.05.06. 7:08:09", at(2026, 5, 6, 7, 8, 9)),
        ("23/11/2026 03:32:47", at(2026, 11, 23, 3, 32, 47)),
        ("23.11.2026 03:32:47", at(2026, 11, 23, 3, 32, 47)),
        ("23-11-2026  3:32:47", at(2026, 11, 23, 3, 32, 47)),
        ("5/5/2026 3:32:47", at(2026, 5, 5, 3, 32, 47)),
        (" 2026-05-06 07:08:09 ", at(2026, 5, 6, 7, 8, 9)),
        ("11/23/2026 12:00:01 AM", at(2026, 11, 23, 0, 0, 1)),
        ("11/23/2026 12:00:01 PM", at(2026, 11, 23, 12, 0, 1)),
        ("11/23/2026 1:02:03 AM", at(2026, 11, 23, 1, 2, 3)),
        ("11/23/2026 1:02:03PM", at(2026, 11, 23, 13, 2, 3)),
        ("23/11/2026 1:02:03 p. m.", at(2026, 11, 23, 13, 2, 3)),
        ("23/11/2026 1:02:03 p.m.", at(2026, 11, 23, 13, 2, 3)),
        ("11/23/2026 1:02:03 a", at(2026, 11, 23, 1, 2, 3)),
    ],
)
def test_dates_of_many_locales_are_read(text: str, expected: datetime) -> None:
    """Separators, order, single digits and half-days as the originals' locales write them."""
    assert read_dates(f"{text}|") == (expected, None)
    assert read_dates(f"|{text}") == (None, expected)


@pytest.mark.parametrize("text", ["05/06/2026 03:32:47", "5.6.2026 03:32:47", "12-11-2026 03:32:47"])
def test_a_date_that_could_be_two_days_is_not_read(text: str) -> None:
    """The fifth of June or the sixth of May: nobody knows, so neither."""
    assert read_dates(f"{text}|{text}") == (None, None)


@pytest.mark.parametrize(
    ("certain", "expected"),
    [("11/23/2026 01:00:00", at(2026, 5, 6, 3, 32, 47)), ("23/11/2026 01:00:00", at(2026, 6, 5, 3, 32, 47))],
)
def test_one_date_tells_how_the_other_is_to_be_read(certain: str, expected: datetime) -> None:
    """Both were written by one program in one format, so a certain order holds for both."""
    doubtful = "05/06/2026 03:32:47"
    assert read_dates(f"{doubtful}|{certain}")[0] == expected
    assert read_dates(f"{certain}|{doubtful}")[1] == expected


@pytest.mark.parametrize("other", ["11/23/2026 01:00:00", "2026-11-23 01:00:00", "5/6/2026 01:00:00", "unknown", ""])
def test_a_certain_date_stands_whatever_the_other_says(other: str) -> None:
    """Two dates in different formats come from no locale, but what can mean one day only is still that day."""
    assert read_dates(f"13/12/2026 01:00:00|{other}")[0] == at(2026, 12, 13, 1)
    assert read_dates(f"{other}|13/12/2026 01:00:00")[1] == at(2026, 12, 13, 1)


def test_a_doubtful_date_stays_doubtful_beside_one_of_another_format() -> None:
    """A date that begins with the year says nothing about the order of day and month in the other."""
    assert read_dates("5/6/2026 01:00:00|2026-11-23 01:00:00")[0] is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "2026-05-06",
        "07:08:09",
        "2026-13-06 07:08:09",
        "2026-02-30 07:08:09",
        "2026-05-06 24:08:09",
        "2026-05-06 07:60:09",
        "2026-05-06 07:08:60",
        "0000-05-06 07:08:09",
        "2026-05/06 07:08:09",
        "32/31/2026 07:08:09",
        "05/06/26 07:08:09",
        "31/12/99 07:08:09",
        "2026-11-2026 07:08:09",
        "126-11-23 07:08:09",
        "11/23/2026 13:00:00 PM",
        "11/23/2026 0:00:00 AM",
        "11/23/2026 1:00:00 M",
        "11/23/2026 1:00:00 XM",
        "11/23/2026 1:00:00 and more",
        "٢٠٢٦-05-06 07:08:09",
        "9" * 98,
        " " * 98,
    ],
)
def test_what_is_no_date_is_not_read(text: str) -> None:
    """Whatever else a peer writes into the field does no harm, and the other date still counts."""
    assert read_dates(text) == (None, None)
    assert read_dates(f"{text}|2026-05-06 07:08:09") == (None, at(2026, 5, 6, 7, 8, 9))


def test_only_the_first_bar_divides() -> None:
    """Three dates are not two."""
    assert read_dates("|".join(["2026-05-06 07:08:09"] * 3)) == (at(2026, 5, 6, 7, 8, 9), None)
