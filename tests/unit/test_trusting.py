"""Which hubs are trusted: the rules alone.

Thread: pytest's main thread.
"""

import pytest

from commonlib.identity import Fingerprint, key_code
from tcpipclient.core.trusting import HubIdentity, Trust, TrustRule, Verdict, judge, may_be_unencrypted

RIGHT, WRONG = Fingerprint(b"r" * 32), Fingerprint(b"w" * 32)


def ask(_: HubIdentity) -> bool:
    """A question must not be asked by the rules: the connection is closed first."""
    raise AssertionError


RULES: list[TrustRule] = [Trust.KNOWN, Trust.FIRST_USE, ask, RIGHT, WRONG]


@pytest.mark.parametrize(
    ("pinned", "elsewhere", "rule", "verdict"),
    [
        (None, False, Trust.KNOWN, Verdict.UNKNOWN),
        (None, False, ask, Verdict.UNKNOWN),
        (None, False, Trust.FIRST_USE, Verdict.PIN),
        (None, True, Trust.KNOWN, Verdict.PIN),
        (None, False, RIGHT, Verdict.PIN),
        (None, True, WRONG, Verdict.CHANGED),
        (RIGHT, True, Trust.KNOWN, Verdict.TRUSTED),
        (RIGHT, True, RIGHT, Verdict.TRUSTED),
        (RIGHT, True, WRONG, Verdict.CHANGED),
        (WRONG, False, RIGHT, Verdict.PIN),
    ],
)
def test_the_key_that_was_shown_is_judged(
    pinned: Fingerprint | None, elsewhere: bool, rule: TrustRule, verdict: Verdict
) -> None:
    """By what is known and what the user has said now; what he says now counts more."""
    assert judge(RIGHT, pinned=pinned, is_known_elsewhere=elsewhere, rule=rule) is verdict


@pytest.mark.parametrize("elsewhere", [True, False])
@pytest.mark.parametrize("rule", [Trust.KNOWN, Trust.FIRST_USE, ask])
def test_a_changed_key_is_never_trusted_by_a_rule(elsewhere: bool, rule: TrustRule) -> None:
    """Not even that of a hub which is known elsewhere: only its own fingerprint, given now, lets it in."""
    assert judge(RIGHT, pinned=WRONG, is_known_elsewhere=elsewhere, rule=rule) is Verdict.CHANGED


@pytest.mark.parametrize("rule", RULES, ids=["known", "first use", "ask", "right", "wrong"])
def test_a_known_hub_is_never_spoken_to_in_the_clear(rule: TrustRule) -> None:
    """Whatever is allowed; nor one whose fingerprint is asked for."""
    assert not may_be_unencrypted(RIGHT, rule, is_allowed=True)
    assert may_be_unencrypted(None, rule, is_allowed=True) is not isinstance(rule, bytes)
    assert not may_be_unencrypted(None, rule, is_allowed=False)


def test_a_hub_is_shown_by_its_key_code() -> None:
    """The one that the hub shows, too."""
    assert HubIdentity("hub", 9999, RIGHT).key_code == key_code(RIGHT)
