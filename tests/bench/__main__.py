"""`python -m tests.bench`: measures the hub beside something to compare it with (docs/benchmarks.md).

Owns nothing but the exit code. Must never be imported. The main thread.
"""

import sys

from tests.bench.cli import main

if __name__ == "__main__":
    sys.exit(main())
