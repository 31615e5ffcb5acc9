"""What the system says about itself and about a process: the machine, memory, threads, descriptors, processor time.

Owns the reading of /proc, and of the limits. Must never guess: where a system does not tell, the answer is None. Any
thread.
"""

import os
import platform
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ProcessFigures:
    """One process at one moment; None is what this system does not tell.

    Attributes:
        resident: Bytes of memory.
        processor_seconds: In the program and in the kernel for it, all threads together.
    """

    resident: int | None
    threads: int | None
    descriptors: int | None
    processor_seconds: float | None


def machine_line() -> str:
    """Processors, Python and operating system, in one line."""
    usable = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    return (
        f"{usable} processors for all processes together, {platform.python_implementation()} "
        f"{platform.python_version()}, {platform.platform()}"
    )


def look_at(pid: int) -> ProcessFigures:
    """How a process is doing now. All None where there is no /proc."""
    folder = Path("/proc") / str(pid)
    try:
        status = _fields((folder / "status").read_text(encoding="ascii"))
        times = (folder / "stat").read_text(encoding="ascii").rpartition(")")[2].split()
        descriptors = len(list((folder / "fd").iterdir()))
    except OSError:
        return ProcessFigures(None, None, None, None)
    ticks = int(times[11]) + int(times[12])
    return ProcessFigures(
        resident=int(status["VmRSS"].removesuffix("kB")) << 10,
        threads=int(status["Threads"]),
        descriptors=descriptors,
        processor_seconds=ticks / os.sysconf("SC_CLK_TCK"),
    )


def forget_peak(pid: int) -> int | None:
    """Have the system forget how much memory a process held at most; bytes that it holds now, None where untold."""
    try:
        (Path("/proc") / str(pid) / "clear_refs").write_text("5", encoding="ascii")
    except OSError:
        return None
    return look_at(pid).resident


def maybe_peak(pid: int) -> int | None:
    """Most bytes of memory that a process held since its start, or since that was forgotten; None where untold."""
    try:
        status = _fields((Path("/proc") / str(pid) / "status").read_text(encoding="ascii"))
    except OSError:
        return None
    return int(status["VmHWM"].removesuffix("kB")) << 10


def _fields(status: str) -> dict[str, str]:
    return {name: value.strip() for name, _, value in (line.partition(":") for line in status.splitlines())}


def raise_descriptor_limit(wanted: int) -> str:
    """Raise this process's soft descriptor limit to what is wanted, if it is lower; returns what was done, in words."""
    if sys.platform == "win32":
        return "this system has no descriptor limit to raise"
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return f"descriptor limit of the load generator: {soft}, as found"
    highest = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (highest, hard))
    return f"descriptor limit of the load generator raised from {soft} to {highest}"
