"""Texts made fit to be shown, and the links in them."""

import pytest

from tcpipclient.gui.presenter_links import LONGEST_SHOWN, MOST_LINKS, links_in, shown_lines


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("see https://example.org/a?b=c#d.", ["https://example.org/a?b=c#d"]),
        ("(http://example.org/wiki/A_(b))!", ["http://example.org/wiki/A_(b)"]),
        ("www.example.org, mailto:ann@example.org", ["https://www.example.org", "mailto:ann@example.org"]),
        ('<HTTPS://Example.org> "http://b.org"', ["HTTPS://Example.org", "http://b.org"]),
        ("file:///etc/passwd javascript:alert(1) ftp://x smb://y", []),
        ("https:// www. mailto:. http://", []),
        ("https://??? ann@www.example.org", []),
    ],
)
def test_web_and_mail_addresses_are_links(text: str, urls: list[str]) -> None:
    """Without the punctuation of the sentence; nothing else is one."""
    found = links_in(text)
    assert [link.url for link in found] == urls
    assert all(text[link.start : link.end] in link.url for link in found)


def test_only_so_many_links_are_found() -> None:
    """A text may be made of nothing else."""
    assert len(links_in("http://a.b " * 1000)) == MOST_LINKS


def test_a_text_is_shown_in_its_lines() -> None:
    """Line breaks of every system, tabs as spaces, nothing that turns or hides what follows."""
    assert shown_lines("a\r\nb\rc\n\td") == "a\nb\nc\n    d"
    assert shown_lines("x\x1b[2J\u202ey 😀") == "x\\x1b[2J\\u202ey 😀"


def test_of_a_very_long_text_the_beginning_is_shown() -> None:
    """And how much is not."""
    shown = shown_lines("x" * (LONGEST_SHOWN + 1234))
    assert shown.endswith("x… (1,234 more characters)")
    assert shown_lines("x" * LONGEST_SHOWN) == "x" * LONGEST_SHOWN
