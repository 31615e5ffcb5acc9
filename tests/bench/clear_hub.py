"""A hub whose modern wire is not encrypted: what encryption costs is measured beside it.

Owns nothing but its start. Must never be started by anything else than a benchmark. The main thread.
"""

import argparse
import json
import os
import sys
from pathlib import Path

from tcpipserver.config import ServerConfig
from tcpipserver.service import Service
from tests.bench.children import HOST
from tests.bench.wire_limits import RAISED_LIMITS


def main() -> None:
    """Serve until the standard input ends."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--ready-file", type=Path, required=True)
    ready_file: Path = parser.parse_args().ready_file
    service = Service(ServerConfig(host=HOST, port=0, limits=RAISED_LIMITS, is_encrypting=False))
    service.start()
    unfinished = ready_file.with_suffix(".part")
    unfinished.write_text(json.dumps({"port": service.port, "pid": os.getpid()}), encoding="utf-8")
    unfinished.replace(ready_file)
    sys.stdin.buffer.read()
    service.stop()


if __name__ == "__main__":
    main()
