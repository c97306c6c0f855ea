"""The gateway under load, beside what it is compared with. Used by measure.py."""

import contextlib
import http.client
import json
import os
import pathlib
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

import accepts
import load
from load import KEY, Process

def call(port, method, path, body=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    data = None if body is None else json.dumps(body)
    connection.request(
        method, path, data, {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
    )
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, json.loads(content) if content else None


class Bench:
    def __init__(self, release, free_port, progress):
        self.eskiz, self.load = str(release / "eskiz"), str(release / "eskiz-gateway-load")
        self.free_port, self.progress = free_port, progress

    @contextlib.contextmanager
    def gateway(self, provider_port, state=None, core=None, **settings):
        folder = state or tempfile.mkdtemp(prefix="eskiz-bench-")
        port = self.free_port()
        environment = {
            "PATH": os.environ["PATH"], "HOME": folder, "ESKIZ_STATE_DIR": folder, "ESKIZ_LOG_LEVEL": "error",
            "ESKIZ_BASE_URL": f"http://127.0.0.1:{provider_port}/api", "ESKIZ_EMAIL": "demo@example.test",
            "ESKIZ_PASSWORD": "demo-key", "ESKIZ_API_KEYS": KEY, "ESKIZ_LISTEN": f"127.0.0.1:{port}",
            "ESKIZ_LOG_FILE": "", "ESKIZ_CALLBACK_URL": f"http://127.0.0.1:{port}", **settings,
        }
        command = [self.eskiz, "serve"]
        server = Process(command if core is None else load.pinned(command, core), environment, folder)
        server.port, server.folder = port, folder
        try:
            yield server
        finally:
            server.end()
            if state is None:
                shutil.rmtree(folder, ignore_errors=True)

    @contextlib.contextmanager
    def provider(self, delay):
        port = self.free_port()
        server = Process([self.load, "provider", "--port", str(port), "--delay", str(delay)])
        server.port = port
        try:
            yield server
        finally:
            server.end()

    def latency(self, port, provider_port, messages):
        arguments = [
            self.load, "latency", "--gateway", f"http://127.0.0.1:{port}", "--key", KEY,
            "--provider", str(provider_port), "--messages", str(messages), "--every", "10",
        ]
        return json.loads(subprocess.run(arguments, check=True, capture_output=True, text=True).stdout.splitlines()[-1])

    def fill(self, port, count, lane="bulk", send_at=None):
        """Lets messages wait, a thousand in a request."""
        for start in range(0, count, 1000):
            messages = []
            for number in range(start, min(start + 1000, count)):
                message = {
                    "to": f"+99890{number % 10}{number % 1_000_000:06d}", "text": f"Xabar {number}", "lane": lane
                }
                if send_at:
                    message["send_at"] = send_at
                messages.append(message)
            status, answer = call(port, "POST", "/v1/messages/batch", {"messages": messages})
            if status != 202:
                raise SystemExit(f"a batch was answered {status}: {answer}")

    # What is measured.

    def latencies(self, messages, waiting):
        """For each number of bulk messages that wait while codes are sent: a claim takes no longer for what waits behind it."""
        found = []
        for count in waiting:
            provider_port = self.free_port()
            with self.gateway(provider_port) as gateway:
                self.fill(gateway.port, count)
                found.append(self.latency(gateway.port, provider_port, messages) | {"MiB": gateway.memory()})
            self.progress(f"with {count:,} bulk: {found[-1]}")
        return found

    def claims(self, waiting):
        """Milliseconds a claim takes, for each number of messages that wait."""
        found = []
        for count in waiting:
            with tempfile.TemporaryDirectory() as folder:
                arguments = [self.load, "claim", "--file", f"{folder}/queue.sqlite", "--waiting", str(count), "--claims", "500"]
                output = subprocess.run(arguments, check=True, capture_output=True, text=True).stdout
                found.append(json.loads(output.splitlines()[-1]))
            self.progress(f"claims: {found[-1]}")
        return found

    def drain(self, messages, concurrency):
        """Codes a second that leave while Eskiz answers each in 50 ms: other lanes never have more than three quarters of the slots."""
        with self.provider(50) as provider, self.gateway(provider.port, ESKIZ_CONCURRENCY=str(concurrency)) as gateway:
            self.fill(gateway.port, messages, lane="otp")
            while call(provider.port, "GET", "/stats")[1]["count"] < messages:
                time.sleep(0.1)
            stats = call(provider.port, "GET", "/stats")[1]
        self.progress(f"drain with {concurrency} at once: {stats}")
        return stats["count"] / stats["seconds"]

    def whole_life(self, seconds):
        """Microseconds of processor time for each message from accept to delivered and told, on one processor.

        wrk sends to the API; the simulator takes, and reports each delivery once; nginx hears the webhooks. They have the other processor.
        """
        servers = accepts.Servers(pathlib.Path(self.eskiz).parent, self.free_port)
        simulator = Process(load.pinned([self.eskiz, "simulate", "--listen", "127.0.0.1:0"], load.LOAD), {"PATH": os.environ["PATH"]})
        provider = int(simulator.address.rsplit(":", 1)[1])
        try:
            call(provider, "PUT", "/_simulator/behaviour", {
                "stored_after": 0, "accepted_after": 0, "delivered_after": 0.01, "callback_points": ["final"],
            })
            with servers.nginx(load.LOAD, status=200) as (hook, _), self.gateway(provider, core=load.SERVER) as gateway:
                servers_of = [gateway.process.pid]
                load.wrk(
                    f"http://127.0.0.1:{gateway.port}", "/v1/messages", load.message(webhook_url=f"{hook}/"), seconds=seconds,
                    headers=accepts.HEADERS, servers=servers_of,
                )
                with contextlib.closing(sqlite3.connect(f"file:{gateway.folder}/eskiz.sqlite?mode=ro", uri=True)) as database:
                    while True:
                        time.sleep(0.2)
                        count, delivered, untold = database.execute(
                            "SELECT (SELECT count(*) FROM messages), (SELECT count(*) FROM messages WHERE state = 4),"
                            " (SELECT count(*) FROM webhooks WHERE progress = 0)"
                        ).fetchone()
                        if delivered == count and untold == 0:
                            break
                each = load.cpu_seconds(servers_of) / count * 1e6
        finally:
            simulator.end()
        self.progress(f"whole life of {count} messages: {each:.0f} µs each")
        return each

    def idle_memory(self):
        """MiB of a gateway that was started half a minute ago and has nothing to do: resident, and of that its own.

        The rest are pages of the program's file, which the system maps along and drops when it wants the memory.
        """
        with self.gateway(self.free_port()) as gateway:
            time.sleep(30)
            memory, own = gateway.memory(), gateway.memory("RssAnon")
        self.progress(f"idle: {memory:.0f} MiB, of that {own:.0f} its own")
        return memory, own

    def size(self):
        """MB of the program as `make release` leaves it, without symbols."""
        with tempfile.TemporaryDirectory() as folder:
            stripped = pathlib.Path(folder, "eskiz")
            subprocess.run(["strip", "-o", stripped, self.eskiz], check=True)
            return stripped.stat().st_size / 1e6

    def million(self):
        with self.gateway(self.free_port()) as gateway:
            self.fill(gateway.port, 1_000_000, send_at="2026-12-20T00:00:00Z")
            time.sleep(2)
            memory = gateway.memory()
            pages = self.pages(gateway.port)
        self.progress(f"a million messages: {memory:.0f} MiB")
        return memory, pages

    # The first screen; the newest messages; a state that is counted; a search that finds nothing wherever it looks.
    PAGES = ["/", "/messages", "/messages?status=delivered", "/messages?lane=otp"]

    def pages(self, port):
        """Milliseconds for each page of the operator, signed in: the median and the worst of twenty."""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

        def ask(method, path, body=None, headers=None):
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.getheader("Set-Cookie"), answer.read()

        form = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
        status, cookie, _ = ask("POST", "/sign-in", f"key={KEY}", form)
        assert status == 303 and cookie, status
        headers = {"Cookie": cookie.split(";")[0], "Accept": "text/html"}
        found = {}
        for path in self.PAGES:
            times = []
            for _ in range(20):
                started = time.monotonic()
                status, _, content = ask("GET", path, headers=headers)
                times.append((time.monotonic() - started) * 1000)
                assert status == 200 and b'id="tabs"' in content, (path, status)
            found[path] = statistics.median(times), max(times)
            self.progress(f"{path}: median {found[path][0]:.1f} ms, worst {found[path][1]:.1f} ms")
        connection.close()
        return found

    def restart(self):
        state = tempfile.mkdtemp(prefix="eskiz-bench-")
        try:
            with self.gateway(self.free_port(), state=state) as gateway:
                self.fill(gateway.port, 100_000)
            with self.provider(50) as provider:
                # Until the provider has the first message.
                started = time.monotonic()
                with self.gateway(provider.port, state=state):
                    while call(provider.port, "GET", "/stats")[1]["count"] == 0:
                        time.sleep(0.005)
                    seconds = time.monotonic() - started
        finally:
            shutil.rmtree(state, ignore_errors=True)
        self.progress(f"restart with 100,000 waiting: {seconds:.2f} s")
        return seconds

    def celery(self, python, messages):
        """The way applications do it today: Celery with Redis, 8 workers, `requests` for each message."""
        folder = pathlib.Path(__file__).resolve().parent / "Celery"
        redis_port = self.free_port()
        redis = subprocess.Popen(
            ["redis-server", "--port", str(redis_port), "--save", "", "--appendonly", "no"], stdout=subprocess.DEVNULL
        )
        try:
            with self.provider(50) as provider:
                environment = {
                    **os.environ, "BROKER": f"redis://127.0.0.1:{redis_port}/0", "PYTHONPATH": str(folder),
                    "PROVIDER": f"http://127.0.0.1:{provider.port}/api", "PYTHONDONTWRITEBYTECODE": "1",
                }
                time.sleep(0.5)
                subprocess.run([python, str(folder / "enqueue.py"), str(messages)], env=environment, check=True)
                worker = subprocess.Popen(
                    [python, "-m", "celery", "-A", "tasks", "worker", "-c", "8", "-l", "ERROR"],
                    env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                )
                try:
                    while call(provider.port, "GET", "/stats")[1]["count"] < messages:
                        time.sleep(0.1)
                    stats = call(provider.port, "GET", "/stats")[1]
                finally:
                    worker.terminate()
                    worker.wait()
        finally:
            redis.terminate()
            redis.wait()
        self.progress(f"Celery: {stats}")
        return stats["count"] / stats["seconds"]


def measure(release, free_port, progress, options, python):
    bench = Bench(release, free_port, progress)
    idle, busy, full = bench.latencies(500, [0, 100_000, 1_000_000])
    few, many = bench.claims([1_000, 1_000_000])
    drained, wide = bench.drain(5_000, 96), bench.drain(20_000, 512)
    celery = bench.celery(python, 5_000)
    life = statistics.median(bench.whole_life(options.seconds) for _ in range(min(options.rounds, 3)))
    restart, (resting, own) = bench.restart(), bench.idle_memory()
    memory, pages = bench.million()
    size = bench.size()
    rows = [
        ("First byte in to first byte at Eskiz, idle, p50 / p99", f"{idle['p50_ms']:.1f} / {idle['p99_ms']:.1f} ms", "≤ 3 / ≤ 15 ms"),
        ("The same with 100,000 bulk waiting", f"{busy['p50_ms']:.1f} / {busy['p99_ms']:.1f} ms", "p99 ≤ 50 ms"),
        ("The same with 1,000,000 bulk waiting", f"{full['p50_ms']:.1f} / {full['p99_ms']:.1f} ms", "as with fewer"),
        ("A claim with 1,000,000 waiting, p50 / p99", f"{many['p50_ms']:.2f} / {many['p99_ms']:.2f} ms", f"{few['p50_ms']:.2f} / {few['p99_ms']:.2f} ms with 1,000; the same"),
        ("Drain of 5,000 codes, Eskiz answers in 50 ms, 96 at once", f"{drained:,.0f}/s", f"≥ 1,800/s of 1,920; {celery:,.0f}/s by Celery with Redis and requests, 8 workers"),
        ("Drain of 20,000 codes, Eskiz answers in 50 ms, 512 at once", f"{wide:,.0f}/s", "≥ 9,000/s of 10,240"),
        ("Accept to delivered and told by webhooks, processor time a message, one processor", f"{life:,.0f} µs", "≤ 350 µs"),
        ("Sending again after kill -9 with 100,000 waiting", f"{restart:.2f} s", "≤ 2 s"),
        ("The binary, without symbols", f"{size:.0f} MB", "≤ 70 MB; 34 MB are ICU's tables, which come with Foundation, which GRDB, jwt-kit and swift-mustache import"),
        ("Memory half a minute after the start: its own / with the pages of its file", f"{own:.0f} / {resting:.0f} MiB", "≤ 30 MB"),
        ("Memory with 1,000,000 waiting: scheduled / being sent", f"{memory:.0f} / {full['MiB']:.0f} MiB", "≤ 150 MiB"),
    ]
    rows += [
        (f"`{path}` with 1,000,000 messages behind it, median / worst of 20", f"{median:.1f} / {worst:.1f} ms", "≤ 100 ms")
        for path, (median, worst) in pages.items()
    ]
    lines = ["| What | eskiz serve | Wanted |", "|---|---|---|"]
    lines += [f"| {what} | {value} | {wanted} |" for what, value, wanted in rows]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit("run scripts/bench gateway")
