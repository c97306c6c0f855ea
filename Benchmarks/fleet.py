#!/usr/bin/env python3
"""Gateways that share a PostgreSQL, measured with a release build: part `fleet` of `make bench`.

    Benchmarks/fleet.py [--eskiz .build/release/eskiz] [--rounds 3] [--seconds 8] [--only accepts,latency] [--finished 10000000]

Prints one table. What is asked, part by part:

    accepts   durable accepts of one, two and three gateways with wrk, beside the same gateway on SQLite, in turn; statements and
              commits for each accepted message; what the connections wait for meanwhile; and whether telling the others costs
    rivals    the same messages deferred and finished by procrastinate and pgqueuer, on the same database
    latency   accepted by one gateway, sent by the other; and through the outbox with `eskiz.poke()`
    recovery  seconds after the kill of a gateway, a restart of the database, and the promotion of a standby
    history   claims, accepts and the page with so many finished messages in the tables

The database flushes, on the disk of the temporary folder. Needs scripts/install-packages build test bench; everything is on the
loopback.
"""

import argparse
import base64
import contextlib
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter

ROOT = pathlib.Path(__file__).resolve().parent.parent
for folder in ("Tests/Outbox", "Benchmarks"):
    sys.path.insert(0, str(ROOT / folder))
import load  # noqa: E402
from fleet_provider import Provider  # noqa: E402
from load import CLIENTS, KEY  # noqa: E402
from outbox import Database  # noqa: E402

HEADERS = [("Authorization", f"Bearer {KEY}"), ("Content-Type", "application/json")]
MESSAGE = load.message(text="Kodingiz: 482915", lane="otp")


def progress(text):
    print(text, file=sys.stderr, flush=True)


def percentile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * share))]


class Gateway:
    """One of several, with its own way to Eskiz; on SQLite where there is no database."""

    def __init__(self, bench, provider_port, database=True, **settings):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="eskiz-bench-"))
        environment = {
            "PATH": os.environ["PATH"], "HOME": str(self.folder), "ESKIZ_STATE_DIR": str(self.folder), "ESKIZ_LOG_LEVEL": "error",
            "ESKIZ_BASE_URL": f"http://127.0.0.1:{provider_port}/api", "ESKIZ_TOKEN": "none", "ESKIZ_API_KEYS": KEY,
            "ESKIZ_TOKEN_KEY": base64.b64encode(bytes(range(32))).decode(), "ESKIZ_LISTEN": "127.0.0.1:0", "ESKIZ_LOG_FILE": "",
            "ESKIZ_OTP_LIFETIME": "24h", "ESKIZ_MAX_WAITING": "10000000", "ESKIZ_SETTLE_TIME": "1s",
        }
        if database:
            environment["ESKIZ_DATABASE_URL"] = bench.database.url("service")
        with open(self.folder / "stderr.log", "a") as log:
            self.process = subprocess.Popen(
                [bench.options.eskiz, "serve"], cwd=self.folder, env=environment | settings, stdout=subprocess.PIPE, stderr=log,
                text=True,
            )
        line = self.process.stdout.readline()
        if not line.startswith("listening "):
            raise SystemExit(f"a gateway did not start: {(self.folder / 'stderr.log').read_text()[-2000:]}")
        self.address = line.split()[1]
        self.port = int(self.address.rsplit(":", 1)[1])
        bench.gateways.append(self)

    def call(self, method, path, body=None, connection=None):
        own = connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
        own.request(method, path, body and json.dumps(body), headers)
        answer = own.getresponse()
        content = answer.read()
        if connection is None:
            own.close()
        return answer.status, json.loads(content) if content else None

    def end(self, how=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(how)
        self.process.wait(60)


class Bench:
    def __init__(self, options):
        self.options = options
        self.gateways = []
        self.rows = []
        self.database = Database(str(ROOT / "Tests/Postgres/cluster"))
        for setting in (
            # As a database that keeps its promise.
            "fsync = on", "full_page_writes = on", "shared_preload_libraries = 'pg_stat_statements'", "shared_buffers = '1GB'",
            "max_wal_size = '4GB'", "max_connections = 120", "checkpoint_timeout = '15min'",
        ):
            self.database.sql(f"ALTER SYSTEM SET {setting}", database="postgres")
        self.database.run("restart", "fast")
        self.database.sql("CREATE ROLE service LOGIN", database="postgres")

    def row(self, what, value, beside):
        progress(f"{what}: {value}; {beside}")
        self.rows.append(f"| {what} | {value} | {beside} |")

    def fresh(self):
        """An empty database, with its tables."""
        self.close()
        self.database.sql("DROP DATABASE IF EXISTS shop WITH (FORCE)", database="postgres")
        self.database.sql("CREATE DATABASE shop", database="postgres")
        self.database.sql("CREATE EXTENSION pg_stat_statements")
        with tempfile.TemporaryDirectory() as folder:
            environment = {
                "PATH": os.environ["PATH"], "HOME": folder, "ESKIZ_STATE_DIR": folder,
                "ESKIZ_DATABASE_URL": self.database.url("eskiz_test"), "ESKIZ_OUTBOX_URL": self.database.url("eskiz_test"),
            }
            subprocess.run([self.options.eskiz, "database", "migrate"], env=environment, cwd=folder, check=True, capture_output=True)
        self.database.sql("GRANT eskiz_gateway TO service")

    def close(self):
        for gateway in self.gateways:
            gateway.end(signal.SIGKILL)
            shutil.rmtree(gateway.folder, ignore_errors=True)
        self.gateways = []

    def number(self, sql):
        return float(self.database.sql(f"SELECT {sql}") or 0)

    # Durable accepts

    def load(self, gateways, seconds, clients=CLIENTS, first=0):
        """wrk at all of them at once: accepts a second, how many there were, and microseconds of the gateways for each.

        `clients` in all, each at one of the gateways.
        """
        results = [None] * len(gateways)

        def one(index):
            # Each gateway is asked for other phones.
            results[index] = load.wrk(
                gateways[index].address, "/v1/messages", MESSAGE, seconds=seconds, headers=HEADERS,
                clients=clients // len(gateways), first=first + index * 2_000_000, servers=[gateways[index].process.pid],
            )

        threads = [threading.Thread(target=one, args=(index,)) for index in range(len(gateways))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if None in results:
            raise SystemExit("wrk failed at one of the gateways")
        count = sum(result.count for result in results)
        return sum(result.rate for result in results), count, sum(result.cpu for result in results) / count * 1e6

    def on_sqlite(self):
        gateway = Gateway(self, 9, database=False)
        rate, _, cpu = self.load([gateway], self.options.seconds)
        gateway.end()
        return rate, cpu

    def on_postgres(self, count, clients):
        """Rate, statements and commits for each message, and what connections waited for."""
        self.fresh()
        gateways = [Gateway(self, 9) for _ in range(count)]
        # Until they know of each other, and the breaker has opened: nothing is sent meanwhile.
        time.sleep(4)
        # Warm. Each phone gets one code: a second one would take the place of the first.
        self.load(gateways, 1, clients, first=1_000_000)
        time.sleep(2)
        self.database.sql("SELECT pg_stat_statements_reset()")
        commits = "xact_commit FROM pg_stat_database WHERE datname = 'shop'"
        before = self.number(commits)
        server = [int(pathlib.Path(self.database.folder, "data/postmaster.pid").read_text().split()[0])]
        spent = load.cpu_seconds(server)
        waits, is_over = Counter(), threading.Event()

        def watch():
            # On one connection that stays: a new one for each look would cost more than what it looks at.
            with self.psql() as run:
                while not is_over.wait(0.1):
                    said = run(
                        "SELECT coalesce(wait_event_type || ':' || wait_event, 'running'), count(*) FROM pg_stat_activity "
                        "WHERE usename = 'service' AND state = 'active' GROUP BY 1;"
                    )
                    for line in said:
                        name, number = line.rsplit("|", 1)
                        waits[name] += int(number)

        watcher = threading.Thread(target=watch)
        watcher.start()
        rate, accepted, cpu = self.load(gateways, self.options.seconds, clients)
        database = (load.cpu_seconds(server) - spent) / accepted * 1e6
        is_over.set()
        watcher.join()
        # Backends say what they have counted a second later.
        time.sleep(2)
        statements = self.number(
            "sum(calls) FROM pg_stat_statements s JOIN pg_roles r ON r.oid = s.userid WHERE r.rolname = 'service'"
        )
        written = self.number(
            "sum(calls) FROM pg_stat_statements s JOIN pg_roles r ON r.oid = s.userid WHERE r.rolname = 'service' "
            "AND query ILIKE '%insert into eskiz.messages%'"
        )
        notified = self.number(
            "coalesce(sum(calls), 0) FROM pg_stat_statements s JOIN pg_roles r ON r.oid = s.userid WHERE r.rolname = 'service' "
            "AND query ILIKE '%pg_notify%'"
        )
        return {
            "rate": rate, "statements": statements / accepted, "commits": (self.number(commits) - before) / accepted,
            "groups": accepted / max(1, written), "notified": notified, "waits": waits, "cpu": cpu, "database": database,
        }

    def accepts(self):
        # As many clients at each gateway, and as many in all: then each commit has fewer messages.
        sqlite, found = [], {(1, CLIENTS): [], (2, 2 * CLIENTS): [], (3, 3 * CLIENTS): [], (2, CLIENTS): [], (3, CLIENTS): []}
        for _ in range(self.options.rounds):
            sqlite.append(self.on_sqlite())
            for (count, clients), results in found.items():
                results.append(self.on_postgres(count, clients))
                progress(f"{count} on PostgreSQL, {clients} clients: {results[-1]}; SQLite {sqlite[-1]}")
        file = statistics.median(rate for rate, _ in sqlite)
        file_cpu = statistics.median(cpu for _, cpu in sqlite)
        for (count, clients), results in found.items():
            rate = statistics.median(result["rate"] for result in results)
            # Round by round: the machine is not the same from one to the next.
            rivals = [rival for rival, _ in sqlite] if count == 1 else [one["rate"] for one in found[1, CLIENTS]]
            ratio = statistics.median(result["rate"] / rival for result, rival in zip(results, rivals))
            beside = f"{file:,.0f}/s on SQLite ({ratio:.2f}); wanted: ≥ 0.80" if count == 1 else f"{ratio:.2f} of one; wanted: ≥ 1"
            share = f"{CLIENTS} clients" if count == 1 else f"{clients // count} clients at each of {count} gateways"
            self.row(f"Durable accepts, {share}", f"{rate:,.0f}/s", beside)
            cpu, database = (statistics.median(result[name] for result in results) for name in ("cpu", "database"))
            self.row("Processor time of gateways / of PostgreSQL for each", f"{cpu:.0f} / {database:.0f} µs", f"{file_cpu:.0f} µs on SQLite")
            commits = statistics.median(result["commits"] for result in results)
            statements = statistics.median(result["statements"] for result in results)
            groups = statistics.median(result["groups"] for result in results)
            self.row(
                "Commits / statements for each of these messages", f"{commits:.3f} / {statements:.3f}",
                f"{groups:.0f} messages a commit; wanted: ≤ 0.1 / ≤ 0.3",
            )
            waits = sum((result["waits"] for result in results), Counter())
            total = max(1, sum(waits.values()))
            shares = ", ".join(f"{name} {number * 100 // total} %" for name, number in waits.most_common(5))
            locked = sum(number for name, number in waits.items() if name.startswith("Lock:"))
            self.row("What its connections wait for", shares or "nothing", f"on rows of others: {locked * 100 / total:.1f} %; wanted: 0")
        notified = statistics.median(result["notified"] for result in found[2, 2 * CLIENTS])
        two = statistics.median(result["rate"] for result in found[2, 2 * CLIENTS])
        # Without the other one there is nobody to notify: the same two gateways' cores, one of them idle, would be another load.
        self.row(
            "Calls to the other gateway during that", f"{notified:,.0f} of {two * self.options.seconds:,.0f} accepts",
            "each of its own, after the commit",
        )

    # Others

    def rivals(self):
        venv = ROOT / ".build" / "bench-rivals"
        if not (venv / "bin/python").exists():
            subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
            subprocess.run(
                [venv / "bin/pip", "install", "--quiet", "-r", str(ROOT / "Benchmarks/Rivals/requirements.txt")], check=True
            )
        count = self.options.jobs
        for name in ("procrastinate", "pgqueuer"):
            results = []
            for _ in range(self.options.rounds):
                self.fresh()
                done = subprocess.run(
                    [venv / "bin/python", str(ROOT / f"Benchmarks/Rivals/rival_{name}.py"), self.database.url("eskiz_test"), str(count)],
                    check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                )
                results.append(json.loads(done.stdout))
                progress(f"{name}: {results[-1]}")
            deferred, finished = (
                statistics.median(result[what] for result in results) for what in ("deferred_per_second", "finished_per_second")
            )
            self.row(f"{name}: deferred / finished by one worker that does nothing", f"{deferred:,.0f}/s / {finished:,.0f}/s", f"{count:,} jobs")
        finished = []
        for _ in range(self.options.rounds):
            finished.append(self.drain(count))
        self.row("The same messages sent by one gateway, Eskiz answers at once", f"{statistics.median(finished):,.0f}/s", "with attempts, outcomes and counts")

    def drain(self, count):
        self.fresh()
        with Provider() as provider:
            gateway = Gateway(self, provider.port)
            for start in range(0, count, 1000):
                messages = [
                    {"to": f"+99890{number:07d}", "text": "Kodingiz: 482915", "lane": "transactional"}
                    for number in range(start, min(start + 1000, count))
                ]
                status, answer = gateway.call("POST", "/v1/messages/batch", {"messages": messages})
                if status != 202:
                    raise SystemExit(f"a batch was answered {status}: {answer}")
            while len(provider.arrivals) < count:
                time.sleep(0.05)
            moments = provider.arrivals.values()
            return count / (max(moments) - min(moments))

    # From here to there

    def latency(self):
        """Accepted by one whose lane waits for the morning, and sent by the other."""
        count = self.options.messages
        self.fresh()
        with Provider() as provider:
            accepting = Gateway(self, provider.port, ESKIZ_QUIET_HOURS="00:00-23:59")
            Gateway(self, provider.port)
            time.sleep(4)
            connection = http.client.HTTPConnection("127.0.0.1", accepting.port, timeout=60)
            times = self.times(provider, count, lambda phone: accepting.call(
                "POST", "/v1/messages", {"to": "+" + phone, "text": "Kodingiz: 482915", "lane": "bulk"}, connection
            )[0] == 202)
            connection.close()
            self.row(
                "Accepted by one gateway, first byte at Eskiz from the other, p50 / p99",
                f"{percentile(times, 0.5):.1f} / {percentile(times, 0.99):.1f} ms", "idle; wanted: ≤ 8 / ≤ 30 ms",
            )
        self.outbox(count)

    def times(self, provider, count, send):
        """Milliseconds from before `send` to the arrival, one after the other; the first ones warm up."""
        sent = {}
        for number in range(50 + count):
            phone = f"99890{number:07d}"
            begun = time.monotonic()
            if not send(phone):
                raise SystemExit("a message was refused")
            if number >= 50:
                sent[phone] = begun
            time.sleep(0.02)
        deadline = time.monotonic() + 20
        while any(phone not in provider.arrivals for phone in sent) and time.monotonic() < deadline:
            time.sleep(0.1)
        missing = [phone for phone in sent if phone not in provider.arrivals]
        if missing:
            raise SystemExit(f"{len(missing)} of {count} have not arrived")
        return [(provider.arrivals[phone] - begun) * 1000 for phone, begun in sent.items()]

    def outbox(self, count):
        self.fresh()
        with Provider() as provider:
            Gateway(self, provider.port, ESKIZ_OUTBOX_URL=self.database.url("service"))
            time.sleep(3)
            for poke, wanted in (("SELECT eskiz.poke();", "p99 ≤ 50 ms"), ("", "p99 ≤ 150 ms")):
                provider.arrivals.clear()
                with self.psql() as run:
                    times = self.times(provider, count, lambda phone: run(
                        f"SELECT eskiz.send(phone => '{phone}', body => 'Kodingiz: 482915', lane => 'otp');{poke}"
                    ))
                self.row(
                    f"Outbox{', with eskiz.poke()' if poke else ''}: before the statement to the first byte at Eskiz, p50 / p99",
                    f"{percentile(times, 0.5):.1f} / {percentile(times, 0.99):.1f} ms", f"wanted: {wanted}",
                )

    @contextlib.contextmanager
    def psql(self):
        """One connection that stays open: a call runs a line of SQL, and answers its rows when it is committed."""
        process = subprocess.Popen(
            ["psql", "-X", "-qAt", "-v", "ON_ERROR_STOP=1", "-h", self.database.folder, "-p", self.database.port, "-U", "eskiz_test",
             "-d", "shop"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )

        def run(sql):
            process.stdin.write(sql + "\\echo done\n")
            process.stdin.flush()
            rows = []
            while (line := process.stdout.readline()) != "done\n":
                if not line:
                    raise SystemExit(f"psql ended: {sql}")
                rows.append(line.rstrip("\n"))
            return rows

        try:
            yield run
        finally:
            process.stdin.close()
            process.wait(10)

    # After a death

    def recovery(self):
        killed, restarted = [], []
        for _ in range(self.options.rounds):
            killed.append(self.after_kill())
            restarted.append(self.after_restart())
            progress(f"recovery: kill {killed[-1]:.1f} s, restart {restarted[-1]:.1f} s")
        self.row("What a killed gateway had in hand is sent by the other", f"{statistics.median(killed):.1f} s", "its lease; wanted: ≤ 5 s")
        self.row("Accepted again after a restart -m immediate", f"{statistics.median(restarted):.1f} s", "wanted: ≤ 5 s")
        for arguments, name in (([], "synchronous"), (["--asynchronous"], "asynchronous")):
            done = subprocess.run(
                [sys.executable, "-B", str(ROOT / "Tests/Fleet/failover.py"), self.options.eskiz, str(ROOT / "Tests/Postgres/cluster"), *arguments],
                capture_output=True, text=True,
            )
            if done.returncode != 0:
                raise SystemExit(f"failover.py: {done.stdout}{done.stderr}")
            found = re.search(r"promoted after ([\d.]+) s, accepted again after ([\d.]+) s", done.stdout)
            lost = re.search(r"lost (\d+), arrived twice (\d+)", done.stdout)
            self.row(
                f"Accepted again after the promotion of a standby, {name}", f"{found[2]} s",
                f"promoted after {found[1]} s; lost {lost[1]}, twice {lost[2]}; wanted: ≤ 5 s",
            )

    def after_kill(self):
        """The killed one has claimed messages and not begun to write them: its provider keeps its requests waiting."""
        self.fresh()
        with Provider(delay=30) as slow, Provider() as provider:
            dying = Gateway(self, slow.port, ESKIZ_CONCURRENCY="4")
            body = [{"to": f"+99890{number:07d}", "text": "Kodingiz: 482915", "lane": "transactional"} for number in range(200)]
            dying.call("POST", "/v1/messages/batch", {"messages": body})
            while not slow.arrivals:
                time.sleep(0.01)
            Gateway(self, provider.port)
            time.sleep(1)
            held = self.number("count(*) FROM eskiz.messages WHERE owner IS NOT NULL AND state = 'sending'")
            dying.end(signal.SIGKILL)
            begun = time.monotonic()
            while self.number("count(*) FROM eskiz.messages WHERE state IN ('queued', 'sending')") > 0:
                if time.monotonic() - begun > 60:
                    raise SystemExit(f"of {held} messages some are not sent a minute after the kill")
                time.sleep(0.05)
            return time.monotonic() - begun

    def after_restart(self):
        self.fresh()
        gateways = [Gateway(self, 9) for _ in range(2)]
        time.sleep(2)
        self.database.run("restart", "immediate")
        begun = time.monotonic()
        while True:
            with contextlib.suppress(OSError):
                status, _ = gateways[0].call("POST", "/v1/messages", {"to": "+998901234567", "text": "Kodingiz: 482915"})
                if status == 202:
                    return time.monotonic() - begun
            time.sleep(0.01)

    # With a long history

    def history(self):
        few, many = self.with_finished(10_000), self.with_finished(self.options.finished)
        for name, unit in (("accepts", "/s"), ("claim", " ms"), ("page", " ms")):
            self.row(
                {"accepts": "Durable accepts", "claim": "A claim, mean", "page": "The first screen, median of 20"}[name]
                + f" with {self.options.finished:,} finished messages",
                f"{many[name]:,.1f}{unit}", f"{few[name]:,.1f}{unit} with 10,000; wanted: the same",
            )

    def with_finished(self, count):
        self.fresh()
        columns = self.database.sql(
            "SELECT string_agg(column_name, ',' ORDER BY ordinal_position) FROM information_schema.columns "
            "WHERE table_schema = 'eskiz' AND table_name = 'messages'"
        )
        gateway = Gateway(self, 9)
        gateway.call("POST", "/v1/messages", {"to": "+998901234567", "text": "Kodingiz: 482915", "lane": "otp"})
        gateway.end(signal.SIGKILL)
        # Copies of one real row, ended a moment ago.
        values = {
            "id": "100 + n", "state": "'delivered'", "final_at": "m.created_at", "submitted_at": "m.created_at", "owner": "NULL",
            "lease_until": "NULL", "report_at": "NULL", "reconcile_at": "NULL", "body": "NULL", "provider_id": "'p' || n",
            "phone": "'99890' || lpad((n % 10000000)::text, 7, '0')",
        }
        selection = ", ".join(values.get(name, "m." + name) for name in columns.split(","))
        self.database.sql(
            f"INSERT INTO eskiz.messages ({columns}) SELECT {selection} FROM (SELECT * FROM eskiz.messages LIMIT 1) m, "
            f"generate_series(1, {count}) n; INSERT INTO eskiz.counts VALUES (4, 'otp.delivered', {count}) "
            f"ON CONFLICT (shard, name) DO UPDATE SET value = {count}; VACUUM ANALYZE eskiz.messages; CHECKPOINT"
        )
        gateway = Gateway(self, 9)
        time.sleep(3)
        rate, _, _ = self.load([gateway], self.options.seconds)
        gateway.end()
        with Provider() as provider:
            gateway = Gateway(self, provider.port)
            self.database.sql("SELECT pg_stat_statements_reset()")
            time.sleep(10)
            claim = self.number(
                "sum(total_exec_time) / greatest(1, sum(calls)) FROM pg_stat_statements WHERE query LIKE '%m.state = ''queued''%' "
                "AND query LIKE '%SKIP LOCKED%' OR query LIKE '%m.state = $%SKIP LOCKED%'"
            )
            page = self.page(gateway)
        return {"accepts": rate, "claim": claim, "page": page}

    def page(self, gateway):
        connection = http.client.HTTPConnection("127.0.0.1", gateway.port, timeout=60)
        form = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
        connection.request("POST", "/sign-in", f"key={KEY}", form)
        answer = connection.getresponse()
        answer.read()
        headers = {"Cookie": answer.getheader("Set-Cookie").split(";")[0], "Accept": "text/html"}
        times = []
        for _ in range(20):
            begun = time.monotonic()
            connection.request("GET", "/", headers=headers)
            answer = connection.getresponse()
            answer.read()
            times.append((time.monotonic() - begun) * 1000)
        connection.close()
        return statistics.median(times)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parts = ["accepts", "rivals", "latency", "recovery", "history"]
    parser.add_argument("--eskiz", default=str(ROOT / ".build/release/eskiz"))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=8)
    parser.add_argument("--messages", type=int, default=500, help="for each latency (500)")
    parser.add_argument("--jobs", type=int, default=4_000, help="deferred and finished by each (4000)")
    parser.add_argument("--finished", type=int, default=10_000_000)
    parser.add_argument("--only", default=",".join(parts), help=f"some of {','.join(parts)}")
    options = parser.parse_args()
    options.eskiz = str(pathlib.Path(options.eskiz).resolve())
    unknown = set(options.only.split(",")) - set(parts)
    if unknown:
        parser.error(f"unknown part: {', '.join(sorted(unknown))}")
    if not shutil.which("wrk"):
        raise SystemExit("wrk is needed: scripts/install-packages bench")
    bench = Bench(options)
    try:
        for part in parts:
            if part in options.only.split(","):
                getattr(bench, part)()
    finally:
        bench.close()
        bench.database.run("stop", "immediate")
    load = os.getloadavg()[0]
    print(f"\n{os.cpu_count()} processors, load at the end {load:.1f}, PostgreSQL of Debian, flushed.\n")
    print("| What | Here | Beside it |\n|---|---|---|")
    print("\n".join(bench.rows))


if __name__ == "__main__":
    sys.exit(main())
