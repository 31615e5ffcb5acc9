"""What the server window decides, put together: events go to the part whom they concern, and so does what is clicked.

Owns the way of events. Must never know that there is a toolkit, a thread or a clock. Pure: run by the Tk thread.
"""

from collections.abc import Iterable

from commonlib.exceptions import ChatError
from commonlib.meaning import Meaning
from commonlib.wording import shown_person
from tcpipserver.gui import events
from tcpipserver.gui.presenter_hub import HubPresenter
from tcpipserver.gui.presenter_log import LogPresenter
from tcpipserver.gui.presenter_people import PeoplePresenter
from tcpipserver.gui.presenter_texts import TextsPresenter
from tcpipserver.gui.views import HubControl, WindowView
from tcpipserver.hub.overview import Overview


class Presenter:
    """The whole window.

    Attributes:
        hub, people, log, texts: The parts; the window calls them with what the operator does.
    """

    def __init__(self, view: WindowView, control: HubControl, port: int, host: str = "") -> None:
        self.hub = HubPresenter(view, view, control, port, host)
        self.log = LogPresenter(view, view, control)
        self.texts = TextsPresenter(view, control, self._maybe_name)
        self.people = PeoplePresenter(view, view, control, self.texts.write_to)
        self._heard: dict[int, str] = {}
        self._heard_before: dict[int, str] = {}

    def opened(self) -> None:
        """The window is there."""
        self._look(Overview(), 0.0)
        self.texts.opened()
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
        try:
            self.people.kick_confirmed(ids, reason)
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
            case events.HubLooked(overview):
                self._heard_before, self._heard = self._heard, {}
                self._look(overview, wall)
            case events.HubStarted():
                self.hub.receive_started(event)
                self._look(Overview(), wall)
            case events.HubStopped():
                self.hub.receive_stopped(event)
                self._look(Overview(), wall)
            case events.ListenRefused():
                self.hub.receive_refused(event)
            case events.MachineLooked():
                self.hub.receive_machine(event)
            case events.LogSaved(path):
                self.hub.tell(Meaning.GOOD, f"The event log was saved as {path}.")
            case _:
                self.hub.tell(Meaning.TROUBLE, event.sentence)

    def _maybe_name(self, client_id: int) -> str | None:
        """What somebody who is here is called. A text may be ahead of the look at the hub that lists its sender."""
        known = self.people.maybe_name(client_id)
        return known or self._heard.get(client_id) or self._heard_before.get(client_id)

    def _look(self, overview: Overview, wall: float) -> None:
        self.people.receive_overview(overview, self.hub.is_running, wall)
        self.hub.receive_overview(overview, wall)
