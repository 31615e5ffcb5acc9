"""The sentences for what a hub says when it ends a connection or does not let us in.

Thread: pytest's main thread.
"""

import pytest

from commonlib.wire.messages import Closing, Refused
from commonlib.wire.reasons import ClosingReason, RefusalReason
from tcpipclient.core.closing import loss_of, quoted, refusal_error
from tcpipclient.core.events import Loss
from tcpipclient.core.exceptions import HubStoppingError, JoinCodeNeededError, TurnedAwayError

NASTY = "bad\x1b[31m\u202ename\n"


@pytest.mark.parametrize("reason", [*ClosingReason, 0, 999])
def test_every_end_is_a_sentence_with_a_next_step(reason: int) -> None:
    """Numbers of newer versions too; what the operator wrote moves no cursor."""
    loss, sentence = loss_of(Closing(reason=reason, text=NASTY))
    assert isinstance(loss, Loss)
    assert sentence.endswith(".")
    assert sentence.count(".") >= 1
    assert sentence.isprintable()
    assert "bad\\x1b[31m" in sentence


@pytest.mark.parametrize("reason", [*RefusalReason, 0, 999])
def test_every_refusal_is_a_sentence_with_a_next_step(reason: int) -> None:
    """With the place, and how long to wait where that helps."""
    sentence = str(refusal_error("hub", 9999, Refused(reason=reason, text=NASTY, seconds=90), code_was_given=False))
    assert "hub port 9999" in sentence
    assert sentence.endswith(".")
    assert sentence.isprintable()
    if reason not in (RefusalReason.STOPPING, RefusalReason.CODE_NEEDED, RefusalReason.CODE_WRONG):
        assert "1 min" in sentence


def test_a_refusal_about_the_code_is_told_apart() -> None:
    """Whoever asks the user for it must know whether there was one."""
    for reason, given in ((RefusalReason.CODE_NEEDED, False), (RefusalReason.CODE_WRONG, True)):
        error = refusal_error("hub", 9999, Refused(reason=reason), code_was_given=given)
        assert isinstance(error, JoinCodeNeededError)
        assert error.was_given is given
    stopping = refusal_error("h", 1, Refused(reason=RefusalReason.STOPPING), code_was_given=True)
    assert isinstance(stopping, HubStoppingError)
    banned = refusal_error("h", 1, Refused(reason=RefusalReason.BANNED), code_was_given=True)
    assert isinstance(banned, TurnedAwayError)
    assert not isinstance(banned, JoinCodeNeededError)


def test_nothing_said_is_nothing_quoted() -> None:
    """White space is nothing."""
    assert quoted("") == quoted(" ") == ""
    assert quoted("why") == ' ("why")'


@pytest.mark.parametrize("was_given", [True, False])
def test_who_is_locked_out_is_told_of_the_join_code_only_where_he_gave_one(was_given: bool) -> None:
    """On a hub that asks for none somebody else's tries from the same address may be the reason."""
    refused = Refused(reason=RefusalReason.LOCKED_OUT, seconds=15)
    error = refusal_error("hub", 9999, refused, code_was_given=was_given)
    assert ("join code" in str(error)) is was_given
    assert "15 s" in str(error)
