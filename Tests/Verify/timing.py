#!/usr/bin/env python3
"""Measures the answers to checks of codes: their time must not tell a known phone from an unknown one, or a right code from a wrong one.

    Tests/Verify/timing.py [--samples 10000] [--seed N] [--eskiz .build/debug/eskiz]

One connection to a real gateway asks for one answer after the other, of each kind in turn and in random order within a turn. The test
is the rank-sum test of Mann and Whitney, for two pairs of kinds: where |z| stays below 3.3 there is no difference at one in a
thousand. A machine that is busy with other things hides differences; this wants a quiet one.
"""

import argparse
import http.client
import json
import pathlib
import random
import socket
import statistics
import sys
import tempfile
import time
from urllib.parse import urlsplit

from kills import KEY, Server

LIMIT = 3.3
UNLIMITED = {
    "ESKIZ_VERIFY_KEY_MINUTE": "none", "ESKIZ_VERIFY_TOTAL_MINUTE": "none", "ESKIZ_VERIFY_BLOCK": "1000000", "ESKIZ_VERIFY_BUDGET": "none",
}


class Connection:
    def __init__(self, url):
        place = urlsplit(url)
        self.connection = http.client.HTTPConnection(place.hostname, place.port, timeout=60)
        self.connection.connect()
        self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def call(self, method, path, body=None):
        """The document, and the nanoseconds until it was there."""
        data = None if body is None else json.dumps(body)
        begun = time.perf_counter_ns()
        self.connection.request(method, path, data, {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"})
        answer = self.connection.getresponse()
        content = answer.read()
        taken = time.perf_counter_ns() - begun
        if answer.status not in (200, 201):
            raise SystemExit(f"{method} {path}: {answer.status} {content[:300]!r}")
        return json.loads(content), taken


def deviate(left, right):
    """The normal deviate of the rank sum of two samples."""
    ranked = sorted([(value, True) for value in left] + [(value, False) for value in right])
    total = sum(rank for rank, (_, is_left) in enumerate(ranked, 1) if is_left)
    one, other = len(left), len(right)
    return (total - one * (one + other + 1) / 2) / (one * other * (one + other + 1) / 12) ** 0.5


def measure(gateway, simulator, samples, chance):
    times = {"right": [], "wrong": [], "unknown": []}
    for number in range(samples):
        phones = {kind: f"9989{digit}{1_000_000 + number}" for kind, digit in (("right", 0), ("wrong", 1), ("unknown", 3))}
        for kind in ("right", "wrong"):
            gateway.call("POST", "/v1/verifications", {"to": f"+{phones[kind]}"})
        code = simulator.call("GET", f"/_simulator/messages/next?to={phones['right']}&wait=30s")[0]["code"]
        wrong = "135790" if code != "135790" else "246801"
        for kind in chance.sample(list(phones), 3):
            answer, taken = gateway.call(
                "POST", "/v1/verifications/check", {"to": f"+{phones[kind]}", "code": code if kind == "right" else wrong}
            )
            assert answer["valid"] == (kind == "right"), (kind, answer)
            times[kind].append(taken)
    return times


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--samples", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--eskiz", default=".build/debug/eskiz")
    options = parser.parse_args()
    eskiz = str(pathlib.Path(options.eskiz).resolve())
    print(f"seed {options.seed}")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        simulator = Server([eskiz, "simulate", "--listen", "127.0.0.1:0"], folder)
        gateway = Server(
            [eskiz, "serve", "--listen", "127.0.0.1:0"], folder, ESKIZ_BASE_URL=simulator.url + "/api",
            ESKIZ_EMAIL="demo@example.test", ESKIZ_PASSWORD="demo-key", ESKIZ_API_KEYS=KEY, ESKIZ_LOG_LEVEL="error", ESKIZ_LOG_FILE="",
            ESKIZ_STATE_DIR=str(folder / "state"), **UNLIMITED,
        )
        try:
            times = measure(Connection(gateway.url), Connection(simulator.url), options.samples, random.Random(options.seed))
        finally:
            gateway.stop()
            simulator.stop()
    found = False
    for kind, values in times.items():
        print(f"{kind}: median {statistics.median(values) / 1e6:.3f} ms")
    for left, right in (("wrong", "unknown"), ("wrong", "right")):
        z = deviate(times[left], times[right])
        found = found or abs(z) >= LIMIT
        print(f"{left} and {right}: z = {z:.2f} over {options.samples} samples each ({'told apart' if abs(z) >= LIMIT else 'not told apart'})")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
