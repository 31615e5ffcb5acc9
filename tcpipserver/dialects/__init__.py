"""The dialects: each translates between bytes on a connection and the inputs and items of the hub's brain.

Owns what a wire looks like from the hub's side; the wire itself is in commonlib. Must never decide who hears what.
Pure: a dialect object belongs to one connection; its methods say which thread calls them.
"""
