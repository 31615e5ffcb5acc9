"""Colours can be read, and fonts follow the size that is wanted."""

import pytest

from tcpipclient.gui.window_theme import _DARK, _LIGHT, BOLD_FONT, Look, Palette
from tests.support.client_windows import ShownWindow

READABLE = 4.5


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.1)."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    """From 1 to 21 (WCAG 2.1)."""
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("palette", [_LIGHT, _DARK], ids=["light", "dark"])
def test_every_text_can_be_read(palette: Palette) -> None:
    """On each background that it stands on."""
    texts = (palette.text, palette.pale, palette.link, palette.trouble)
    pairs = [(text, ground) for text in texts for ground in (palette.background, palette.mine)]
    pairs += [(palette.mine_name, palette.mine), (palette.their_name, palette.background)]
    pairs += [(palette.drop_text, palette.drop), (palette.text, palette.drop), ("#ffffff", palette.drop_ready)]
    pairs += [(palette.chosen_text, palette.chosen), *((text, ground) for ground, text in palette.banners.values())]
    assert [pair for pair in pairs if contrast(*pair) < READABLE] == []


def test_what_is_cut_fits(client_window: ShownWindow) -> None:
    """A text that fits is left alone; of one that does not, as much as fits is left."""
    look: Look = client_window.window._look
    assert look.clip("short", 500) == "short"
    cut = look.clip("W" * 200, 150, BOLD_FONT)
    assert cut.endswith("…")
    assert look.width(cut, BOLD_FONT) <= 150 < look.width("W" + cut, BOLD_FONT)


def test_followers_are_told_of_each_change(client_window: ShownWindow) -> None:
    """Of theme and size, and not where nothing changes."""
    look = client_window.window._look
    told: list[Palette] = []
    look.follow(told.append)
    height = look.line()
    assert look.use(dark=True, percent=150)
    assert not look.use(dark=True, percent=150)
    assert told == [_LIGHT, _DARK]
    assert look.line() > height
