"""The first moment of the command `tcpipclient`. It runs as a process."""

import gc

import pytest

from tcpipclient import __main__
from tests.support.early_interrupt import installed_start, interrupted_while_loading


@pytest.mark.parametrize("module", ["tcpipclient.cli", "tcpipclient.cli_arguments"])
def test_ctrl_c_while_the_command_loads_ends_it_quietly(module: str) -> None:
    """No traceback, whichever of its modules is being loaded."""
    assert interrupted_while_loading("tcpipclient", module) == (130, b"", b"")


def test_the_installed_command_begins_in_the_same_place() -> None:
    """As `python -m` does."""
    assert installed_start("tcpipclient") == "tcpipclient.__main__:main"
    assert callable(__main__.main)


def test_the_collector_looks_less_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each look stops all threads: a window with thousands of messages would stand still for it."""
    monkeypatch.setattr(gc, "set_threshold", lambda *thresholds: told.append(thresholds))
    told: list[tuple[int, ...]] = []
    usual = gc.get_threshold()
    __main__.collect_rarely()
    assert all(rare >= often for rare, often in zip(told[0], usual, strict=True))
    assert told[0][0] > 10 * usual[0]
