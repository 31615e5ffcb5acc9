"""The fixtures of every folder that tests windows: a virtual screen, the user's hand, a picture when a test fails.

Owns the session's one screen; a folder's conftest.py takes them by name. A missing Xvfb is an error, never a reason to
skip. Thread: pytest's main thread.
"""

import os
import re
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from tests.support.hand import Hand
from tests.support.virtual_screen import Screen, virtual_screen

PICTURES = Path(os.environ.get("TCPIPCHAT_TEST_PICTURES", Path(__file__).resolve().parents[2] / "build" / "pictures"))
"""Where the pictures of failed tests go; `build` is nobody's source."""


@pytest.fixture(scope="session")
def session_screen() -> Iterator[Screen]:
    """The screen that all tests share, one after another."""
    with virtual_screen() as screen:
        yield screen


@pytest.fixture
def screen(session_screen: Screen, monkeypatch: pytest.MonkeyPatch) -> Screen:
    """The screen, as the display of this process and of those that it starts."""
    monkeypatch.setenv("DISPLAY", session_screen.name)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    return session_screen


@pytest.fixture
def hand(screen: Screen) -> Hand:
    """The user's hand on the screen."""
    return Hand(screen)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keep what the screen shows while the windows of a failed test are still there."""
    report = yield
    screen = item.funcargs.get("screen") if isinstance(item, pytest.Function) else None
    if report.when == "call" and report.failed and isinstance(screen, Screen):
        PICTURES.mkdir(parents=True, exist_ok=True)
        picture = PICTURES / (re.sub(r"\W+", "-", item.name) + ".png")
        screen.picture().save(picture)
        report.sections.append(("What the screen showed", str(picture)))
    return report
