"""What a hub makes the user decide before it takes us in: trust, a changed key, no encryption, a join code.

Owns the question that is open, and the answers for the hub that is being connected to. Must never trust by itself, nor
let a changed key be trusted by anybody who has not looked at the hub's own window. Pure: the Tk thread's; times are
monotonic seconds.
"""

from enum import Enum
from itertools import count

from commonlib.identity import Fingerprint
from commonlib.values import replace
from commonlib.wire.reasons import RefusalReason
from tcpipclient.core.exceptions import (
    ConnectError,
    HubChangedError,
    TurnedAwayError,
    UnencryptedHubError,
    UnknownHubError,
)
from tcpipclient.gui.model import Answers
from tcpipclient.gui.presenter_keys import code_of, whole_code
from tcpipclient.gui.shown_hub import HubQuestion, HubQuestionKind, KeyCode
from tcpipclient.gui.view import HubView

DO_NOT_CONNECT = "Do not connect"
_DIGITS = 6
_ABOUT_THE_CODE = (RefusalReason.CODE_NEEDED, RefusalReason.CODE_WRONG)


class Decision(Enum):
    """What an answer means for the connection."""

    GO_ON = "go on"
    """Connect with what was answered."""
    GIVE_UP = "give up"
    ASK_ON = "ask on"
    """The question stays, or was not the one that is open."""


class ArrivalPresenter:
    """The questions of one window, one at a time.

    Attributes:
        answers: What the user has said about this hub so far; the next try is made with it.
    """

    def __init__(self, view: HubView) -> None:
        self.answers = Answers()
        self._view = view
        self._numbers = count(1)
        self._question: HubQuestion | None = None
        self._found: Fingerprint | None = None
        self._wanted: Fingerprint | None = None
        self._locked_until = 0.0

    def begin(self) -> None:
        """The user wants to be connected: to a hub about which he has said nothing yet."""
        self.answers = Answers()
        self._close()

    def is_asked(self, cause: ConnectError | None, now: float) -> bool:
        """Why a try led to nothing: ask the user, where he can decide something; returns whether he was asked."""
        match cause:
            case UnknownHubError(hub=hub):
                self._found = hub.fingerprint
                self._ask(_trust_question(cause.place, hub.fingerprint))
            case HubChangedError(wanted=wanted, found=found):
                self._found, self._wanted = found, wanted
                self._ask(_changed_question(cause.place, wanted, found))
            case UnencryptedHubError():
                self._ask(_unencrypted_question(cause.place))
            case TurnedAwayError(reason=reason) if reason in _ABOUT_THE_CODE:
                self._ask_code(cause.place, "That is not the join code: look at it again." if self._has_code else "")
            case TurnedAwayError(reason=RefusalReason.LOCKED_OUT, seconds=seconds) if self._has_code:
                self._locked_until = now + seconds
                self._ask_code(cause.place, "")
                self.ticked(now)
            case _:
                return False
        return True

    def answered(self, number: int, typed: str, now: float, *, yes: bool) -> Decision:
        """The user's answer, with what he has typed."""
        question = self._question
        if question is None or number != question.number:
            return Decision.ASK_ON
        if not yes:
            self._close()
            return Decision.GIVE_UP
        if not question.yes:
            return Decision.ASK_ON
        problem = self._problem_with(question, typed, now)
        if problem:
            self._show(replace(question, problem=problem))
            return Decision.ASK_ON
        self._take(question.kind, typed)
        self._close()
        return Decision.GO_ON

    def ticked(self, now: float) -> None:
        """Time has passed: count down until another join code may be tried."""
        question = self._question
        if question is None or not self._locked_until:
            return
        seconds = self._locked_until - now
        if seconds > 0:
            problem = f"Too many wrong codes: another one can be tried in {int(seconds + 0.999)} s."
            shown = replace(question, problem=problem, is_yes_enabled=False)
        else:
            self._locked_until = 0.0
            shown = replace(question, problem="Another code can be tried now.", is_yes_enabled=True)
        if shown != question:
            self._show(shown)

    def withdraw(self) -> None:
        """Nobody wants to know any more."""
        self._close()

    @property
    def _has_code(self) -> bool:
        return bool(self.answers.join_code)

    def _problem_with(self, question: HubQuestion, typed: str, now: float) -> str:
        """What is wrong with what was typed; empty where it will do."""
        match question.kind:
            case HubQuestionKind.CHANGED:
                return self._problem_with_digits(typed)
            case HubQuestionKind.JOIN_CODE if now < self._locked_until:
                return question.problem
            case HubQuestionKind.JOIN_CODE if not typed.strip():
                return "Type the join code first."
            case _:
                return ""

    def _problem_with_digits(self, typed: str) -> str:
        """Only the six digits of the new key will do, and never those of the old one: they prove nothing new."""
        assert self._found is not None
        assert self._wanted is not None
        digits = "".join(character for character in typed if character.isdecimal() and character.isascii())
        if len(digits) != _DIGITS:
            return "Type the six digits that stand below the words in the hub's window."
        if digits == _digits(self._wanted):
            return (
                "These are the digits of the key that you trusted before. So the hub has not changed, and what answers "
                "here is not the hub: do not connect."
            )
        if digits != _digits(self._found):
            return "These are not the digits of what answers here, so it is not the hub: do not connect."
        return ""

    def _take(self, kind: HubQuestionKind, typed: str) -> None:
        match kind:
            case HubQuestionKind.UNENCRYPTED:
                self.answers = replace(self.answers, allow_unencrypted=True)
            case HubQuestionKind.JOIN_CODE:
                self.answers = replace(self.answers, join_code=typed.strip())
            case _:
                self.answers = replace(self.answers, trust=self._found)

    def _ask_code(self, place: str, problem: str) -> None:
        self._ask(
            HubQuestion(
                0,
                HubQuestionKind.JOIN_CODE,
                "This hub asks for a join code",
                f"Whoever comes to {place} for the first time has to know its join code.",
                None,
                "Whoever runs the hub can give it to you. It is asked for once.",
                "Join code",
                problem,
                "Join",
                DO_NOT_CONNECT,
            )
        )

    def _ask(self, question: HubQuestion) -> None:
        self._show(replace(question, number=next(self._numbers)))

    def _show(self, question: HubQuestion) -> None:
        self._question = question
        self._view.ask_hub(question)

    def _close(self) -> None:
        self._locked_until = 0.0
        if self._question is not None:
            self._question = None
            self._view.close_hub_question()


def _digits(key: Fingerprint) -> str:
    return code_of(key).digits.replace(" ", "")


def _trust_question(place: str, found: Fingerprint) -> HubQuestion:
    return HubQuestion(
        0,
        HubQuestionKind.TRUST,
        "Is this the right hub?",
        f"You connect to {place} for the first time. What answers there shows this key code:",
        code_of(found),
        "Compare it with the code in the hub's own window, or have whoever runs the hub read it out to you. Trust the "
        "hub only if all of it is the same. You are not asked again as long as it stays the same.",
        "",
        "",
        "It is the same: trust this hub",
        DO_NOT_CONNECT,
    )


def _changed_question(place: str, wanted: Fingerprint, found: Fingerprint | None) -> HubQuestion:
    heading = "This is not the hub that you trust"
    if found is None:
        return HubQuestion(
            0,
            HubQuestionKind.CHANGED,
            heading,
            f"What answers at {place} does not encrypt at all. The hub that you trusted there does; its key code is "
            f"{whole_code(wanted)}. Somebody may stand between you and the hub, to read along. Nothing was sent.",
            None,
            "Do not connect, and ask whoever runs the hub what has happened, by telephone or in person.",
            "",
            "",
            "",
            DO_NOT_CONNECT,
        )
    return HubQuestion(
        0,
        HubQuestionKind.CHANGED,
        heading,
        f"What answers at {place} has another key than the hub that you trusted there, whose key code is "
        f"{whole_code(wanted)}. Somebody may stand between you and the hub, to read along. Nothing was sent. What "
        "answers now shows these words:",
        KeyCode(code_of(found).words, ""),
        "Do not connect, and ask whoever runs the hub, by telephone or in person. Only if the hub was set up anew, "
        "and its window shows these five words, type the six digits that stand below them there.",
        "Six digits from the hub's window",
        "",
        "Trust the new key",
        DO_NOT_CONNECT,
    )


def _unencrypted_question(place: str) -> HubQuestion:
    return HubQuestion(
        0,
        HubQuestionKind.UNENCRYPTED,
        "Connect without encryption?",
        f"The hub at {place} does not encrypt, as original servers do not. Whoever can watch the network reads every "
        "text and every file, yours and those of others, and anybody can pretend to be somebody else.",
        None,
        "Connect only where you can do without secrets. It is remembered for this address, and the window says all "
        "the time that the connection is not encrypted.",
        "",
        "",
        "Connect without encryption",
        DO_NOT_CONNECT,
    )
