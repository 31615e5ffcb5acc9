"""Runs a program with windows so that a test can ask what stands on them; the program knows nothing of it.

    python -m tests.support.inspected_program DESCRIPTOR MODULE [ARGUMENT]

Owns the program's side of the socket with that descriptor: each line in is a question, each line out its answer, both
in JSON. It reads the widgets through Tcl and must never change one: all a test does goes through pointer and keys.
Errors in Tk's callbacks are noted, too, whatever the program makes of them.
Threads: Tk's, which answers between its events, and one that reads the questions.
"""

import json
import queue
import runpy
import socket
import sys
import threading
import tkinter
import traceback
from typing import Any

from tests.support.widget_reader import WidgetReader

MILLISECONDS_BETWEEN_LOOKS = 10

_errors: list[str] = []
_questions: queue.SimpleQueue[str] = queue.SimpleQueue()


def main() -> None:
    """Run the module as `python -m` would."""
    line = socket.socket(fileno=int(sys.argv[1]))
    threading.Thread(target=_read, args=(line,), name="questions", daemon=True).start()
    _watch(line)
    module = sys.argv[2]
    sys.argv = [module, *sys.argv[3:]]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def _watch(line: socket.socket) -> None:
    """Have every main loop answer questions, and every error of a callback noted."""
    misc: Any = tkinter.Misc
    run_loop, report = misc.mainloop, misc._report_exception

    def mainloop(widget: Any, n: int = 0) -> None:
        _answer(widget._root(), line)
        run_loop(widget, n)

    def report_and_note(widget: Any) -> None:
        _errors.append(traceback.format_exc())
        report(widget)

    misc.mainloop, misc._report_exception = mainloop, report_and_note


def _read(line: socket.socket) -> None:
    with line.makefile(encoding="utf-8") as questions:
        for question in questions:
            _questions.put(question)


def _answer(root: Any, line: socket.socket) -> None:
    while not _questions.empty():
        line.sendall(json.dumps(_answer_to(json.loads(_questions.get()), WidgetReader(root.tk))).encode() + b"\n")
    root.after(MILLISECONDS_BETWEEN_LOOKS, _answer, root, line)


def _answer_to(question: dict[str, str], reader: WidgetReader) -> object:
    match question["what"]:
        case "seen":
            return reader.seen()
        case "phrase":
            return reader.places(question["of"])
        case _:
            return _errors


if __name__ == "__main__":
    main()
