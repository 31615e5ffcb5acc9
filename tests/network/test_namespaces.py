"""The made-up network: machines reach each other, and a pulled cable is a pulled cable.

Thread: pytest's main thread.
"""

import subprocess
import sys

import pytest

from tests.support.leaks import wait_until
from tests.support.namespaces import Machine, Network, may_make_namespaces, network

pytestmark = pytest.mark.skipif(not may_make_namespaces(), reason="network namespaces are for root on Linux alone")
SECONDS = 30.0
CONNECT = "import socket, sys; socket.create_connection((sys.argv[1], int(sys.argv[2])), float(sys.argv[3])).close()"
LISTEN = "import socket; s = socket.create_server(('', 0)); print(s.getsockname()[1], flush=True); input()"


def reaches(here: Machine, there: Machine) -> bool:
    """Whether one machine can connect to a port of the other."""
    listening = subprocess.Popen(
        [*there.prefix, sys.executable, "-c", LISTEN], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with listening:
        assert listening.stdin is not None
        assert listening.stdout is not None
        port = listening.stdout.readline().strip()
        command = [*here.prefix, sys.executable, "-c", CONNECT, there.address, port, "1"]
        done = subprocess.run(command, capture_output=True, timeout=20, check=False)
        listening.stdin.write("\n")
    return done.returncode == 0


def everybody(lan: Network) -> list[tuple[str, str]]:
    """Who reaches whom."""
    names = list(lan.machines)
    return [(one, other) for one in names for other in names if one != other and reaches(lan[one], lan[other])]


def test_machines_reach_each_other_until_they_are_parted_or_unplugged() -> None:
    """And again afterwards."""
    with network("ann", "bob", "hub") as lan:
        assert len(everybody(lan)) == 6
        lan.part("ann", "bob")
        assert everybody(lan) == [("ann", "hub"), ("bob", "hub"), ("hub", "ann"), ("hub", "bob")]
        lan.join_again()
        lan["bob"].unplug()
        assert everybody(lan) == [("ann", "hub"), ("hub", "ann")]
        lan["bob"].plug_in()
        assert wait_until(lambda: len(everybody(lan)) == 6, SECONDS)
