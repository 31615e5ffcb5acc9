"""The classic wire: packets of 1024 bytes, as the original programs speak them (docs/protocol.md).

Owns layouts, packet cutting, texts, files and keep-alive rules. Must never do I/O, read a clock or start a thread:
bytes and values in, bytes and values out. Pure: any thread, no object here is shared between two.
"""
