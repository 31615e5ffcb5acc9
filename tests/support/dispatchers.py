"""A dispatcher in front of a brain, with a test in the place of the other threads.

Owns putting one together. It must never start its thread. Thread: the test's own.
"""

from dataclasses import dataclass, field

from tcpipserver.dialects.classic import ClassicEncoder
from tcpipserver.dialects.dialect import Encoder
from tcpipserver.dialects.modern_encoder import ModernEncoder
from tcpipserver.hub.brain import Hub
from tcpipserver.hub.effects import Forget, Remember
from tcpipserver.hub.limits import Limits
from tcpipserver.hub.people import Wire
from tcpipserver.net.clock import Clock
from tcpipserver.net.dispatcher import Dispatcher
from tcpipserver.net.handlers import Handlers
from tcpipserver.net.outbox import Waiting
from tcpipserver.net.relays import Relays

VERSION = (1, 2, 3)


@dataclass(slots=True)
class Noted:
    """What a dispatcher told others.

    Attributes:
        retired: Numbers of the connections that have ended.
        kept: What is to be remembered or forgotten.
        failed: The threads that broke.
    """

    retired: list[int] = field(default_factory=list)
    kept: list[Remember | Forget] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


def dispatcher_of(hub: Hub, clock: Clock, noted: Noted | None = None) -> Dispatcher:
    """A dispatcher that has not been started; it speaks both wires, and no program takes anything from it."""
    noted = noted or Noted()
    handlers = Handlers(lambda _: None, noted.failed.append)
    encoders: dict[Wire, Encoder] = {Wire.CLASSIC: ClassicEncoder(VERSION), Wire.MODERN: ModernEncoder(VERSION)}
    return Dispatcher(
        hub,
        encoders,
        handlers,
        clock,
        Waiting(),
        Relays(Limits(), clock),
        noted.failed.append,
        keep=noted.kept.append,
        retired=noted.retired.append,
    )
