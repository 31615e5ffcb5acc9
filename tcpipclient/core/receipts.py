"""Which of our texts have not been confirmed, and what a receipt confirms (docs/protocol.md, "Text").

Owns the waiting texts of each recipient. On the classic wire a receipt names its sender and no text, so it confirms the
oldest one that waits for him. Must never hold a text itself. Pure: used under the session's lock.
"""

from collections import deque

MOST_WAITING = 1000
"""Texts that may wait for one recipient: his program may be one that never confirms any."""


class Receipts:
    """Numbers of texts, by recipient, the oldest first."""

    def __init__(self, most_waiting: int = MOST_WAITING) -> None:
        self._most_waiting = most_waiting
        self._waiting: dict[int, deque[int]] = {}

    def expect(self, recipient: int, text: int) -> int | None:
        """A text goes out; returns the number of the one that is not waited for any more because of it, if any."""
        waiting = self._waiting.setdefault(recipient, deque())
        waiting.append(text)
        return waiting.popleft() if len(waiting) > self._most_waiting else None

    def maybe_confirm(self, recipient: int, number: int = 0) -> int | None:
        """A receipt came from him; returns the number of the text it is for, None where he owes none.

        Args:
            number: Of the text, where the receipt says it; 0 means the oldest.
        """
        waiting = self._waiting.get(recipient)
        if not waiting or (number and number not in waiting):
            return None
        text = number or waiting[0]
        waiting.remove(text)
        if not waiting:
            del self._waiting[recipient]
        return text

    def forget(self, recipient: int) -> list[int]:
        """He has left; returns the numbers of the texts that he will not confirm."""
        return list(self._waiting.pop(recipient, ()))

    def forget_all(self) -> list[tuple[int, int]]:
        """Nobody will confirm anything any more; returns recipient and number of all that waited."""
        lost = [(recipient, text) for recipient, texts in self._waiting.items() for text in texts]
        self._waiting.clear()
        return lost
