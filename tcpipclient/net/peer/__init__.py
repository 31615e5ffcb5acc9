"""Connections from client to client, on which files pass: made, proved, and used until they end.

Owns nothing itself. Must never be imported by a core. Threads: each module tells its own.
"""
