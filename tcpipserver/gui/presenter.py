"""What the server window decides, put together: events go to the part whom they concern, and so does what is clicked.

Owns the way of events. Must never know that there is a toolkit, a thread or a clock. Pure: run by the Tk thread.
"""

from collections.abc import Callable, Iterable

from commonlib.exceptions import ChatError
from commonlib.meaning import Meaning
from commonlib.wording import shown_person
from tcpipserver.gui import events
from tcpipserver.gui.presenter_admission import AdmissionPresenter
from tcpipserver.gui.presenter_door import DoorPresenter
from tcpipserver.gui.presenter_hub import HubPresenter
from tcpipserver.gui.presenter_log import LogPresenter
from tcpipserver.gui.presenter_people import PeoplePresenter
from tcpipserver.gui.presenter_texts import TextsPresenter
from tcpipserver.gui.views import HubControl, WindowView
from tcpipserver.hub.admission import AT_FIRST, Policy
from tcpipserver.hub.overview import NOT_RELAYED, Overview, Relayed


class Presenter:
    """The whole window.

    Attributes:
        hub, door, admission, people, log, texts: The parts; the window calls them with what the operator does.
    """

    def __init__(
        self, view: WindowView, control: HubControl, port: int, host: str = "", policy: Policy = AT_FIRST
    ) -> None:
        self.hub = HubPresenter(view, view, control, port, host)
        self.door = DoorPresenter(view, view, control, policy)
        self.admission = AdmissionPresenter(view, control)
        self.log = LogPresenter(view, view, control)
        self.texts = TextsPresenter(view, control, self._maybe_name)
        self.people = PeoplePresenter(view, view, control, self.texts.write_to, self.hub.tell)
        self._heard: dict[int, str] = {}
        self._heard_before: dict[int, str] = {}

    def opened(self) -> None:
        """The window is there."""
        self._look(Overview(), 0.0)
        self.texts.opened()
        self.door.opened()
        self.hub.opened()

    def receive(self, happened: Iterable[events.Event], wall: float) -> None:
        """Take what has happened, in order."""
        for event in happened:
            self._take(event, wall)

    def tick(self) -> None:
        """Show some of what is due, in every part."""
        self.log.tick()
        self.people.tick()
        self.texts.tick()

    def kick_confirmed(self, ids: tuple[int, ...], reason: str) -> None:
        """The operator wants these to go."""
        self._try(lambda: self.people.kick_confirmed(ids, reason))

    def ban_confirmed(self, keys: tuple[str, ...], reason: str) -> None:
        """The operator wants these to go and to stay away."""
        self._try(lambda: self.people.ban_confirmed(keys, reason))

    def approve_clicked(self, keys: tuple[str, ...]) -> None:
        """The operator lets these in."""
        self._try(lambda: self.admission.approve_clicked(keys))

    def denial_confirmed(self, keys: tuple[str, ...], reason: str) -> None:
        """The operator does not let these in."""
        self._try(lambda: self.admission.denial_confirmed(keys, reason))

    def unban_clicked(self, keys: tuple[str, ...]) -> None:
        """The operator does not keep these out any more."""
        self._try(lambda: self.admission.unban_clicked(keys))

    def _try(self, order: Callable[[], None]) -> None:
        """Give the hub an order; where there is none, say so."""
        try:
            order()
        except ChatError as error:
            self.hub.tell(Meaning.TROUBLE, str(error))

    def _take(self, event: events.Event, wall: float) -> None:
        match event:
            case events.LineLogged():
                self.log.receive_line(event)
            case events.TextSaid(sender=sender):
                self._heard[sender.id] = shown_person(sender.name, sender.id)
                self.texts.receive_text(event)
            case events.Lost(count):
                self.log.receive_lost(count)
            case events.HubLooked(overview, relayed):
                self._heard_before, self._heard = self._heard, {}
                self._look(overview, wall, relayed)
            case events.HubStarted():
                self.hub.receive_started(event)
                self.door.receive_started(event)
                self._look(Overview(), wall)
            case events.HubStopped():
                self.hub.receive_stopped(event)
                self._look(Overview(), wall)
            case events.ListenRefused():
                self.hub.receive_refused(event)
            case events.MachineLooked():
                self.hub.receive_machine(event)
            case events.JoinCodeKnown():
                self.door.receive_code(event)
            case events.PolicySet():
                self.door.receive_policy(event)
            case events.LogSaved(path):
                self.hub.tell(Meaning.GOOD, f"The event log was saved as {path}.")
            case _:
                self.hub.tell(Meaning.TROUBLE, event.sentence)

    def _maybe_name(self, client_id: int) -> str | None:
        """What somebody who is here is called. A text may be ahead of the look at the hub that lists its sender."""
        known = self.people.maybe_name(client_id)
        return known or self._heard.get(client_id) or self._heard_before.get(client_id)

    def _look(self, overview: Overview, wall: float, relayed: Relayed = NOT_RELAYED) -> None:
        self.people.receive_overview(overview, self.hub.is_running, wall)
        self.hub.receive_overview(overview, relayed, wall)
        self.admission.receive_overview(overview, wall)
