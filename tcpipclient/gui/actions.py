"""What the user does in the client's window: the calls that the window makes.

Owns the Protocol of the actions, named as what was done; `presenter.Presenter` keeps it. Must never show anything: what
follows from an action arrives by view.py. Threads: called on the Tk thread alone; none of the calls waits for anything.
The window looks at the clocks: `now` is monotonic, `wall` Unix seconds.
"""

from collections.abc import Sequence
from typing import Protocol

from tcpipclient.gui.model import ModelEvent
from tcpipclient.gui.settings import Theme
from tcpipclient.gui.shown import PersonColumn, TransferAction
from tcpipclient.gui.shown_files import OfferAnswer


class Actions(Protocol):
    """Everything that can be done."""

    def started(self, now: float, wall: float) -> None:
        """The window is drawn: called once, before anything else; fills it in."""

    def received(self, events: Sequence[ModelEvent], now: float, wall: float) -> None:
        """The connector's queue gave these, at most 200 at a time."""

    def ticked(self, now: float, wall: float) -> None:
        """Time has passed: called about every 200 milliseconds."""

    def connect_clicked(self, host: str, port: str, name: str, now: float) -> None:
        """Connect, or Disconnect: the one button, or Enter in one of the fields. `host` may be HOST:PORT."""

    def banner_closed(self) -> None:
        """The banner was read."""

    def hub_answered(self, number: int, typed: str, now: float, *, yes: bool) -> None:
        """The answer to a HubQuestion, with what was typed; to one that is not open any more it does nothing."""

    def hub_clicked(self) -> None:
        """The lock was clicked: the hub's key code is wanted."""

    def forget_hub_clicked(self) -> None:
        """Nothing about the hub that we are connected to is to be trusted at the next connection."""

    def person_key_clicked(self, key: int) -> None:
        """The key code of somebody in the people list is wanted."""

    def person_menu_opened(self, key: int) -> None:
        """The menu of a row is about to be seen: `show_person_menu` says at once what it offers."""

    def always_chosen(self, key: int, *, wanted: bool) -> None:
        """Files of a row's person are to be taken without asking from now on, or not any more."""

    def own_key_clicked(self) -> None:
        """The user's own key code is wanted."""

    def people_selected(self, keys: Sequence[int]) -> None:
        """These rows of the people list are selected now: by click, ctrl, shift or the keyboard."""

    def people_in_sight(self, keys: Sequence[int]) -> None:
        """These rows of the people list can be seen now; none while the window cannot. Called when it changes."""

    def all_people_clicked(self) -> None:
        """Select everybody who is on show."""

    def server_clicked(self) -> None:
        """The conversation with the server is wanted."""

    def search_typed(self, text: str) -> None:
        """The search above the people list holds this now."""

    def heading_clicked(self, column: PersonColumn) -> None:
        """Sort by this column; a second time, the other way round."""

    def draft_typed(self, text: str) -> None:
        """The composer holds this now; called at each change."""

    def send_clicked(self, text: str, now: float, wall: float, numbers: tuple[str, str] = ("", "")) -> None:
        """Send what the composer holds; the two numbers as typed, for the server alone, empty is 0."""

    def earlier_clicked(self) -> None:
        """Show earlier messages."""

    def link_clicked(self, url: str) -> None:
        """A link in a message."""

    def files_dropped(self, paths: Sequence[str], onto: int | None = None, into: int | None = None) -> None:
        """Files or folders were dropped, attached or pasted: paths or whatever else came, exactly as it came.

        Args:
            onto: Row of the people list that they were dropped on; None is the conversation on show.
            into: Row of the transfers panel, to be sent with what is sent there, where it takes more.
        """

    def send_answered(self, number: int, *, yes: bool, links: bool = False) -> None:
        """The answer to a SendQuestion; `links` is its switch."""

    def offer_answered(self, key: int, answer: OfferAnswer) -> None:
        """The answer to an AcceptQuestion."""

    def offer_folder_chosen(self, key: int, folder: str) -> None:
        """What is offered in an AcceptQuestion is to go to another folder; the question is shown anew."""

    def speed_limit_clicked(self) -> None:
        """Another limit on the speed of sending is wanted."""

    def speed_limit_typed(self, text: str) -> None:
        """The answer to a LimitQuestion: MB/s; empty is no limit."""

    def largest_unasked_chosen(self, size: int) -> None:
        """What is taken unasked from those whose files always are may have so many bytes; 0 is any number."""

    def listening_chosen(self, *, listening: bool) -> None:
        """Whether this computer may listen for direct connections from the next acceptance on."""

    def transfer_action(self, key: int, action: TransferAction, now: float) -> None:
        """A button or menu entry of a file; one that its row does not offer (any more) does nothing."""

    def cancel_waiting_clicked(self) -> None:
        """Cancel all files of ours whose turn has not come."""

    def clear_transfers_clicked(self) -> None:
        """Take all files that are over from the panel."""

    def focus_changed(self, *, focused: bool) -> None:
        """The window got or lost the keyboard."""

    def theme_chosen(self, theme: Theme) -> None:
        """Another theme is wanted."""

    def text_size_changed(self, steps: int) -> None:
        """Larger (1, Ctrl +), smaller (-1, Ctrl -), or as the system has it (0, Ctrl 0)."""

    def downloads_chosen(self, folder: str) -> None:
        """Another folder for received files, counting from the next connection; empty is the system's."""

    def close_clicked(self, geometry: str, *, maximised: bool) -> None:
        """The window is to be closed; its size and place, as Tk writes them, are remembered."""

    def leave_answered(self, *, yes: bool) -> None:
        """The answer to the LeaveQuestion."""
