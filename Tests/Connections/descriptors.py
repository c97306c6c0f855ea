"""Takes the descriptors of both servers away by connections that do nothing: they say so, spin no core, and go on afterwards.

    descriptors.py ESKIZ
"""

import http.client
import os
import pathlib
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time
from urllib.parse import urlsplit

LIMIT = 96
SHORTAGE = "No connection can be taken"
# A core that spins uses all of a second; one that pauses, next to nothing.
SHARE = 0.3


def lower_limit():
    resource.setrlimit(resource.RLIMIT_NOFILE, (LIMIT, LIMIT))


def processor_seconds(process):
    fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def is_answering(place):
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status < 500
    except OSError:
        return False
    finally:
        connection.close()


def wait_until(what, condition, seconds=20):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise SystemExit(f"Broken: in vain waited until {what}")
        time.sleep(0.1)


def exhaust(eskiz, verb, folder):
    log = pathlib.Path(folder, f"{verb}.err")
    environment = {
        "HOME": folder, "PATH": os.environ["PATH"], "ESKIZ_STATE_DIR": f"{folder}/state", "ESKIZ_LOG_FILE": "",
        "ESKIZ_EMAIL": "demo@example.test", "ESKIZ_PASSWORD": "demo-key", "ESKIZ_BASE_URL": "http://127.0.0.1:9/api",
        # Longer than this takes: it is not the deadline of an idle connection that sets things right.
        "ESKIZ_HEAD_TIMEOUT": "10m",
    }
    with log.open("wb") as errors:
        process = subprocess.Popen(
            [eskiz, verb, "--listen", "127.0.0.1:0"], cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=errors,
            stdin=subprocess.DEVNULL, preexec_fn=lower_limit,
        )
    held = []
    try:
        ready = process.stdout.readline().decode().split()
        if ready[:1] != ["listening"]:
            raise SystemExit(f"{verb} did not start: {log.read_text()}")
        place = urlsplit(ready[1])
        wait_until("it answers", lambda: is_answering(place))
        # More than it has descriptors, and fewer than wait in the queue of the socket.
        for _ in range(LIMIT + 30):
            held.append(socket.create_connection((place.hostname, place.port), timeout=5))
        wait_until("the shortage is in the log", lambda: SHORTAGE in log.read_text(encoding="utf-8"))
        before, started = processor_seconds(process), time.monotonic()
        time.sleep(2.5)
        share = (processor_seconds(process) - before) / (time.monotonic() - started)
        if share > SHARE:
            raise SystemExit(f"Broken: {verb} uses {share:.0%} of a core while it can take no connection")
        for connection in held:
            connection.close()
        try:
            wait_until("it answers again", lambda: is_answering(place))
        except SystemExit:
            state = process.poll()
            files = len(os.listdir(f"/proc/{process.pid}/fd")) if state is None else 0
            print(f"{verb}: ended with {state}, {files} descriptors; its log:", log.read_text(encoding="utf-8"), sep="\n")
            raise
        lines = log.read_text(encoding="utf-8").count(SHORTAGE)
        if lines != 1:
            raise SystemExit(f"Broken: {verb} says it {lines} times in a few seconds")
        print(f"{verb}: says once that it has no descriptor left, uses {share:.1%} of a core, and goes on.")
    finally:
        for connection in held:
            connection.close()
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def main():
    eskiz = os.path.abspath(sys.argv[1])
    for verb in ("simulate", "serve"):
        with tempfile.TemporaryDirectory() as folder:
            exhaust(eskiz, verb, folder)


main()
