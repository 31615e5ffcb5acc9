"""Being sent away or kept out by the operator: what who goes is told, what the others are told, what the log says."""

from commonlib.identity import short_key_code
from commonlib.meaning import Meaning
from commonlib.wire.reasons import ClosingReason, RefusalReason
from tcpipserver.hub import inputs
from tcpipserver.hub.admission import Joining, Policy
from tcpipserver.hub.brain import Hub
from tcpipserver.hub.effects import Closing, EndWays, PeopleLeft, PersonLeft, Refused, Welcome
from tests.support.hubs import come, deliveries, dismissed, heard_by, hub_with, key, lines, mixed_hub, tell, text

ALICE, BOB, CAROL = 1, 2, 3


def test_who_is_sent_away_hears_why_and_the_others_that_he_left() -> None:
    """The wire has no field for a reason, so it is a text from the server; after it the connection ends."""
    hub = hub_with("Alice", "Bob", "Carol")
    told = tell(hub, inputs.OperatorKicked((BOB,), "too loud"))
    assert deliveries(told) == [
        ((BOB,), text(0, BOB, "You were sent away: too loud")),
        ((ALICE, CAROL), PersonLeft(BOB)),
    ]
    assert dismissed(told) == [BOB]
    assert lines(told, Meaning.CONNECTION) == ["Bob (2) is gone: the operator sent it away (too loud)."]
    assert [person.name for person in hub.people()] == ["Alice", "Carol"]


def test_without_a_reason_nothing_is_said_to_him() -> None:
    """Blanks are no reason either."""
    for reason in ("", "  "):
        told = tell(hub_with("Alice"), inputs.OperatorKicked((ALICE,), reason))
        assert deliveries(told) == []
        assert dismissed(told) == [ALICE]
        assert lines(told) == ["Alice (1) is gone: the operator sent it away."]


def test_several_are_sent_away_at_once_and_strangers_passed_over() -> None:
    """An id that nobody has, or that is named twice, does no harm; who goes first is told of nobody."""
    hub = hub_with("Alice", "Bob", "Carol")
    told = tell(hub, inputs.OperatorKicked((ALICE, 99, BOB, ALICE)))
    assert deliveries(told) == [((BOB, CAROL), PersonLeft(ALICE)), ((CAROL,), PersonLeft(BOB))]
    assert dismissed(told) == [ALICE, BOB]


def test_a_reason_cannot_forge_a_line_of_the_log() -> None:
    """It is made printable, whoever typed or pasted it."""
    told = tell(hub_with("Alice"), inputs.OperatorKicked((ALICE,), "one\ntwo"))
    assert lines(told) == ["Alice (1) is gone: the operator sent it away (one\\ntwo)."]


# On the modern wire


def test_on_the_modern_wire_the_reason_comes_with_the_end() -> None:
    """Not as a text; he may come back."""
    hub = mixed_hub()
    told = tell(hub, inputs.OperatorKicked((BOB,), " too loud "))
    assert heard_by(told, BOB) == [Closing(ClosingReason.KICKED, "too loud")]
    assert dismissed(told) == [BOB]
    assert heard_by(tell(hub, inputs.AnnouncementsDue()), ALICE) == [PeopleLeft((BOB,))]
    assert isinstance(heard_by(come(hub, 4, "Bob", 2), 4)[0], Welcome)


def test_a_banned_key_goes_with_all_its_sessions_and_stays_out() -> None:
    """However he was named, by id or by key; the reason is remembered for his next try."""
    for happened in (
        inputs.OperatorBanned(ids=(BOB,), reason="too loud"),
        inputs.OperatorBanned(keys=(key(2),), reason="too loud"),
        inputs.OperatorBanned(keys=(key(2), key(2)), ids=(BOB, 4), reason=" too loud "),
    ):
        hub = mixed_hub()
        come(hub, 4, "Bob", 2)
        told = tell(hub, happened)
        assert heard_by(told, BOB) == heard_by(told, 4) == [Closing(ClosingReason.BANNED, "too loud")]
        assert dismissed(told) == [BOB, 4]
        assert [person.name for person in hub.people()] == ["Alice", "Carol"]
        assert heard_by(come(hub, 5, "Robert", 2), 5) == [Refused(RefusalReason.BANNED, "too loud")]
        assert [known.banned_for for known in hub.overview().banned] == ["too loud"]


def test_a_key_that_is_not_here_can_be_kept_out() -> None:
    """One that the hub has seen is called by its name in the log, one that it has not by its code alone."""
    hub = mixed_hub()
    tell(hub, inputs.LeaveAnnounced(BOB))
    code, strangers = short_key_code(key(2)), short_key_code(key(9))
    assert lines(tell(hub, inputs.OperatorBanned(keys=(key(2),)))) == [f"The key {code} (Bob) is kept out from now on."]
    assert lines(tell(hub, inputs.OperatorBanned(keys=(key(9),), reason="no"))) == [
        f"The key {strangers} is kept out from now on (no)."
    ]
    assert hub.judge(key(9)).refusal == Refused(RefusalReason.BANNED, "no")


def test_one_who_waits_for_the_operator_can_be_kept_out() -> None:
    """He waits no more."""
    hub = Hub(policy=Policy(Joining.APPROVAL))
    come(hub, ALICE, "Alice", 1)
    told = tell(hub, inputs.OperatorBanned(keys=(key(1),), reason="no"))
    assert heard_by(told, ALICE) == [Refused(RefusalReason.BANNED, "no")]
    assert dismissed(told) == [ALICE]


def test_one_who_was_never_let_in_is_kept_out_by_the_name_that_he_gave() -> None:
    """The operator knows whom he banned, and finds him again when he takes it back."""
    hub = Hub(policy=Policy(Joining.APPROVAL))
    come(hub, ALICE, "Alice", 1)
    told = tell(hub, inputs.OperatorBanned(keys=(key(1),)))
    assert f"The key {short_key_code(key(1))} (Alice) is kept out from now on." in lines(told)
    assert [known.name for known in hub.overview().banned] == ["Alice"]
    tell(hub, inputs.OperatorUnbanned(key(1)))
    come(hub, BOB, "Mallory", 1)
    tell(hub, inputs.OperatorBanned(keys=(key(1),)))
    assert [known.name for known in hub.overview().banned] == ["Alice"]


def test_who_has_no_key_cannot_be_kept_out() -> None:
    """He is sent away, and the log says that he may come back."""
    hub = mixed_hub()
    told = tell(hub, inputs.OperatorBanned(ids=(CAROL,), reason="too loud"))
    assert heard_by(told, CAROL) == [text(0, CAROL, "You were sent away: too loud")]
    assert dismissed(told) == [CAROL]
    assert lines(told, Meaning.TROUBLE) == [
        "Carol (3) may come back: without encryption nobody has a key to be kept out by."
    ]
    assert hub.overview().banned == ()


def test_a_ban_can_be_taken_back() -> None:
    """Then he may come again; of one who was not kept out nothing is said."""
    hub = mixed_hub()
    tell(hub, inputs.OperatorBanned(ids=(BOB,)))
    told = tell(hub, inputs.OperatorUnbanned(key(2)))
    assert lines(told) == [f"The key {short_key_code(key(2))} (Bob) is not kept out any more."]
    assert isinstance(heard_by(come(hub, 4, "Bob", 2), 4)[0], Welcome)
    assert tell(hub, inputs.OperatorUnbanned(key(2))) == []


def test_what_passes_the_hub_ends_with_whoever_is_sent_away_or_kept_out() -> None:
    """All ways of his key: the connection that he is here by need not be the one that they began with."""
    hub = mixed_hub()
    assert EndWays(key(2)) in tell(hub, inputs.OperatorKicked((BOB,)))
    assert [effect for effect in tell(hub, inputs.OperatorKicked((CAROL,))) if isinstance(effect, EndWays)] == []
    assert EndWays(key(1)) in tell(hub, inputs.OperatorBanned(ids=(ALICE,)))
    assert EndWays(key(9)) in tell(hub, inputs.OperatorBanned((key(9),)))
