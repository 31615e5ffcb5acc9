"""What strangers may take of the hub before they prove who they are, what it remembers of them, and its relays' limits.

Owns the limits as one value with their defaults (docs/command-line.md has them). Must never count anything: doorkeeper
and keyring do. Pure: any thread.
"""

from dataclasses import dataclass

from commonlib.wire.bounds import LARGEST_ARRIVAL, LARGEST_HANDSHAKE
from commonlib.wire.frames import LARGEST_BODY, LARGEST_EARLY_BODY
from tcpipserver.hub.people import LONGEST_NAME


@dataclass(frozen=True, slots=True)
class Limits:
    """All limits; the defaults admit 200 people behind one address.

    Attributes:
        arrival_seconds: From connecting to being taken in; the wait for the operator is not counted.
        arriving: Connections that have not proved who they are, from all addresses together.
        connections_per_address: Members and those who are arriving.
        attempts_per_minute: Connections that one address may begin within a minute.
        early_bytes: Bytes that are taken from a connection before it has proved who it is.
        handshake_bytes: Those among them that are taken for the handshake of TLS.
        early_plaintext_bytes: Those that wait inside TLS until the hub has decided about their sender.
        early_frame_bytes: Longest body of a frame until its sender is taken in.
        frame_bytes: The same from then on.
        name_characters: Of a person, a computer and a program: a longer name is cut, of members too.
        free_failures: Wrong proofs and join codes that an address may send without being locked out.
        lock_out_seconds: The first lock-out; each further failure doubles it.
        longest_lock_out_seconds: No lock-out is longer.
        failures_kept_seconds: An address that has sent nothing wrong for so long begins anew.
        failures_per_minute: Wrong join codes from all addresses together, after which none is tried for the rest of the
            minute: a guesser with many addresses gets no further than one with one.
        approval_seconds: How long a newcomer waits for the operator.
        awaiting_approval: How many may do so at the same time.
        relays: Ways between two members that may go through the hub at the same time.
        relays_per_key: Of those, how many may begin or end at the same person.
        relay_half_seconds: How long one half of such a way waits for the other.
        known_keys: Keys that the hub remembers, besides those that were admitted or banned.
    """

    arrival_seconds: float = 10.0
    arriving: int = 1024
    connections_per_address: int = 500
    attempts_per_minute: int = 1000
    early_bytes: int = 64 << 10
    handshake_bytes: int = LARGEST_HANDSHAKE
    early_plaintext_bytes: int = LARGEST_ARRIVAL
    early_frame_bytes: int = LARGEST_EARLY_BODY
    frame_bytes: int = LARGEST_BODY
    name_characters: int = LONGEST_NAME
    free_failures: int = 5
    lock_out_seconds: float = 15.0
    longest_lock_out_seconds: float = 3600.0
    failures_kept_seconds: float = 7200.0
    failures_per_minute: int = 60
    approval_seconds: float = 600.0
    awaiting_approval: int = 100
    relays: int = 100
    relays_per_key: int = 32
    relay_half_seconds: float = 10.0
    known_keys: int = 20_000
