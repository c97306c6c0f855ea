#!/usr/bin/env python3
"""One-time codes of a gateway under load, with wrk: part `codes` of `make bench`. Prints one table.

    Benchmarks/verify.py [--eskiz .build/release/eskiz] [--seconds 8] [--rounds 3] [--pending 1000000]

Three questions: how many codes a second begin beside how many messages a second are accepted, in turn on one gateway; how long a
check takes at 1,000 a second; how much memory and time a gateway takes that has a million pending ones. Eskiz is away meanwhile, so
that nothing but accepting is measured.
"""

import argparse
import contextlib
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from urllib.parse import urlsplit

import load
from load import KEY

HEADERS = [("Authorization", f"Bearer {KEY}"), ("Content-Type", "application/json")]
MESSAGE = ("/v1/messages", load.message(text="Kodingiz: 482915", lane="otp"))
CODE = ("/v1/verifications", '{"to":"+PHONE"}')
CHECK = ("/v1/verifications/check", '{"to":"+PHONE","code":"135790"}')


class Gateway:
    def __init__(self, eskiz, folder):
        environment = {
            "PATH": os.environ["PATH"], "HOME": str(folder), "ESKIZ_STATE_DIR": str(folder), "ESKIZ_LOG_LEVEL": "error",
            # Nobody listens there: what is accepted waits.
            "ESKIZ_BASE_URL": "http://127.0.0.1:9/api", "ESKIZ_TOKEN": "none", "ESKIZ_API_KEYS": KEY,
            "ESKIZ_LISTEN": "127.0.0.1:0", "ESKIZ_LOG_FILE": "", "ESKIZ_OTP_LIFETIME": "24h", "ESKIZ_VERIFY_LIFETIME": "24h",
            "ESKIZ_VERIFY_KEY_MINUTE": "none", "ESKIZ_VERIFY_TOTAL_MINUTE": "none",
            "ESKIZ_MAX_WAITING": "10000000",
        }
        started = time.monotonic()
        # It says of many messages that Eskiz is away.
        with open(folder / "stderr.log", "a") as log:
            self.process = subprocess.Popen(
                [eskiz, "serve"], cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=log, text=True
            )
        line = self.process.stdout.readline()
        if not line.startswith("listening "):
            raise SystemExit(f"the gateway did not start: {(folder / 'stderr.log').read_text()[-2000:]}")
        self.address = line.split()[1]
        self.start = time.monotonic() - started

    def call(self, method, path, body=None):
        place = urlsplit(self.address)
        connection = http.client.HTTPConnection(place.hostname, place.port, timeout=60)
        headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
        connection.request(method, path, body and json.dumps(body), headers)
        answer = connection.getresponse()
        document = json.loads(answer.read())
        connection.close()
        return answer.status, document

    def memory(self, kind="VmRSS"):
        """MiB: now, or `VmHWM`, the most so far."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(rf"{kind}:\s+(\d+)", status)[1]) / 1024

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)


def creates(gateway, options):
    rates, first = {"messages": [], "codes": []}, 0
    for _ in range(options.rounds):
        for name, what in (("messages", MESSAGE), ("codes", CODE)):
            result = load.wrk(
                gateway.address, *what, seconds=options.seconds, headers=HEADERS, first=first if name == "codes" else 0
            )
            rates[name].append(result.rate)
            if name == "codes":
                first += result.count
            print(f"round: {name} {result.rate:,.0f}/s", file=sys.stderr, flush=True)
    messages, codes = (statistics.median(rates[name]) for name in ("messages", "codes"))
    each = ", ".join(f"{code / message:.2f}" for message, code in zip(rates["messages"], rates["codes"]))
    yield (
        f"Codes begun (`POST /v1/verifications`), 64 connections, median of {options.rounds} rounds in turn", f"{codes:,.0f}/s",
        f"{messages:,.0f}/s of `POST /v1/messages`: {codes / messages:.2f} (rounds: {each}); wanted: ≥ 0.80",
    )


def checks(gateway, options):
    # A thousand a second: each connection waits between its requests, and for the answers beside that.
    for connections, nominal in ((20, 1_380), (40, 1_160)):
        results = [
            load.wrk(
                gateway.address, *CHECK, seconds=options.seconds, headers=HEADERS,
                first=(connections + number) * 100_000, clients=connections, rate=nominal,
            )
            for number in range(options.rounds)
        ]
        rate, p50, p99 = (statistics.median(getattr(result, name) for result in results) for name in ("rate", "p50", "p99"))
        highest = max(result.p99 for result in results)
        yield (
            f"A check at {rate:,.0f}/s, {connections} connections, p50 / p99", f"{p50:.1f} / {p99:.1f} ms",
            f"p99 at most {highest:.1f} ms in {options.rounds} rounds; wanted: p99 ≤ 10 ms at 1,000/s",
        )


def pending(eskiz, folder, options):
    with contextlib.closing(sqlite3.connect(folder / "eskiz.sqlite")) as database:
        now = int(time.time() * 1000)
        # The codes before have used up what blocks of numbers get in ten minutes.
        database.execute("DELETE FROM verifications")
        database.execute("DELETE FROM verification_notes")
        database.execute(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)"
            " INSERT INTO verifications (id, api_key_id, phone, purpose, kind, code_length, key_id, epoch, template, language,"
            " created_at, life, checks, checks_answered, checks_allowed, sends)"
            " SELECT randomblob(16), 'k', '99893' || (1000000 + i), '', 0, 6, 'none', 0, 'default', 'uz', ?, 86400000, 0, 0, 5, 1 FROM n",
            (options.pending, now),
        )
        database.commit()
    gateway = Gateway(eskiz, folder)
    try:
        time.sleep(3)
        resting = gateway.memory()
        times = []
        for number in range(500):
            phone = f"+998931{number:06d}"
            begin = time.monotonic()
            status, _ = gateway.call("POST", "/v1/verifications/check", {"to": phone, "code": "135790"})
            times.append((time.monotonic() - begin) * 1000)
            assert status == 200, status
        rate = load.wrk(gateway.address, *CODE, seconds=options.seconds, headers=HEADERS, first=5_000_000).rate
        yield (
            f"Memory with {options.pending:,} pending: at rest / under load / at most",
            f"{resting:.0f} / {gateway.memory():.0f} / {gateway.memory('VmHWM'):.0f} MiB", "wanted: ≤ 150 MiB",
        )
        yield (
            f"The start with them, one check (median), codes begun", f"{gateway.start:.1f} s, {statistics.median(times):.1f} ms, {rate:,.0f}/s",
            "a check waits for the next multiple of 4 ms",
        )
    finally:
        gateway.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--eskiz", default=".build/release/eskiz")
    parser.add_argument("--seconds", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pending", type=int, default=1_000_000)
    options = parser.parse_args()
    if not shutil.which("wrk"):
        raise SystemExit("wrk is needed (apt-get install wrk).")
    eskiz = str(pathlib.Path(options.eskiz).resolve())
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        gateway = Gateway(eskiz, folder)
        try:
            rows = [*creates(gateway, options), *checks(gateway, options)]
        finally:
            gateway.stop()
        rows += pending(eskiz, folder, options)
    print("| What | Here | Beside it |\n|---|---|---|")
    for row in rows:
        print(f"| {' | '.join(row)} |")


if __name__ == "__main__":
    sys.exit(main())
