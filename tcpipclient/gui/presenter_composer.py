"""The composer: whether something can be sent, what to know before it is, and what was typed.

Owns the words below the composer and the reading of its fields. Must never send. Pure: the Tk thread's.
"""

import re
import unicodedata

from commonlib.classic.codepage import decode_text, encode_text
from tcpipclient.gui.shown import ComposerShown
from tcpipclient.gui.view import ConversationView

MOST_UNCARRIED_SHOWN = 8
_LOOKED_AT = 20_000
_NUMBER = re.compile(r"[+-]?\d{1,10}", re.ASCII)
_SMALLEST, _LARGEST = -(2**31), 2**31 - 1


class Composer:
    """What is shown of one composer; the same is not shown twice."""

    def __init__(self, view: ConversationView) -> None:
        self._view = view
        self._shown: ComposerShown | None = None

    def show(self, draft: str, *, is_connected: bool, is_chosen: bool, is_anybody: bool, is_server: bool) -> None:
        """Show what can be done.

        Args:
            is_chosen: Whether a conversation is open.
            is_anybody: Whether anybody of it is there.
        """
        can_send = is_connected and is_anybody
        if not is_connected:
            hint = "Connect first: nothing can be sent now."
        elif not is_chosen:
            hint = "Select somebody first."
        elif not is_anybody:
            hint = "Nobody of this conversation is there any more: what you write stays here."
        else:
            hint = "Enter sends, Shift+Enter makes a new line."
        shown = ComposerShown(can_send, can_send and not is_server, hint, _warning(draft))
        if shown != self._shown:
            self._shown = shown
            self._view.show_composer(shown)


def typed_text(text: str) -> str:
    """What is sent of what was typed: without line breaks at its end; empty where there is nothing but space."""
    return text.replace("\r\n", "\n").rstrip("\n") if text.strip() else ""


def maybe_numbers(typed: tuple[str, str]) -> tuple[int, int] | None:
    """The two numbers of a text to the server, 0 for an empty field; None where they are none, or too large."""
    found = []
    for text in typed:
        text = text.strip() or "0"
        if not _NUMBER.fullmatch(text) or not _SMALLEST <= int(text) <= _LARGEST:
            return None
        found.append(int(text))
    return found[0], found[1]


def uncarried(text: str) -> list[str]:
    """The characters of a text that code page 1252 lacks, each once: others get `?` in their place."""
    joined = unicodedata.normalize("NFC", text[:_LOOKED_AT])
    if decode_text(encode_text(joined)) == joined:
        return []
    return [character for character in dict.fromkeys(joined) if decode_text(encode_text(character)) != character]


def _warning(draft: str) -> str:
    lacking = [character for character in uncarried(draft) if character.isprintable() and not _is_mark(character)]
    if not lacking:
        return ""
    some = " ".join(lacking[:MOST_UNCARRIED_SHOWN]) + (" …" if len(lacking) > MOST_UNCARRIED_SHOWN else "")
    return f'This hub\'s wire cannot carry {some}: others get "?" in its place.'


def _is_mark(character: str) -> bool:
    return unicodedata.category(character).startswith("M")
