"""The table of the people who are there."""

from dataclasses import replace

from commonlib.identity import Fingerprint, short_key_code
from tcpipclient.cli_roster import table
from tcpipclient.core.events import Person

KEY = Fingerprint(bytes(range(32)))
CODE = short_key_code(KEY)


def test_the_columns_stand_below_each_other() -> None:
    """Numbers to the right, the rest to the left, no space at an end of a line; a key is known by its digits."""
    people = [Person(2, "Bob", "DESK", "192.0.2.7"), Person(113, "Alexandra", "", "2001:db8::7", key=KEY)]
    people.append(replace(people[1], id=114, session=2))
    assert table(people, {2: 0.0251, 113: 1.26}) == [
        " ID  NAME       COMPUTER  ADDRESS       PING  KEY",
        "  2  Bob        DESK      192.0.2.7    25 ms  not encrypted",
        f"113  Alexandra            2001:db8::7  1.3 s  {CODE}",
        f"114  Alexandra            2001:db8::7      \u2013  {CODE}, connection 2",
    ]


def test_an_empty_hub_is_a_sentence() -> None:
    """Better than a heading above nothing."""
    assert table([], {}) == ["Nobody else is on the hub."]


def test_no_name_breaks_the_table() -> None:
    """Control characters are escaped, long names are cut."""
    lines = table([Person(2, "Bob\n\x1b[31m", "x" * 500, "")], {})
    assert len(lines) == 2
    assert all(line.isprintable() and len(line) < 120 for line in lines)
