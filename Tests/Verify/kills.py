#!/usr/bin/env python3
"""Kills a real gateway between the count of a check and its answer, again and again: never is a sixth code compared.

    Tests/Verify/kills.py [--kills 200] [--seed N] [--eskiz .build/debug/eskiz]

Needs a debug build: the moment at which it dies (DIE_AT_VERIFY_STEP) exists in no other.
"""

import argparse
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


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--eskiz", default=".build/debug/eskiz")
    options = parser.parse_args()
    eskiz = str(pathlib.Path(options.eskiz).resolve())
    print(f"seed {options.seed}")
    chance = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        simulator = Server([eskiz, "simulate", "--listen", "127.0.0.1:0"], folder)
        try:
            kills, rounds = play(eskiz, folder, simulator, chance, options.kills)
        finally:
            simulator.stop()
    print(f"ok: {kills} kills in {rounds} verifications, and never a sixth code was compared")


def play(eskiz, folder, simulator, chance, wanted):
    def gateway(**more):
        return Server(
            [eskiz, "serve", "--listen", "127.0.0.1:0"], folder, ESKIZ_BASE_URL=simulator.url + "/api",
            ESKIZ_EMAIL="demo@example.test", ESKIZ_PASSWORD="demo-key", ESKIZ_API_KEYS=KEY,
            ESKIZ_STATE_DIR=str(folder / "state"), **more,
        )

    kills = rounds = 0
    while kills < wanted:
        phone = f"+99890{100 + rounds // 5 % 900}{rounds:04d}"
        server = gateway()
        status, started = call("POST", server.url + "/v1/verifications", {"to": phone})
        assert status == 201, (status, started)
        waiting = f"{simulator.url}/_simulator/messages/next?to={phone[1:]}&wait=20s"
        code = call("GET", waiting)[1]["code"]
        wrong = "135790" if code != "135790" else "246801"
        check = f"/v1/verifications/{started['id']}/check"
        compared = died = 0
        for _ in range(5):
            if chance.random() < 0.8:
                server.stop()
                server = gateway(DIE_AT_VERIFY_STEP="counted")
                # The right code: whoever is killed must not have said so.
                status, answer = call("POST", server.url + check, {"code": code})
                assert status == 0 and not answer, (status, answer)
                assert server.process.wait(timeout=30) == -signal.SIGKILL
                died += 1
                server = gateway()
            else:
                status, answer = call("POST", server.url + check, {"code": wrong})
                assert status == 200 and not answer["valid"], (status, answer)
                compared += 1
            left = call("GET", server.url + f"/v1/verifications/{started['id']}")[1]["checks_left"]
            assert left == 5 - compared - died, (left, compared, died)
        # Five are counted. The right code comes too late.
        status, answer = call("POST", server.url + check, {"code": code})
        assert status == 200 and answer == {"valid": False, "status": "exhausted", "checks_left": 0}, (status, answer)
        assert server.stop() == 0
        kills += died
        rounds += 1
    return kills, rounds


if __name__ == "__main__":
    sys.exit(main())
