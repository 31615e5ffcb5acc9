"""What the hub says of itself in the log when it has begun to listen: where, by which key, and who may join.

Owns those lines. Must never hold a secret. Called by the service's thread.
"""

import logging

from commonlib.identity import Fingerprint, key_code
from commonlib.meaning import Meaning
from tcpipserver.config import ServerConfig
from tcpipserver.hub.admission import Joining, Policy

event_log = logging.getLogger("tcpipserver.events")

_WHO = {
    Joining.OPEN: "Everybody who reaches this port may join.",
    Joining.CODE: "Whoever comes for the first time has to know the join code.",
    Joining.APPROVAL: "Whoever comes for the first time waits until the operator lets him in.",
}


def tell_of_opening(port: int, capacity: int, hub: Fingerprint, config: ServerConfig) -> None:
    """Say it all.

    Args:
        capacity: How many clients there is room for.
        hub: The hub's own fingerprint.
    """
    event_log.log(Meaning.GOOD, "The hub listens on port %d and has room for %d clients.", port, capacity)
    if config.is_encrypting:
        event_log.log(
            Meaning.NOTE,
            "Its key is %s: whoever connects for the first time is shown the same, if it is this hub.",
            key_code(hub),
        )
    else:
        event_log.log(Meaning.TROUBLE, "Nothing on this hub is encrypted, and nobody proves who he is.")
    tell_of_policy(config.policy)


def tell_of_policy(policy: Policy) -> None:
    """Say who may join from now on."""
    event_log.log(Meaning.NOTE, "%s", policy_sentence(policy))


def policy_sentence(policy: Policy) -> str:
    """Who may join, for the log."""
    classic = (
        "Original clients, which are not encrypted and prove nothing, are taken in, too."
        if policy.admits_classic
        else "Original clients are refused, since they can prove nothing."
    )
    return f"{_WHO[policy.joining]} {classic}"
