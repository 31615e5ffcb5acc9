"""The client's threads and its socket, wrapped around the pure core.

Owns reader, normalizer, dispatcher, writer and file sender, and the order in which they start and stop. Must never
decide what a packet means: that is the core's. Each module names its thread.
"""
