"""The modern wire: what our own hub and clients speak inside TLS (docs/protocol.md, "The modern wire").

Owns the frames, the messages in them, the mark in the greeting, TLS without a socket, and the machines of the arrival.
Must never do I/O. Pure: each module says which thread uses it.
"""
