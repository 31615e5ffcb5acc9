"""The operator's line to a running hub: `tcpipserver ctl` asks, the hub answers and does (docs/command-line.md).

Owns what may be asked and what it does, and the way there: a Unix socket or a named pipe that only the hub's own user
can use. Must never listen on a port, nor unpickle anything. What decides is pure; one thread listens, and each caller
has a thread of its own for a moment.
"""
