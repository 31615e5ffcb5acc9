"""What the hub says of itself in the log when it has begun to listen: where, by which key, and who may join.

Owns those lines. Must never hold a secret. Called by the service's thread.
"""

import logging

from commonlib.identity import Fingerprint, key_code
from commonlib.meaning import Meaning
from commonlib.printable import printable
from commonlib.wording import LONGEST_NAME_SHOWN
from tcpipserver.config import ServerConfig

event_log = logging.getLogger("tcpipserver.events")


def tell_of_opening(port: int, capacity: int, hub: Fingerprint, config: ServerConfig) -> None:
    """Say it all.

    Args:
        capacity: How many clients there is room for.
        hub: The hub's own fingerprint.
    """
    event_log.log(Meaning.GOOD, "The hub listens on port %d and has room for %d clients.", port, capacity)
    if config.hub_name:
        event_log.log(Meaning.NOTE, "It is called %s.", printable(config.hub_name, LONGEST_NAME_SHOWN))
    if config.is_encrypting:
        event_log.log(
            Meaning.NOTE,
            "Its key is %s: whoever connects for the first time is shown the same, if it is this hub.",
            key_code(hub),
        )
    else:
        event_log.log(Meaning.TROUBLE, "Nothing on this hub is encrypted, and nobody proves who he is.")
    event_log.log(Meaning.NOTE, "%s", config.policy.sentence)
