"""The client's book of batches, and the values that it shares with the threads that move their bytes.

Owns what is decided about batches of files. Must never open a socket or a file, start a thread or read a clock. Pure:
whoever uses it holds one lock around it.
"""
