"""The hub: one listening port, the roster of who is there, and the passing on of what they send.

Owns the public names of the server side. It must never import the client package or a window toolkit.
Pure: importing it starts no thread and opens no socket.
"""
