"""The simulator's control API, for the drivers beside this file. Standard library only."""

import json
import sys
import time
import urllib.request
from datetime import timedelta, timezone
from urllib.parse import urlsplit

# The provider's calendar.
TASHKENT = timezone(timedelta(hours=5))


class Control:
    """Steers one running simulator."""

    def __init__(self, base_url):
        self.base_url = base_url.rstrip("/")
        host = urlsplit(self.base_url).hostname
        if host not in ("127.0.0.1", "localhost", "::1"):
            raise SystemExit(f"{host} is not this machine: the checks only talk to a simulator on loopback.")
        # A proxy of the environment must not get to see loopback traffic.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def request(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.base_url}/_simulator/{path}", data=data, method=method)
        with self._opener.open(request, timeout=30) as response:
            return json.load(response)

    def reset(self):
        self.request("POST", "reset")

    def expire_tokens(self):
        return self.request("POST", "tokens/expire")["expired"]

    def behave(self, **switches):
        return self.request("PUT", "behaviour", switches)

    def messages(self, to=None):
        return self.request("GET", "messages" + (f"?to={to}" if to else ""))

    def ledger(self):
        return self.request("GET", "ledger")

    def wait_until_delivered(self, to, count=1, seconds=10):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            found = self.messages(to)
            if len(found) >= count and all(message["status"] == "DELIVERED" for message in found):
                return found
            time.sleep(0.05)
        raise AssertionError(f"no {count} delivered message(s) to {to} within {seconds} s")


class Steps:
    """Prints one line for each thing that was seen, and counts them."""

    def __init__(self):
        self.count = 0

    def check(self, what, holds, seen=None):
        if not holds:
            raise AssertionError(f"{what}: saw {seen!r}")
        self.count += 1
        print(f"ok {self.count} - {what}")


def base_url_argument():
    if len(sys.argv) != 2:
        raise SystemExit(f"usage: {sys.argv[0]} http://127.0.0.1:PORT")
    return sys.argv[1].rstrip("/")
