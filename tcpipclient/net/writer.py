"""The writer thread: sends what waits in the outbox, as much at a time as there is.

Owns nothing but its loop. Must never decide what is sent, or in which order. Runs on a thread of its own, the only one
that sends on the connection.
"""

from tcpipclient.net.late_logger import LateLogger
from tcpipclient.net.outbox import Outbox
from tcpipclient.net.transport import Transport

_log = LateLogger(__name__)


def write(outbox: Outbox, transport: Transport) -> None:
    """The thread's work; returns when the outbox has come to its end or the connection has."""
    try:
        while (data := outbox.maybe_take()) is not None:
            transport.send(data)
    except OSError as error:
        _log.debug("sending has ended: %s", error)
        stop_writing(outbox, transport)
    else:
        transport.finish_sending()


def stop_writing(outbox: Outbox, transport: Transport) -> None:
    """End the connection in both directions: the reader would wait on for one that is dead in one direction only."""
    outbox.abandon()
    transport.abort()
