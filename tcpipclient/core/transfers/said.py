"""What two clients say to each other about batches, by the hub, as a session hands it on.

Owns the value. Must never hold a rule. Pure: any thread.
"""

from commonlib.values import dataclass
from commonlib.wire.way_messages import FilesAnswered, FilesCancelled, FilesOffered, WayOpened, WayRefused, WayWanted

SaidToOthers = FilesOffered | FilesAnswered | FilesCancelled | WayWanted
"""What clients say to each other (docs/protocol.md, "M10. The way")."""

TransferMessage = SaidToOthers | WayOpened | WayRefused
"""And what the hub says besides."""


@dataclass(frozen=True, slots=True)
class SaidOfFiles:
    """Somebody has said something about a batch: no event for users, but for the book of batches, which judges it.

    Attributes:
        sender: His id; 0 is the hub.
    """

    sender: int
    message: TransferMessage
