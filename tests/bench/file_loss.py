"""One file over a path on which packets take their time and get lost, beside scp over the same path.

Owns two network namespaces, the path between them, and the report. Must never touch the machine's own network. Needs
Linux and root; else it says so. The main thread.
"""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from tests.bench.children import ROOT, ChildError
from tests.bench.figures import Requirement, number, ratio, summed_up, table
from tests.bench.file_peers import running_sshd
from tests.bench.file_programs import run_command, running_office, running_recipient
from tests.bench.file_sets import MEBIBYTE, check_copy, memory_folder, remove, write_file
from tests.bench.lossy_path import LOSS, ROUND_TRIP_SECONDS

_HERE, _THERE = "10.213.77.1", "10.213.77.2"
_HEAD = ("", "median s", "min", "max", "MB/s", "× scp")
_END_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Namespaces:
    """Two networks with one path between them, as what stands before a command that runs in one."""

    near: tuple[str, ...]
    far: tuple[str, ...]


def run(mebibytes: int, rounds: int) -> list[Requirement]:
    """Measure and print; requires nothing but that the whole file gets there.

    Raises:
        ChildError, CommandFailedError, WrongCopyError: It does not.
    """
    if sys.platform != "linux" or os.geteuid() != 0:
        print("Not measured: a path that loses packets (needs Linux, and root for network namespaces)\n")
        return []
    seconds: dict[str, list[float]] = {"scp": [], "send-file": []}
    with (
        memory_folder() as folder,
        _namespaces() as networks,
        running_sshd(folder, _THERE, networks.far, networks.near) as ssh,
        running_office(folder, _THERE, networks.far, networks.near) as office,
        running_recipient(office, folder, folder / "copies", prefix=networks.far) as recipient,
    ):
        large, copy = write_file(folder / "large.bin", mebibytes), recipient.downloads / "large.bin"
        commands = {
            "scp": [*networks.near, *ssh.scp(large, recipient.downloads)],
            "send-file": office.send_file(large, recipient.name),
        }
        for _ in range(rounds):
            for name, command in commands.items():
                seconds[name].append(run_command(command).seconds)
                check_copy(large, copy)
                remove(copy)
    rows = []
    for name, times in seconds.items():
        middle = summed_up(times)
        shown = [number(value, 2) for value in (middle.median, middle.least, middle.most)]
        rate = number(mebibytes * MEBIBYTE / middle.median / 1e6, 2)
        rows.append([name, *shown, rate, number(ratio(seconds["scp"], times), 2)])
    path = f"{ROUND_TRIP_SECONDS * 1000:g} ms there and back, {LOSS:.0%} of packets lost each way"
    print(f"One file of {mebibytes} MiB, {path}, {rounds} rounds\n{table(_HEAD, rows)}\n")
    return []


@contextlib.contextmanager
def _namespaces() -> Iterator[Namespaces]:
    names = [f"bench-{os.getpid()}-{side}" for side in ("near", "far")]
    devices = [f"bench{os.getpid() % 100000}{side}" for side in ("n", "f")]
    with contextlib.ExitStack() as stack:
        for name in names:
            _ip("netns", "add", name)
            stack.callback(_ip, "netns", "delete", name)
        stack.enter_context(_lossy_path(devices))
        for name, device, address in zip(names, devices, (_HERE, _THERE), strict=True):
            _ip("link", "set", device, "netns", name)
            _ip("-n", name, "address", "add", f"{address}/24", "dev", device)
            _ip("-n", name, "link", "set", device, "up")
            _ip("-n", name, "link", "set", "lo", "up")
        near, far = (("ip", "netns", "exec", name) for name in names)
        yield Namespaces(near, far)


@contextlib.contextmanager
def _lossy_path(devices: list[str]) -> Iterator[None]:
    command = [sys.executable, "-m", "tests.bench.lossy_path", *devices]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        if process.stdout.readline() != "ready\n":
            raise ChildError(f"the path cannot be made: {process.stderr.read().strip()}")
        try:
            yield
        finally:
            process.stdin.close()
            process.wait(_END_SECONDS)


def _ip(*arguments: str) -> None:
    done = subprocess.run(["ip", *arguments], check=False, capture_output=True, text=True)
    if done.returncode:
        raise ChildError(f"ip {' '.join(arguments)} failed: {done.stderr.strip()}")
