"""What makes queues on PostgreSQL slow, done to two gateways: a snapshot that somebody holds, and rows that nobody clears away.

    hazards.py ESKIZ CLUSTER [--held 75] [--rate 100] [--p99 0] [--seed N]

What is promised: each message arrives once all the same, and who looks is told: the doctor names the process that holds the
snapshot and for how long, both metrics rise, and nothing is said any more when it is over. Prints how long claims take, by the
database's own log, before and while the snapshot is held. The long form is for a quiet machine and a release build:

    hazards.py ESKIZ CLUSTER --held 120 --rate 800 --p99 5

Standard library only, and psql; talks to loopback only.
"""

import argparse
import concurrent.futures
import http.client
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import threading
import time
from urllib.parse import urlsplit

from fleet import KEY, Fleet

# A claim as the database's log has it, once for each lane; a batch's is another.
CLAIM = re.compile(r"duration: ([\d.]+) ms  execute [^:]*: SELECT .*m\.state = 'queued'.*SKIP LOCKED")


class Hazards(Fleet):
    def grow_up(self):
        self.database.sql("ALTER ROLE service SET log_min_duration_statement = 0")
        self.database.sql("ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'")
        self.database.run("restart", "fast")
        self.database.sql("CREATE EXTENSION pg_stat_statements")

    def compiled(self):
        """Statements that the server has compiled, which takes it longer than all that they do."""
        # Before version 15 it does not say so.
        counts = self.database.sql(
            "SELECT count(*) FROM information_schema.columns WHERE table_name = 'pg_stat_statements' AND column_name = 'jit_functions'"
        )
        if counts == "0":
            return ""
        return self.database.sql(
            "SELECT s.calls, left(s.query, 100) FROM pg_stat_statements s JOIN pg_roles r ON r.oid = s.userid "
            "WHERE r.rolname = 'service' AND s.jit_functions > 0"
        )

    def load(self, rate, seconds):
        """So many messages a second, as far as they are taken; how many a second there were."""
        ends = time.monotonic() + seconds
        workers = 16
        before = len(self.accepted)

        def application(number):
            gateway = self.gateways[number % len(self.gateways)]
            place = urlsplit(gateway.url)
            connection = http.client.HTTPConnection(place.hostname, place.port, timeout=60)
            due = time.monotonic() + random.random() * workers / rate
            while due < ends:
                time.sleep(max(0, due - time.monotonic()))
                due += workers / rate
                phone = self.phone()
                body = json.dumps({"to": "+" + phone, "text": f"Kodingiz: {phone[-6:]}", "expires_in": "1h"})
                headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
                connection.request("POST", "/v1/messages", body, headers)
                answer = connection.getresponse()
                document = json.loads(answer.read())
                if answer.status != 202:
                    raise SystemExit(f"refused: {answer.status} {document}")
                with self.lock:
                    self.accepted[document["id"]] = phone
            connection.close()

        began = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(workers) as pool:
            for running in [pool.submit(application, number) for number in range(workers)]:
                running.result()
        return (len(self.accepted) - before) / (time.monotonic() - began)

    def claims(self, since):
        """Milliseconds of claims since a place in the log: count, median, p99; and the place where it ends now."""
        log = pathlib.Path(self.database.folder, "log")
        with open(log, errors="replace") as file:
            file.seek(since)
            times = sorted(float(found[1]) for line in file if (found := CLAIM.search(line)))
            place = file.tell()
        if not times:
            return (0, 0, 0), place
        return (len(times), times[len(times) // 2], times[min(len(times) - 1, len(times) * 99 // 100)]), place

    def findings(self, gateway, code):
        _, doctor = self.ask(gateway, "GET", "/v1/doctor")
        return [check for check in doctor["checks"] if check["code"].startswith(code)]

    def metric(self, gateway, name):
        place = urlsplit(gateway.url)
        connection = http.client.HTTPConnection(place.hostname, place.port, timeout=20)
        connection.request("GET", "/metrics", headers={"Authorization": f"Bearer {KEY}"})
        lines = connection.getresponse().read().decode().splitlines()
        connection.close()
        values = [float(line.split()[-1]) for line in lines if line.startswith(name)]
        if len(values) != 1:
            raise SystemExit(f"/metrics has not one {name}: {values}")
        return values[0]

    def wait(self, what, found, within):
        deadline = time.monotonic() + within
        while not found():
            if time.monotonic() > deadline:
                raise SystemExit(f"{what}: not within {within} s")
            time.sleep(0.5)

    def snapshot(self):
        """Somebody holds one; what claims take before and meanwhile."""
        _, place = self.claims(0)
        self.load(self.options.rate, 15)
        before, place = self.claims(place)
        with self.hold() as process:
            half = max(0, self.options.held - 20)
            self.load(self.options.rate, half)
            self.gather()
            _, place = self.claims(place)
            # What comes last has the most dead rows to walk over.
            rate = self.load(self.options.rate, self.options.held - half)
            during, _ = self.claims(place)
            dead = self.metric(self.gateways[0], "eskiz_database_dead_rows ")
            for gateway in self.gateways:
                self.wait("the doctor names who holds the snapshot", lambda: self.findings(gateway, "snapshot_old"), 30)
                finding = self.findings(gateway, "snapshot_old")[0]
                if finding["culprit"] != str(process) or finding["seconds"] < 60 or str(process) not in finding["remedy"]:
                    raise SystemExit(f"the doctor says something else: {finding}, it was {process}")
                if self.metric(gateway, "eskiz_database_snapshot_seconds ") < 60:
                    raise SystemExit("the metric says something else")
        for gateway in self.gateways:
            self.wait("and says nothing more when it is over", lambda: not self.findings(gateway, "snapshot_old"), 15)
        print(f"doctor: {finding['finding']}. {finding['remedy']}")
        for when, (count, median, p99) in (("before", before), (f"held, the last {self.options.held - half} s", during)):
            print(f"claims {when}: {count}, median {median:.2f} ms, p99 {p99:.2f} ms")
        print(f"accepted {rate:.0f}/s meanwhile, {dead:.0f} dead rows at the end", flush=True)
        if self.options.p99 and during[2] > self.options.p99:
            raise SystemExit(f"claims took {during[2]:.2f} ms, and were to take {self.options.p99}")

    def hold(self):
        class Held:
            def __init__(self, database):
                self.psql = subprocess.Popen(
                    ["psql", "-X", "-qAt", "-h", database.folder, "-p", database.port, "-U", "eskiz_test", "-d", "shop"],
                    stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                )

            def __enter__(self):
                self.psql.stdin.write("BEGIN ISOLATION LEVEL REPEATABLE READ;\nSELECT pg_backend_pid();\n")
                self.psql.stdin.flush()
                return int(self.psql.stdout.readline())

            def __exit__(self, *_):
                self.psql.stdin.close()
                self.psql.wait(10)

        return Held(self.database)

    def uncleared(self):
        """Nobody clears rows away for a while."""
        self.set("autovacuum", "off")
        for gateway in self.gateways:
            self.wait("the doctor says that rows are not cleared", lambda: self.findings(gateway, "rows_not_cleared"), 15)
        rate = self.load(self.options.rate, 10)
        self.settle()
        self.wait("they are counted", lambda: self.findings(self.gateways[0], "rows_not_cleared")[0]["count"] > 0, 30)
        finding = self.findings(self.gateways[0], "rows_not_cleared")[0]
        self.set("autovacuum", "on")
        self.wait("and nothing more when they are", lambda: not self.findings(self.gateways[0], "rows_not_cleared"), 15)
        print(f"doctor: {finding['finding']}. {finding['remedy']} Accepted {rate:.0f}/s meanwhile", flush=True)

    def set(self, name, value):
        self.database.sql(f"ALTER SYSTEM SET {name} = {value}")
        self.database.sql("SELECT pg_reload_conf()")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("eskiz")
    parser.add_argument("cluster")
    parser.add_argument("--held", type=int, default=75, help="seconds that the snapshot is held (75)")
    parser.add_argument("--rate", type=int, default=100, help="messages a second (100)")
    parser.add_argument("--p99", type=float, default=0, help="milliseconds that a claim may take then; 0 asserts nothing (0)")
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    options = parser.parse_args()
    options.eskiz, options.cluster = os.path.abspath(options.eskiz), os.path.abspath(options.cluster)
    options.gateways = 2
    random.seed(options.seed)
    fleet = Hazards(options)
    fleet.uncleared()
    fleet.snapshot()
    fleet.settle()
    if compiled := fleet.compiled():
        raise SystemExit(f"the server compiles what gateways ask it: {compiled}")
    return fleet.conclude()


if __name__ == "__main__":
    sys.exit(main())
