"""When the hub is asked how long others take to answer it: for the rows that are in sight, and while they are.

Owns the rhythm. Must never ask for everybody where nobody looks: a hub has thousands. Pure: the Tk thread's; `now` is
monotonic seconds.
"""

from collections.abc import Sequence

from tcpipclient.gui.model import Model
from tcpipclient.gui.presenter_people import PeoplePresenter

ASK_SECONDS = 15.0
"""So often the hub measures anew whom somebody wants to know of."""
SOON_SECONDS = 2.0
"""Who came into sight, or was not measured yet, is asked for after so long."""
MOST_SOON = 3
"""Who has not answered the hub by then is asked for with the others."""


class LatenciesPresenter:
    """The pings of one window."""

    def __init__(self, model: Model, people: PeoplePresenter) -> None:
        self._model = model
        self._people = people
        self._in_sight: tuple[int, ...] = ()
        self._asked: frozenset[int] = frozenset()
        self._again = 0
        self._next_soon = 0.0
        self._next = 0.0

    def in_sight(self, keys: Sequence[int]) -> None:
        """These rows are in sight now; none while the window is hidden."""
        self._in_sight = tuple(keys)

    def connected(self, now: float) -> None:
        """The hub has taken us in."""
        self._asked = frozenset()
        self._next = self._next_soon = now

    def ticked(self, now: float) -> None:
        """Time has passed, and we are connected."""
        if now < self._next_soon or not self._in_sight:
            return
        ids = self._people.ids_to_measure(self._in_sight)
        wanted = frozenset(ids)
        if not wanted <= self._asked:
            self._again = MOST_SOON
        elif now < self._next and not (self._again and self._people.lacks_ping(ids)):
            return
        else:
            self._again = max(0, self._again - 1)
        self._next, self._next_soon = now + ASK_SECONDS, now + SOON_SECONDS
        self._asked = wanted
        self._model.ask_latencies(ids)
