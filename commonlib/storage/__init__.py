"""What both ends keep on a disk alike, the own key in files that nobody else may read, and ask of the system alike.

Owns the one room of commonlib that reads and writes files and draws random numbers; pure rooms may not import it. Must
never know a hub or a client. Blocks on the disk: any thread that may wait for one.
"""
