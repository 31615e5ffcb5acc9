"""Who sends more than can be passed on, and the line of the event log about it (docs/architecture.md, "Backpressure").

Owns since when each member has been held back, and what was told of it. Must never hold anybody back, nor tell of what
passes by itself: a burst, a file to one who reads slowly for a moment. Pure: run by the dispatcher thread alone.
"""

from dataclasses import dataclass

from commonlib.meaning import Meaning
from tcpipserver.hub.effects import Effect, Record
from tcpipserver.hub.inputs import Ticked
from tcpipserver.hub.people import Member
from tcpipserver.hub.records import named
from tcpipserver.hub.roster import Roster

FLOOD_SECONDS = 10.0
"""Whoever is held back for so long, with no longer pause than the next, is told of."""
PAUSE_SECONDS = 3.0
QUIET_SECONDS = 60.0
"""Whoever was not held back for so long, and is again, is told of again."""


@dataclass(slots=True)
class _Episode:
    """Somebody has been held back from `since` until `last`, monotonic seconds."""

    since: float
    last: float
    is_told: bool = False


class Floods:
    """One line for each episode."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster
        self._episodes: dict[int, _Episode] = {}

    def receive_ticked(self, happened: Ticked, now: float) -> list[Effect]:
        """Look at who is held back now; returns the lines about those who have been for long."""
        told: list[Effect] = []
        waits_for = dict(happened.waits_for)
        for connection in happened.held_back:
            member = self._roster.maybe_member(connection)
            if member is None:
                continue
            episode = self._episodes.setdefault(connection, _Episode(now, now))
            episode.last = now
            if not episode.is_told and now - episode.since >= FLOOD_SECONDS:
                episode.is_told = True
                told.append(self._line(member, waits_for))
        self._forget_ended(now)
        return told

    def _forget_ended(self, now: float) -> None:
        for connection, episode in tuple(self._episodes.items()):
            quiet = now - episode.last
            is_over = quiet > (QUIET_SECONDS if episode.is_told else PAUSE_SECONDS)
            if is_over or self._roster.maybe_member(connection) is None:
                del self._episodes[connection]

    def _line(self, member: Member, waits_for: dict[int, int]) -> Record:
        """Whoever waits for a slow recipient does nothing wrong; whoever sends more than the hub works off may."""
        awaited = self._roster.maybe_member(waits_for.get(member.connection, 0))
        seconds = f"for {FLOOD_SECONDS:.0f} seconds"
        if awaited is not None:
            what = f"has been sending more than {named(awaited.person)} reads {seconds}"
            return Record(Meaning.NOTE, f"{named(member.person)} {what}, and is slowed down to that.")
        what = f"floods: it has been sending more than the hub can work off {seconds}"
        return Record(Meaning.TROUBLE, f"{named(member.person)} {what}, and is slowed down to that.")
