"""Whether a remembered place is still on the screen: screens are taken away, and windows must not go with them.

Owns the one rule. Pure: any thread.
"""

import re

_GEOMETRY = re.compile(r"(\d+)x(\d+)\+(-?\d+)\+(-?\d+)")
_VISIBLE_PIXELS = 80


def fitting(geometry: str, screen: tuple[int, int]) -> str:
    """The geometry, no larger than the screen, and without its place where too little of it would be seen.

    "" for one that cannot be read.
    """
    found = _GEOMETRY.fullmatch(geometry)
    if found is None:
        return ""
    width, height, left, top = map(int, found.groups())
    width, height = min(width, screen[0]), min(height, screen[1])
    is_seen = (
        left + width >= _VISIBLE_PIXELS
        and 0 <= top <= screen[1] - _VISIBLE_PIXELS
        and left <= screen[0] - _VISIBLE_PIXELS
    )
    return f"{width}x{height}+{left}+{top}" if is_seen else f"{width}x{height}"
