"""`python -m tcpipserver`: the command of the same name.

Owns nothing. Must never hold logic: cli.py does. Main thread.
"""

import sys

from tcpipserver.cli import main

if __name__ == "__main__":
    sys.exit(main())
