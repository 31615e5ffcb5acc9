"""Why the hub has ended a connection or let us not in: its numbers and words, made sentences for the user.

Owns these sentences. What an operator wrote is hostile like all that comes from a hub: it is clamped and made
printable. Must never decide anything. Pure: any thread.
"""

from commonlib.printable import printable
from commonlib.wire.messages import Closing, Refused
from commonlib.wire.reasons import ClosingReason, RefusalReason
from commonlib.wire.schema import LONGEST_REASON
from commonlib.wording import shown_duration
from tcpipclient.core.events import Loss
from tcpipclient.core.exceptions import ConnectError, HubStoppingError, JoinCodeNeededError, TurnedAwayError

_CLOSINGS = {
    ClosingReason.STOPPING: (Loss.HUB_EXITED, "The hub was stopped{}. Connect again when it is back."),
    ClosingReason.KICKED: (Loss.KICKED, "The hub's operator has sent you away{}. You may connect again."),
    ClosingReason.BANNED: (
        Loss.BANNED,
        "The hub's operator has banned you{}. Talk to whoever runs the hub if you think that this is a mistake.",
    ),
    ClosingReason.SILENT: (
        Loss.SILENT,
        "The hub heard nothing of this computer for too long{}. Check the network, and connect again.",
    ),
    ClosingReason.PROTOCOL: (
        Loss.NOT_UNDERSTOOD,
        "The hub did not understand what this program sent{}. Connect again; if it stays so, one of both is too old.",
    ),
}
_REFUSALS = {
    RefusalReason.NOT_PROVED: "your key's proof did not hold{}. Something between may change what is sent; try again.",
    RefusalReason.VERSION: "its program and yours have no version in common{}. Update the older one.",
    RefusalReason.CODE_WRONG: "the join code is not the right one{}. Ask whoever runs the hub for it.",
    RefusalReason.CODE_NEEDED: "it asks for a join code{}. Whoever runs the hub can give it to you.",
    RefusalReason.LOCKED_OUT: "there were too many failed tries from this address{}. Wait before you try again.",
    RefusalReason.BANNED: "its operator has banned you{}. Talk to whoever runs it if you think that this is a mistake.",
    RefusalReason.DENIED: "its operator was asked and has not said yes{}. Talk to whoever runs it.",
    RefusalReason.FULL: "there is no room{}. Try again later.",
}
_REFUSED_OTHERWISE = "it gives no reason that this program knows{}. Ask whoever runs it."
_ABOUT_THE_CODE = (RefusalReason.CODE_WRONG, RefusalReason.CODE_NEEDED)
_OTHER = (Loss.CLOSED, "The hub has ended the connection{}. Connect again when you like.")


def loss_of(closing: Closing) -> tuple[Loss, str]:
    """What kind of end it is, and the sentence for it."""
    # A number that is none of ours is from a newer version.
    loss, sentence = _CLOSINGS.get(closing.reason, _OTHER)  # type: ignore[call-overload]
    return loss, sentence.format(quoted(closing.text))


def quoted(text: str) -> str:
    """What a hub says as the continuation of a sentence, ` ("…")`; empty where it says nothing."""
    shown = printable(text, LONGEST_REASON).strip()
    return f' ("{shown}")' if shown else ""


def refusal_error(host: str, port: int, refused: Refused, *, code_was_given: bool) -> ConnectError:
    """What is raised where the hub does not take us in."""
    if refused.reason == RefusalReason.STOPPING:
        return HubStoppingError(host, port)
    sentence = _REFUSALS.get(refused.reason, _REFUSED_OTHERWISE)  # type: ignore[call-overload]
    sentence = sentence.format(quoted(refused.text))
    if refused.reason in _ABOUT_THE_CODE:
        return JoinCodeNeededError(host, port, refused.reason, sentence, was_given=code_was_given)
    if refused.reason == RefusalReason.LOCKED_OUT and code_was_given:
        sentence += " Look at the join code before."
    if refused.seconds:
        sentence += f" Another try has a chance in {shown_duration(refused.seconds)}."
    return TurnedAwayError(host, port, refused.reason, sentence, refused.seconds)
