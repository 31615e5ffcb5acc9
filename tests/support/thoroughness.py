"""Using everything on a window that can be clicked, once.

Owns the order: what is in front first, what hides other things last. It must never know a window of the product.
Thread: the test's own.
"""

from collections.abc import Collection

from tests.support.programs import BUTTONS, Program, Seen

PARTS = (*BUTTONS, "tab", "heading", "menu entry")
THE_SYSTEMS_OWN = ("Directory:", "Selection:")
"""Stand on the windows in which files and folders are chosen, which are not ours."""


class Thoroughness:
    """Somebody who tries everything.

    Attributes:
        used: The labels of all that was clicked.
    """

    def __init__(self, program: Program, leave: Collection[str]) -> None:
        """`leave` are labels, or their beginnings, of what would end the program or the test's setting."""
        self.used: set[str] = set()
        self._program = program
        self._leave = tuple(leave)
        self._main = program.seen()[0].window
        self._done: set[tuple[str, str, str]] = set()
        self._entries: dict[tuple[str, str, str], set[tuple[str, str, str]]] = {}

    def use_everything(self) -> None:
        """Click each button, tab, heading and menu entry, those included that appear on the way.

        A question or a menu with nothing new on it is closed with Escape.
        """
        while True:
            seen = [item for item in self._program.seen() if item.kind in PARTS and item.is_enabled]
            in_front = self._in_front(seen)
            fresh = [item for item in in_front if self._is_fresh(item)]
            if any(map(self._program.all_of, THE_SYSTEMS_OWN)) or (not fresh and in_front != seen):
                self._program.hand.press("Escape")
                self._settle()
            elif fresh:
                self._use(min(fresh, key=lambda item: item.kind == "tab"))
            elif not self._is_something_closed():
                return

    def _is_something_closed(self) -> bool:
        """Whether Escape takes away a question over the window; its buttons may be called as another's."""
        before = {_key(item) for item in self._program.seen() if item.kind in PARTS}
        self._program.hand.press("Escape")
        self._settle()
        return bool({_key(item) for item in self._program.seen() if item.kind in PARTS} - before)

    def _is_fresh(self, item: Seen) -> bool:
        if item.text.startswith(self._leave):
            return False
        key = _key(item)
        return key not in self._done or bool(self._entries.get(key, set()) - self._done)

    def _use(self, item: Seen) -> None:
        self._done.add(_key(item))
        self.used.add(item.text)
        if item.kind == "menu entry":
            self._program.choose_in_menu(item.text)
        else:
            self._program.hand.click(item.place)
        if item.kind == "TMenubutton":
            self._program.wait_for("", "menu entry")
            entries = [entry for entry in self._program.all_of("", "menu entry") if entry.is_enabled]
            self._entries[_key(item)] = {_key(entry) for entry in entries if not entry.text.startswith(self._leave)}
        self._settle()

    def _settle(self) -> None:
        before: list[Seen] = []
        while (now := [seen for seen in self._program.seen() if seen.kind in PARTS]) != before:
            before = now

    def _in_front(self, seen: list[Seen]) -> list[Seen]:
        """The entries of an open menu, else what is in another window than the main one, else all."""
        entries = [item for item in seen if item.kind == "menu entry"]
        return entries or [item for item in seen if item.window != self._main] or seen


def _key(item: Seen) -> tuple[str, str, str]:
    return item.window, item.kind, item.text
