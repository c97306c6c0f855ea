"""Sends through the outbox, and kills the gateway and restarts the database while it goes. The simulator's ledger is the witness.

    outbox.py ESKIZ CLUSTER [--kills 30] [--restarts 5] [--seed N]

What is promised, and checked after all of it: a message whose transaction was committed arrives once, or ends with a reason
that eskiz.status tells; one whose transaction was undone never does; none arrives twice. Before that, how long it takes from
the commit to the simulator, with and without eskiz.poke(). Standard library only, and psql; talks to loopback only.
"""

import argparse
import atexit
import datetime
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
import time
from collections import Counter
from urllib.parse import urlsplit

# Points of a message's way at which a debug build kills itself.
STEPS = ["accept", "claim", "writing", "written", "answered"]
FINAL = {"delivered", "undelivered", "failed", "expired", "cancelled"}


class Database:
    """A PostgreSQL of our own, and one psql that stays open for whoever sends."""

    def __init__(self, cluster):
        self.cluster = cluster
        self.folder = f"/tmp/eskiz-outbox-{os.getpid()}"
        self.port = self.run("start", str(os.getpid()))

    def run(self, command, *arguments):
        done = subprocess.run([self.cluster, command, self.folder, *arguments], capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"cluster {command}: {done.stderr}")
        return done.stdout.strip()

    def restart(self):
        self.run("restart", "immediate")

    def url(self, user):
        return f"postgresql://{user}@/shop?host={self.folder}&port={self.port}"

    def sql(self, statement, user="eskiz_test", database="shop", check=True):
        done = subprocess.run(
            ["psql", "-X", "-qAt", "-v", "ON_ERROR_STOP=1", "-h", self.folder, "-p", self.port, "-U", user, "-d", database],
            input=statement,
            capture_output=True,
            text=True,
        )
        if check and done.returncode != 0:
            raise SystemExit(f"{statement}: {done.stderr}")
        return done.stdout.strip() if done.returncode == 0 else None


class Server:
    """A process that prints `listening …` when it is ready."""

    def __init__(self, arguments, environment, folder):
        self.log = open(pathlib.Path(folder, arguments[1] + ".log"), "ab")
        self.process = subprocess.Popen(
            arguments, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=self.log, stdin=subprocess.DEVNULL
        )
        # A trial that ends early leaves nothing behind; whoever has ended already is not there to be ended.
        atexit.register(self.process.kill)
        ready = self.process.stdout.readline().decode().split()
        self.url = ready[1] if ready[:1] == ["listening"] else None

    def kill(self):
        self.process.kill()
        self.process.wait()

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)


def call(url, path, body=None):
    place = urlsplit(url)
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=30)
    data = None if body is None else json.dumps(body)
    connection.request("GET" if body is None else "PUT", path, data, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    if answer.status >= 300:
        raise SystemExit(f"{path}: {answer.status} {content.decode()}")
    return json.loads(content) if content else None


class Trial:
    def __init__(self, options):
        self.options = options
        self.random = random.Random(options.seed)
        self.folder = tempfile.mkdtemp()
        self.database = Database(options.cluster)
        self.database.sql("CREATE DATABASE shop", database="postgres")
        self.database.sql("CREATE ROLE app LOGIN; CREATE ROLE service LOGIN")
        self.base = {"PATH": os.environ["PATH"], "HOME": self.folder}
        self.simulator = Server([options.eskiz, "simulate", "--listen", "127.0.0.1:0"], self.base, self.folder)
        owner = self.base | {"ESKIZ_OUTBOX_URL": self.database.url("eskiz_test")}
        for expected, command in ((78, "status"), (0, "migrate"), (0, "migrate"), (0, "status")):
            done = subprocess.run([options.eskiz, "database", command], env=owner, cwd=self.folder, capture_output=True)
            if done.returncode != expected:
                raise SystemExit(f"database {command} ended with {done.returncode}: {done.stderr.decode()}")
        self.database.sql("GRANT eskiz_sender TO app; GRANT eskiz_gateway TO service")
        self.environment = self.base | {
            "ESKIZ_BASE_URL": self.simulator.url + "/api",
            "ESKIZ_EMAIL": "demo@example.test",
            "ESKIZ_PASSWORD": "demo-key",
            "ESKIZ_LISTEN": "127.0.0.1:0",
            "ESKIZ_STATE_DIR": self.folder + "/state",
            "ESKIZ_SETTLE_TIME": "1s",
            "ESKIZ_LOG_FILE": "",
            # The gateway's role may make no tables.
            "ESKIZ_DATABASE_MIGRATE": "false",
            "ESKIZ_OUTBOX_URL": self.database.url("service"),
        }
        self.gateway = self.start()
        self.sent = {}
        self.undone = []
        self.number = 0

    def start(self, dies_at=None):
        extra = {} if dies_at is None else {"DIE_AT_QUEUE_STEP": dies_at}
        gateway = Server([self.options.eskiz, "serve"], self.environment | extra, self.folder)
        if gateway.url is None and dies_at is None:
            raise SystemExit(f"the gateway did not start, see {self.folder}/serve.log")
        return gateway

    def phone(self):
        self.number += 1
        return f"99890{self.number:07}"

    def send(self, lane=None):
        """One transaction with one to three messages, of which some are undone."""
        lane = lane or self.random.choice(["otp", "transactional", "transactional", "bulk"])
        phones = [self.phone() for _ in range(self.random.randint(1, 3))]
        calls = [f"SELECT eskiz.send('{phone}', 'Kodingiz: {phone[-6:]}', lane => '{lane}', expires_in => '20 min');" for phone in phones]
        end = self.random.choice(["COMMIT", "COMMIT", "COMMIT", "ROLLBACK"])
        poke = "SELECT eskiz.poke();" if self.random.random() < 0.3 else ""
        said = self.database.sql("BEGIN;" + "".join(calls) + end + ";" + poke, user="app", check=False)
        if end == "ROLLBACK":
            self.undone += phones
        elif said is not None:
            ids = said.split()
            self.sent |= dict(zip(ids, phones))
        # Otherwise the database was away, and nobody knows whether it was committed.

    def latency(self, poke):
        """Milliseconds from the commit to the simulator's receipt, by the one clock of this machine."""
        times = []
        for _ in range(self.options.samples):
            phone = self.phone()
            self.database.sql(f"SELECT eskiz.send('{phone}', 'Kodingiz: 111111', lane => 'otp');", user="app")
            committed = time.time()
            if poke:
                self.database.sql("SELECT eskiz.poke();", user="app")
            message = call(self.simulator.url, f"/_simulator/messages/next?to={phone}&wait=10s")
            received = datetime.datetime.fromisoformat(message["received_at"].replace("Z", "+00:00")).timestamp()
            # Taken before psql had ended, or the poke been made: as fast as can be.
            times.append(max(0, received - committed) * 1000)
            # Anywhere between two looks.
            time.sleep(self.random.random() * 0.15)
        times.sort()
        return times[len(times) // 2], times[min(len(times) - 1, int(len(times) * 0.99))]

    def chaos(self):
        kills = restarts = 0
        deaths = ["kill"] * self.options.kills + ["restart"] * self.options.restarts
        self.random.shuffle(deaths)
        for death in deaths:
            for _ in range(self.random.randint(1, 4)):
                self.send()
            if death == "restart":
                self.database.restart()
                restarts += 1
            else:
                time.sleep(self.random.random() * 0.2)
                self.gateway.kill()
                kills += 1
                step = self.random.choice([None, *STEPS])
                self.gateway = self.start(step)
                if step is not None:
                    self.send("otp")
                    try:
                        self.gateway.process.wait(3)
                    except subprocess.TimeoutExpired:
                        self.gateway.kill()
                    self.gateway = self.start()
        return kills, restarts

    def settle(self):
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            left = self.database.sql(
                "SELECT count(*) FROM eskiz.outbox WHERE final_at IS NULL AND status NOT IN ('submitted', 'delivered')"
            )
            if left == "0":
                return
            time.sleep(0.5)
        states = self.database.sql("SELECT status, count(*) FROM eskiz.outbox GROUP BY 1")
        raise SystemExit(f"not everything has its end: {states}, see {self.folder}")

    def judge(self):
        inbox, after = Counter(), None
        for message in call(self.simulator.url, "/_simulator/messages?limit=100000"):
            inbox[message["to"].lstrip("+")] += 1
        twice = [phone for phone, count in inbox.items() if count > 1]
        lost = []
        for id, phone in self.sent.items():
            status = self.database.sql(f"SELECT status FROM eskiz.status({id})", user="app")
            if inbox[phone] == 0 and status not in FINAL | {"unknown"}:
                lost.append((id, status))
            if inbox[phone] == 0 and status in {"submitted", "delivered"}:
                lost.append((id, status))
        ghosts = [phone for phone in self.undone if inbox[phone] > 0]
        return twice, lost, ghosts, sum(inbox.values())

    def end(self):
        self.gateway.end()
        self.simulator.end()
        self.database.run("stop", "immediate")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("eskiz")
    parser.add_argument("cluster")
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--restarts", type=int, default=5)
    parser.add_argument("--samples", type=int, default=40)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    options = parser.parse_args()
    options.eskiz, options.cluster = os.path.abspath(options.eskiz), os.path.abspath(options.cluster)
    trial = Trial(options)
    for poke, most in ((False, 150), (True, 50)):
        middle, worst = trial.latency(poke)
        print(f"commit to the simulator {'after a poke' if poke else 'by looking'}: p50 {middle:.0f} ms, p99 {worst:.0f} ms (≤ {most} wanted)")
    kills, restarts = trial.chaos()
    trial.settle()
    twice, lost, ghosts, arrived = trial.judge()
    status = trial.gateway.end()
    trial.simulator.end()
    trial.database.run("stop", "immediate")
    print(
        f"seed {options.seed}: {len(trial.sent)} committed, {len(trial.undone)} undone, {arrived} arrived, {kills} kills, "
        f"{restarts} restarts of the database"
    )
    print(f"lost {len(lost)}, arrived twice {len(twice)}, arrived though undone {len(ghosts)}")
    if lost or twice or ghosts or status != 0:
        print(f"lost {lost[:5]}, twice {twice[:5]}, undone {ghosts[:5]}, the gateway ended with {status}; see {trial.folder}")
        return 1
    shutil.rmtree(trial.folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
