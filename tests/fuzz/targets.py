"""All machines that are attacked: in the suite for a moment, by `python -m tests.fuzz` for as long as one likes.

Owns the list. A new target is a class with a name, its packets and its attack (tests/support/fuzzing.py), and an entry
here. It must never hold a target itself: those stand in a file for each room.
Thread: the caller's own.
"""

from tests.fuzz.book_targets import BookTarget
from tests.fuzz.classic_targets import CutterTarget, FileReceivingTarget, LayoutsTarget, TextsTarget
from tests.fuzz.client_targets import SessionTarget
from tests.fuzz.control_targets import ControlTarget
from tests.fuzz.hub_targets import HubTarget
from tests.fuzz.mixed_hub_targets import MixedHubTarget
from tests.fuzz.modern_client_targets import DoorTarget, ModernSessionTarget
from tests.fuzz.preface_targets import PrefaceTarget
from tests.fuzz.relay_targets import RelayTarget
from tests.fuzz.transfer_targets import ManifestTarget, ReceivingTarget, SendingTarget, StreamTarget
from tests.fuzz.wire_targets import (
    ClientHandshakeTarget,
    FramesTarget,
    HubHandshakeTarget,
    MessagesTarget,
    TlsTarget,
)
from tests.support.fuzzing import Target

TARGETS: tuple[Target, ...] = (
    CutterTarget(),
    LayoutsTarget(),
    TextsTarget(),
    FileReceivingTarget(),
    HubTarget(),
    MixedHubTarget(),
    SessionTarget(),
    ModernSessionTarget(),
    DoorTarget(),
    FramesTarget(),
    MessagesTarget(),
    TlsTarget(),
    HubHandshakeTarget(),
    ClientHandshakeTarget(),
    ControlTarget(),
    RelayTarget(),
    PrefaceTarget(),
    BookTarget(),
    StreamTarget(),
    ManifestTarget(),
    ReceivingTarget(),
    SendingTarget(),
)
