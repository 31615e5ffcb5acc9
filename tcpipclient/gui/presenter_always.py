"""The people whose files are taken without asking.

Owns who they are. Whoever has proved a key to the hub is known by that key on that hub, whenever he comes again and
however often he is connected: that is remembered in the settings until the user takes it back. Who has no key is known
only until he leaves. Must never take anything by itself. Pure: the Tk thread's.
"""

from collections.abc import Callable

from tcpipclient.gui.presenter_departed import Identity
from tcpipclient.gui.presenter_settings import SettingsPresenter
from tcpipclient.gui.shown import PersonMenuShown

ALWAYS_NOTE = "Always holds until one of you disconnects: without encryption a name proves nothing."
ALWAYS_KEY_NOTE = (
    "Always holds for this person's key on this hub, whatever name it goes by, until you take it back: right-click the "
    "person."
)


class AlwaysTaken:
    """Those of one window.

    Args:
        identity_of: By what the person of a row is known again; None where he has no key.
    """

    def __init__(self, settings: SettingsPresenter, identity_of: Callable[[int], Identity | None]) -> None:
        self._settings = settings
        self._identity_of = identity_of
        self._rows: set[int] = set()

    def is_always(self, person: int) -> bool:
        """Whether this person's files are taken without asking."""
        return person in self._rows or self._maybe_name(person) in self._settings.settings.always

    def choose(self, person: int, *, wanted: bool) -> None:
        """This person's files are taken from now on, or asked about again."""
        name = self._maybe_name(person)
        if name is not None:
            self._settings.always_chosen(name, wanted=wanted)
        elif wanted:
            self._rows.add(person)
        else:
            self._rows.discard(person)

    def note(self, person: int) -> str:
        """What Always means for this person."""
        return ALWAYS_NOTE if self._maybe_name(person) is None else ALWAYS_KEY_NOTE

    def menu(self, person: int) -> PersonMenuShown:
        """What the menu of this person offers: it is not where somebody without a key is given such a right."""
        is_always = self.is_always(person)
        return PersonMenuShown(is_always, can_change=is_always or self._maybe_name(person) is not None)

    def person_left(self, person: int) -> None:
        """Whoever comes under the same name may be somebody else, where he has no key."""
        self._rows.discard(person)

    def connection_ended(self) -> None:
        """Ids begin anew."""
        self._rows.clear()

    def _maybe_name(self, person: int) -> str | None:
        """What the settings call somebody with a key: the hub's fingerprint and his own."""
        identity = self._identity_of(person)
        if identity is None:
            return None
        hub, key = identity
        return f"{hub.hex()} {key.hex()}" if isinstance(hub, bytes) and isinstance(key, bytes) else None
