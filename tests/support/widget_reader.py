"""What a user could read on the windows of a Tk program, and where on the screen it stands.

Owns which part of a widget is its text: labels, what stands in fields, rows of tables, tabs, entries of open menus. It
must never change a widget; it uses Tcl's own commands, so it does not matter which toolkit made them.
Thread: Tk's.
"""

import tkinter
from collections.abc import Iterator
from typing import Any

_Item = dict[str, Any]

LABELLED = {"TButton", "TLabel", "TCheckbutton", "TRadiobutton", "TMenubutton", "TLabelframe", "Button", "Label"}
LABELLED |= {"Checkbutton", "Radiobutton", "Menubutton", "Labelframe"}
FIELDS = {"TEntry", "TCombobox", "TSpinbox", "Entry", "Spinbox"}
MOST_CHARACTERS = 20_000
"""What is read of a long text, from its end."""


class WidgetReader:
    """Reads all windows of one interpreter."""

    def __init__(self, tk: Any) -> None:
        self._tk = tk

    def seen(self) -> list[_Item]:
        """Everything that can be seen, from back to front as far as Tk tells."""
        found: list[_Item] = []
        for path in self._viewable("."):
            kind = str(self._call("winfo", "class", path))
            parts = {"Treeview": self._table, "TNotebook": self._tabs, "Menu": self._menu}.get(kind)
            if parts is not None:
                found += parts(path)
            text = self._text(path, kind)
            if text is not None:
                found.append(self._item(path, kind, text, self._box(path), is_enabled=self._is_enabled(path)))
        return [self._told(item) for item in found if self._is_uncovered(item)]

    def places(self, phrase: str) -> list[list[int]]:
        """Points on the phrase, wherever it can be seen in a text of many lines."""
        found = []
        for path in self._viewable("."):
            if self._call("winfo", "class", path) != "Text":
                continue
            start = "1.0"
            while at := str(self._call(path, "search", "--", phrase, start, "end")):
                box = self._split(self._call(path, "bbox", at))
                if box:
                    x, y, _, height = map(int, box)
                    left, top, _, _ = self._box(path)
                    found.append([left + x + 2, top + y + height // 2])
                start = f"{at} + 1 chars"
        return found

    def _viewable(self, path: str) -> Iterator[str]:
        if int(self._call("winfo", "viewable", path)):
            yield path
        for child in self._split(self._call("winfo", "children", path)):
            yield from self._viewable(str(child))

    def _text(self, path: str, kind: str) -> str | None:
        if kind in LABELLED:
            variable = str(self._call(path, "cget", "-textvariable"))
            return str(self._tk.globalgetvar(variable)) if variable else str(self._call(path, "cget", "-text"))
        if kind in FIELDS:
            return str(self._call(path, "get"))
        if kind == "Text":
            return str(self._call(path, "get", f"end - {MOST_CHARACTERS} chars", "end - 1 chars"))
        if kind == "Listbox":
            return "\n".join(map(str, self._split(self._call(path, "get", 0, "end"))))
        return None

    def _table(self, path: str) -> Iterator[_Item]:
        left, top, width, _ = self._box(path)
        shown = [str(part) for part in self._split(self._call(path, "cget", "-show"))]
        columns = [str(column) for column in self._split(self._call(path, "cget", "-displaycolumns"))]
        if columns == ["#all"]:
            columns = [str(column) for column in self._split(self._call(path, "cget", "-columns"))]
        if "tree" in shown:
            columns.insert(0, "#0")
        edge = 0
        for column in columns if "headings" in shown else []:
            wide = int(self._call(path, "column", column, "-width"))
            text = str(self._call(path, "heading", column, "-text"))
            if edge + wide // 2 < width:
                yield self._item(path, "heading", text, [left + edge, top, wide, 22])
            edge += wide
        chosen = {str(row) for row in self._split(self._call(path, "selection"))}
        for row in self._rows(path, ""):
            box = self._split(self._call(path, "bbox", row))
            if box:
                x, y, wide, high = map(int, box)
                wide = min(wide, width - x)
                texts = [self._call(path, "item", row, "-text")]
                texts += self._split(self._call(path, "item", row, "-values"))
                text = " | ".join(str(part) for part in texts if str(part))
                yield self._item(path, "row", text, [left + x, top + y, wide, high], is_chosen=row in chosen)

    def _rows(self, path: str, parent: str) -> Iterator[str]:
        for row in self._split(self._call(path, "children", parent)):
            yield str(row)
            yield from self._rows(path, str(row))

    def _tabs(self, path: str) -> Iterator[_Item]:
        left, top, width, _ = self._box(path)
        spans: dict[str, list[int]] = {}
        for x in range(0, width, 4):
            number = str(self._call(path, "index", f"@{x},12"))
            if number:
                spans.setdefault(number, []).append(x)
        for number, places in spans.items():
            text = str(self._call(path, "tab", number, "-text"))
            yield self._item(path, "tab", text, [left + places[0], top, places[-1] - places[0], 24])

    def _menu(self, path: str) -> Iterator[_Item]:
        left, top, width, _ = self._box(path)
        last = str(self._call(path, "index", "end"))
        is_bar = self._call(path, "cget", "-type") == "menubar"
        for number in range(int(last) + 1 if last.isdigit() else 0):
            if str(self._call(path, "type", number)) in ("separator", "tearoff"):
                continue
            x, y = (int(self._call(path, name, number)) for name in ("xposition", "yposition"))
            box = [left + x, top, 30, 20] if is_bar else [left, top + y, width, 20]
            is_enabled = self._call(path, "entrycget", number, "-state") != "disabled"
            text = str(self._call(path, "entrycget", number, "-label"))
            is_active = str(self._call(path, "index", "active")) == str(number)
            yield self._item(path, "menu entry", text, box, is_enabled=is_enabled, is_chosen=is_active)

    def _is_uncovered(self, item: _Item) -> bool:
        """Whether the middle, or for what is wide the beginning, is what one would see there."""
        left, top, width, height = item["box"]
        middle = top + height // 2
        there = [str(self._call("winfo", "containing", x, middle)) for x in (left + width // 2, left + 4)]
        return any(f"{path}.".startswith(f"{item['path']}.".replace("..", ".")) for path in there)

    def _told(self, item: _Item) -> _Item:
        return {name: value for name, value in item.items() if name != "path"}

    def _item(
        self, path: str, kind: str, text: str, box: list[int], *, is_enabled: bool = True, is_chosen: bool = False
    ) -> _Item:
        window = str(self._call("winfo", "toplevel", path))
        return {
            "path": path,
            "kind": kind,
            "text": text,
            "box": box,
            "is_enabled": is_enabled,
            "is_chosen": is_chosen or self._is_set(path, kind),
            "has_focus": str(self._call("focus")) == path,
            "window": window,
        }

    def _is_enabled(self, path: str) -> bool:
        try:
            return not int(self._call(path, "instate", "disabled"))
        except tkinter.TclError:  # A widget of Tk's older family.
            return not self._has_option(path, "-state") or self._call(path, "cget", "-state") != "disabled"

    def _is_set(self, path: str, kind: str) -> bool:
        return kind in ("TCheckbutton", "TRadiobutton") and bool(int(self._call(path, "instate", "selected")))

    def _has_option(self, path: str, name: str) -> bool:
        return any(str(self._split(option)[0]) == name for option in self._split(self._call(path, "configure")))

    def _box(self, path: str) -> list[int]:
        return [int(self._call("winfo", what, path)) for what in ("rootx", "rooty", "width", "height")]

    def _call(self, *words: object) -> Any:
        answer = self._tk.call(*words)
        return answer if isinstance(answer, tuple) else str(answer)

    def _split(self, value: Any) -> tuple[Any, ...]:
        return value if isinstance(value, tuple) else self._tk.splitlist(value)
