"""What encrypted clients who say nothing cost the hub: memory and threads.

Owns this measurement and its report. Must never count what an empty hub needs anyway: a hub that has served somebody is
looked at first. The main thread; each hub is a process of its own.
"""

from collections.abc import Sequence

from tests.bench.children import running_hub
from tests.bench.figures import Requirement, number, table
from tests.bench.members import Kind, Members, make_identities
from tests.bench.settling import kibibytes_each, mebibytes, more_threads, settled
from tests.bench.wire_arrivals import AT_ONCE
from tests.bench.wire_fan_out import FRAME_BYTES, frame_of
from tests.bench.wire_limits import RAISED

MOST_KIBIBYTES = 30.0

_HEAD = (
    "clients",
    "s to arrive",
    "KiB each",
    "MiB before",
    "then",
    "threads before",
    "then",
    "KiB each, sent 16 KiB at once",
)
_FEW = 2
_QUIET_SECONDS, _PAUSE_SECONDS = 1.0, 0.005
_FRAMES_OF_A_RECORD = 80


def run(crowds: Sequence[int]) -> list[Requirement]:
    """Measure so many clients, in turn, each time on a new hub; print, and return how the requirement stands.

    Raises:
        ProtocolBrokenError: The hub did not do what the protocol says.
        OSError: A connection broke.
    """
    rows, requirements = [], []
    identities = make_identities(max(crowds))
    for count in crowds:
        with running_hub(*RAISED) as hub, Members(hub.port, Kind.HUB, identities) as members:
            members.grow(_FEW, AT_ONCE)
            few = settled(hub)
            seconds = members.grow(count, AT_ONCE)
            members.stay_alive()  # Those who came first would be asked for a sign of life now, and nothing were quiet.
            members.read_until_quiet(_QUIET_SECONDS)
            full = settled(hub)
            _send_each_one_record(members)
            talked_to = settled(hub)
        memory = kibibytes_each(few, full, count - _FEW)
        rows.append(
            [
                *(number(count), number(seconds, 2), number(memory, 2), mebibytes(few), mebibytes(full)),
                *(number(figures.threads) for figures in (few, full)),
                number(kibibytes_each(few, talked_to, count - _FEW), 2),
            ]
        )
        clients = f"{count:,} idle clients over TLS"
        requirements += [
            Requirement(f"{clients}, memory for each", memory, MOST_KIBIBYTES, at_least=False, unit=" KiB"),
            Requirement(f"{clients}, threads for them", more_threads(few, full), 0, at_least=False),
        ]
    print(f"Clients who say nothing, over TLS\n{table(_HEAD, rows)}\n")
    return requirements


def _send_each_one_record(members: Members) -> None:
    """Have everybody sent so many frames at once that they fill one record of TLS, the largest there is."""
    writer = members.members[0]
    for member in members.members:
        writer.say(frame_of(FRAME_BYTES, to=member.id) * _FRAMES_OF_A_RECORD)
        members.read_until_quiet(_PAUSE_SECONDS)
    members.read_until_quiet(_QUIET_SECONDS)
