"""A virtual screen for the tests of the windows, and a picture of it when one of them fails.

Owns the session's one screen. A missing Xvfb is an error, never a reason to skip. Thread: pytest's main thread.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.hand import Hand
from tests.support.virtual_screen import Screen, virtual_screen

PICTURES = Path(os.environ.get("TCPIPCHAT_TEST_PICTURES", Path(__file__).resolve().parents[2] / "build" / "pictures"))
"""Where the pictures of failed tests go; `build` is nobody's source."""

_failed = pytest.StashKey[bool]()


@pytest.fixture(scope="session")
def session_screen() -> Iterator[Screen]:
    """The screen that all tests share, one after another."""
    with virtual_screen() as screen:
        yield screen


@pytest.fixture
def screen(session_screen: Screen, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[Screen]:
    """The screen, as the display of this process and of those that it starts."""
    monkeypatch.setenv("DISPLAY", session_screen.name)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    yield session_screen
    if request.node.stash.get(_failed, False):
        PICTURES.mkdir(parents=True, exist_ok=True)
        picture = PICTURES / (re.sub(r"\W+", "-", request.node.name) + ".png")
        session_screen.picture().save(picture)
        print(f"What the screen showed: {picture}")  # noqa: T201 - pytest shows it with the failure


@pytest.fixture
def hand(screen: Screen) -> Hand:
    """The user's hand on the screen."""
    return Hand(screen)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Note for the fixtures that the test has failed."""
    report = yield
    if report.when == "call" and report.failed:
        item.stash[_failed] = True
    return report
