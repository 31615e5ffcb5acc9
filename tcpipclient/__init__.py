"""The client: connects to a hub, sees who is there, exchanges texts and files.

Owns the public names of the client side. It must never import the server package or a window toolkit.
Pure: importing it starts no thread and opens no socket.
"""
