"""The messages of the conversation on show, in one Text: read-only, selectable, with links, newest below.

Owns the Text, which rows are drawn and where each begins. Rows are drawn in slices; what changes of a row that is not
drawn yet is seen when it is. Must never keep more than MOST_SHOWN rows. Thread: Tk's.
"""

import tkinter as tk
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial

import ttkbootstrap as tb

from tcpipclient.gui.shown import MOST_SHOWN, Delivery, MessageKind, MessageRow
from tcpipclient.gui.window_message_menu import MessageMenu
from tcpipclient.gui.window_scrollbar import scrollbar_of
from tcpipclient.gui.window_slices import Slices
from tcpipclient.gui.window_theme import BOLD_FONT, SMALL_FONT, Look, Palette

_SIGNS = {Delivery.SENDING: "…", Delivery.SENT: "✓", Delivery.RECEIVED: "✓✓", Delivery.NOT_RECEIVED: "⚠"}
_BATCH = 10


class MessagesText(tb.Frame):
    """All messages on show."""

    def __init__(
        self, master: tk.Misc, look: Look, link_clicked: Callable[[str], None], rows_fell: Callable[[], None]
    ) -> None:
        super().__init__(master)
        self._look, self._link_clicked, self._rows_fell = look, link_clicked, rows_fell
        self._rows: dict[int, MessageRow] = {}
        self._waiting: deque[int] = deque()
        self._drawn: deque[int] = deque()
        self._links: dict[int, dict[str, str]] = {}
        self._note = ""
        self.grid_rowconfigure(0, weight=1)
        self.grid_columnconfigure(0, weight=1)
        self.text = tb.Text(
            self, wrap="word", state="disabled", cursor="xterm", width=20, height=4, borderwidth=0, highlightthickness=2
        )
        self.text.grid(row=0, column=0, sticky="nsew")
        scrollbar_of(self.text).grid_quietly(0, 1)
        self._empty = tb.Label(self.text, anchor="center", justify="center")
        self.menu = MessageMenu(self.text, self._message_at, self._link_at)
        self._slices = Slices(self.text)
        self._listen()
        look.follow(self._colour)

    def show(self, rows: Sequence[MessageRow], note: str) -> None:
        """Show these and no others; `note` stands in the middle while there are none."""
        self._note = note
        self._waiting.clear()
        self._rows = {row.number: row for row in rows}
        self._slices.replace([self._clear])
        self._wait_for([row.number for row in rows], follow=True)

    def add(self, rows: Sequence[MessageRow]) -> None:
        """Add below, and go there where the end was on show."""
        self._rows |= {row.number: row for row in rows}
        self._wait_for([row.number for row in rows], follow=False)

    def add_earlier(self, rows: Sequence[MessageRow]) -> None:
        """Add above, without moving what is read."""
        self._rows |= {row.number: row for row in rows}
        numbers = [row.number for row in rows]
        for end in range(len(numbers), 0, -_BATCH):
            self._slices.add(partial(self._prepend, numbers[max(0, end - _BATCH) : end]))

    def change(self, rows: Sequence[MessageRow]) -> None:
        """Draw the delivery state of these anew."""
        for row in rows:
            if row.number in self._rows:
                self._rows[row.number] = row
                self._slices.add(partial(self._draw_detail, row.number))

    def _wait_for(self, numbers: list[int], *, follow: bool) -> None:
        self._waiting.extend(numbers)
        self._slices.add(*[partial(self._append, follow=follow)] * (-(-len(numbers) // _BATCH)))

    def _clear(self) -> None:
        self.text.configure(state="normal")
        self.text.delete("1.0", "end")
        self._forget(list(self._drawn))
        self._drawn.clear()
        self.text.configure(state="disabled")
        self._show_empty()

    def _show_empty(self) -> None:
        if self._rows or not self._note:
            self._empty.place_forget()
            return
        self._empty.configure(text=self._note)
        self._empty.place(relx=0.5, rely=0.45, anchor="center", relwidth=0.8)

    def _append(self, *, follow: bool) -> None:
        """Draw some of those that wait; where more wait than are shown, the oldest of them are passed over."""
        self._show_empty()
        while len(self._waiting) > MOST_SHOWN:
            self._rows.pop(self._waiting.popleft(), None)
            self._rows_fell()
        if not self._waiting:
            return
        follows = follow or self.text.dlineinfo("end-1c") is not None
        numbers = [self._waiting.popleft() for _ in range(min(_BATCH, len(self._waiting)))]
        self.text.configure(state="normal")
        for number in numbers:
            self._insert("end-1c", number)
        self._drawn.extend(numbers)
        self._drop_oldest(len(numbers))
        self.text.configure(state="disabled")
        if follows:
            self.text.see("end")

    def _prepend(self, numbers: list[int]) -> None:
        first = self.text.index("@0,0")
        marked = "reading"
        self.text.mark_set(marked, first)
        self.text.mark_gravity(marked, "right")
        self.text.configure(state="normal")
        for number in reversed(numbers):
            self._insert("1.0", number)
            self._drawn.appendleft(number)
        self.text.configure(state="disabled")
        self.text.yview(marked)

    def _drop_oldest(self, most: int) -> None:
        excess = min(len(self._drawn) - MOST_SHOWN, most)
        if excess <= 0:
            return
        self.text.delete("1.0", f"m{self._drawn[excess]}")
        gone = [self._drawn.popleft() for _ in range(excess)]
        self._forget(gone)
        for number in gone:
            del self._rows[number]
        self._rows_fell()

    def _forget(self, numbers: list[int]) -> None:
        """What the Text knows of these by name."""
        for number in numbers:
            self.text.mark_unset(f"m{number}", f"d{number}")
            if number in self._links:
                self.text.tag_delete(*self._links.pop(number))

    def _insert(self, place: str, number: int) -> None:
        """Write a message at the beginning of a line; marks m and d stand at its beginning and before its detail."""
        row = self._rows[number]
        side = row.kind.value
        beginning = self.text.index(place)
        line = int(beginning.partition(".")[0])
        if row.kind is MessageKind.NOTE:
            words = f"{row.time}   {row.text}" if row.time else row.text
            self.text.insert(beginning, f"{words}\n", "note")
            self._mark(number, beginning, f"{line}.0+{len(words)}c")
            return
        head = f"{row.sender}   {row.time}"
        lines = row.text.split("\n")
        before_last, last = "".join(f"{each}\n" for each in lines[:-1]), lines[-1]
        self.text.insert(
            beginning,
            row.sender,
            (side, "head", f"{side}-name"),
            f"   {row.time}",
            (side, "head", "small"),
            "\n",
            (side, "head"),
            before_last,
            side,
            f"{last}\n",
            (side, "last"),
        )
        self._mark(number, beginning, f"{line}.0+{len(head)}c")
        self._draw_detail(number)
        for position, link in enumerate(row.links):
            tag = f"url-{number}-{position}"
            self._links.setdefault(number, {})[tag] = link.url
            begin, end = (_place(line + 1, row.text, at) for at in (link.start, link.end))
            self.text.tag_add("link", begin, end)
            self.text.tag_add(tag, begin, end)

    def _mark(self, number: int, beginning: str, detail: str) -> None:
        self.text.mark_set(f"m{number}", beginning)
        self.text.mark_gravity(f"m{number}", "right")
        self.text.mark_set(f"d{number}", detail)
        self.text.mark_gravity(f"d{number}", "left")

    def _draw_detail(self, number: int) -> None:
        """Write how far a message is behind its time; nothing where it is not drawn yet, or no more."""
        row = self._rows.get(number)
        mark = f"d{number}"
        if row is None or row.kind is MessageKind.NOTE or not self._is_marked(mark):
            return
        words = " ".join(part for part in (_SIGNS.get(row.delivery, ""), row.detail) if part)
        style = "failed" if row.delivery is Delivery.NOT_RECEIVED else "small"
        before = str(self.text.cget("state"))
        self.text.configure(state="normal")
        self.text.delete(mark, f"{mark} lineend")
        if words:
            self.text.insert(mark, f"   {words}", (row.kind.value, "head", style))
        self.text.configure(state=before)

    def _is_marked(self, mark: str) -> bool:
        try:
            self.text.index(mark)
        except tk.TclError:
            return False
        return True

    def _listen(self) -> None:
        text = self.text
        text.bind("<Button-1>", lambda _: text.focus_set(), add="+")
        for keys, amount, unit in (
            ("<Up>", -3, "units"),
            ("<Down>", 3, "units"),
            ("<Prior>", -1, "pages"),
            ("<Next>", 1, "pages"),
        ):
            text.bind(keys, partial(self._scroll, amount, unit))
        text.bind("<Home>", lambda _: self._go(0.0))
        text.bind("<End>", lambda _: self._go(1.0))
        text.bind("<Left>", lambda _: self._next_link(-1))
        text.bind("<Right>", lambda _: self._next_link(1))
        text.bind("<Return>", lambda _: self._open("insert"))
        text.bind("<Configure>", self._resized)
        text.tag_bind("link", "<ButtonRelease-1>", self._clicked)
        text.tag_bind("link", "<Enter>", lambda _: text.configure(cursor="hand2"))
        text.tag_bind("link", "<Leave>", lambda _: text.configure(cursor="xterm"))

    def _resized(self, event: "tk.Event[tk.Text]") -> None:
        self._empty.configure(wraplength=max(1, int(event.width * 0.76)))

    def _scroll(self, amount: int, unit: str, _: object) -> str:
        self.text.yview("scroll", amount, unit)
        return "break"

    def _go(self, fraction: float) -> str:
        self.text.yview_moveto(fraction)
        return "break"

    def _clicked(self, event: "tk.Event[tk.Text]") -> None:
        if not self.text.tag_ranges("sel"):
            self._open(f"@{event.x},{event.y}")

    def _open(self, place: str) -> str:
        link = self._link_at(place)
        if link:
            self._link_clicked(link)
        return "break"

    def _link_at(self, place: str) -> str:
        tags = (tag for tag in self.text.tag_names(place) if tag.startswith("url-"))
        return next((self._links[int(tag.split("-")[1])][tag] for tag in tags), "")

    def _message_at(self, place: str) -> str:
        """The message to which the line there belongs: the last one that begins before its end."""
        mark = self.text.mark_previous(f"{place} lineend")
        while mark is not None and not (mark[0] == "m" and mark[1:].isdigit()):
            mark = self.text.mark_previous(mark)
        return self._rows[int(mark[1:])].text if mark is not None else ""

    def _next_link(self, direction: int) -> str:
        """Go to the next link (1) or the one before (-1), and show it selected."""
        here = self.text.index("insert")
        if direction > 0:
            found = self.text.tag_nextrange("link", f"{here}+1c")
        else:
            found = self.text.tag_prevrange("link", here)
        if found:
            begin, end = map(str, found)
            self.text.tag_remove("sel", "1.0", "end")
            self.text.tag_add("sel", begin, end)
            self.text.mark_set("insert", begin)
            self.text.see(begin)
        return "break"

    def _colour(self, palette: Palette) -> None:
        text, pixels = self.text, self._look.pixels
        text.configure(
            background=palette.background,
            foreground=palette.text,
            font="TkTextFont",
            selectbackground=palette.chosen,
            selectforeground=palette.chosen_text,
            inactiveselectbackground=palette.chosen,
            highlightbackground=palette.background,
            highlightcolor=palette.link,
            spacing2=pixels(2),
        )
        left, indent, right = pixels(12), pixels(56), pixels(24)
        for side, margin, colour in (("theirs", left, palette.background), ("mine", indent, palette.mine)):
            text.tag_configure(
                side,
                lmargin1=margin,
                lmargin2=margin,
                rmargin=right,
                background=colour,
                lmargincolor=colour,
                rmargincolor=colour,
            )
        text.tag_configure("head", spacing1=pixels(8), spacing3=pixels(1))
        text.tag_configure("last", spacing3=pixels(8))
        text.tag_configure("mine-name", font=BOLD_FONT, foreground=palette.mine_name)
        text.tag_configure("theirs-name", font=BOLD_FONT, foreground=palette.their_name)
        text.tag_configure("small", font=SMALL_FONT, foreground=palette.pale)
        text.tag_configure("failed", font=SMALL_FONT, foreground=palette.trouble)
        text.tag_configure(
            "note",
            font=SMALL_FONT,
            foreground=palette.pale,
            justify="center",
            spacing1=pixels(6),
            spacing3=pixels(6),
            lmargin1=left,
            lmargin2=left,
            rmargin=left,
        )
        text.tag_configure("link", foreground=palette.link, underline=True)
        text.tag_raise("sel")
        self._empty.configure(foreground=palette.pale, background=palette.background)


def _place(line: int, text: str, at: int) -> str:
    """Index in the Text of character `at` of a message whose text begins with this line."""
    before = text[:at]
    return f"{line + before.count(chr(10))}.0+{len(before) - before.rfind(chr(10)) - 1}c"
