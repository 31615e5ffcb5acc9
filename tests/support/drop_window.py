"""A program with one small window that tells what is dropped on it, to try the drag source without the product.

    python -m tests.support.drop_window

Owns the window. It prints {"place": [x, y]}, a point inside, once it can be seen, then {"paths": [...]} for each drop,
and ends when its standard input does. It must never share code with the product's windows.
Threads: the program's main thread, and one that waits for the end of the input.
"""

import json
import os
import sys
import threading
import tkinter
from typing import Any

from tkinterdnd2 import COPY, DND_FILES, TkinterDnD


def tell(item: dict[str, object]) -> None:
    """Print one object on a line of its own."""
    sys.stdout.write(json.dumps(item) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Show the window until the input ends."""
    root: Any = TkinterDnD.Tk()
    root.geometry("300x200+400+300")
    tkinter.Label(root, text="Drop here").pack(expand=True)
    root.drop_target_register(DND_FILES)

    def dropped(event: Any) -> str:
        # Not now: the source waits for our answer, and whoever reads ours may wait for the source.
        root.after(0, tell, {"paths": list(root.tk.splitlist(event.data))})
        return str(COPY)

    root.dnd_bind("<<Drop>>", dropped)
    root.wait_visibility()
    root.update()
    tell({"place": [root.winfo_rootx() + 150, root.winfo_rooty() + 100]})
    threading.Thread(target=_end_with_the_input, daemon=True).start()
    root.mainloop()


def _end_with_the_input() -> None:
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
