"""What a join code is tried with in tests: the parties, and random bytes that are the same in each run.

Owns those values. It must never be used by the product. Thread: the test's own.
"""

from random import Random

from commonlib.identity import Fingerprint
from commonlib.wire.join import ClientJoin, Entropy, HubJoin, Parties

CODE = "correct horse battery"
PARTIES = Parties(Fingerprint(b"h" * 32), Fingerprint(b"c" * 32), b"n" * 32)


def entropy_of(seed: object) -> Entropy:
    """Bytes that look random and are the same in each run."""
    return Random(str(seed)).randbytes


def hub_join(code: str = CODE, parties: Parties = PARTIES) -> HubJoin:
    """The hub's side."""
    return HubJoin(code, parties, entropy_of("hub"))


def client_join(exchange: bytes, code: str = CODE, parties: Parties = PARTIES) -> ClientJoin:
    """The client's side, answering an exchange."""
    return ClientJoin(code, parties, exchange, entropy_of("client"))
