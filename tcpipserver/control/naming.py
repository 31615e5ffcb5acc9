"""Whom the operator means: ids, names, key codes and fingerprints, looked up among those who could be meant.

Owns the order in which meanings are tried, and the sentences for what cannot be told. Must never guess: where two
people could be meant, it is nobody. Pure: any thread.

Only the hub gives ids, so an id comes before everything else. A name is anybody's own choice, and a key whose six
digits are those of another can be found in a moment: both are looked at together, so that nobody stands in front of
somebody else by what he calls himself, and whoever tries makes it ambiguous.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from commonlib.exceptions import ChatError
from commonlib.identity import Fingerprint, key_code, short_key_code
from commonlib.printable import printable
from commonlib.wording import shown_person

SHORTEST_PREFIX = 8
"""Hexadecimal digits of a fingerprint by which somebody may be named."""
_WHOLE = 64
_CODE_DIGITS = 6
_HEX_DIGITS = frozenset("0123456789abcdef")
_MOST_LISTED = 10
_LONGEST_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Nameable:
    """Somebody who could be meant.

    Attributes:
        id: None where he is not there.
        key: None where he is on the classic wire.
    """

    id: int | None
    name: str
    key: bytes | None

    @property
    def shown(self) -> str:
        """How he is called in a sentence: with his id, else with what tells his key from others."""
        if self.id is not None:
            return shown_person(self.name, self.id)
        name = printable(self.name, _LONGEST_SHOWN).strip() or "somebody"
        return name if self.key is None else f"{name} (key {self.key.hex()[:SHORTEST_PREFIX]})"


class NamingError(ChatError):
    """What was typed names nobody, or more than one person.

    Attributes:
        wanted: As it was typed.
        candidates: Those who could be meant; empty where nobody could.
        place: Where there is nobody of that name, such as "on the hub".
        command: The command that lists those who could be meant.
    """

    def __init__(self, wanted: str, candidates: Sequence[Nameable], place: str, command: str) -> None:
        super().__init__(wanted, candidates, place, command)
        self.wanted = wanted
        self.candidates = tuple(candidates)
        self.place = place
        self.command = command

    def __str__(self) -> str:
        wanted = printable(self.wanted, _LONGEST_SHOWN)
        shown_by = f"'tcpipserver ctl {self.command}'"
        if not self.candidates:
            return f'There is no "{wanted}" {self.place}, so nothing was done: {shown_by} shows who could be meant.'
        found = [one.shown for one in self.candidates[:_MOST_LISTED]]
        if len(self.candidates) > _MOST_LISTED:
            found[-1] = f"{len(self.candidates) - _MOST_LISTED + 1} more"
        return (
            f'"{wanted}" could be {", ".join(found[:-1])} or {found[-1]}, so nothing was done: '
            f"give the id, or more of the fingerprint; 'tcpipserver ctl {self.command} --json' tells both."
        )


class Wanted:
    """What was typed, ready to be compared with many."""

    def __init__(self, typed: str) -> None:
        self.typed = typed
        self._id = int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 10 else None
        # A code is read aloud and typed: spaces, dashes and capitals do not count.
        self._compact = "".join(typed.split()).replace("-", "").replace(":", "").lower()
        ending = self._compact[-_CODE_DIGITS:]
        self._ends_as_code = len(ending) == _CODE_DIGITS and ending.isascii() and ending.isdigit()
        self._is_hex = SHORTEST_PREFIX <= len(self._compact) <= _WHOLE and _HEX_DIGITS.issuperset(self._compact)
        self._folded = typed.casefold()

    def is_id_of(self, one: Nameable) -> bool:
        """Whether it is his id."""
        return self._id is not None and one.id == self._id

    def is_name_of(self, one: Nameable) -> bool:
        """Whether it is his name, written exactly so."""
        return one.name == self.typed

    def is_like_name_of(self, one: Nameable) -> bool:
        """Whether it is his name but for capitals."""
        return one.name.casefold() == self._folded

    def is_key_of(self, key: bytes | None) -> bool:
        """Whether it is the key's code, the code's digits, or the beginning of the fingerprint."""
        if key is None:
            return False
        if self._is_hex and key.hex().startswith(self._compact):
            return True
        if not self._ends_as_code:
            return False
        code = key_code if len(self._compact) > _CODE_DIGITS else short_key_code
        return code(Fingerprint(key)).replace(" ", "") == self._compact

    def maybe_whole_key(self) -> bytes | None:
        """The fingerprint, where it was typed in full."""
        return bytes.fromhex(self._compact) if self._is_hex and len(self._compact) == _WHOLE else None


def person_meant(typed: str, those: Iterable[Nameable], place: str, command: str) -> tuple[Nameable, ...]:
    """The one who is meant. An id is one connection; everything else is all connections of one key.

    Raises:
        NamingError: It names nobody, or more than one person.
    """
    wanted = Wanted(typed)
    those = tuple(those)
    found = [one for one in those if wanted.is_id_of(one)]
    if found:
        return tuple(found)
    found = [one for one in those if wanted.is_name_of(one) or wanted.is_key_of(one.key)]
    found = found or [one for one in those if wanted.is_like_name_of(one)]
    return _only_one(typed, found, place, command)


def key_meant(typed: str, those: Iterable[Nameable], place: str, command: str) -> Nameable:
    """The one whose key is meant; names do not count, as a stranger chooses his own.

    Raises:
        NamingError: It names no key, or more than one.
    """
    wanted = Wanted(typed)
    found = [one for one in those if wanted.is_key_of(one.key)]
    return _only_one(typed, found, place, command)[0]


def _only_one(typed: str, found: list[Nameable], place: str, command: str) -> tuple[Nameable, ...]:
    owners = {one.id if one.key is None else one.key for one in found}
    if len(owners) != 1:
        raise NamingError(typed, found, place, command)
    return tuple(found)
