"""The table of the people who are there."""

from tcpipclient.cli_roster import table
from tcpipclient.core.events import Person


def test_the_columns_stand_below_each_other() -> None:
    """Ids to the right, the rest to the left, no space at an end of a line."""
    people = [Person(2, "Bob", "DESK", "192.0.2.7"), Person(113, "Alexandra", "", "2001:db8::7")]
    assert table(people) == [
        " ID  NAME       COMPUTER  ADDRESS",
        "  2  Bob        DESK      192.0.2.7",
        "113  Alexandra            2001:db8::7",
    ]


def test_an_empty_hub_is_a_sentence() -> None:
    """Better than a heading above nothing."""
    assert table([]) == ["Nobody else is on the hub."]


def test_no_name_breaks_the_table() -> None:
    """Control characters are escaped, long names are cut."""
    lines = table([Person(2, "Bob\n\x1b[31m", "x" * 500, "")])
    assert len(lines) == 2
    assert all(line.isprintable() and len(line) < 120 for line in lines)
