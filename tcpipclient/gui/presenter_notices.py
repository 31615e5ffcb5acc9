"""Notices to somebody who looks elsewhere: the title, toasts, the bell, and the question before leaving.

Owns the count in the title and when it rings. Must never decide what is unread. Pure: the Tk thread's; times are
monotonic seconds.
"""

from commonlib.printable import printable
from commonlib.wording import shown_count
from tcpipclient.gui.shown import LeaveQuestion, Toast
from tcpipclient.gui.view import NoticeView

PROGRAM = "tcpipchat"
BELL_SECONDS = 3.0
"""Between two bells, and between two toasts that came unasked: a flood of messages is one noise."""
LONGEST_PREVIEW = 120


class NoticesPresenter:
    """The notices of one window."""

    def __init__(self, view: NoticeView) -> None:
        self._view = view
        self._unseen = 0
        self._is_focused = True
        self._quiet_until = float("-inf")
        self._title = ""

    def started(self) -> None:
        """The window is drawn."""
        self._show_title()

    def focus_changed(self, *, focused: bool) -> None:
        """The window got or lost the keyboard; what came meanwhile is seen."""
        self._is_focused = focused
        if focused:
            self._unseen = 0
            self._show_title()

    def notify(self, title: str, text: str, now: float, *, is_on_show: bool = False) -> None:
        """Something came that nobody has seen; where it is on show already, a toast would lie over it."""
        if not self._is_focused:
            self._unseen += 1
            self._show_title()
        if now < self._quiet_until:
            return
        self._quiet_until = now + BELL_SECONDS
        if not is_on_show:
            self._view.show_toast(Toast(title, printable(" ".join(text.split()), LONGEST_PREVIEW)))
        if not self._is_focused:
            self._view.ring_bell()

    def ask_leave(self, outgoing: int, incoming: int, lost: int, *, closing: bool) -> None:
        """Files are on their way, and the window is to be closed or to disconnect.

        Args:
            lost: How many of both begin anew when they are sent again.
        """
        word = "Close" if closing else "Disconnect"
        parts = [f"{outgoing:,} to others" if outgoing else "", f"{incoming:,} to you" if incoming else ""]
        together = outgoing + incoming
        if lost == together:
            follows = f"They are lost if you {word.lower()} now."
        else:
            others = f" {shown_count(lost, 'single file')} among them would begin anew." if lost else ""
            follows = f"What has come of them stays, and goes on from there when they are sent again.{others}"
        sentence = f"Files are on their way ({' and '.join(filter(None, parts))}). {follows}"
        self._view.ask_leave(LeaveQuestion(f"{word} while files are on their way?", sentence, "Stay", f"{word} anyway"))

    def _show_title(self) -> None:
        title = f"({self._unseen:,}) {PROGRAM}" if self._unseen else PROGRAM
        if title != self._title:
            self._title = title
            self._view.show_title(title)
