"""Files between two of our own clients (docs/protocol.md, "M9. Files").

Owns the manifest, the machines of both ends, the hashes, and what a half-received file is asked for. Must never do I/O:
files and sockets belong to the shells. Pure: each module says which thread uses it.
"""
