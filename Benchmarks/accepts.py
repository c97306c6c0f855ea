"""What an accept costs: durable accepts of `eskiz serve` beside servers that keep less, and databases that keep the same. Used by measure.py."""

import contextlib
import os
import pathlib
import shutil
import sqlite3
import statistics
import subprocess
import tempfile
import time

import load
from load import KEY, Process

HEADERS = [("Authorization", f"Bearer {KEY}"), ("Content-Type", "application/json")]
NGINX = """
worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  keepalive_requests 100000000;
  server {{ listen 127.0.0.1:{port}; location / {{ default_type application/json; return {status} '{{"id":"1","status":"queued"}}'; }} }}
}}
"""


class Contender:
    """A server that is started for one round, pinned to the server's processor, and stopped again."""

    def __init__(self, name, start):
        self.name, self.start = name, start
        self.rates, self.cpu, self.p50, self.p99 = [], [], [], []

    def round(self, seconds):
        with self.start() as (address, pid):
            load.wrk(address, "/v1/messages", load.message(), seconds=1, headers=HEADERS, first=5_000_000, servers=[pid])
            result = load.wrk(address, "/v1/messages", load.message(), seconds=seconds, headers=HEADERS, servers=[pid])
        for values, value in ((self.rates, result.rate), (self.cpu, result.cpu_each), (self.p50, result.p50), (self.p99, result.p99)):
            values.append(value)
        return result

    def row(self, least):
        rate = statistics.median(self.rates)
        return (
            f"| {self.name} | {rate:,.0f} | {min(self.rates):,.0f} – {max(self.rates):,.0f} | {rate / least:.2f} × "
            f"| {statistics.median(self.cpu):,.0f} µs | {statistics.median(self.p50):.1f} / {statistics.median(self.p99):.1f} ms |"
        )


class Servers:
    """The contenders, each as a context that gives address and process number."""

    def __init__(self, release, free_port):
        self.eskiz, self.program, self.free_port = release / "eskiz", release / "eskiz-gateway-load", free_port

    @contextlib.contextmanager
    def nginx(self, core=load.SERVER, status=202):
        folder, port = pathlib.Path(tempfile.mkdtemp(prefix="eskiz-bench-")), self.free_port()
        folder.chmod(0o755)
        (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port, status=status))
        binary = shutil.which("nginx") or "/usr/sbin/nginx"
        process = subprocess.Popen(
            load.pinned([binary, "-e", folder / "error.log", "-p", folder, "-c", folder / "nginx.conf"], core),
            stderr=subprocess.DEVNULL,
        )
        try:
            time.sleep(0.5)
            yield f"http://127.0.0.1:{port}", process.pid
        finally:
            process.terminate()
            process.wait()
            shutil.rmtree(folder, ignore_errors=True)

    @contextlib.contextmanager
    def program_of(self, *arguments):
        port = self.free_port()
        server = Process(load.pinned([self.program, *arguments, "--port", port]))
        try:
            yield f"http://127.0.0.1:{port}", server.process.pid
        finally:
            server.end()

    @contextlib.contextmanager
    def gateway(self, core=load.SERVER, **settings):
        """Eskiz is away, so that nothing but accepting is measured."""
        folder, port = tempfile.mkdtemp(prefix="eskiz-bench-"), self.free_port()
        environment = {
            "PATH": os.environ["PATH"], "HOME": folder, "ESKIZ_STATE_DIR": folder, "ESKIZ_LOG_LEVEL": "error",
            "ESKIZ_BASE_URL": f"http://127.0.0.1:{self.free_port()}/api", "ESKIZ_TOKEN": "none", "ESKIZ_API_KEYS": KEY,
            "ESKIZ_LISTEN": f"127.0.0.1:{port}", "ESKIZ_LOG_FILE": "", "ESKIZ_MAX_WAITING": "100000000", **settings,
        }
        server = Process(load.pinned([self.eskiz, "serve"], core), environment, folder)
        server.folder = folder
        try:
            yield f"http://127.0.0.1:{port}", server.process.pid
        finally:
            server.end()
            shutil.rmtree(folder, ignore_errors=True)

    def row_of_a_message(self):
        """The schema of a queue with one message in it, and that message's row."""
        folder = pathlib.Path(tempfile.mkdtemp(prefix="eskiz-bench-"))
        try:
            with self.gateway(ESKIZ_STATE_DIR=str(folder)) as (address, _):
                load.wrk(address, "/v1/messages", load.message(), seconds=1, clients=1, headers=HEADERS)
            with contextlib.closing(sqlite3.connect(folder / "eskiz.sqlite")) as database:
                schema = [
                    text for (text,) in database.execute(
                        "SELECT sql FROM sqlite_master WHERE tbl_name = 'messages' AND sql IS NOT NULL AND type IN ('table', 'index')"
                        " ORDER BY type DESC"
                    )
                ]
                return schema, database.execute("SELECT * FROM messages LIMIT 1").fetchone()
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def sqlite_rows(schema, row, commit, seconds):
    """Rows a second that SQLite itself keeps, so many in a commit, each commit flushed, each to another phone."""
    phone = next(index for index, value in enumerate(row) if isinstance(value, str) and value.startswith("998"))
    folder = pathlib.Path(tempfile.mkdtemp(prefix="eskiz-bench-"))
    try:
        with contextlib.closing(sqlite3.connect(folder / "rows.sqlite", isolation_level=None)) as database:
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = FULL")
            for statement in schema:
                database.execute(statement)
            insert = f"INSERT INTO messages VALUES ({', '.join('?' * len(row))})"
            count, begin = 0, time.monotonic()
            while time.monotonic() - begin < seconds:
                database.execute("BEGIN IMMEDIATE")
                rows = [list(row) for _ in range(commit)]
                for number, values in enumerate(rows, count):
                    values[0], values[phone] = row[0] + number, load.phone(number)
                database.executemany(insert, rows)
                database.execute("COMMIT")
                count += commit
            return count / (time.monotonic() - begin)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def at_half(servers, rate, seconds):
    """The time of an accept at half of the highest rate, p99 in milliseconds, on both processors as in service."""
    with servers.gateway() as (address, pid):
        load.wrk(address, "/v1/messages", load.message(), seconds=1, headers=HEADERS, first=5_000_000, servers=[pid])
        return load.wrk(address, "/v1/messages", load.message(), seconds=seconds, headers=HEADERS, rate=rate, servers=[pid])


def measure(release, free_port, progress, options):
    servers = Servers(release, free_port)
    seconds, rounds = options.seconds, min(options.rounds, 5)
    contenders = [
        Contender("nginx, a fixed answer, one worker", servers.nginx),
        Contender("The least that Hummingbird can do (`eskiz-gateway-load answer`)", lambda: servers.program_of("answer")),
        Contender("The gateway's own handler, messages in memory (`forget`)", lambda: servers.program_of("forget", "--key", KEY)),
        Contender("**`eskiz serve`, durable**", servers.gateway),
    ]
    if not servers.program.exists():
        progress(f"{servers.program.name} is not built: the two handlers are left out")
        del contenders[1:3]
    schema, row = servers.row_of_a_message()
    sqlite = {64: [], 512: []}
    for number in range(rounds):
        for contender in contenders if number % 2 == 0 else reversed(contenders):
            result = contender.round(seconds)
            progress(f"accepts, round {number + 1} of {rounds}: {contender.name}: {result.rate:,.0f}/s, {result.cpu_each:,.0f} µs")
        for commit, rates in sqlite.items():
            rates.append(sqlite_rows(schema, row, commit, min(seconds, 3)))
    peak = statistics.median(contenders[-1].rates)
    half = [at_half(servers, peak / 2, seconds) for _ in range(min(rounds, 3))]
    least = statistics.median(contenders[1].rates) if len(contenders) > 2 else peak
    commits = {commit: statistics.median(rates) for commit, rates in sqlite.items()}
    lines = [
        f"wrk with {load.CLIENTS} connections on one processor, the server on the other; {seconds} s each, "
        f"median of {rounds} rounds in turn.",
        "",
        "| Contender | requests/s | lowest – highest | beside the least handler | CPU each | p50 / p99 |",
        "|---|--:|--:|--:|--:|--:|",
        *[contender.row(least) for contender in contenders],
        "",
        f"SQLite itself, the same rows and indexes, `synchronous=FULL`, from Python: {commits[64]:,.0f} rows/s with 64 in a commit, "
        f"{commits[512]:,.0f} with 512. `eskiz serve` takes {peak / commits[64]:.2f} × the former "
        "(wanted: 20,000/s or 0.70 ×, whichever is less).",
        "",
        f"At about half of that rate ({statistics.median(each.rate for each in half):,.0f}/s) an accept takes "
        f"{statistics.median(each.p50 for each in half):.1f} ms, and {statistics.median(each.p99 for each in half):.1f} ms at p99 (wanted: ≤ 5 ms).",
    ]
    return "\n".join(lines)
