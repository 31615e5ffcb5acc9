"""What the hub and the client have in common: wire formats, rules and values.

Owns the project's version. Nothing in this package but its room `storage` may open a file; nothing may open a socket,
start a thread, read a clock or touch a window: bytes and values come in, bytes and values go out.
Pure: may be called from any thread.
"""

__all__ = ["__version__"]

__version__ = "0.1.0"
