"""A program with one window that has something of each kind, to try the tests' eyes and hands without the product.

    python -m tests.support.form_window

Owns the window; what a user does shows on its bottom line. It must never share code with the product's windows.
Thread: the program's main thread.
"""

import tkinter
from tkinter import ttk


class Form(tkinter.Tk):
    """Fields, buttons, a table, a menu, tabs, and a button that fails."""

    def __init__(self) -> None:
        super().__init__()
        self.title("A form")
        self.geometry("500x420+600+200")
        self.done = tkinter.StringVar(self, "nothing yet")
        for row, label in enumerate(("Your name:", "Town:")):
            ttk.Label(self, text=label).grid(row=row, column=0)
            field = ttk.Entry(self)
            field.grid(row=row, column=1)
            field.bind("<Return>", lambda event: self.done.set(f"entered {event.widget.get()}"))
        ttk.Button(self, text="Greet", command=lambda: self.done.set("greeted")).grid(row=2, column=0)
        ttk.Button(self, text="Fail", command=lambda: int("nothing")).grid(row=2, column=1)
        ttk.Button(self, text="Never", state="disabled").grid(row=2, column=2)
        self._add_table()
        tabs = ttk.Notebook(self)
        for name in ("First", "Second"):
            page = ttk.Frame(tabs)
            ttk.Label(page, text=f"page of {name}").pack()
            tabs.add(page, text=name)
        tabs.grid(row=4, column=0, columnspan=3)
        text = tkinter.Text(self, height=3, width=40)
        text.insert("1.0", "a line\nand a link in it")
        text.grid(row=5, column=0, columnspan=3)
        ttk.Label(self, textvariable=self.done).grid(row=6, column=0, columnspan=3)

    def _add_table(self) -> None:
        table = ttk.Treeview(self, columns=("name", "age"), show="headings", height=3)
        table.heading("name", text="Name", command=lambda: self.done.set("sorted by name"))
        table.heading("age", text="Age")
        for name, age in (("Ann", 3), ("Bob", 5)):
            table.insert("", "end", values=(name, age))
        table.grid(row=3, column=0, columnspan=3)
        menu = tkinter.Menu(self, tearoff=False)
        menu.add_command(label="Wave", command=lambda: self.done.set("waved"))
        menu.add_command(label="Not now", state="disabled")
        table.bind("<Button-3>", lambda event: menu.tk_popup(event.x_root, event.y_root))


if __name__ == "__main__":
    Form().mainloop()
