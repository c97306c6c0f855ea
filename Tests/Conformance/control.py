"""The simulator's control API and the gateway, for the drivers beside this file. Standard library only."""

import http.server
import json
import os
import pathlib
import queue
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from datetime import timedelta, timezone
from urllib.parse import parse_qsl, urlsplit

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


class Provider:
    """Whom a client talks to: the simulator itself, or, with the command's path as second argument, a gateway before it."""

    EMAIL = "demo@example.test"

    def __init__(self, simulator):
        self.base_url, self.key = simulator, "demo-key"
        self.is_gateway = False

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        pass

    def check(self, steps):
        """What is to be seen when the client is done."""


class Gateway(Provider):
    """`eskiz serve` with a key for the client. The client changes its base URL and its password, and nothing else."""

    def __init__(self, simulator, eskiz):
        super().__init__(simulator)
        self.is_gateway = True
        self.key = "conformance-key-0123456789"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.base_url = f"http://127.0.0.1:{probe.getsockname()[1]}"
        self._folder = tempfile.TemporaryDirectory()
        self._log = pathlib.Path(self._folder.name, "gateway.log")
        environment = {
            "HOME": self._folder.name, "PATH": os.environ["PATH"], "ESKIZ_EMAIL": self.EMAIL, "ESKIZ_PASSWORD": "demo-key",
            "ESKIZ_BASE_URL": f"{simulator}/api", "ESKIZ_STATE_DIR": f"{self._folder.name}/state",
            "ESKIZ_API_KEYS": self.key, "ESKIZ_LISTEN": urlsplit(self.base_url).netloc,
            "ESKIZ_CALLBACK_URL": self.base_url,
        }
        with self._log.open("wb") as errors:
            self._process = subprocess.Popen(
                [os.path.abspath(eskiz), "serve"], cwd=self._folder.name, env=environment, stdout=subprocess.PIPE, stderr=errors
            )

    def __enter__(self):
        ready = self._process.stdout.readline().decode()
        if not ready.startswith("listening "):
            raise SystemExit("the gateway did not start: " + self._log.read_text())
        return self

    def __exit__(self, kind, *exception):
        self._process.send_signal(signal.SIGTERM)
        try:
            status = self._process.wait(30)
        finally:
            self._process.kill()
        log = self._log.read_text()
        self._folder.cleanup()
        if kind:
            print(log[-5000:])
        elif status != 0:
            raise AssertionError(f"the gateway ended with status {status}: {log[-2000:]}")

    def check(self, steps):
        answers = [line for line in self._log.read_text().splitlines() if "Request answered" in line]
        # A login that is refused has no key; whoever has one never hears of what happens to the account's token.
        assert answers and all(re.search(r"status_code=\d{3} .*key\.id=", line) for line in answers), answers[:1]
        refused = [line for line in answers if "status_code=401 " in line and "key.id=none" not in line]
        steps.check("the client met no 401", not refused, refused)


class Receiver:
    """The client's own server, where its callbacks arrive: each one's fields, in order."""

    def __init__(self):
        reports = self._reports = queue.Queue()

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                is_json = self.headers.get_content_type() == "application/json"
                reports.put(json.loads(body) if is_json else dict(parse_qsl(body.decode())))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *arguments):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/reports"

    def next(self, seconds=15):
        return self._reports.get(timeout=seconds)


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


def provider_arguments():
    """The simulator's address, and whom the client is to talk to."""
    if len(sys.argv) not in (2, 3):
        raise SystemExit(f"usage: {sys.argv[0]} http://127.0.0.1:PORT [ESKIZ]     ESKIZ: the command; then through a gateway")
    simulator = sys.argv[1].rstrip("/")
    return simulator, Gateway(simulator, sys.argv[2]) if len(sys.argv) == 3 else Provider(simulator)
