"""What was typed, and what to know before it is sent."""

import pytest

from tcpipclient.gui.presenter_composer import Composer, maybe_numbers, typed_text, uncarried
from tests.support.recording_client_view import RecordingView


@pytest.mark.parametrize(
    ("typed", "sent"), [("a\n", "a"), ("a\r\nb", "a\nb"), (" \n\t", ""), ("", ""), ("  a", "  a"), ("\na", "\na")]
)
def test_line_breaks_at_the_end_are_not_sent(typed: str, sent: str) -> None:
    """Nor a text of nothing but space."""
    assert typed_text(typed) == sent


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        (("", ""), (0, 0)),
        ((" +5 ", "-2147483648"), (5, -(2**31))),
        (("2147483647", "007"), (2**31 - 1, 7)),
        (("2147483648", ""), None),
        (("1e3", ""), None),
        (("", "9" * 5000), None),
    ],
)
def test_the_two_numbers_are_read(typed: tuple[str, str], numbers: tuple[int, int] | None) -> None:
    """Signed, 32 bits; an empty field is 0."""
    assert maybe_numbers(typed) == numbers


@pytest.mark.parametrize(
    ("text", "lacking"),
    [
        ("plain", []),
        ("Zoë – “é” € ?", []),
        ("Zoe\u0308", []),
        ("a😀b😀ł", ["😀", "ł"]),
        ("日本", ["日", "本"]),
    ],
)
def test_what_the_code_page_lacks_is_found(text: str, lacking: list[str]) -> None:
    """Each once; accents that stand apart are joined first, as on their way out."""
    assert uncarried(text) == lacking


def shown_warning(draft: str) -> str:
    """The warning below the composer."""
    view = RecordingView()
    Composer(view).show(draft, is_connected=True, is_chosen=True, is_anybody=True, is_server=False)
    assert view.composer is not None
    return view.composer.warning


def test_a_warning_names_only_so_many_characters() -> None:
    """And none that cannot be seen."""
    assert shown_warning("日月火水木金土山川").startswith("This hub's wire cannot carry 日 月 火 水 木 金 土 山 …: ")
    assert shown_warning("❤\ufe0f") == 'This hub\'s wire cannot carry ❤: others get "?" in its place.'
    assert shown_warning("a\u200db") == ""
