"""The client's brain: what arrives becomes events, what is asked becomes packets.

Owns session, roster, receipts and the books of files on their way. Must never open a socket or a file, start a thread
or read a clock. Pure: whoever uses it holds one lock around it.
"""
