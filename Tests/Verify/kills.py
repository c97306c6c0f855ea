#!/usr/bin/env python3
"""Kills a real gateway between the count of a check and its answer, again and again: never is a sixth code compared.

    Tests/Verify/kills.py [--kills 200] [--seed N] [--eskiz .build/debug/eskiz] [--cluster Tests/Postgres/cluster]

With a cluster there are three gateways on one PostgreSQL, and each check goes to any of them; else there is one, with a file.
Needs a debug build: the moment at which it dies (DIE_AT_VERIFY_STEP) exists in no other.
"""

import argparse
import base64
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "Outbox"))
from outbox import Database  # noqa: E402

opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
KEY = "esk_kills-kills-kills-kills"


def call(method, url, body=None):
    """(status, document); status 0 where the connection broke."""
    request = urllib.request.Request(
        url,
        data=None if body is None else json.dumps(body).encode(),
        method=method,
        headers={"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"},
    )
    try:
        with opener.open(request, timeout=30) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as answer:
        with answer:
            return answer.code, json.loads(answer.read())
    except OSError:
        return 0, {}


class Server:
    def __init__(self, command, folder, **environment):
        surroundings = {"PATH": os.environ["PATH"], "HOME": str(folder), "NO_PROXY": "127.0.0.1", **environment}
        self.process = subprocess.Popen(
            command, cwd=folder, env=surroundings, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=open(folder / "stderr.log", "a"), text=True,
        )
        line = self.process.stdout.readline()
        if not line.startswith("listening "):
            raise SystemExit(f"{command[1]} did not start; see {folder}/stderr.log:\n{(folder / 'stderr.log').read_text()[-2000:]}")
        self.url = line.split()[1]

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=60)


class Hosts:
    """The gateways: one with a file, or three that share nothing but a database."""

    def __init__(self, eskiz, folder, simulator, cluster):
        self.eskiz, self.folder, self.simulator = eskiz, folder, simulator
        self.database = None if cluster is None else Database(cluster)
        self.shared = {}
        if self.database is not None:
            self.database.sql("CREATE DATABASE shop", database="postgres")
            self.shared = {
                "ESKIZ_DATABASE_URL": self.database.url("eskiz_test"),
                "ESKIZ_TOKEN_KEY": base64.b64encode(bytes(range(32))).decode(),
            }
        self.gateways = [self.start(number) for number in range(1 if self.database is None else 3)]

    def start(self, number, **more):
        return Server(
            [self.eskiz, "serve", "--listen", "127.0.0.1:0"], self.folder, ESKIZ_BASE_URL=self.simulator.url + "/api",
            ESKIZ_EMAIL="demo@example.test", ESKIZ_PASSWORD="demo-key", ESKIZ_API_KEYS=KEY,
            ESKIZ_STATE_DIR=str(self.folder / f"state-{number}"), **self.shared, **more,
        )

    def ask(self, chance, method, path, body=None):
        return call(method, chance.choice(self.gateways).url + path, body)

    def killed(self, chance, path, body):
        """Asks a gateway that dies between the count and the answer, and starts it anew."""
        number = chance.randrange(len(self.gateways))
        self.gateways[number].stop()
        dying = self.start(number, DIE_AT_VERIFY_STEP="counted")
        answered = call("POST", dying.url + path, body)
        assert dying.process.wait(timeout=30) == -signal.SIGKILL
        self.gateways[number] = self.start(number)
        return answered

    def stop(self):
        endings = [gateway.stop() for gateway in self.gateways]
        if self.database is not None:
            self.database.run("stop", "immediate")
        assert not any(endings), endings


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--eskiz", default=".build/debug/eskiz")
    parser.add_argument("--cluster", type=pathlib.Path, help="the program that starts a PostgreSQL: three gateways on one")
    options = parser.parse_args()
    eskiz = str(pathlib.Path(options.eskiz).resolve())
    print(f"seed {options.seed}")
    chance = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        simulator = Server([eskiz, "simulate", "--listen", "127.0.0.1:0"], folder)
        try:
            cluster = None if options.cluster is None else str(options.cluster.resolve())
            hosts = Hosts(eskiz, folder, simulator, cluster)
            try:
                kills, rounds = play(hosts, simulator, chance, options.kills)
            finally:
                hosts.stop()
        finally:
            simulator.stop()
    print(f"ok: {kills} kills of {len(hosts.gateways)} gateways in {rounds} verifications, and never a sixth code was compared")


def play(hosts, simulator, chance, wanted):
    kills = rounds = 0
    while kills < wanted:
        phone = f"+99890{100 + rounds // 5 % 900}{rounds:04d}"
        status, started = hosts.ask(chance, "POST", "/v1/verifications", {"to": phone})
        assert status == 201, (status, started)
        waiting = f"{simulator.url}/_simulator/messages/next?to={phone[1:]}&wait=20s"
        code = call("GET", waiting)[1]["code"]
        wrong = "135790" if code != "135790" else "246801"
        check = f"/v1/verifications/{started['id']}/check"
        compared = died = 0
        for _ in range(5):
            if chance.random() < 0.8:
                # The right code: whoever is killed must not have said so.
                status, answer = hosts.killed(chance, check, {"code": code})
                assert status == 0 and not answer, (status, answer)
                died += 1
            else:
                status, answer = hosts.ask(chance, "POST", check, {"code": wrong})
                assert status == 200 and not answer["valid"], (status, answer)
                compared += 1
            left = hosts.ask(chance, "GET", f"/v1/verifications/{started['id']}")[1]["checks_left"]
            assert left == 5 - compared - died, (left, compared, died)
        # Five are counted. The right code comes too late.
        status, answer = hosts.ask(chance, "POST", check, {"code": code})
        assert status == 200 and answer == {"valid": False, "status": "exhausted", "checks_left": 0}, (status, answer)
        kills += died
        rounds += 1
    return kills, rounds


if __name__ == "__main__":
    sys.exit(main())
