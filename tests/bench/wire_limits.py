"""The limits before login that benchmarks raise: all their clients come from one address, at once.

Owns which are raised, and saying so. Must never be used by anything else than a benchmark. Pure: any thread.
"""

from dataclasses import replace

from tcpipserver.hub.limits import Limits

_CLIENTS = 20_000
_NEW = {"arriving": _CLIENTS, "connections_per_address": _CLIENTS, "attempts_per_minute": 60 * _CLIENTS}

RAISED_LIMITS = replace(
    Limits(),
    arriving=_NEW["arriving"],
    connections_per_address=_NEW["connections_per_address"],
    attempts_per_minute=_NEW["attempts_per_minute"],
)
RAISED = tuple(part for name, value in _NEW.items() for part in ("--limit", f"{name}={value}"))
"""The same as arguments of the hub's command."""


def raised_limits_line() -> str:
    """Which limits were raised, and from what."""
    raised = ", ".join(f"{name} from {getattr(Limits(), name):,} to {value:,}" for name, value in _NEW.items())
    return f"limits of the hub that were raised, because all clients come from one address: {raised}"
