"""Three gateways on one PostgreSQL, of which one after the other dies while applications send. The simulator is the witness.

    fleet.py ESKIZ CLUSTER [--kills 12] [--restarts 2] [--freezes 1] [--gateways 3] [--hours 2] [--seed N]

The wall clock of each gateway is off, up to two hours either way, and is set anew whenever one dies. What is promised, and checked after all of it: a message that any gateway has accepted arrives once, or ends with a reason; none
arrives twice, whichever gateway, connection or database died, and although each request was repeated with its key at another
gateway until one had answered. Whoever is told to come back is told when. Standard library only, and psql; talks to loopback only.
"""

import argparse
import base64
import concurrent.futures
import http.client
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from urllib.parse import urlsplit

for beside in ("Outbox", "Chaos"):
    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / beside))
from chaos import Clock, compile_clock_shift  # noqa: E402
from codes import codes  # noqa: E402
from outbox import FINAL, STEPS, Database, Server, call  # noqa: E402

KEY = "fleet-key-0123456789abcdef"


class Fleet:
    def __init__(self, options):
        self.options = options
        self.random = random.Random(options.seed)
        self.folder = tempfile.mkdtemp()
        self.database = self.make_database()
        self.database.sql("CREATE DATABASE shop", database="postgres")
        self.database.sql("CREATE ROLE service LOGIN")
        self.base = {"PATH": os.environ["PATH"], "HOME": self.folder}
        self.simulator = Server([options.eskiz, "simulate", "--listen", "127.0.0.1:0"], self.base, self.folder)
        owner = self.base | {"ESKIZ_DATABASE_URL": self.database.url("eskiz_test"), "ESKIZ_STATE_DIR": self.folder}
        for expected, command in ((78, "status"), (0, "migrate"), (0, "migrate"), (0, "status")):
            done = subprocess.run([options.eskiz, "database", command], env=owner, cwd=self.folder, capture_output=True)
            if done.returncode != expected:
                raise SystemExit(f"database {command} ended with {done.returncode}: {done.stderr.decode()}")
        self.database.sql("GRANT eskiz_gateway TO service")
        self.environment = self.base | {
            "ESKIZ_BASE_URL": self.simulator.url + "/api",
            "ESKIZ_EMAIL": "demo@example.test",
            "ESKIZ_PASSWORD": "demo-key",
            "ESKIZ_LISTEN": "127.0.0.1:0",
            "ESKIZ_SETTLE_TIME": "1s",
            "ESKIZ_LOG_FILE": "",
            "ESKIZ_API_KEYS": KEY,
            "ESKIZ_TOKEN_KEY": base64.b64encode(bytes(range(32))).decode(),
            # The gateways' role may make no tables.
            "ESKIZ_DATABASE_MIGRATE": "false",
            "ESKIZ_DATABASE_URL": self.database.url("service"),
        }
        without = {name: value for name, value in self.environment.items() if name != "ESKIZ_TOKEN_KEY"}
        done = subprocess.run([options.eskiz, "serve"], env=without, cwd=self.folder, capture_output=True)
        if done.returncode != 78:
            raise SystemExit(f"without ESKIZ_TOKEN_KEY serve ended with {done.returncode}: {done.stderr.decode()}")
        self.accepted = {}
        self.arrived = {}
        self.lock = threading.Lock()
        self.number = 0
        self.clocks = []
        self.grow_up()
        self.set_clocks()
        self.gateways = [self.start(number) for number in range(options.gateways)]

    def make_database(self):
        return Database(self.options.cluster)

    def set_clocks(self):
        """Each gateway's clock is another's business: the time of a fleet is its database's."""
        hours = getattr(self.options, "hours", 0)
        if hours == 0:
            return
        if not self.clocks:
            library = compile_clock_shift(self.folder)
            self.clocks = [Clock(library, f"{self.folder}/clock-{n}") for n in range(self.options.gateways)]
        for clock in self.clocks:
            clock.set(self.random.uniform(-3600, 3600) * hours)

    def grow_up(self):
        """A gateway with a file of its own comes first, dies in the middle, and is copied into the database."""
        state = f"{self.folder}/alone"
        file = f"sqlite://{state}/eskiz.sqlite"
        alone = {name: value for name, value in self.environment.items() if name != "ESKIZ_DATABASE_URL"}
        gateway = Server([self.options.eskiz, "serve"], alone | {"ESKIZ_STATE_DIR": state}, self.folder)
        if gateway.url is None:
            raise SystemExit(f"the gateway with a file did not start, see {self.folder}/serve.log")
        self.gateways = [gateway]
        move = [self.options.eskiz, "database", "copy", "--json", "--from", file]
        target = ["--to", self.database.url("eskiz_test")]
        owner = self.environment | {"ESKIZ_STATE_DIR": state, "ESKIZ_DATABASE_MIGRATE": "true"}

        def copied(*command, expected=0):
            done = subprocess.run(command, env=owner, cwd=self.folder, capture_output=True)
            if done.returncode != expected:
                raise SystemExit(f"{command[1:]} ended with {done.returncode}: {done.stderr.decode()}")
            return json.loads(done.stdout) if expected == 0 else None

        copied(*move, *target, expected=78)
        for _ in range(30):
            self.send()
        gateway.kill()
        first, second = copied(*move, *target), copied(*move, *target)
        if first["tables"]["messages"] != 30 or not first["copied"] or not first["token_copied"]:
            raise SystemExit(f"the copy is not whole: {first}")
        if second["copied"] or second["rows"] != first["rows"]:
            raise SystemExit(f"the second copy was not for nothing: {second}")
        back = copied(*move[:-1], self.database.url("eskiz_test"), "--to", f"sqlite://{self.folder}/back/eskiz.sqlite")
        if back["tables"] != first["tables"]:
            raise SystemExit(f"the copy back is another: {back}")

    def start(self, number, dies_at=None):
        """A gateway of a host of its own: nothing but the database is shared."""
        own = {"ESKIZ_STATE_DIR": f"{self.folder}/state-{number}"} | self.way(number)
        if self.clocks:
            own |= self.clocks[number].environment
        extra = {} if dies_at is None else {"DIE_AT_QUEUE_STEP": dies_at}
        gateway = Server([self.options.eskiz, "serve"], self.environment | own | extra, self.folder)
        if gateway.url is None and dies_at is None:
            raise SystemExit(f"gateway {number} did not start, see {self.folder}/serve.log")
        return gateway

    def way(self, number):
        """What the settings of one gateway have beside: its way to the database, where that is another."""
        return {}

    def phone(self):
        with self.lock:
            self.number += 1
            return f"99890{self.number:07}"

    def ask(self, gateway, method, path, body=None, headers=None, timeout=10):
        place = urlsplit(gateway.url)
        connection = http.client.HTTPConnection(place.hostname, place.port, timeout=timeout)
        try:
            connection.request(
                method,
                path,
                None if body is None else json.dumps(body),
                {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"} | (headers or {}),
            )
            answer = connection.getresponse()
            content = answer.read()
            if answer.status == 503 and not answer.headers.get("Retry-After"):
                raise SystemExit(f"503 without Retry-After: {path} {content}")
            return answer.status, json.loads(content or b"null")
        finally:
            connection.close()

    def send(self):
        """One message, asked for with its key until some gateway has answered."""
        phone = self.phone()
        lane = random.choice(["otp", "transactional", "transactional", "bulk"])
        body = {"to": "+" + phone, "text": f"Kodingiz: {phone[-6:]}", "lane": lane, "expires_in": "20m"}
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            gateway = random.choice(self.gateways)
            if gateway.url is None:
                continue
            try:
                status, answer = self.ask(gateway, "POST", "/v1/messages", body, {"Idempotency-Key": phone})
            except (OSError, http.client.HTTPException, ValueError):
                time.sleep(0.05)
                continue
            if status < 300:
                with self.lock:
                    self.accepted[answer["id"]] = phone
                return
            if status < 500 and status not in (409, 429):
                raise SystemExit(f"refused: {status} {answer}")
            time.sleep(0.1)
        raise SystemExit(f"nobody answered for a minute, see {self.folder}")

    def chaos(self):
        """Applications send without a pause while gateways, connections and the database die."""
        deaths = (
            ["kill"] * self.options.kills + ["restart"] * self.options.restarts + ["terminate"] * self.options.terminations
            + ["freeze"] * self.options.freezes
        )
        self.random.shuffle(deaths)
        isOver = threading.Event()

        def application():
            while not isOver.is_set():
                self.send()
                time.sleep(random.random() * 0.05)

        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            applications = [pool.submit(application) for _ in range(6)]
            try:
                for death in deaths:
                    time.sleep(0.3 + self.random.random() * 0.7)
                    self.die(death)
            finally:
                isOver.set()
            for running in applications:
                running.result()

    def die(self, death):
        if death == "restart":
            self.database.restart()
        elif death == "terminate":
            self.database.sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'service' AND random() < 0.4",
                check=False,
            )
        elif death == "freeze":
            # For twice its lease: the others have given it up long before it goes on.
            gateway = self.random.choice(self.gateways)
            gateway.process.send_signal(signal.SIGSTOP)
            time.sleep(13)
            gateway.process.send_signal(signal.SIGCONT)
        else:
            number = self.random.randrange(len(self.gateways))
            self.gateways[number].kill()
            step = self.random.choice([None, *STEPS])
            if step is not None:
                dying = self.start(number, step)
                if dying.url is not None:
                    self.gateways[number] = dying
                    try:
                        dying.process.wait(3)
                    except subprocess.TimeoutExpired:
                        dying.kill()
            self.set_clocks()
            self.gateways[number] = self.start(number)

    # Whatever is left comes to its end, however busy the machine: within a quarter of an hour, and never without progress for long.
    STANDSTILL, PATIENCE = 90, 900

    def settle(self):
        begun = moved = time.monotonic()
        before = None
        while time.monotonic() - moved < self.STANDSTILL and time.monotonic() - begun < self.PATIENCE:
            left = self.database.sql(
                "SELECT count(*) FROM eskiz.messages WHERE state IN ('scheduled', 'queued', 'sending') "
                "OR (state = 'unknown' AND final_at IS NULL)"
            )
            if left == "0":
                return
            if left != before:
                before, moved = left, time.monotonic()
            time.sleep(0.5)
        states = self.database.sql("SELECT state, count(*) FROM eskiz.messages GROUP BY 1")
        raise SystemExit(f"not everything has its end: {states}, see {self.folder}")

    def gather(self):
        """What has arrived: the simulator keeps the newest hundred thousand, so whoever sends more asks in between."""
        for message in call(self.simulator.url, "/_simulator/messages?limit=100000"):
            self.arrived[message["id"]] = message["to"].lstrip("+")

    def judge(self):
        self.gather()
        inbox = Counter(self.arrived.values())
        twice = [phone for phone, count in inbox.items() if count > 1]
        rows = self.database.sql("SELECT id, state FROM eskiz.messages").splitlines()
        states = dict(row.split("|") for row in rows)
        lost = []
        for id, phone in self.accepted.items():
            state = states.get(id)
            ended = state in FINAL | {"unknown"} and state != "delivered"
            if inbox[phone] == 0 and not ended:
                lost.append((id, state))
            # Who is told that Eskiz did not take it sends it again.
            elif inbox[phone] > 0 and state in ("failed", "expired", "cancelled"):
                lost.append((id, state, "and has arrived"))
        kept = self.database.sql(
            "SELECT coalesce(sum(value), 0) - (SELECT count(*) FROM eskiz.messages) FROM eskiz.counts WHERE name LIKE '%.%' "
            "AND name NOT LIKE 'webhooks.%'"
        )
        return twice, lost, inbox, Counter(states.values()), int(kept)

    def stop(self):
        """Ends everything; how each gateway ended."""
        endings = [gateway.end() for gateway in self.gateways]
        self.simulator.end()
        self.database.run("stop", "immediate")
        return endings

    def conclude(self, *lines, may_lose=False):
        """Judges what is settled, ends everything, and says what came of it. Returns the status to exit with."""
        twice, lost, inbox, states, miscounted = self.judge()
        endings = self.stop()
        for line in lines:
            print(line)
        print(
            f"seed {self.options.seed}: {len(self.accepted)} accepted, {sum(inbox.values())} arrived, states {dict(states)}\n"
            f"lost {len(lost)}, arrived twice {len(twice)}, counts off by {miscounted}",
            flush=True,
        )
        if miscounted or any(endings) or (not may_lose and (lost or twice)):
            print(f"lost {lost[:5]}, twice {twice[:5]}, the gateways ended with {endings}; see {self.folder}", flush=True)
            return 1
        shutil.rmtree(self.folder)
        return 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("eskiz")
    parser.add_argument("cluster")
    parser.add_argument("--kills", type=int, default=12)
    parser.add_argument("--restarts", type=int, default=2)
    parser.add_argument("--terminations", type=int, default=4)
    parser.add_argument("--freezes", type=int, default=1)
    parser.add_argument("--gateways", type=int, default=3)
    parser.add_argument("--hours", type=float, default=2, help="how far each gateway's clock may be off (2)")
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    options = parser.parse_args()
    options.eskiz, options.cluster = os.path.abspath(options.eskiz), os.path.abspath(options.cluster)
    fleet = Fleet(options)
    codes(fleet)
    begun = time.monotonic()
    fleet.chaos()
    sent = time.monotonic() - begun
    fleet.settle()
    settled = time.monotonic() - begun - sent
    logins = fleet.database.sql("SELECT generation FROM eskiz.token")
    return fleet.conclude(
        f"{options.gateways} gateways in {sent:.0f} s: {options.kills} kills, {options.restarts} restarts of the database, "
        f"{options.terminations} rounds of ended connections, {options.freezes} frozen for twice the lease",
        f"settled {settled:.1f} s after the last, generation {logins} of the token",
    )


if __name__ == "__main__":
    sys.exit(main())
