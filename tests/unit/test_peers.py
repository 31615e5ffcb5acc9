"""Who is on the hub, by id and by key.

Thread: pytest's main thread.
"""

from tcpipclient.core.transfers.peers import Peer, Peers

BOB = Peer(2, b"b" * 32, "Bob")
EVE = Peer(3, b"e" * 32, "Eve")


def test_somebody_is_found_by_his_connection_or_else_by_his_key() -> None:
    """The newest of several connections; another with the same id is somebody else."""
    peers = Peers()
    peers.find_hub([BOB, EVE])
    assert peers.maybe_found(Peer(2, BOB.key)) == BOB
    again, other = Peer(7, BOB.key), Peer(9, BOB.key)
    peers.put(other)
    peers.put(again)
    peers.remove(2)
    assert not peers.is_here(BOB)
    assert peers.maybe_found(BOB) == other
    peers.put(Peer(2, EVE.key))
    assert not peers.is_here(BOB)
    assert peers.maybe_get(2) == Peer(2, EVE.key)
    assert peers.maybe_found(Peer(1, b"x" * 32)) is None


def test_without_a_hub_nobody_is_here() -> None:
    """Whoever is there with the next one is told anew."""
    peers = Peers()
    assert not peers.is_connected
    peers.find_hub([BOB])
    assert peers.is_here(BOB)
    peers.lose_hub()
    assert (peers.is_connected, peers.is_here(BOB), peers.maybe_get(2)) == (False, False, None)
    peers.remove(2)
    peers.find_hub([EVE])
    assert peers.maybe_found(BOB) is None
