"""Reasons of pumps and of other ends, put into the sentences that users are told.

Owns their form. Must never make a peer's text harmless: that is done where it enters. Pure: any thread.
"""


def because(why: str) -> str:
    """What the other end's user gave as a reason, to be put behind a clause; nothing where he gave none."""
    return f": {why}" if why else ""


def sentence(why: str) -> str:
    """A reason that may be but a clause, as a sentence."""
    return why[:1].upper() + why[1:] + ("" if why.endswith((".", "!", "?")) else ".")
