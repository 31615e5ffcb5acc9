"""What to tell this machine's firewall so that others reach the hub: the sentence, and the exact command.

Owns the wording per kind of firewall. Must never run a command, nor look at the machine: machine.py does the looking.
Pure: any thread.
"""

from dataclasses import dataclass
from enum import Enum


class FirewallKind(Enum):
    """The firewalls that we know what to tell."""

    NONE_FOUND = "none found"
    UFW = "ufw"
    FIREWALLD = "firewalld"
    WINDOWS = "Windows"
    MACOS = "macOS"


@dataclass(frozen=True, slots=True)
class Firewall:
    """The firewall of this machine.

    Attributes:
        is_active: Whether it is known to be on, so that it does block until it is told not to.
        program: Path of the program that listens, for firewalls that allow programs instead of ports.
    """

    kind: FirewallKind
    is_active: bool = False
    program: str = ""


@dataclass(frozen=True, slots=True)
class FirewallAdvice:
    """What to do. `command` is to be typed as it is; "" where there is none."""

    text: str
    command: str


def advice(firewall: Firewall, port: int) -> FirewallAdvice:
    """What the operator has to do so that others on the network reach this port."""
    if firewall.kind is FirewallKind.NONE_FOUND:
        return FirewallAdvice(
            "No firewall was found on this machine. If others cannot connect, see that they use the same network "
            f"and that no router between you blocks TCP port {port}.",
            "",
        )
    where, command = _place_and_command(firewall, port)
    may = "blocks" if firewall.is_active else "may block"
    return FirewallAdvice(
        f"The firewall of this machine ({firewall.kind.value}) {may} others. To let them in, run this {where}:", command
    )


def _place_and_command(firewall: Firewall, port: int) -> tuple[str, str]:
    match firewall.kind:
        case FirewallKind.UFW:
            return "in a terminal", f"sudo ufw allow {port}/tcp"
        case FirewallKind.FIREWALLD:
            allow = f"--add-port={port}/tcp"
            return "in a terminal", f"sudo firewall-cmd {allow} && sudo firewall-cmd --permanent {allow}"
        case FirewallKind.WINDOWS:
            rule = f'name="tcpipserver {port}" dir=in action=allow protocol=TCP localport={port} profile=private,domain'
            where = "in a Command Prompt opened with “Run as administrator”"
            return where, f"netsh advfirewall firewall add rule {rule}"
        case _:
            tool, program = "sudo /usr/libexec/ApplicationFirewall/socketfilterfw", _in_single_quotes(firewall.program)
            return "in Terminal", f"{tool} --add {program} && {tool} --unblockapp {program}"


def _in_single_quotes(path: str) -> str:
    return "'" + path.replace("'", "'\\''") + "'"
