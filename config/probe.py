"""`python -m config.probe [--port 8000] [--path /readyz]`: exit 0 if the web server here answers 200, else 1.

For the health checks of containers, which have no curl. It sends the host name of SITE_URL, since any other may be
refused (ALLOWED_HOSTS).
"""

from __future__ import annotations

import argparse
import http.client
import sys
from urllib.parse import urlsplit

from config import env


def answers(address: str, port: int, path: str, *, host: str, seconds: float = 4) -> bool:
    """Does GET `path`, sent to `address` for `host`, answer 200? OSError or HTTPException where nothing answers."""
    connection = http.client.HTTPConnection(address, port, timeout=seconds)
    try:
        connection.request("GET", path, headers={"Host": host})
        return connection.getresponse().status == 200
    finally:
        connection.close()


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m config.probe", description="Does the web server here answer?")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--path", default="/readyz")
    options = parser.parse_args(arguments)
    host = urlsplit(env.text("SITE_URL") or "").hostname or "127.0.0.1"
    try:
        if answers("127.0.0.1", options.port, options.path, host=host):
            return 0
        print(f"{options.path} does not answer 200.", file=sys.stderr)
    except (OSError, http.client.HTTPException) as error:
        print(f"{options.path} does not answer: {error}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
