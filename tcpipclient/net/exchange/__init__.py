"""The shell around the book of batches: its thread, the disk's, the pumps and the ways.

Owns nothing itself. Must never be imported by a core. Threads: each module tells its own.
"""
