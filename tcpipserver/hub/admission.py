"""Who may join: the operator's policy, and what it means for one who has proved his key.

Owns the policy and the verdict. Must never know the join code itself, nor ask anybody. Pure: values go anywhere, the
verdict is made by the dispatcher thread.
"""

from dataclasses import dataclass
from enum import Enum

from commonlib.wire.greeting import Door
from tcpipserver.hub.effects import Refused


class Joining(Enum):
    """What is asked of a key that has not been admitted yet."""

    OPEN = "open"
    CODE = "code"
    APPROVAL = "approval"


WHO_MAY_JOIN = {
    Joining.OPEN: "everybody who reaches the hub",
    Joining.CODE: "whoever knows the join code",
    Joining.APPROVAL: "whoever you let in, one by one",
}
"""As the window and the operator's command line call them."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Who may join.

    Attributes:
        joining: What is asked of new keys.
        takes_classic: Whether clients of the classic wire are taken in, as long as joining is open: they can prove
            nothing.
    """

    joining: Joining = Joining.OPEN
    takes_classic: bool = True

    @property
    def admits_classic(self) -> bool:
        """Whether a client of the classic wire is taken in now."""
        return self.takes_classic and self.joining is Joining.OPEN

    @property
    def sentence(self) -> str:
        """Who may join, said plainly."""
        match self.joining:
            case Joining.CODE:
                return "Whoever knows the join code may join; clients without encryption are refused."
            case Joining.APPROVAL:
                return "Whoever the operator approves may join; clients without encryption are refused."
        if self.takes_classic:
            return "Everybody who reaches the hub may join, clients without encryption too."
        return "Everybody who reaches the hub may join; clients without encryption are refused."

    @property
    def door(self) -> Door:
        """What the greeting says of it."""
        return (
            (Door.TAKES_CLASSIC if self.admits_classic else Door(0))
            | (Door.ASKS_FOR_CODE if self.joining is Joining.CODE else Door(0))
            | (Door.ASKS_OPERATOR if self.joining is Joining.APPROVAL else Door(0))
        )


AT_FIRST = Policy()
"""As long as the operator has chosen nothing else."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be done with one who has just proved his key.

    Attributes:
        refusal: Why he is not taken in; None where he may be.
        asks_code: He has to show first that he knows the join code.
        passes_lock_out: He is taken in though his address is locked out: he has been admitted before.
    """

    refusal: Refused | None = None
    asks_code: bool = False
    passes_lock_out: bool = False
