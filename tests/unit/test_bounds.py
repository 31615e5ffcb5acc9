"""What a peer may send before the arrival is over, unless the operator says otherwise."""

from commonlib.wire.bounds import USUAL
from tcpipserver.hub.limits import Limits


def test_a_hub_begins_with_the_bounds_that_the_protocol_names() -> None:
    """Those of the hub's limits are the same."""
    limits = Limits()
    assert (USUAL.body, USUAL.tls, USUAL.waiting) == (16_384, 16_384, 65_536)
    assert (limits.early_frame_bytes, limits.handshake_bytes, limits.early_plaintext_bytes) == (16_384, 16_384, 65_536)
