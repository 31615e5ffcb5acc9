"""Threads that let others go first.

Threads: pytest's main thread, and one of each test's own, which alone gives way.
"""

import sys
import threading
from collections.abc import Callable
from typing import TypeVar

import pytest

from commonlib.storage.giving_way import give_way, has_given_way
from tests.support.niceness import niceness_given_way, niceness_of

Seen = TypeVar("Seen")


def on_a_thread(look: Callable[[], Seen]) -> Seen:
    """What a function returns on a thread of its own."""
    seen: list[Seen] = []
    thread = threading.Thread(target=lambda: seen.append(look()))
    thread.start()
    thread.join()
    return seen[0]


def own_niceness() -> int:
    """Of the calling thread."""
    return niceness_of(threading.current_thread())


def test_a_thread_that_gives_way_comes_after_all_others() -> None:
    """It alone, and no further when it says so again."""

    def look() -> tuple[bool, bool, int]:
        before = has_given_way()
        give_way()
        give_way()
        return before, has_given_way(), own_niceness()

    is_told_apart = sys.platform == "linux"
    before = own_niceness()
    assert on_a_thread(look) == (False, is_told_apart, niceness_given_way())
    assert (has_given_way(), own_niceness()) == (False, before)
    assert on_a_thread(own_niceness) == before


def test_where_only_a_whole_process_could_give_way_nothing_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its other threads would come late, too."""
    monkeypatch.setattr(sys, "platform", "darwin")

    def look() -> bool:
        give_way()
        return has_given_way()

    assert not on_a_thread(look)
    monkeypatch.undo()
    assert on_a_thread(own_niceness) == own_niceness()
