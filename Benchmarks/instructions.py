#!/usr/bin/env python3
"""Counts the instructions of an accept, which do not depend on the day or on what else the machine does.

    Benchmarks/instructions.py [--eskiz .build/release/eskiz] [--requests 2000] [--functions 25] [--self] [--path /v1/verifications]

Runs `eskiz serve` under callgrind, sends some requests to warm it up, then counts those of a fixed number of requests over 16
connections. Prints the instructions for each, and the functions in which most of them are, with all that they call, or (--self) without. Needs valgrind
(scripts/install-packages bench).
"""

import argparse
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import threading
from urllib.parse import urlsplit

from load import KEY

BODIES = {
    "/v1/messages": lambda number: {"to": f"+99890{number:07d}", "text": "Buyurtmangiz qabul qilindi. Rahmat!"},
    "/v1/verifications": lambda number: {"to": f"+99890{number:07d}"},
}


def send(address, path, first, count):
    """Sends requests over 16 connections at once."""
    place = urlsplit(address)

    def some(numbers):
        connection = http.client.HTTPConnection(place.hostname, place.port, timeout=600)
        for number in numbers:
            headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
            # Numbers far apart, as those of users are.
            connection.request("POST", path, json.dumps(BODIES[path](number * 7_919 % 10_000_000)), headers)
            answer = connection.getresponse()
            answer.read()
            if answer.status not in (201, 202):
                raise SystemExit(f"{path}: {answer.status}")
        connection.close()

    threads = [threading.Thread(target=some, args=(range(first + index, first + count, 16),)) for index in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--eskiz", default=".build/release/eskiz")
    parser.add_argument("--requests", type=int, default=2_000)
    parser.add_argument("--functions", type=int, default=25)
    parser.add_argument("--self", action="store_true")
    parser.add_argument("--path", choices=list(BODIES), default="/v1/messages")
    options = parser.parse_args()
    for program in ("strip", "valgrind", "callgrind_control", "callgrind_annotate"):
        if not shutil.which(program):
            raise SystemExit(f"{program} is needed (scripts/install-packages bench).")
    with tempfile.TemporaryDirectory(prefix="eskiz-bench-") as name:
        folder = pathlib.Path(name)
        environment = {
            "PATH": os.environ["PATH"], "HOME": name, "TMPDIR": name, "ESKIZ_STATE_DIR": name, "ESKIZ_LOG_LEVEL": "error",
            # Nobody listens there, so that nothing but accepting is counted.
            "ESKIZ_BASE_URL": "http://127.0.0.1:9/api", "ESKIZ_TOKEN": "none", "ESKIZ_API_KEYS": KEY,
            "ESKIZ_LISTEN": "127.0.0.1:0", "ESKIZ_LOG_FILE": "",
        }
        # Names of functions are enough, and valgrind does not read all that Swift says of itself beside them.
        eskiz = folder / "eskiz"
        subprocess.run(["strip", "--strip-debug", "-o", eskiz, options.eskiz], check=True)
        command = [
            "valgrind", "--tool=callgrind", "--instr-atstart=no", f"--callgrind-out-file={folder}/counts",
            str(eskiz), "serve",
        ]
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        try:
            address = next(line.split()[1] for line in process.stdout if line.startswith("listening "))
            send(address, options.path, 0, 320)
            subprocess.run(["callgrind_control", "-i", "on", str(process.pid)], env=environment, check=True, capture_output=True)
            send(address, options.path, 1_000, options.requests)
            subprocess.run(["callgrind_control", "-i", "off", str(process.pid)], env=environment, check=True, capture_output=True)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(120)
        counts = folder / "counts"
        annotated = subprocess.run(
            ["callgrind_annotate", f"--inclusive={'no' if options.self else 'yes'}", "--threshold=100", str(counts)],
            capture_output=True, text=True, check=True,
        ).stdout
        if shutil.which("swift"):
            annotated = subprocess.run(
                ["swift", "demangle", "--simplified"], input=annotated, capture_output=True, text=True, check=True
            ).stdout
        total = int(re.search(r"([\d,]+) \([^)]*\)\s+PROGRAM TOTALS", annotated)[1].replace(",", ""))
        print(f"{options.path}: {total / options.requests:,.0f} instructions each ({options.requests} requests)")
        shown = 0
        for line in annotated.splitlines():
            found = re.match(r"\s*([\d,]+) \(\s*([\d.]+)%\)\s+(.*)", line)
            # A function that calls itself is there once more.
            if not found or "PROGRAM TOTALS" in line or "'2 [" in line:
                continue
            each = int(found[1].replace(",", "")) / options.requests
            what = found[3].partition(":")[2].split(" [")[0]
            print(f"{each:10,.0f}  {found[2]:>5} %  {what[:150]}")
            shown += 1
            if shown == options.functions:
                break


if __name__ == "__main__":
    main()
