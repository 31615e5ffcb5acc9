"""The hub's brain: who is here, who hears what, who has gone silent.

Owns all decisions. Must never know a socket, a thread or a clock, nor read a packet: inputs and times come in, effects
go out, and the adapters in tcpipserver/dialects translate. Pure: run by the dispatcher thread alone.
"""
