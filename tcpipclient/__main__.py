"""Entry of `python -m tcpipclient`; the same as the command `tcpipclient`.

Owns nothing. Must never do more than call main: a frozen program starts here too, so imports are absolute.
Thread: the program's main thread.
"""

import sys

from tcpipclient.cli import main

if __name__ == "__main__":
    sys.exit(main())
