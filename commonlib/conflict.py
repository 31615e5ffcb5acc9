"""What happens to an arriving file when one of its name is there: the user's choice.

Owns the names of the choices; settings and commands hold them as they stand here. Must never act on one: the folder for
downloads does. Pure: any thread.
"""

from enum import StrEnum


class Conflict(StrEnum):
    """What happens to an arriving file when one of its name is there."""

    RENAME = "rename"
    """Both are kept; the new one becomes `name (2).txt`."""
    SKIP = "skip"
    """The one that is there is kept, the arriving one is not."""
    REPLACE = "replace"
    """The arriving one takes the place of a file or a link; beside a folder it is renamed."""
    NEWEST = "newest"
    """As replace when the sent modification time is newer, as skip when it is not, as rename when there is none."""
