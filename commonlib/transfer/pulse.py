"""Signs of life of one connection that carries a transfer.

Owns the two times of docs/protocol.md, "M9. Files". Must never read a clock: ticks bring the time. Pure; a Pulse
belongs to one machine.
"""

PING_SECONDS = 10.0
"""Who has sent nothing for so long sends a Ping."""
SILENCE_SECONDS = 30.0
"""Who has heard nothing for so long gives up the connection."""


class Pulse:
    """Counts quiet time by ticks; hearing and sending cost no look at a clock."""

    __slots__ = ("_heard", "_heard_at", "_sent", "_sent_at")

    def __init__(self) -> None:
        self._heard = self._sent = True
        self._heard_at = self._sent_at = 0.0

    def hear(self) -> None:
        """Something came."""
        self._heard = True

    def send(self) -> None:
        """Something goes out."""
        self._sent = True

    def is_ping_due(self, now: float) -> bool:
        """Whether nothing went out for too long; `now` is monotonic, in seconds."""
        if self._sent:
            self._sent = False
            self._sent_at = now
        return now - self._sent_at >= PING_SECONDS

    def is_silent(self, now: float) -> bool:
        """Whether nothing came for too long; `now` is monotonic, in seconds."""
        if self._heard:
            self._heard = False
            self._heard_at = now
        return now - self._heard_at >= SILENCE_SECONDS
