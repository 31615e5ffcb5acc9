"""A small network of machines that do not exist: Linux network namespaces, joined by cables that can be pulled.

Owns the namespaces, the interfaces in them and their addresses, and takes all of it away again. Must never touch a
network of the real machine. Needs the rights of root and the command `ip`. Thread: the test's own.

    ann ---- switch ---- bob
               |
              hub

The switch is a router, so that each cable can be pulled by itself, and two machines kept from each other while both
still reach a third.
"""

import itertools
import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

SECONDS = 20.0
PLUG = "lan0"
"""What the interface of each machine is called."""

_numbers = itertools.count(1)


def may_make_namespaces() -> bool:
    """Whether this is Linux, and we are root."""
    return Path("/proc/self/ns/net").exists() and os.geteuid() == 0


@dataclass(frozen=True, slots=True)
class Machine:
    """One machine of the network.

    Attributes:
        namespace: What the system calls it.
        address: Of its only interface.
        prefix: The beginning of a command that runs on it.
    """

    name: str
    namespace: str
    address: str
    prefix: tuple[str, ...]

    def unplug(self) -> None:
        """Pull its cable: nothing comes, nothing goes, and nobody is told."""
        _run(*self.prefix, "ip", "link", "set", PLUG, "down")

    def plug_in(self) -> None:
        """Put the cable in again."""
        _run(*self.prefix, "ip", "link", "set", PLUG, "up")
        _run(*self.prefix, "ip", "route", "replace", "default", "via", _gateway(self.address))


@dataclass(frozen=True, slots=True)
class Network:
    """Machines that reach one another.

    Attributes:
        machines: By their names.
    """

    machines: dict[str, Machine]
    _switch: tuple[str, ...]
    _apart: list[tuple[str, str]] = field(default_factory=list)

    def __getitem__(self, name: str) -> Machine:
        return self.machines[name]

    def part(self, one: str, other: str) -> None:
        """Keep two machines from each other; both reach the rest as before."""
        for here, there in ((one, other), (other, one)):
            machine = self[here]
            _run(*machine.prefix, "ip", "route", "add", "blackhole", f"{self[there].address}/32")
        self._apart.append((one, other))

    def join_again(self) -> None:
        """Undo `part`."""
        while self._apart:
            one, other = self._apart.pop()
            for here, there in ((one, other), (other, one)):
                _run(*self[here].prefix, "ip", "route", "del", "blackhole", f"{self[there].address}/32")


@contextmanager
def network(*names: str) -> Iterator[Network]:
    """A network of machines with these names until the block ends; end their programs before."""
    mark = f"tcpipchat-{os.getpid()}-{next(_numbers)}"
    with ExitStack() as stack:
        switch = _make_namespace(stack, f"{mark}-switch")
        machines = {}
        for number, name in enumerate(names, start=1):
            namespace = f"{mark}-{name}"
            prefix = _make_namespace(stack, namespace)
            machine = Machine(name, namespace, f"10.99.{number}.2", prefix)
            port = f"port{number}"
            _run("ip", "link", "add", PLUG, "netns", namespace, "type", "veth", "peer", port, "netns", f"{mark}-switch")
            _run(*switch, "ip", "address", "add", f"{_gateway(machine.address)}/24", "dev", port)
            _run(*switch, "ip", "link", "set", port, "up")
            _run(*prefix, "ip", "address", "add", f"{machine.address}/24", "dev", PLUG)
            machine.plug_in()
            machines[name] = machine
        yield Network(machines, switch)


def _make_namespace(stack: ExitStack, namespace: str) -> tuple[str, ...]:
    """Make one, and return the beginning of commands in it."""
    _run("ip", "netns", "add", namespace)
    stack.callback(_run, "ip", "netns", "delete", namespace)
    prefix = ("ip", "netns", "exec", namespace)
    _run(*prefix, "ip", "link", "set", "lo", "up")
    _run(*prefix, "sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward")
    return prefix


def _gateway(address: str) -> str:
    return address.rpartition(".")[0] + ".1"


def _run(*command: str) -> None:
    done = _finished(command)
    assert done.returncode == 0, f"'{' '.join(command)}' failed: {done.stderr}"


def _finished(command: Sequence[str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
