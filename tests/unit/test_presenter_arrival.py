"""What a hub makes the user decide: nothing is trusted by habit, and what was answered is used at once."""

import pytest

from commonlib.identity import Fingerprint
from commonlib.wire.reasons import RefusalReason
from tcpipclient.core.events import ApprovalAwaited, ConnectionLost, Loss, Registered
from tcpipclient.core.exceptions import (
    ConnectError,
    FalseHubError,
    HubChangedError,
    TurnedAwayError,
    UnencryptedHubError,
    UnknownHubError,
)
from tcpipclient.core.trusting import HubIdentity
from tcpipclient.gui.model import Answers, OwnKey
from tcpipclient.gui.presenter_connection import PAUSES
from tcpipclient.gui.presenter_keys import code_of, own_identity, whole_code
from tcpipclient.gui.shown import Light, Severity
from tcpipclient.gui.shown_hub import HubQuestionKind, Lock
from tests.support.client_window import ANN, ANNS_KEY, HUB_KEY, OTHER_HUB_KEY, ClientWindow

UNKNOWN = UnknownHubError(HubIdentity("hub", 9999, HUB_KEY))
CHANGED = HubChangedError("hub", 9999, HUB_KEY, OTHER_HUB_KEY)
UNENCRYPTED = UnencryptedHubError("hub", 9999)
NEEDED = TurnedAwayError("hub", 9999, RefusalReason.CODE_NEEDED, "it asks for a join code.")
WRONG = TurnedAwayError("hub", 9999, RefusalReason.CODE_WRONG, "the join code is not the right one.")
LOCKED_OUT = TurnedAwayError("hub", 9999, RefusalReason.LOCKED_OUT, "there were too many failed tries.", 15)


def asked(cause: ConnectError) -> ClientWindow:
    """A window whose user pressed Connect, and is asked."""
    window = ClientWindow()
    window.actions.connect_clicked("hub", "", "me", window.now)
    window.fail(cause)
    return window


def answers(window: ClientWindow) -> Answers:
    """With what the newest try is made."""
    (target,) = window.model.of("connect")[-1]
    found: Answers = target.answers
    return found


def digits(key: Fingerprint) -> str:
    """Of its code, without the space."""
    return code_of(key).digits.replace(" ", "")


def test_a_hub_seen_first_shows_its_code_and_is_trusted_only_on_yes() -> None:
    """All of the code; the next try trusts this key alone."""
    window = asked(UNKNOWN)
    assert (window.question.kind, window.question.code) == (HubQuestionKind.TRUST, code_of(HUB_KEY))
    assert window.view.connection.light is Light.PURPLE
    assert "needs your answer" in window.view.connection.words
    window.answer_hub()
    assert window.view.hub_question is None
    assert answers(window) == Answers(trust=HUB_KEY)
    window.arrive(Registered(1, (0, 1, 0), (), HUB_KEY))
    assert window.view.lock.lock is Lock.CLOSED


def test_no_leaves_everything_as_it_was() -> None:
    """No further try, now or later; a second answer to the same question does nothing."""
    window = asked(UNKNOWN)
    number = window.question.number
    window.answer_hub(yes=False)
    assert window.view.connection.light is Light.RED
    window.actions.hub_answered(number, "", window.now, yes=True)
    window.tick(1000)
    assert len(window.model.of("connect")) == 1


def test_disconnect_takes_the_question_away() -> None:
    """The button is there while one is asked."""
    window = asked(UNKNOWN)
    assert window.view.connection.button == "Cancel"
    window.actions.connect_clicked("", "", "", window.now)
    assert window.view.hub_question is None
    assert window.view.connection.light is Light.RED


def test_what_was_said_of_one_hub_does_not_count_for_another() -> None:
    """Connect begins anew."""
    window = asked(UNENCRYPTED)
    window.answer_hub()
    window.actions.connect_clicked("", "", "", window.now)
    window.actions.connect_clicked("elsewhere", "", "me", window.now)
    assert answers(window) == Answers()


def test_a_changed_key_is_not_trusted_without_the_digits_of_the_hubs_window() -> None:
    """The page shows the new words and not the new digits: they have to be read elsewhere."""
    window = asked(CHANGED)
    question = window.question
    assert question.kind is HubQuestionKind.CHANGED
    assert question.code is not None
    assert (question.code.words, question.code.digits) == (code_of(OTHER_HUB_KEY).words, "")
    assert whole_code(HUB_KEY) in question.text
    assert code_of(OTHER_HUB_KEY).digits not in f"{question.text} {question.advice} {question.heading}"
    for typed, said in (
        ("", "Type the six digits"),
        ("12345", "Type the six digits"),
        ("٤٨٢١٩٣", "Type the six digits"),
        ("000000", "do not connect"),
    ):
        window.answer_hub(typed)
        assert said in window.question.problem
        assert window.question.number == question.number
    assert len(window.model.of("connect")) == 1
    window.answer_hub(code_of(OTHER_HUB_KEY).digits)
    assert answers(window) == Answers(trust=OTHER_HUB_KEY)


def test_the_digits_of_the_old_key_trust_nothing() -> None:
    """Keys with the same six digits are made in seconds: then the hub's window shows that it has not changed."""
    same = Fingerprint(HUB_KEY[:13] + bytes(19))
    assert digits(same) == digits(HUB_KEY)
    window = asked(HubChangedError("hub", 9999, HUB_KEY, same))
    window.answer_hub(digits(HUB_KEY))
    assert "do not connect" in window.question.problem
    assert len(window.model.of("connect")) == 1


def test_a_known_hub_that_does_not_encrypt_any_more_cannot_be_accepted() -> None:
    """There is no button for it, and an answer changes nothing."""
    window = asked(HubChangedError("hub", 9999, HUB_KEY, None))
    assert (window.question.yes, window.question.code, window.question.entry) == ("", None, "")
    window.answer_hub("")
    assert window.question.kind is HubQuestionKind.CHANGED
    window.answer_hub(yes=False)
    assert window.view.connection.light is Light.RED


def test_a_key_that_changes_between_two_tries_ends_the_tries() -> None:
    """Nothing goes on by itself behind the red page."""
    window = ClientWindow().connect(hub_key=HUB_KEY)
    window.lose()
    window.tick(PAUSES[0])
    window.fail(CHANGED)
    window.tick(1000)
    assert len(window.model.of("connect")) == 2
    assert window.question.kind is HubQuestionKind.CHANGED


def test_without_encryption_only_on_yes_and_then_it_is_said_all_the_time() -> None:
    """What it means is said before; the lock stays open in words as long as the connection stands."""
    window = asked(UNENCRYPTED)
    assert window.question.kind is HubQuestionKind.UNENCRYPTED
    assert "reads every" in window.question.text
    window.answer_hub()
    assert answers(window) == Answers(allow_unencrypted=True)
    window.arrive(Registered(1, (0, 1, 0), (ANN,)))
    assert (window.view.lock.lock, window.view.lock.words) == (Lock.OPEN, "NOT ENCRYPTED")
    window.lose()
    assert window.view.lock.lock is Lock.NONE


def test_a_join_code_is_asked_for_and_tried_by_itself() -> None:
    """Not without one; a wrong one is said to be wrong, and the next one is tried."""
    window = asked(NEEDED)
    assert (window.question.kind, window.question.problem) == (HubQuestionKind.JOIN_CODE, "")
    window.answer_hub("  ")
    assert window.question.problem == "Type the join code first."
    window.answer_hub(" amber-river-1 ")
    assert answers(window).join_code == "amber-river-1"
    assert "amber" not in repr(answers(window))
    window.fail(WRONG)
    assert "not the join code" in window.question.problem
    window.answer_hub("amber-river-2")
    window.arrive(Registered(1, (0, 1, 0), (), HUB_KEY))
    window.lose()
    window.tick(PAUSES[0])
    assert answers(window).join_code == "amber-river-2"


def test_a_lock_out_is_counted_down() -> None:
    """Until then no code can be tried; the question stays the same, so that what is typed stays."""
    window = asked(NEEDED)
    window.answer_hub("wrong")
    window.fail(LOCKED_OUT)
    question = window.question
    assert (question.problem, question.is_yes_enabled) == (
        "Too many wrong codes: another one can be tried in 15 s.",
        False,
    )
    window.answer_hub("right")
    assert len(window.model.of("connect")) == 2
    window.tick(10)
    assert window.question.problem.endswith("in 5 s.")
    shown = window.view.hub_questions_shown
    window.tick(0.1)
    assert window.view.hub_questions_shown == shown
    window.tick(5)
    assert (window.question.problem, window.question.is_yes_enabled) == ("Another code can be tried now.", True)
    assert window.question.number == question.number
    window.answer_hub("right")
    assert answers(window).join_code == "right"


def test_a_lock_out_without_a_code_is_told() -> None:
    """There is nothing to type."""
    window = asked(LOCKED_OUT)
    assert window.view.hub_question is None
    assert window.view.banner is not None
    assert "too many failed tries" in window.view.banner.text


def test_trust_and_code_are_asked_one_after_the_other() -> None:
    """What was answered first still counts with the second."""
    window = asked(UNKNOWN)
    window.answer_hub()
    window.fail(NEEDED)
    window.answer_hub("code")
    assert answers(window) == Answers(trust=HUB_KEY, join_code="code")


def test_the_operators_word_is_waited_for() -> None:
    """The words beside the light say so, and the banner has what he compares, until it comes."""
    window = ClientWindow()
    window.actions.connect_clicked("hub", "", "me", window.now)
    window.arrive(ApprovalAwaited())
    assert window.view.banner is not None
    assert window.view.banner.text == "The hub's operator has to let you in."
    window.receive(OwnKey(ANNS_KEY))
    window.arrive(ApprovalAwaited())
    assert window.view.banner.text.endswith(f"is: {whole_code(ANNS_KEY)}.")
    window.actions.connect_clicked("", "", "", window.now)
    assert window.view.banner is None
    window.actions.connect_clicked("hub", "", "me", window.now)
    window.arrive(ApprovalAwaited())
    assert window.view.connection.words == "Waiting until the hub's operator lets you in…"
    assert window.view.connection.button == "Disconnect"
    window.arrive(Registered(1, (0, 1, 0), (), HUB_KEY, name="Ann", session=2))
    assert window.view.connection.words == "Connected as Ann (1), session 2 of your key"
    assert window.view.banner is None


@pytest.mark.parametrize("loss", [Loss.KICKED, Loss.BANNED])
def test_who_is_sent_away_stays_away(loss: Loss) -> None:
    """With the operator's reason; nothing is tried again by itself."""
    window = ClientWindow().connect(ANN, hub_key=HUB_KEY)
    window.arrive(ConnectionLost(loss, 'The hub\'s operator has sent you away ("too loud").'))
    assert window.view.connection.light is Light.RED
    assert window.view.banner is not None
    assert (window.view.banner.severity, "too loud" in window.view.banner.text) == (Severity.TROUBLE, True)
    window.tick(1000)
    assert len(window.model.of("connect")) == 1
    assert window.view.names == []


@pytest.mark.parametrize(
    ("cause", "tries"),
    [
        (TurnedAwayError("hub", 9999, RefusalReason.BANNED, 'its operator has banned you ("spam").'), 2),
        (FalseHubError("hub", 9999), 2),
        (TurnedAwayError("hub", 9999, RefusalReason.FULL, "there is no room."), 3),
        (ConnectError("hub", 9999), 3),
    ],
)
def test_a_no_that_stays_ends_the_tries(cause: ConnectError, tries: int) -> None:
    """What time may change is tried again."""
    window = ClientWindow().connect(hub_key=HUB_KEY)
    window.lose()
    window.tick(PAUSES[0])
    window.fail(cause)
    window.tick(PAUSES[-1])
    assert len(window.model.of("connect")) == tries
    if tries == 2:
        assert window.view.banner is not None
        assert window.view.banner.text == str(cause)


def test_key_codes_are_shown_when_they_are_wanted() -> None:
    """The hub's only while there is a connection, somebody's while he is in the list, one's own once it is known."""
    window = ClientWindow()
    window.actions.hub_clicked()
    window.actions.person_key_clicked(1)
    assert window.view.identity is None
    window.actions.own_key_clicked()
    assert window.view.identity == own_identity(None)
    window.receive(OwnKey(ANNS_KEY))
    window.actions.own_key_clicked()
    assert window.view.identity == own_identity(ANNS_KEY)
    window.connect(ANN, hub_key=HUB_KEY)
    window.actions.hub_clicked()
    assert window.view.identity is not None
    assert window.view.identity.copied == whole_code(HUB_KEY)
    window.actions.person_key_clicked(window.view.person("Ann").key)
    assert window.view.identity.heading == "Ann (2)"


def test_the_hub_can_be_forgotten_beside_its_key_code() -> None:
    """Also one that is not encrypted; without a connection there is none to forget."""
    key = bytes(range(32))
    window = ClientWindow().connect(host="hub:8000", hub_key=key)
    window.actions.hub_clicked()
    assert window.view.identity is not None
    assert window.view.identity.forget
    window.actions.forget_hub_clicked()
    assert window.view.banner is not None
    assert "is forgotten" in window.view.banner.text
    window.connect_again(hub_key=None)
    window.actions.forget_hub_clicked()
    window.lose()
    window.actions.forget_hub_clicked()
    assert window.model.of("forget_hub") == [("hub", 8000, key), ("hub", 8000, None)]
