"""What tests of whole commands begin with: a hub that is a process, and two people who know it.

Threads: pytest's main thread; hub and commands are processes.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.hub_process import HubProcess, hub_process
from tests.support.members import Member, member_of


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[HubProcess]:
    """Where they meet; it can be killed."""
    (tmp_path / "hub").mkdir()
    with hub_process(tmp_path / "hub", "--data-dir", str(tmp_path / "hub" / "data")) as hub:
        yield hub


@pytest.fixture
def ann(hub: HubProcess, tmp_path: Path) -> Member:
    """Who sends."""
    return member_of(hub.port, hub.key, tmp_path / "Ann")


@pytest.fixture
def bob(hub: HubProcess, tmp_path: Path) -> Member:
    """Who receives."""
    return member_of(hub.port, hub.key, tmp_path / "Bob")
