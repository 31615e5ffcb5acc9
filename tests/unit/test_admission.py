"""Who may join, as a value."""

import pytest

from commonlib.wire.greeting import Door
from tcpipserver.hub.admission import Joining, Policy


@pytest.mark.parametrize(
    ("policy", "door"),
    [
        (Policy(), Door.TAKES_CLASSIC),
        (Policy(takes_classic=False), Door(0)),
        (Policy(Joining.CODE), Door.ASKS_FOR_CODE),
        (Policy(Joining.APPROVAL), Door.ASKS_OPERATOR),
        (Policy(Joining.APPROVAL, takes_classic=False), Door.ASKS_OPERATOR),
    ],
)
def test_the_greeting_says_what_newcomers_have_to_expect(policy: Policy, door: Door) -> None:
    """With a code or approval on, nobody is taken in who cannot prove anything."""
    assert policy.door == door
    assert policy.admits_classic == (Door.TAKES_CLASSIC in door)
