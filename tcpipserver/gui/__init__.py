"""The server window: what an operator sees of the hub, and what he can do about it.

Owns everything that knows the window toolkit on the server's side. Importing this package imports none of it: a hub
without a display needs nothing from here. Presenters are pure; the Tk thread alone touches Tk.
"""
