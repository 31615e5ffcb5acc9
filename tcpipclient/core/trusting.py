"""Whether a hub is trusted: the rules, without the store and without the question.

Owns who is trusted at first sight, what counts as a changed hub, and when a connection may be in the clear. Must never
remember anything, nor let a flag make a known hub's address unencrypted. Pure: any thread.
"""

from collections.abc import Callable
from enum import Enum, StrEnum

from commonlib.identity import Fingerprint, key_code
from commonlib.values import dataclass


@dataclass(frozen=True, slots=True)
class HubIdentity:
    """Who answers at an address, by his key: known before anything is told to him.

    Attributes:
        host, port: Where, as it was typed.
        fingerprint: Of his key, 32 bytes.
    """

    host: str
    port: int
    fingerprint: Fingerprint

    @property
    def key_code(self) -> str:
        """Five words and six digits: to be compared with those that the hub shows."""
        return key_code(self.fingerprint)


class Trust(StrEnum):
    """Which hubs are trusted, besides those that were before."""

    KNOWN = "known"
    """No others: UnknownHubError tells who answered."""
    FIRST_USE = "first use"
    """Whoever answers first at an address; from then on nobody else there."""


TrustRule = Trust | Fingerprint | Callable[[HubIdentity], bool]
"""A rule, the fingerprint of the one hub that is wanted, or a function that asks the user, on the connecting thread."""


class Verdict(Enum):
    """What to do about a hub that has shown its key."""

    TRUSTED = "trusted"
    PIN = "pin"
    """Trusted from now on."""
    UNKNOWN = "unknown"
    """Nobody has said yet that it is trusted."""
    CHANGED = "changed"
    """It is not the one that is wanted."""


def wanted_hub(pinned: Fingerprint | None, rule: TrustRule) -> Fingerprint | None:
    """The one hub that may answer; None where it may be any that is trusted.

    A fingerprint that the user gives now counts more than the one that was remembered: so he says that a hub has a new
    key.
    """
    return Fingerprint(rule) if isinstance(rule, bytes) else pinned


def judge(found: Fingerprint, *, pinned: Fingerprint | None, is_known_elsewhere: bool, rule: TrustRule) -> Verdict:
    """What to do about the key that a hub has shown.

    Args:
        pinned: What was trusted at this address.
        is_known_elsewhere: Whether the same key was trusted at another address: it is the same hub.
    """
    wanted = wanted_hub(pinned, rule)
    if wanted is not None:
        if found != wanted:
            return Verdict.CHANGED
        return Verdict.TRUSTED if found == pinned else Verdict.PIN
    return Verdict.PIN if is_known_elsewhere or rule is Trust.FIRST_USE else Verdict.UNKNOWN


def may_be_unencrypted(pinned: Fingerprint | None, rule: TrustRule, *, is_allowed: bool) -> bool:
    """Whether to speak to a hub that does not encrypt: never where one with a key is wanted, whatever is allowed."""
    return is_allowed and wanted_hub(pinned, rule) is None
