"""What the operator is told about his firewall: the command has to be right to the letter, since it is copied."""

import pytest

from tcpipserver.gui.firewall import Firewall, FirewallKind, advice

NETSH = (
    'netsh advfirewall firewall add rule name="tcpipserver 9999" dir=in action=allow protocol=TCP localport=9999 '
    "profile=private,domain"
)
TOOL = "sudo /usr/libexec/ApplicationFirewall/socketfilterfw"


@pytest.mark.parametrize(
    ("firewall", "command"),
    [
        (Firewall(FirewallKind.UFW), "sudo ufw allow 9999/tcp"),
        (
            Firewall(FirewallKind.FIREWALLD),
            "sudo firewall-cmd --add-port=9999/tcp && sudo firewall-cmd --permanent --add-port=9999/tcp",
        ),
        (
            Firewall(FirewallKind.WINDOWS),
            NETSH,
        ),
        (
            Firewall(FirewallKind.MACOS, program="/opt/it's/python"),
            f"{TOOL} --add '/opt/it'\\''s/python' && {TOOL} --unblockapp '/opt/it'\\''s/python'",
        ),
    ],
)
def test_each_firewall_has_its_command(firewall: Firewall, command: str) -> None:
    """With the port that the hub listens on, or its program; a quote in its path does not end the argument."""
    told = advice(firewall, 9999)
    assert told.command == command
    assert firewall.kind.value in told.text


def test_an_active_firewall_blocks_and_another_may() -> None:
    """What is not known is not claimed."""
    assert "(ufw) blocks others" in advice(Firewall(FirewallKind.UFW, is_active=True), 9999).text
    assert "(ufw) may block others" in advice(Firewall(FirewallKind.UFW), 9999).text


def test_without_a_firewall_there_is_something_else_to_look_at() -> None:
    """And no command."""
    told = advice(Firewall(FirewallKind.NONE_FOUND), 1234)
    assert told.command == ""
    assert "TCP port 1234" in told.text
