"""One packet to many, through the hub and through a loop of `sendall`, in turn.

Owns this measurement and its report. Must never compare figures of different runs. The main thread holds all clients;
the hub and the loop are processes of their own.
"""

from commonlib.classic.layouts import DataPacket
from commonlib.classic.packet import FIRST_OWN_COMMAND
from tests.bench.children import running_hub, running_module
from tests.bench.figures import Requirement, number, ratio, summed_up, table
from tests.bench.gathering import Gathering
from tests.bench.settling import kibibytes_each, mebibytes, settled
from tests.bench.wire_limits import RAISED

MOST_KIBIBYTES_LEFT = 0.05
"""Memory that may stay for one delivery: a packet that is kept by mistake has 1 KiB."""

_HEAD = ("deliveries/s", "median", "min", "max", "ms until all have it", "× loop")
_WARM_UP_PACKETS = 5


def run(recipients: int, packets: int, rounds: int) -> list[Requirement]:
    """Measure so many packets in each round; print, and return how the requirement stands.

    Raises:
        ProtocolBrokenError: The hub did not do what the protocol says.
        OSError: A connection broke.
    """
    hub_rates: list[float] = []
    loop_rates: list[float] = []
    with (
        running_hub(*RAISED) as hub,
        running_module("sendall_loop") as loop,
        Gathering(hub.port) as through_hub,
        Gathering(loop.port, registers=False) as through_loop,
    ):
        for gathering in (through_hub, through_loop):
            gathering.grow(recipients)
            _times(gathering, _WARM_UP_PACKETS)
        before = settled(hub)
        for _ in range(rounds):
            for gathering, rates in ((through_hub, hub_rates), (through_loop, loop_rates)):
                rates.append(recipients / summed_up(_times(gathering, packets)).median)
        after = settled(hub)
    rows = []
    for name, rates in (("hub", hub_rates), ("loop of sendall", loop_rates)):
        rate = summed_up(rates)
        figures = [number(value) for value in (rate.median, rate.least, rate.most)]
        rows.append([name, *figures, number(1000 * recipients / rate.median, 2), number(ratio(rates, loop_rates), 2)])
    print(f"One packet to {recipients:,} clients, {packets} times in each of {rounds} rounds\n{table(_HEAD, rows)}")
    print(f"The hub's memory: {mebibytes(before)} MiB before, {mebibytes(after)} MiB after\n")
    left = kibibytes_each(before, after, recipients * rounds * packets)
    what = "One packet to many, memory left by each delivery"
    return [Requirement(what, left, MOST_KIBIBYTES_LEFT, at_least=False, unit=" KiB")]


def _times(gathering: Gathering, packets: int) -> list[float]:
    """Seconds from the first client's sending until everybody has it, for each packet."""
    sender = gathering.clients[0].id
    packet = DataPacket(FIRST_OWN_COMMAND, id_from=sender, text_a="one to all").encode()
    return [gathering.time_to_everyone(packet) for _ in range(packets)]
