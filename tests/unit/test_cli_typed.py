"""What can be typed for a size; all others are tried with the options they belong to."""

from argparse import ArgumentTypeError

import pytest

from tcpipclient.cli_typed import LARGEST_SIZE, size


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("1", 1),
        ("500", 500),
        ("20K", 20_000),
        ("1.5M", 1_500_000),
        ("0.000001M", 1),
        ("3g", 3_000_000_000),
        ("2TB", 2_000_000_000_000),
        (str(LARGEST_SIZE), LARGEST_SIZE),
    ],
)
def test_a_size_is_bytes_or_thousands_of_them(typed: str, value: int) -> None:
    """As sizes are shown: a K is a thousand."""
    assert size(typed) == value


@pytest.mark.parametrize(
    "typed", ["", "0", "0.4", "-1", "1X", "K", "1 K", "1e9", "nan", "\u0663", "9" * 19, "9" * 5000, "1.5.5", "1.M"]
)
def test_what_is_no_size_is_refused(typed: str) -> None:
    """With an example of one."""
    with pytest.raises(ArgumentTypeError, match=r"20M or 1\.5G"):
        size(typed)
