"""Attacking machines with spoilt recordings: what a target is, how it is attacked, how a finding is repeated.

Owns the loop and the report. How packets are spoilt is told in packet_mutation.py, which machines there are in
tests/fuzz/targets.py. An iteration depends on its seed, its target's name and its number alone, so that each can be
repeated by itself. It must never swallow an error: whatever leaves a target is a defect.
Thread: the caller's own.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from random import Random
from typing import Protocol

from tests.support.packet_mutation import spoilt_stream


class Target(Protocol):
    """A machine under attack.

    Attributes:
        name: One word by which it is chosen and its findings are repeated.
    """

    name: str

    def packets(self) -> Sequence[bytes]:
        """Good packets of 1024 bytes in their order, as far as the machine would meet them, to be spoilt."""
        ...

    def attack(self, stream: bytes, random: Random) -> None:
        """Feed a new machine with a spoilt stream, divided and timed as `random` says.

        Catches the errors that the machine documents; all else that it raises is a defect. Asserts what the machine
        promises whatever it is fed with.
        """
        ...


class DefectError(AssertionError):
    """A machine raised what it does not document, or broke a promise; the cause is chained."""

    def __init__(self, target: str, seed: int, iteration: int, cause: Exception) -> None:
        super().__init__(target, seed, iteration, cause)
        self.target = target
        self.seed = seed
        self.iteration = iteration
        self.cause = cause

    def __str__(self) -> str:
        return (
            f"{self.target} failed with {self.cause!r}. To see it again: python -m tests.fuzz"
            f" --target {self.target} --seed {self.seed} --first {self.iteration} --iterations 1"
        )


@dataclass(frozen=True, slots=True)
class Effort:
    """How long an attack goes on: so many iterations from number `first`, so many seconds, or what ends first."""

    iterations: int | None = None
    seconds: float | None = None
    first: int = 0


def fuzz(target: Target, seed: int, effort: Effort, clock: Callable[[], float] = time.monotonic) -> int:
    """Attack a target; returns the number of iterations that passed.

    Raises:
        DefectError: At the first defect.
    """
    deadline = None if effort.seconds is None else clock() + effort.seconds
    end = None if effort.iterations is None else effort.first + effort.iterations
    for iteration in count(effort.first):
        if iteration == end or (deadline is not None and clock() >= deadline):
            return iteration - effort.first
        attack_once(target, seed, iteration)
    raise AssertionError("counting has no end")


def attack_once(target: Target, seed: int, iteration: int) -> None:
    """One iteration.

    Raises:
        DefectError: A defect.
    """
    random = Random(f"{seed} {target.name} {iteration}")
    stream = spoilt_stream(random, target.packets())
    try:
        target.attack(stream, random)
    except Exception as error:
        raise DefectError(target.name, seed, iteration, error) from error


def divided_at_random(stream: bytes, random: Random) -> list[bytes]:
    """The stream in chunks as a network might deliver it: single bytes, packets and bits of them, whole blocks."""
    chunks = []
    position = 0
    while position < len(stream):
        size = random.choice((1, 2, random.randint(1, 1023), 1023, 1024, 1025, random.randint(1, 8192), 65536))
        chunks.append(stream[position : position + size])
        position += size
    return chunks
