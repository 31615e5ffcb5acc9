"""Why a newcomer is refused, and why a connection is ended: the numbers that both ends write and read.

Owns the numbers (docs/protocol.md, "M5. Arrival" and "M6. Being there"). Must never hold the sentences that users read.
Pure: any thread.
"""

from enum import IntEnum


class RefusalReason(IntEnum):
    """Refused.reason."""

    NOT_PROVED = 1
    """The proof does not hold: wrong key, another hub's greeting, or one that was tampered with."""
    VERSION = 2
    """The versions have nothing in common."""
    CODE_WRONG = 3
    CODE_NEEDED = 4
    LOCKED_OUT = 5
    """Too many wrong proofs or codes came from this address; `seconds` says for how long."""
    BANNED = 6
    DENIED = 7
    """The operator was asked and said no, or did not answer in time."""
    FULL = 8
    STOPPING = 9


class ClosingReason(IntEnum):
    """Closing.reason."""

    LEAVING = 1
    """A client goes of its own accord."""
    STOPPING = 2
    """The hub stops."""
    KICKED = 3
    """The operator sent the client away; it may come back."""
    BANNED = 4
    """The operator keeps this key out from now on."""
    SILENT = 5
    """Nothing came for too long."""
    PROTOCOL = 6
    """What came could not be understood."""
