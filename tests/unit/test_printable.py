"""printable: what a peer wrote cannot do anything to the line on which it is shown."""

import pytest

from commonlib.printable import printable


@pytest.mark.parametrize("text", ["", "Bob", "Größe 写真 😀", "a b\xa0c", "back\\slash", "'quoted' \"text\""])
def test_ordinary_text_is_shown_as_it_is(text: str) -> None:
    """Letters of all scripts, symbols, spaces and punctuation stay."""
    assert printable(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[31mred", "a\\x1b[31mred"),
        ("one\ntwo\r\n", "one\\ntwo\\r\\n"),
        ("tab\there", "tab\\there"),
        ("nul\0", "nul\\x00"),
        ("\x9b31m", "\\x9b31m"),
        ("line\u2028\u2029", "line\\u2028\\u2029"),
        ("\u202egnp.exe", "\\u202egnp.exe"),
        ("zero\u200bwidth", "zero\\u200bwidth"),
        ("\ud800", "\\ud800"),
        ("\ue000", "\\ue000"),
        ("\U000e0041", "\\U000e0041"),
        ("\u0378", "\\u0378"),
    ],
)
def test_what_could_act_on_the_line_is_shown_as_an_escape(text: str, shown: str) -> None:
    """Terminal sequences, line breaks, changes of direction, invisible and meaningless characters."""
    assert printable(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [("x" * 5, "xxxxx"), ("x" * 6, "xxxx…"), ("x" * 100_000, "xxxx…"), ("x\n\n", "x\\n\\n"), ("x\n\n\n", "x\\n\\…")],
)
def test_a_long_text_is_cut_with_a_mark(text: str, shown: str) -> None:
    """Five characters at most, escapes included; what was cut shows."""
    assert printable(text, limit=5) == shown


def test_a_limit_of_one_leaves_the_mark() -> None:
    """The smallest limit."""
    assert printable("xy", limit=1) == "…"
    assert printable("x", limit=1) == "x"


def test_a_text_is_cut_at_200_unless_told() -> None:
    """The default is one line of a log."""
    assert printable("x" * 200) == "x" * 200
    assert printable("x" * 201) == "x" * 199 + "…"
