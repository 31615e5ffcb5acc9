"""By which ways the user lets the bytes of files go between two clients.

Owns the choice. Must never know how a way is made. Pure: any thread.
"""

from enum import StrEnum


class WayRule(StrEnum):
    """Which ways may be tried."""

    AUTO = "auto"
    """From computer to computer where that can be, else through the hub."""
    DIRECT = "direct"
    """From computer to computer, or not at all."""
    HUB = "hub"
    """Through the hub, even where there is a shorter way."""
