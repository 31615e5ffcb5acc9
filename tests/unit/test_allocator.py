"""The C library's memory, kept for the next read. Thread: pytest's main thread."""

import ctypes
import platform
from collections.abc import Callable

import pytest

from tcpipserver.net.allocator import FreedMemory


class Library:
    """Stands for the C library.

    Attributes:
        settings: What was set.
        trimmed: What was asked to stay each time that pages were given back.
    """

    def __init__(self, answer: int = 1) -> None:
        self.settings: list[tuple[int, int]] = []
        self.trimmed: list[int] = []
        self._answer = answer

    def mallopt(self, name: ctypes.c_int, value: ctypes.c_int) -> int:
        self.settings.append((name.value, value.value))
        return self._answer

    def malloc_trim(self, pad: ctypes.c_size_t) -> int:
        self.trimmed.append(pad.value)
        return 1


def loading(library: object) -> Callable[[None], object]:
    """What ctypes.CDLL is replaced with."""
    return lambda _: library


def test_with_glibc_freed_blocks_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """The three settings are those of mallopt(3)."""
    library = Library()
    monkeypatch.setattr(platform, "libc_ver", lambda: ("glibc", "2.36"))
    monkeypatch.setattr(ctypes, "CDLL", loading(library))
    assert FreedMemory().keep()
    assert library.settings == [(-1, 64 << 20), (-3, 4 << 20), (-8, 1)]


@pytest.mark.parametrize(("library", "name"), [(Library(), "musl"), (Library(0), "glibc"), (object(), "glibc")])
def test_elsewhere_nothing_happens(monkeypatch: pytest.MonkeyPatch, library: object, name: str) -> None:
    """Another library, one that refuses, or one without that function: the hub works without it."""
    monkeypatch.setattr(platform, "libc_ver", lambda: (name, ""))
    monkeypatch.setattr(ctypes, "CDLL", loading(library))
    assert not FreedMemory().keep()
    assert name == "glibc" or library.settings == []  # type: ignore[attr-defined]


def test_what_is_kept_is_given_back_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """All of it, as malloc_trim(3) has it; without glibc nothing is asked of anybody."""
    library = Library()
    monkeypatch.setattr(ctypes, "CDLL", loading(library))
    monkeypatch.setattr(platform, "libc_ver", lambda: ("glibc", "2.36"))
    FreedMemory().give_back()
    assert library.trimmed == [0]
    monkeypatch.setattr(platform, "libc_ver", lambda: ("", ""))
    FreedMemory().give_back()
    assert library.trimmed == [0]
