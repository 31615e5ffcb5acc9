"""The heartbeat of the modern wire: whom to ping, and who is gone (docs/protocol.md, "M6. Being there").

Owns its times, the same at both ends. Must never count: KeepAlive does. Pure: any thread.
"""

from commonlib.classic.keepalive import Rhythm

PING_AFTER_SECONDS = 15.0
"""Who has heard nothing for so long asks whether the other side is there."""
SILENCE_SECONDS = 45.0
"""Who has heard nothing for so long ends the connection."""
HEARTBEAT = Rhythm(PING_AFTER_SECONDS, SILENCE_SECONDS, pings_only_silent=True)
