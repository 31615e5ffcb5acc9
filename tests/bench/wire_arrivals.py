"""How long many clients take to connect, prove their keys and get the roster, beside a loop that only shakes hands.

Owns this measurement and its report. Must never compare figures of different runs. The main thread holds all clients;
the hub and the loop are processes of their own, new ones for each round.
"""

from tests.bench.children import running_hub, running_module
from tests.bench.figures import Requirement, number, ratio, summed_up, table
from tests.bench.members import Kind, Members, make_identities
from tests.bench.wire_limits import RAISED

AT_ONCE = 100
"""How many arrive at the same time."""
MOST_TIMES = 2.0

_HEAD = ("seconds", "median", "min", "max", "arrivals/s", "× loop")


def run(count: int, rounds: int) -> list[Requirement]:
    """Measure so many arrivals in each round; print, and return how the requirement stands.

    Raises:
        ProtocolBrokenError: The hub did not do what the protocol says.
        OSError: A connection broke.
    """
    identities = make_identities(count)
    hub_times: list[float] = []
    loop_times: list[float] = []
    for _ in range(rounds):
        with running_hub(*RAISED) as hub, Members(hub.port, Kind.HUB, identities) as members:
            hub_times.append(members.grow(count, AT_ONCE))
        with running_module("tls_loop") as loop, Members(loop.port, Kind.BARE_TLS, identities) as members:
            loop_times.append(members.grow(count, AT_ONCE))
    rows = []
    for name, times in (("hub", hub_times), ("bare TLS loop", loop_times)):
        seconds = summed_up(times)
        figures = [number(value, 3) for value in (seconds.median, seconds.least, seconds.most)]
        rows.append([name, *figures, number(count / seconds.median), number(ratio(times, loop_times), 2)])
    print(f"{count:,} clients arrive, {AT_ONCE} at a time, in each of {rounds} rounds\n{table(_HEAD, rows)}\n")
    what = f"{count:,} arrivals, time of the hub / of the bare TLS loop"
    return [Requirement(what, ratio(hub_times, loop_times), MOST_TIMES, at_least=False, unit=" ×")]
