"""A window that was on a screen that is gone comes back on the one that is there."""

import pytest

from tcpipserver.gui.geometry import fitting

SCREEN = (1600, 1000)


@pytest.mark.parametrize(
    ("kept", "used"),
    [
        ("900x600+20+30", "900x600+20+30"),
        ("900x600+-20+0", "900x600+-20+0"),
        ("3000x2000+0+0", "1600x1000+0+0"),
        ("900x600+1900+30", "900x600"),
        ("900x600+-880+30", "900x600"),
        ("900x600+20+950", "900x600"),
        ("900x600+20+-5", "900x600"),
        ("", ""),
        ("huge", ""),
    ],
)
def test_a_place_is_used_while_enough_of_it_is_seen(kept: str, used: str) -> None:
    """The title has to be within reach."""
    assert fitting(kept, SCREEN) == used
