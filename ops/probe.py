"""Health checks of containers, which have no curl: exit 0 or 1.

`python -m ops.probe [--port 8000] [--path /readyz]`: does the web server here answer 200? It is asked by the host
name of SITE_URL, since any other may be refused (ALLOWED_HOSTS).
`python -m ops.probe --written FILE --within SECONDS`: was FILE, or one beginning with that name, written lately?
Beat writes its schedule every few minutes.
"""

from __future__ import annotations

import argparse
import http.client
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

from ops import env


def answers(address: str, port: int, path: str, *, host: str, seconds: float = 4) -> bool:
    """Does GET `path`, sent to `address` for `host`, answer 200? OSError or HTTPException where nothing answers."""
    connection = http.client.HTTPConnection(address, port, timeout=seconds)
    try:
        connection.request("GET", path, headers={"Host": host})
        return connection.getresponse().status == 200
    finally:
        connection.close()


def written_lately(file: Path, *, seconds: float) -> bool:
    """Was `file`, or one whose name begins with its name (.db, .dat), written in the last `seconds`?"""
    newest = max((found.stat().st_mtime for found in file.parent.glob(f"{file.name}*")), default=0.0)
    return time.time() - newest <= seconds


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m ops.probe", description="Is this process healthy?")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--path", default="/readyz")
    parser.add_argument("--written", type=Path, metavar="FILE")
    parser.add_argument("--within", type=float, metavar="SECONDS", default=600)
    options = parser.parse_args(arguments)
    if options.written:
        if written_lately(options.written, seconds=options.within):
            return 0
        print(f"{options.written} was not written in the last {options.within:.0f} s.", file=sys.stderr)
        return 1
    return _page(options.port, options.path)


def _page(port: int, path: str) -> int:
    host = urlsplit(env.text("SITE_URL") or "").hostname or "127.0.0.1"
    try:
        if answers("127.0.0.1", port, path, host=host):
            return 0
        print(f"{path} does not answer 200.", file=sys.stderr)
    except (OSError, http.client.HTTPException) as error:
        print(f"{path} does not answer: {error}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
