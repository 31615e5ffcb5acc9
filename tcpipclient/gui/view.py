"""The calls by which presenters show something in the client's window, split by part of the window.

Owns the Protocols of the view; what is shown are the values of shown.py. Must never decide: a window draws what it is
given. Threads: called on the Tk thread alone, and none of the calls waits for an answer. What the window calls in turn
is in actions.py.
"""

from collections.abc import Sequence
from typing import Protocol

from tcpipclient.gui.settings import Settings
from tcpipclient.gui.shown import (
    Banner,
    ComposerShown,
    ConnectionShown,
    ConversationShown,
    LeaveQuestion,
    MessageRow,
    OfferShown,
    PersonColumn,
    PersonMenuShown,
    PersonRow,
    SendQuestion,
    Toast,
    TransferRow,
)
from tcpipclient.gui.shown_files import AcceptQuestion, DetailsShown, LimitQuestion
from tcpipclient.gui.shown_hub import HubQuestion, IdentityShown, LockShown


class ConnectionView(Protocol):
    """The upper edge of the window: where to, who, the light, the banner."""

    def show_fields(self, host: str, port: str, name: str, hosts: Sequence[str]) -> None:
        """Fill in host, port and name, and offer the hosts used before."""

    def show_connection(self, shown: ConnectionShown) -> None:
        """Show the light, its words and the button."""

    def show_banner(self, banner: Banner | None) -> None:
        """Show a banner in place of the one before; None takes it away."""


class HubView(Protocol):
    """Keys: the lock, what a hub makes the user decide, and whose key is which."""

    def show_lock(self, shown: LockShown) -> None:
        """Show whether the connection is encrypted; a click on it is `hub_clicked`."""

    def ask_hub(self, question: HubQuestion) -> None:
        """Open the question, or show it as it is now where it is open; returns at once."""

    def close_hub_question(self) -> None:
        """Take the question away."""

    def show_identity(self, shown: IdentityShown) -> None:
        """Show a key code in big letters, to be read out and copied."""


class PeopleView(Protocol):
    """The people list. Rows are drawn in the order given, whatever their cells say."""

    def show_people(self, rows: Sequence[PersonRow]) -> None:
        """Show these and no others: up to 2,000, so it may be done in slices. Keeps the selection that still is."""

    def put_person(self, row: PersonRow, index: int) -> None:
        """Show one who is new, or changed, at this place among the rows (counted without his own old row)."""

    def remove_person(self, key: int) -> None:
        """Take away one row."""

    def select_people(self, keys: Sequence[int]) -> None:
        """Select these rows and no others; `people_selected` need not be called for it, and does no harm."""

    def show_people_note(self, text: str) -> None:
        """Show a sentence in place of, or below, the rows: "3 of 2,000 people", what to do while nobody is here."""

    def show_person_menu(self, shown: PersonMenuShown) -> None:
        """Set the menu that is about to be seen; answers `person_menu_opened`."""

    def show_sorting(self, column: PersonColumn, descending: bool) -> None:
        """Mark the heading by which the rows are sorted."""

    def show_server(self, unread: int, is_open: bool) -> None:
        """Show the button for the conversation with the server: its unread count, and whether it is on show."""


class ConversationView(Protocol):
    """The conversation on show, and the composer below it."""

    def show_conversation(self, shown: ConversationShown) -> None:
        """Show another conversation, or the same anew."""

    def add_messages(self, rows: Sequence[MessageRow]) -> None:
        """Add below; where more than `MOST_SHOWN` rows are there, take as many away above and offer "Show earlier"."""

    def add_earlier(self, rows: Sequence[MessageRow], has_earlier: bool) -> None:
        """Add above, without moving what is being read; answers `earlier_clicked`."""

    def change_messages(self, rows: Sequence[MessageRow]) -> None:
        """Rows on show have another delivery state or detail; those not on show are passed over."""

    def show_composer(self, shown: ComposerShown) -> None:
        """Show what can be done."""

    def set_draft(self, text: str) -> None:
        """Put this in the composer: empty after sending."""


class TransfersView(Protocol):
    """The transfers panel, the strip of offers, and the questions about files."""

    def put_transfers(self, rows: Sequence[TransferRow]) -> None:
        """Show rows that are new (added at the end) or changed (in their place)."""

    def remove_transfers(self, keys: Sequence[int]) -> None:
        """Take rows away."""

    def order_transfers(self, keys: Sequence[int]) -> None:
        """Let these rows, all of which are there, change places with each other until they stand in this order."""

    def show_transfers_note(self, text: str) -> None:
        """Show the line of totals, or what to do while there are none."""

    def show_offer(self, offer: OfferShown | None) -> None:
        """Show the strip for the oldest offer; None takes it away."""

    def show_drop_note(self, text: str) -> None:
        """Say that a large drop is being read; empty when it is done."""

    def ask_send(self, question: SendQuestion) -> None:
        """Open the question, or show it as it is now where it is open; returns at once. One is open at a time."""

    def ask_accept(self, question: AcceptQuestion) -> None:
        """Open the question, or show it as it is now where it is open; returns at once."""

    def close_accept(self, key: int) -> None:
        """Take the question of this row away, where it is open: it is answered, or nobody offers it any more."""

    def show_details(self, shown: DetailsShown) -> None:
        """Show them until they are closed."""

    def change_details(self, shown: DetailsShown) -> None:
        """Show them as they are now, where those of this row are open."""

    def ask_limit(self, question: LimitQuestion) -> None:
        """Open the question, or say what was wrong with the answer; returns at once."""

    def close_limit(self) -> None:
        """Take the question away."""


class NoticeView(Protocol):
    """What reaches somebody who looks elsewhere, and the window itself."""

    def show_title(self, title: str) -> None:
        """Set the window's title."""

    def show_toast(self, toast: Toast) -> None:
        """Show a toast."""

    def ring_bell(self) -> None:
        """Ring the bell once."""

    def show_settings(self, settings: Settings) -> None:
        """Show theme, text size and folder for received files; at the start the window's size and place too."""

    def ask_leave(self, question: LeaveQuestion) -> None:
        """Open the question; returns at once."""

    def close_window(self) -> None:
        """End the program's window."""


class View(ConnectionView, HubView, PeopleView, ConversationView, TransfersView, NoticeView, Protocol):
    """The whole window."""
