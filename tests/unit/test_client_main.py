"""The first moment of the command `tcpipclient`. It runs as a process."""

import gc
import os
import sys
import threading

import pytest

from tcpipclient import __main__
from tests.support.early_interrupt import installed_start, interrupted_while_loading


@pytest.mark.parametrize("module", ["tcpipclient.cli", "tcpipclient.cli_arguments"])
def test_ctrl_c_while_the_command_loads_ends_it_quietly(module: str) -> None:
    """No traceback, whichever of its modules is being loaded."""
    assert interrupted_while_loading("tcpipclient", module) == (130, b"", b"")


def test_the_installed_command_begins_in_the_same_place() -> None:
    """As `python -m` does."""
    assert installed_start("tcpipclient") == "tcpipclient.__main__:run"
    assert callable(__main__.run)


def test_the_collector_looks_less_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each look stops all threads: a window with thousands of messages would stand still for it."""
    monkeypatch.setattr(gc, "set_threshold", lambda *thresholds: told.append(thresholds))
    told: list[tuple[int, ...]] = []
    usual = gc.get_threshold()
    __main__.collect_rarely()
    assert all(rare >= often for rare, often in zip(told[0], usual, strict=True))
    assert told[0][0] > 10 * usual[0]


class Ended(BaseException):
    """The process would have ended here."""


@pytest.fixture
def ended(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The codes with which the process was ended at once; the command's own is 3."""
    codes: list[int] = []

    def end(code: int) -> None:
        codes.append(code)
        raise Ended

    monkeypatch.setattr(os, "_exit", end)
    monkeypatch.setattr(__main__, "main", lambda: 3)
    monkeypatch.delitem(sys.modules, "tkinter", raising=False)
    return codes


def test_a_command_that_is_done_ends_at_once(ended: list[int]) -> None:
    """With its exit code: the interpreter has nothing left to do that anybody needs."""
    with pytest.raises(Ended):
        __main__.run()
    assert ended == [3]


def test_the_process_waits_for_a_thread_that_is_not_done(ended: list[int]) -> None:
    """What it does may be of use: the interpreter ends as usual, and waits for it."""
    done = threading.Event()
    thread = threading.Thread(target=done.wait, args=(10.0,))
    thread.start()
    try:
        with pytest.raises(SystemExit) as stopped:
            __main__.run()
    finally:
        done.set()
        thread.join()
    assert stopped.value.code == 3
    assert ended == []


def test_a_window_is_taken_apart_as_usual(ended: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    """Its toolkit may have something to do at the end."""
    monkeypatch.setitem(sys.modules, "tkinter", sys)
    with pytest.raises(SystemExit):
        __main__.run()
    assert ended == []


def test_what_cannot_be_written_is_left_to_the_interpreter(ended: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    """It knows how to end where nobody reads any more."""

    class Closed:
        def flush(self) -> None:
            raise BrokenPipeError

    monkeypatch.setattr(sys, "stdout", Closed())
    with pytest.raises(SystemExit):
        __main__.run()
    assert ended == []
