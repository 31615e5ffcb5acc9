"""The pictures of the README can be made anew.

Slow: second stage of .ci/run. Thread: pytest's main thread; the windows are processes on a screen of their own.
"""

from pathlib import Path

from PIL import Image, ImageStat

from tests.gui.screenshots import IMAGES, main


def brightness(path: Path) -> float:
    """From 0, black, to 255, white."""
    return float(ImageStat.Stat(Image.open(path).convert("L")).mean[0])


def test_both_windows_are_drawn_light_and_dark(tmp_path: Path) -> None:
    """All pictures, by the names under which the project has them; the dark ones are dark."""
    main(tmp_path)
    assert {path.name for path in tmp_path.glob("*.png")} == {path.name for path in IMAGES.glob("*.png")}
    for window in ("server", "client"):
        assert brightness(tmp_path / f"{window}-dark.png") < 100 < brightness(tmp_path / f"{window}-light.png")
