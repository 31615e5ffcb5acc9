"""A hub between two measurements: warm, rid of those who have left, its memory at rest.

Owns the waiting for that, and what follows from two looks at a process. Must never wait without an end. The main
thread.
"""

import time

from tests.bench.children import Child
from tests.bench.ends import ProtocolBrokenError
from tests.bench.figures import number
from tests.bench.gathering import Gathering
from tests.bench.machine import ProcessFigures, look_at

_FEW = 2
_SETTLE_SECONDS = 20.0
_LOOK_SECONDS = 0.25
_STEADY_LOOKS = 16
_STEADY_BYTES = 64 << 10


def warmed_up(hub: Child) -> ProcessFigures:
    """The empty hub once it has served somebody, so that everything has been loaded and started that a client needs.

    Raises:
        ProtocolBrokenError: It did not serve them as the protocol says.
    """
    with Gathering(hub.port) as gathering:
        gathering.grow(_FEW)
        few = look_at(hub.pid)
        gathering.leave()
        wait_until_gone(hub, few, _FEW)
    return settled(hub)


def wait_until_gone(hub: Child, there: ProcessFigures, clients: int) -> None:
    """Wait until the hub has closed the connections of so many clients, who were there then and have left.

    Raises:
        ProtocolBrokenError: It does not.
    """
    if there.descriptors is None:
        return
    deadline = time.monotonic() + _SETTLE_SECONDS
    while (look_at(hub.pid).descriptors or 0) > there.descriptors - clients:
        if time.monotonic() > deadline:
            raise ProtocolBrokenError("The hub keeps connections open that their clients have closed.")
        time.sleep(_LOOK_SECONDS)


def settled(hub: Child) -> ProcessFigures:
    """The hub's figures once its memory has stood still for four seconds; the last ones if it does not."""
    deadline = time.monotonic() + _SETTLE_SECONDS
    figures, steady = look_at(hub.pid), 0
    while figures.resident is not None and steady < _STEADY_LOOKS and time.monotonic() < deadline:
        time.sleep(_LOOK_SECONDS)
        before, figures = figures, look_at(hub.pid)
        moved = abs((figures.resident or 0) - (before.resident or 0))
        steady = steady + 1 if moved <= _STEADY_BYTES else 0
    return figures


def kibibytes_each(before: ProcessFigures, after: ProcessFigures, count: int) -> float | None:
    """What memory grew by for each of so many; None where the system does not tell."""
    if before.resident is None or after.resident is None:
        return None
    return (after.resident - before.resident) / 1024 / count


def more_threads(before: ProcessFigures, after: ProcessFigures) -> float | None:
    """How many threads there are more; None where the system does not tell."""
    return None if before.threads is None or after.threads is None else after.threads - before.threads


def mebibytes(figures: ProcessFigures) -> str:
    """Memory, for a table."""
    return number(None if figures.resident is None else figures.resident / (1 << 20), 1)
