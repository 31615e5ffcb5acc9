"""`python -m tests.bench`: owns nothing but the exit code. Must never be imported. The main thread."""

import sys

from tests.bench.cli import main

if __name__ == "__main__":
    sys.exit(main())
