"""A message's text made fit to be shown: its lines, and the links in it.

Owns what counts as a link (web and mail addresses, nothing that could start a program) and what is shown of a very
long text. Must never open one. Pure: any thread.
"""

import re

from commonlib.printable import ELLIPSIS, printable
from tcpipclient.gui.shown import Link

LONGEST_SHOWN = 20_000
"""Characters of a message that are shown; the toolkit would stall on a million."""
MOST_LINKS = 100
_TAB_WIDTH = 4
_LONGEST_ESCAPE = len("\\U0001f600")
_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_ADDRESS = re.compile(r"(?<![\w.@/])(?:https?://|www\.|mailto:)[^\s<>\"“”«»]{2,2000}", re.IGNORECASE)
_CLOSING = {")": "(", "]": "[", "}": "{"}


def shown_lines(text: str) -> str:
    """A peer's text, printable, with its line breaks as line feeds; what is too long to show is counted."""
    shown = "\n".join(_shown_line(line.expandtabs(_TAB_WIDTH)) for line in _LINE_BREAK.split(text[:LONGEST_SHOWN]))
    hidden = len(text) - LONGEST_SHOWN
    return f"{shown}{ELLIPSIS} ({hidden:,} more characters)" if hidden > 0 else shown


def links_in(text: str) -> tuple[Link, ...]:
    """The links in a text, in their order; punctuation behind one belongs to the sentence."""
    found = []
    for match in _ADDRESS.finditer(text):
        address = _without_punctuation(match.group())
        if address.lower() in ("https://", "http://", "www.", "mailto:"):
            continue
        url = f"https://{address}" if address.lower().startswith("www.") else address
        found.append(Link(match.start(), match.start() + len(address), url))
        if len(found) == MOST_LINKS:
            break
    return tuple(found)


def _shown_line(line: str) -> str:
    return line if line.isprintable() else printable(line, len(line) * _LONGEST_ESCAPE)


def _without_punctuation(address: str) -> str:
    # The pattern begins with a letter, so something is always left.
    while True:
        last = address[-1]
        opening = _CLOSING.get(last)
        unopened = opening is not None and address.count(opening) < address.count(last)
        if last not in ".,;:!?'*_" and not unopened:
            return address
        address = address[:-1]
