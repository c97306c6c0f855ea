"""Lets schemathesis try a gateway's own API, with all its checks, by the document that the gateway serves.

    scripts/schema [--examples 300] [--fewest 5000] [--seed N]

Starts a simulator and a gateway (`eskiz serve`) that sends through it. Fails if anything is found, if the gateway dies or does
not end as it should, or if fewer than FEWEST requests were made. EXAMPLES is the number for each operation.
"""

import argparse
import http.client
import http.server
import json
import os
import pathlib
import re
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
import time
from urllib.parse import urlsplit

FOLDER = pathlib.Path(__file__).resolve().parent


class Receiver(http.server.BaseHTTPRequestHandler):
    """Takes every webhook."""

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *arguments):
        pass


def start(arguments, environment, folder, name):
    """A server of ours and its address."""
    log = pathlib.Path(folder, f"{name}.log")
    with log.open("wb") as errors:
        process = subprocess.Popen(arguments, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=errors)
    ready = process.stdout.readline().decode().split()
    if ready[:1] != ["listening"]:
        process.kill()
        raise SystemExit(f"{name} did not start: {log.read_text()}")
    return process, ready[1]


def call(address, method, path, body=None, key=None):
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=30)
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {})
    connection.request(method, path, None if body is None else json.dumps(body), headers)
    answer = connection.getresponse()
    document = json.loads(answer.read())
    connection.close()
    if answer.status >= 300:
        raise SystemExit(f"{method} {path}: {answer.status} {document}")
    return document


def messages_to_try(simulator, gateway, key):
    """Ids of messages in different states: what schemathesis makes up itself is hardly ever one."""
    identifiers = []

    def send(state, **fields):
        message = {"to": "+998901234567", "text": "Salom", "lane": "bulk"} | fields
        identifier = call(gateway, "POST", "/v1/messages", message, key)["id"]
        deadline = time.monotonic() + 20
        while call(gateway, "GET", f"/v1/messages/{identifier}", key=key)["status"] != state:
            if time.monotonic() > deadline:
                raise SystemExit(f"no message became {state}")
            time.sleep(0.02)
        identifiers.append(identifier)

    for _ in range(3):
        # Taken, and the answer lost; nobody looks it up as long as this lasts.
        call(simulator, "POST", "/_simulator/faults", {"route": "message/sms/send", "outcome": "reset_after", "times": 1})
        send("unknown")
    send("delivered")
    soon = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 86_400))
    send("scheduled", send_at=soon)
    return identifiers


def attack(address, key, folder, options, identifiers, receiver):
    """Runs schemathesis, and returns its exit status and what it printed."""
    command = [
        sys.executable, "-c", "from schemathesis.cli import schemathesis; schemathesis()", "run", f"{address}/openapi.json",
        "--header", f"Authorization: Bearer {key}", "--checks", "all", "--workers", "1", "--continue-on-failure",
        "--max-examples", str(options.examples), "--seed", str(options.seed), "--generation-database", "none",
        # A stream that never ends; EventTests looks at it.
        "--exclude-path", "/v1/events",
    ]
    environment = {
        "HOME": folder, "PATH": os.environ["PATH"], "PYTHONPATH": str(FOLDER), "PYTHONDONTWRITEBYTECODE": "1",
        "SCHEMATHESIS_HOOKS": "schemathesis_hooks", "NO_PROXY": "127.0.0.1", "PYTHONUTF8": "1",
        "MESSAGES_TO_TRY": ",".join(identifiers), "WEBHOOK_RECEIVER": receiver,
    }
    run = subprocess.run(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    return run.returncode, run.stdout


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("eskiz", help="the built command")
    parser.add_argument("--examples", type=int, default=300)
    parser.add_argument("--fewest", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=secrets.randbits(32))
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    eskiz, key = os.path.abspath(options.eskiz), "esk_" + secrets.token_hex(16)
    hooked = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=hooked.serve_forever, daemon=True).start()
    problems, output, made = [], "", 0
    with tempfile.TemporaryDirectory() as folder:
        base = {"HOME": folder, "PATH": os.environ["PATH"], "ESKIZ_LOG_LEVEL": "error"}
        simulator, provider = start([eskiz, "simulate", "--listen", "127.0.0.1:0"], base, folder, "simulator")
        environment = base | {
            "ESKIZ_EMAIL": "demo@example.test", "ESKIZ_PASSWORD": "demo-key", "ESKIZ_BASE_URL": f"{provider}/api",
            "ESKIZ_STATE_DIR": f"{folder}/state", "ESKIZ_API_KEYS": key, "ESKIZ_LISTEN": "127.0.0.1:0",
            "ESKIZ_SETTLE_TIME": "1h",
        }
        gateway = None
        try:
            gateway, address = start([eskiz, "serve"], environment, folder, "gateway")
            identifiers = messages_to_try(provider, address, key)
            receiver = f"http://127.0.0.1:{hooked.server_address[1]}"
            started = time.monotonic()
            status, output = attack(address, key, folder, options, identifiers, receiver)
            seconds = time.monotonic() - started
            if status != 0:
                problems.append(f"schemathesis found something (status {status})")
            counted = re.search(r"(\d+) generated", output)
            made = int(counted[1]) if counted else 0
            if made < options.fewest:
                problems.append(f"only {made} requests were made, not {options.fewest}")
        finally:
            for name, server in (("gateway", gateway), ("simulator", simulator)):
                if server is None:
                    continue
                server.send_signal(signal.SIGTERM)
                try:
                    ended = server.wait(30)
                except subprocess.TimeoutExpired:
                    server.kill()
                    ended = server.wait()
                if ended != 0:
                    problems.append(f"the {name} ended with status {ended}")
        log = pathlib.Path(folder, "gateway.log").read_text()
        # A bug of ours, even if what was answered fits the document.
        if "A request failed" in log:
            problems.append("the gateway logged that a request failed")
        if problems:
            raise SystemExit(f"{output}\n{log[-5000:]}\n{'; '.join(problems)}; again with --seed {options.seed}")
    print(f"schemathesis: {made} requests in {seconds:.0f} s with all checks, nothing found")


main()
