"""The hub's threads and sockets: thin shells around the brain in tcpipserver/hub.

Owns every socket and every thread of the server. Must never decide who hears what.

Threads, in the order in which a byte meets them: the listener's thread accepts; a handler thread per newcomer runs his
arrival; the reader thread reads all registered sockets into the raw queue; the normalizer thread cuts packets;
the dispatcher thread runs the brain and sends; the flusher thread sends what did not fit. A handlers thread runs what a
program on the server's side has registered.
"""
