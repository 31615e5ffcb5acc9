"""How many connections there is room for, and the descriptor kept in reserve. Thread: pytest's main thread.

What a process with a low limit does is tested in tests/fault/test_hub_descriptors.py.
"""

import os
import sys

import pytest

from tcpipserver.net.descriptors import Reserve, raise_limit

if sys.platform != "win32":
    import resource

    INFINITY = resource.RLIM_INFINITY

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit of descriptors")


class System:
    """A system whose limits can be set up to a point that it does not tell."""

    def __init__(self, soft: int, hard: int, most: int) -> None:
        self.soft, self.hard, self.most = soft, hard, most
        self.tried: list[int] = []

    def getrlimit(self, _: int) -> tuple[int, int]:
        return self.soft, self.hard

    def setrlimit(self, _: int, limits: tuple[int, int]) -> None:
        wanted, hard = limits
        self.tried.append(wanted)
        assert hard == self.hard
        if wanted == INFINITY or wanted > self.most:
            raise ValueError("current limit exceeds maximum limit")
        self.soft = wanted


@posix
@pytest.mark.parametrize(
    ("soft", "hard", "most", "expected"),
    [
        (1024, 4096, 4096, 4096),
        (1024, 1024, 1024, 1024),
        (256, -1, 10_240, 10_240),
        (256, -1, 100_000, 65_599),
        (256, -1, 65_536, 65_536),
        (256, -1, 1000, 256),
        (20_000, -1, 10_240, 20_000),
        (1024, 200_000, 1024, 1024),
        (1024, 1_000_000, 1_000_000, 1_000_000),
    ],
)
def test_the_soft_limit_is_raised_as_far_as_the_system_lets_us(
    monkeypatch: pytest.MonkeyPatch, soft: int, hard: int, most: int, expected: int
) -> None:
    """To the hard limit, or where that is endless or refused to one that systems take; never lowered."""
    system = System(soft, INFINITY if hard == -1 else hard, most)
    monkeypatch.setattr(resource, "getrlimit", system.getrlimit)
    monkeypatch.setattr(resource, "setrlimit", system.setrlimit)
    assert raise_limit() == min(expected - 64, 65_535)
    assert system.soft == expected


@posix
def test_without_any_limit_there_is_room_for_all_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    """More people than ids cannot come, whatever the system grants."""
    system = System(INFINITY, INFINITY, 0)
    monkeypatch.setattr(resource, "getrlimit", system.getrlimit)
    monkeypatch.setattr(resource, "setrlimit", system.setrlimit)
    assert raise_limit() == 65_535
    assert system.tried == []


@posix
def test_there_is_always_room_for_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """A limit that is lower than what the hub itself needs is no reason to say nonsense."""
    system = System(32, 32, 32)
    monkeypatch.setattr(resource, "getrlimit", system.getrlimit)
    monkeypatch.setattr(resource, "setrlimit", system.setrlimit)
    assert raise_limit() == 1


def test_on_windows_there_is_nothing_to_raise(monkeypatch: pytest.MonkeyPatch) -> None:
    """There the number is one that the hub can serve."""
    monkeypatch.setattr(sys, "platform", "win32")
    assert raise_limit() == 16_000


def test_the_reserve_gives_one_descriptor_and_takes_it_back() -> None:
    """While it is let go, the lowest free number is the one that it had; both may be asked for twice."""
    reserve = Reserve()
    kept = reserve._descriptor
    assert kept is not None
    reserve.release()
    reserve.release()
    with open(os.devnull) as borrowed:  # noqa: PTH123 - a descriptor, whatever the file
        assert borrowed.fileno() == kept
    reserve.renew()
    reserve.renew()
    assert reserve._descriptor == kept
    reserve.release()


def test_a_reserve_that_cannot_be_renewed_tries_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody else took the descriptor: no error, and the next renewal gets one."""
    reserve = Reserve()
    reserve.release()

    def refuse(*_: object) -> int:
        raise OSError(24, "Too many open files")

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", refuse)
        reserve.renew()
    assert reserve._descriptor is None
    reserve.release()
    reserve.renew()
    assert reserve._descriptor is not None
    reserve.release()
