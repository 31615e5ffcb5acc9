"""`files`: which measurements of files there are, and in which order they are taken.

Owns their names and amounts. Must never measure by itself, nor let a measurement that failed pass for one that was met.
The main thread.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench import file_chat, file_copies, file_crowd, file_loss, file_memory, file_ways
from tests.bench.figures import Requirement
from tests.bench.file_programs import CommandFailedError, compiled_programs
from tests.bench.file_sets import WrongCopyError

PARTS = ("copies", "ways", "chat", "memory", "crowd", "loss")


@dataclass(frozen=True, slots=True)
class Amounts:
    """How much is sent.

    Attributes:
        mib: MiB of the one large file.
        small: Files of 4 KiB.
        mixed: Files of the mixed tree.
        sparse_gib: GiB of a file that has only a hole.
        entries: Files of some bytes, for the memory that a long list takes.
        recipients: Who get a file at once.
        lossy_mib: MiB over a path that loses packets.
    """

    mib: int
    small: int
    mixed: int
    sparse_gib: int
    entries: int
    recipients: int
    lossy_mib: int


def run(amounts: Amounts, rounds: int, parts: Sequence[str] = PARTS, folder: Path | None = None) -> list[Requirement]:
    """Measure and print; returns how the requirements stand. A part that fails is told, and counts as missed.

    Args:
        folder: Where the part "memory" puts its files; None means in memory.

    Raises:
        ChildError: A program did not become ready, or is not installed.
    """
    measurements: dict[str, Callable[[], list[Requirement]]] = {
        "copies": lambda: file_copies.run(amounts.mib, amounts.small, amounts.mixed, rounds),
        "ways": lambda: file_ways.run(amounts.mib, rounds),
        "chat": lambda: file_chat.run(amounts.mib, rounds),
        "memory": lambda: file_memory.run(amounts.sparse_gib, amounts.entries, folder),
        "crowd": lambda: file_crowd.run(amounts.recipients, rounds),
        "loss": lambda: file_loss.run(amounts.lossy_mib, rounds),
    }
    requirements = []
    with compiled_programs():
        for part in parts:
            try:
                requirements += measurements[part]()
            except (CommandFailedError, WrongCopyError) as error:
                print(f"{part} failed: {error}\n")
                requirements.append(Requirement(f"{part}, measured at all", 0.0, 1.0, at_least=True))
    return requirements
