"""Texts that a peer chose, made safe to show on one line of a log, a terminal or a list.

Owns the one function that does so. Must never be used for what is stored or sent: it loses characters.
Pure: any thread.
"""

import unicodedata

_UNSAFE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
ELLIPSIS = "…"


def printable(text: str, limit: int = 200) -> str:
    """The text with control, formatting and unassigned characters written as escapes, cut to `limit` (1 or more).

    An escape sequence cannot reach a terminal, a line break cannot forge a second log line, and a change of writing
    direction cannot turn a name round.
    """
    shown = "".join(
        character
        if unicodedata.category(character) not in _UNSAFE_CATEGORIES
        else character.encode("unicode_escape").decode("ascii")
        for character in text[: limit + 1]
    )
    return shown if len(shown) <= limit else shown[: limit - 1] + ELLIPSIS
