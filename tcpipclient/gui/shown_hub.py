"""The values that the client's window shows about keys: the lock, what a hub makes the user decide, and key codes.

Every text in them is fit to be shown. Owns no behaviour: presenters make them, and a window must never change, parse or
decide upon them. Pure: they may go to any thread. The calls that take them are in view.py.
"""

from enum import StrEnum

from commonlib.values import dataclass


class Lock(StrEnum):
    """Whether something is encrypted; there are always words beside the sign."""

    NONE = "none"
    """There is no connection."""
    CLOSED = "closed"
    OPEN = "open"
    """In the clear: whoever watches the network can read along, and nobody proves who he is."""


@dataclass(frozen=True, slots=True)
class LockShown:
    """The lock of the connection, which stands there as long as the connection does.

    Attributes:
        words: "Encrypted 482 193", the digits of the hub's code, "NOT ENCRYPTED"; empty where there is no connection.
    """

    lock: Lock
    words: str


@dataclass(frozen=True, slots=True)
class KeyCode:
    """A key code as it is read out and compared.

    Attributes:
        words: Five words with spaces between them.
        digits: Six digits, "482 193"; empty where the user has to read them elsewhere.
    """

    words: str
    digits: str


@dataclass(frozen=True, slots=True)
class IdentityShown:
    """Whose key it is, and its code in big letters.

    Attributes:
        code: None where there is no key.
        copied: What the Copy button copies; empty where there is nothing to copy.
        forget: Label of the button that has the hub forgotten, `forget_hub_clicked`; empty where it is no hub.
    """

    heading: str
    text: str
    code: KeyCode | None
    copied: str
    forget: str = ""


class HubQuestionKind(StrEnum):
    """What a hub makes the user decide."""

    TRUST = "trust"
    """Whether a hub that was never seen before is the right one."""
    CHANGED = "changed"
    """Who answers is not the hub that was trusted: a page that cannot be clicked away by habit."""
    UNENCRYPTED = "unencrypted"
    """Whether to speak in the clear."""
    JOIN_CODE = "join code"


@dataclass(frozen=True, slots=True)
class HubQuestion:
    """What the user has to decide before the hub takes us in; answered by `hub_answered(number, …)`.

    Shown a second time under the same number it is the same question, of which something is different now; what the
    user has typed stays. "No" is what Escape means, and Enter where nothing is to be typed.

    Attributes:
        text: What has happened.
        code: To be compared; None where there is none.
        advice: Below the code: what to do.
        entry: Label of the field to type in; empty where there is nothing to type.
        problem: What was wrong with what was typed; empty while nothing is.
        yes: Label of the button that goes on; empty where nobody may go on.
        no: Label of the button that does not connect.
        is_yes_enabled: Whether the first can be pressed now.
    """

    number: int
    kind: HubQuestionKind
    heading: str
    text: str
    code: KeyCode | None
    advice: str
    entry: str
    problem: str
    yes: str
    no: str
    is_yes_enabled: bool = True
