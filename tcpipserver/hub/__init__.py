"""The hub's brain: who is here, who hears what, who has gone silent.

Owns all decisions. Must never know a socket, a thread, a clock or a packet layout: inputs and times come in, effects go
out, and the adapters in tcpipserver/dialects translate. Pure: run by the dispatcher thread alone.
"""
