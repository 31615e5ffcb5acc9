"""What holds for every test: a home of its own, nothing left behind, the same examples each time, quick checks first.

Owns pytest's and hypothesis's behaviour for the whole suite. It must never hold a fake or a fixture that only one room
needs: those live in tests/support and in the room's own folder.
Thread: pytest's main thread.
"""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import hypothesis
import pytest

from tests.support.leaks import SECONDS_TO_TIDY_UP, holdings_now, maybe_leak

# The checks of the code itself answer in seconds and make the rest pointless when they fail.
FIRST = ("test_code_quality.py", "test_structure.py")

# Each would lead a program away from the home that the test gives it.
PLACES_OF_THE_USER = ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_DOWNLOAD_DIR")

hypothesis.settings.register_profile(
    "suite", derandomize=True, deadline=None, database=None, print_blob=True, max_examples=100
)
hypothesis.settings.load_profile("suite")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the files of FIRST before all others; the order is otherwise kept."""
    items.sort(key=lambda item: FIRST.index(item.path.name) if item.path.name in FIRST else len(FIRST))


@pytest.fixture(autouse=True)
def _nothing_left_behind() -> Iterator[None]:
    """Fail a test after which a thread runs or a descriptor is open that was not there before it."""
    before = holdings_now()
    yield
    leak = maybe_leak(before, SECONDS_TO_TIDY_UP)
    if leak:
        pytest.fail(f"the test left something behind: {leak}", pytrace=False)


@pytest.fixture(scope="session")
def _runtime_folder() -> Iterator[str]:
    """A place for sockets whose path is short; what killed programs left there goes with it."""
    with TemporaryDirectory(prefix="tests-", ignore_cleanup_errors=True) as folder:
        yield folder


@pytest.fixture(autouse=True)
def _home_of_its_own(tmp_path: Path, _runtime_folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep each test, and the programs it starts, away from the home and the settings of whoever runs it."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    monkeypatch.setenv("TCPIPCHAT_HOME", str(home / "tcpipchat"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", _runtime_folder)
    for name in PLACES_OF_THE_USER:
        monkeypatch.delenv(name, raising=False)
