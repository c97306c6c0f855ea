"""Two gateways that reach their PostgreSQL by bad ways: one through pgbouncer in transaction mode, the other through a proxy of
ours that cuts, delays, falls silent, and breaks connections in the middle of a commit. The simulator is the witness.

    ways.py ESKIZ CLUSTER [--rounds 1] [--silences 0] [--seed N]

What is promised, and checked after all of it: a message that was accepted arrives once, or ends with a reason. A commit whose
answer was lost is looked up and not repeated. Before that: each gateway hears at once what the other does, and a listener that
goes over to the other one misses nothing. Standard library only, psql and pgbouncer; talks to loopback only.
"""

import argparse
import concurrent.futures
import http.client
import json
import os
import pathlib
import random
import socket
import struct
import subprocess
import sys
import threading
import time
from urllib.parse import urlsplit

from fleet import KEY, Fleet


class Proxy:
    """Between gateway and database; what it does to them is `trouble`."""

    def __init__(self, port):
        self.port = port
        self.trouble = None
        self.resets = 0
        # Commits of which the database's word was lost.
        self.lost = 0
        self.pairs = set()
        self.lock = threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.own_port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            client, _ = self.listener.accept()
            try:
                server = socket.create_connection(("127.0.0.1", self.port))
            except OSError:
                client.close()
                continue
            pair = Pair(self, client, server)
            with self.lock:
                self.pairs.add(pair)
            pair.start()

    def cut(self):
        with self.lock:
            pairs, self.pairs = self.pairs, set()
        for pair in pairs:
            pair.end()


class Pair:
    def __init__(self, proxy, client, server):
        self.proxy, self.client, self.server = proxy, client, server
        self.swallows = False

    def start(self):
        for source, target, is_ours in ((self.client, self.server, True), (self.server, self.client, False)):
            threading.Thread(target=self.pump, args=(source, target, is_ours), daemon=True).start()

    def pump(self, source, target, is_ours):
        try:
            while data := source.recv(65536):
                trouble = self.proxy.trouble
                if trouble == "slow":
                    time.sleep(0.05)
                while self.proxy.trouble == "silence":
                    time.sleep(0.05)
                if self.swallows:
                    # The database has said that it is committed. Nobody hears that.
                    self.reset()
                    return
                if is_ours and trouble == "reset" and b"COMMIT" in data and self.proxy.resets > 0:
                    self.proxy.resets -= 1
                    self.proxy.lost += 1
                    self.swallows = True
                target.sendall(data)
        except OSError:
            pass
        self.end()

    def reset(self):
        self.client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.end()

    def end(self):
        for side in (self.client, self.server):
            try:
                side.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            side.close()


class Pooler:
    """A pgbouncer in transaction mode: no sessions, no notifications, no named statements."""

    def __init__(self, folder, port):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        pathlib.Path(folder, "users.txt").write_text('"service" "secret"\n')
        settings = pathlib.Path(folder, "pgbouncer.ini")
        settings.write_text(
            f"""[databases]
shop = host=127.0.0.1 port={port} dbname=shop user=service password=secret
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {self.port}
unix_socket_dir =
auth_type = plain
auth_file = {folder}/users.txt
pool_mode = transaction
default_pool_size = 12
max_client_conn = 100
ignore_startup_parameters = extra_float_digits
"""
        )
        # Not as root, which it refuses.
        command = ["pgbouncer", str(settings)]
        if os.geteuid() == 0:
            os.chmod(folder, 0o755)
            command = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command]
        self.log = open(pathlib.Path(folder, "pgbouncer.log"), "ab")
        self.process = subprocess.Popen(command, stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return
            except OSError:
                time.sleep(0.05)
        raise SystemExit(f"pgbouncer does not start, see {folder}/pgbouncer.log")


class Listener:
    """Reads `/v1/events` until it is ended."""

    def __init__(self, gateway, last=None):
        place = urlsplit(gateway.url)
        self.connection = http.client.HTTPConnection(place.hostname, place.port, timeout=20)
        headers = {"Authorization": f"Bearer {KEY}"} | ({"Last-Event-ID": last} if last else {})
        self.connection.request("GET", "/v1/events", headers=headers)
        self.answer = self.connection.getresponse()
        if self.answer.status != 200:
            raise SystemExit(f"/v1/events: {self.answer.status}")
        self.last = last
        self.has_gap = False

    def hear(self, message, within):
        """Reads on until there is news of the message; the seconds that took."""
        begun = time.monotonic()
        while time.monotonic() - begun < within:
            line = self.answer.readline().decode().rstrip()
            if line.startswith("id: "):
                self.last = line[4:]
            self.has_gap |= line == "event: gap"
            if line.startswith("data: ") and json.loads(line[6:]).get("id") == message:
                return time.monotonic() - begun
        raise SystemExit(f"nothing was heard of message {message} for {within} s")

    def end(self):
        self.connection.close()


class Ways(Fleet):
    def stop(self):
        endings = super().stop()
        self.pooler.process.kill()
        return endings

    def grow_up(self):
        self.database.sql("ALTER ROLE service PASSWORD 'secret'")
        port = int(self.database.port)
        self.pooler = Pooler(self.folder, port)
        self.proxy = Proxy(port)

    def way(self, number):
        port = self.pooler.port if number == 0 else self.proxy.own_port
        url = f"postgresql://service:secret@127.0.0.1:{port}/shop"
        return {"ESKIZ_DATABASE_URL": url}

    def ask_for(self, gateway):
        phone = self.phone()
        body = {"to": "+" + phone, "text": f"Kodingiz: {phone[-6:]}", "lane": "transactional"}
        status, answer = self.ask(gateway, "POST", "/v1/messages", body, {"Prefer": "wait=10"})
        if status != 200 or answer["status"] not in ("submitted", "delivered"):
            raise SystemExit(f"not submitted in time: {status} {answer}")
        self.accepted[answer["id"]] = phone
        return answer["id"]

    def hear(self):
        """A listener at one gateway hears what the other one does, goes over to that, and has missed nothing."""
        one, other = self.gateways
        # Until they know of each other.
        time.sleep(3.5)
        listener = Listener(one)
        taken = [listener.hear(self.ask_for(other), 5) for _ in range(3)]
        listener.end()
        missed = self.ask_for(other)
        listener = Listener(other, listener.last)
        listener.hear(missed, 5)
        if listener.has_gap:
            raise SystemExit("the other gateway did not know what had happened meanwhile")
        listener.end()
        return max(taken)

    def look(self):
        """Page, metrics and doctor of one gateway know of both, and of what their database promises."""
        gateway = self.gateways[1]
        place = urlsplit(gateway.url)
        connection = http.client.HTTPConnection(place.hostname, place.port, timeout=20)

        def ask(method, path, body=None, **headers):
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer, answer.read().decode()

        form = {"Content-Type": "application/x-www-form-urlencoded", "Origin": gateway.url}
        answer, _ = ask("POST", "/sign-in", f"key={KEY}", **form)
        cookie = (answer.headers["Set-Cookie"] or "").split(";")[0]
        _, page = ask("GET", "/", Cookie=cookie)
        card = page.partition('id="fleet"')[2].partition("</section>")[0]
        if card.count("<tr><th scope=\"row\">") != 2 or "(this one)" not in card:
            raise SystemExit(f"the page does not show both gateways: {card or answer.status}")
        _, metrics = ask("GET", "/metrics", Authorization=f"Bearer {KEY}")
        alive = [line for line in metrics.splitlines() if line.startswith("eskiz_gateways{")]
        if len(alive) != 1 or not alive[0].endswith(" 2"):
            raise SystemExit(f"the metrics do not count both gateways: {alive}")
        _, doctor = ask("GET", "/v1/doctor", Authorization=f"Bearer {KEY}")
        fleet = [check for check in json.loads(doctor)["checks"] if check["check"] == "fleet"]
        # The server of the tests does not flush.
        if [(check["code"], check["count"]) for check in fleet] != [("database_unflushed", 2)]:
            raise SystemExit(f"the doctor finds something else: {fleet}")
        connection.close()

    def trouble(self):
        is_over = threading.Event()

        def application():
            while not is_over.is_set():
                self.send()
                time.sleep(random.random() * 0.05)

        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            applications = [pool.submit(application) for _ in range(4)]
            try:
                for _ in range(self.options.rounds):
                    for kind, length in (("reset", 2), ("cut", 1), ("slow", 2)):
                        self.proxy.resets = 12
                        self.proxy.trouble = kind
                        if kind == "cut":
                            self.proxy.cut()
                        time.sleep(length)
                        self.proxy.trouble = None
                for _ in range(self.options.silences):
                    # Longer than a statement may take: noticed by nobody but who waits.
                    self.proxy.trouble = "silence"
                    time.sleep(20)
                    self.proxy.cut()
                    self.proxy.trouble = None
                    time.sleep(1)
            finally:
                is_over.set()
            for running in applications:
                running.result()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("eskiz")
    parser.add_argument("cluster")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--silences", type=int, default=0)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    options = parser.parse_args()
    options.eskiz, options.cluster = os.path.abspath(options.eskiz), os.path.abspath(options.cluster)
    options.gateways = 2
    random.seed(options.seed)
    ways = Ways(options)
    slowest = ways.hear()
    ways.look()
    ways.trouble()
    ways.settle()
    if ways.proxy.lost == 0:
        raise SystemExit("no commit was broken")
    return ways.conclude(
        f"through pgbouncer and through a proxy that broke connections: the word of {ways.proxy.lost} commits was lost; heard at the "
        f"other gateway {slowest * 1000:.0f} ms after the answer at the latest"
    )


if __name__ == "__main__":
    sys.exit(main())
