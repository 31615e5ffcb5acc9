"""The keys that the hub has seen: who they were, who was admitted, who is kept out.

Owns what is remembered, and forgets what it must: whoever makes keys without end must not fill the memory. Must never
decide who joins. What changes comes back as effects for the store. Pure: run by the dispatcher thread alone; times are
Unix seconds.
"""

from collections.abc import Iterable
from dataclasses import replace

from commonlib.identity import Fingerprint
from tcpipserver.hub.effects import Effect, Forget, Remember
from tcpipserver.hub.people import Credentials, KnownKey


class Keyring:
    """All keys of one hub.

    Args:
        most_passing: How many are remembered that were neither admitted nor banned.
    """

    def __init__(self, most_passing: int) -> None:
        self._most_passing = most_passing
        # Those who were just here, in the order in which they were last seen; and those of whom the operator knows.
        self._passing: dict[Fingerprint, KnownKey] = {}
        self._kept: dict[Fingerprint, KnownKey] = {}

    def load(self, known: Iterable[KnownKey]) -> list[Effect]:
        """Remember these from before the start; what is too much is forgotten."""
        for one in sorted(known, key=lambda one: one.last_seen):
            self._put(one)
        return self._forget_too_many()

    def maybe_known(self, key: Fingerprint) -> KnownKey | None:
        """What is remembered of a key."""
        return self._kept.get(key) or self._passing.get(key)

    def is_admitted(self, key: Fingerprint) -> bool:
        """Whether it has been let in by the join code or the operator."""
        known = self._kept.get(key)
        return known is not None and known.is_admitted

    def banned(self) -> tuple[KnownKey, ...]:
        """Those who are kept out."""
        return tuple(known for known in self._kept.values() if known.is_banned)

    def known(self) -> tuple[KnownKey, ...]:
        """All that are remembered, in no particular order."""
        return (*self._kept.values(), *self._passing.values())

    def see(self, key: Fingerprint, credentials: Credentials, wall: float) -> list[Effect]:
        """Somebody with this key is here, and calls himself this."""
        known = self.maybe_known(key) or KnownKey(key)
        return self._remember(
            replace(
                known,
                name=credentials.name,
                computer=credentials.computer,
                first_seen=known.first_seen or wall,
                last_seen=wall,
            )
        )

    def leave(self, key: Fingerprint, wall: float) -> list[Effect]:
        """A session of this key has ended. Another one may go by another name by now, so the name stays."""
        known = self.maybe_known(key)
        return [] if known is None else self._remember(replace(known, last_seen=wall))

    def admit(self, key: Fingerprint) -> list[Effect]:
        """It is not asked for a code nor the operator about it any more."""
        return self._remember(replace(self.maybe_known(key) or KnownKey(key), is_admitted=True))

    def ban(self, key: Fingerprint, reason: str) -> list[Effect]:
        """It is kept out, whether it was admitted or not."""
        return self._remember(replace(self.maybe_known(key) or KnownKey(key), banned_for=reason))

    def unban(self, key: Fingerprint) -> list[Effect]:
        """It is not kept out any more; nothing where it was not."""
        known = self._kept.get(key)
        return [] if known is None or not known.is_banned else self._remember(replace(known, banned_for=None))

    def _remember(self, known: KnownKey) -> list[Effect]:
        if known == self.maybe_known(known.key):
            return []
        self._put(known)
        return [Remember(known), *self._forget_too_many()]

    def _put(self, known: KnownKey) -> None:
        self._passing.pop(known.key, None)
        self._kept.pop(known.key, None)
        (self._kept if known.is_admitted or known.is_banned else self._passing)[known.key] = known

    def _forget_too_many(self) -> list[Effect]:
        told: list[Effect] = []
        while len(self._passing) > self._most_passing:
            longest_unseen = next(iter(self._passing))
            del self._passing[longest_unseen]
            told.append(Forget(longest_unseen))
        return told
