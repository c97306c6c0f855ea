"""A PostgreSQL that does not do, in every way that its owner can get it wrong: what the command says at its start, and what a
gateway that runs answers until it is put right.

    refusals.py ESKIZ CLUSTER

At the start: one sentence that says what to do, and 78; where it passes by itself the gateway says so and waits. While running:
503 with `Retry-After`, and it goes on by itself a few seconds after the mistake is mended, with nothing lost. No password is ever
shown. Standard library only, psql and openssl; talks to loopback only.
"""

import argparse
import os
import pathlib
import shutil
import socket
import struct
import subprocess
import sys
import threading
import time

from fleet import Fleet

SECRET = "canary-password"


class OldServer:
    """Says that it is PostgreSQL 13 to whoever comes, and nothing else."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            client, _ = self.listener.accept()
            threading.Thread(target=self.greet, args=(client,), daemon=True).start()

    def greet(self, client):
        def message(kind, body):
            return kind + struct.pack("!i", len(body) + 4) + body

        with client:
            length = struct.unpack("!i", client.recv(4))[0]
            request = client.recv(length - 4)
            if struct.unpack("!i", request[:4])[0] in (80877103, 80877104):
                client.sendall(b"N")
                length = struct.unpack("!i", client.recv(4))[0]
                client.recv(length - 4)
            words = {"server_version": "13.14", "server_encoding": "UTF8", "client_encoding": "UTF8",
                     "default_transaction_read_only": "off", "in_hot_standby": "off"}
            said = message(b"R", struct.pack("!i", 0))
            for name, value in words.items():
                said += message(b"S", f"{name}\0{value}\0".encode())
            client.sendall(said + message(b"K", struct.pack("!ii", 1, 2)) + message(b"Z", b"I"))
            # libpq may ask whether it may write; whatever it asks is answered with an end.
            client.recv(4096)


class Refusals(Fleet):
    def grow_up(self):
        self.failures = 0
        self.database.sql("ALTER ROLE service PASSWORD 'secret'")
        self.database.sql("CREATE DATABASE empty", database="postgres")
        self.database.sql("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0", database="postgres")
        self.database.sql("CREATE ROLE stranger LOGIN PASSWORD 'secret'")
        # The cluster's rules let nobody of that name in.
        self.database.sql("CREATE ROLE refused LOGIN PASSWORD 'secret'")

    def tcp(self, rest, user="service", password="secret", port=None):
        return f"postgresql://{user}:{password}@127.0.0.1:{port or self.database.port}/{rest}"

    def fail(self, sentence):
        """All that is wrong is told, not only what comes first."""
        print(f"WRONG: {sentence}", flush=True)
        self.failures += 1

    # The start

    def serve(self, url, seconds=30, **settings):
        """(exit status or None while it waits, what it said)."""
        environment = self.environment | {"ESKIZ_STATE_DIR": f"{self.folder}/refused", "ESKIZ_DATABASE_URL": url} | settings
        process = subprocess.Popen(
            [self.options.eskiz, "serve"], env=environment, cwd=self.folder, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )
        try:
            said, _ = process.communicate(timeout=seconds)
            return process.returncode, said
        except subprocess.TimeoutExpired:
            process.kill()
            return None, process.communicate()[0]

    def starts(self):
        certificate = self.certificate()
        newer = "UPDATE eskiz.schema_versions SET version = version + {}, oldest_reader = {} WHERE component = 'messages'"
        old = OldServer()
        # What is wrong, its address, settings, the exit status (None: it waits), and what has to be said.
        cases = [
            ("not an address", "postgres:/nowhere", {}, 78, "ESKIZ_DATABASE_URL"),
            ("an address that cannot be read", "postgres://a@b@c:d/e", {}, 78, "Write it as postgres://"),
            ("a password that is not escaped", f"postgres://service:{SECRET}@{SECRET}@127.0.0.1/shop", {}, 78, "%40 for an @"),
            ("a word that libpq does not know", self.tcp("shop?sslmode=secure"), {}, 78, "Write it as postgres://"),
            ("another kind of database", "mysql://localhost/shop", {}, 78, "postgres://user@host/database"),
            ("unknown host", "postgresql://service@no-such-host.invalid/shop", {}, 78, "Look at the host"),
            ("wrong password", self.tcp("shop", password=SECRET), {}, 78, "Look at both in the address"),
            ("no such role", self.tcp("shop", user="nobody", password=SECRET), {}, 78, "Look at both in the address"),
            ("no such database", self.tcp("nowhere"), {}, 78, "createdb"),
            ("no rule for us", self.tcp("shop", user="refused"), {}, 78, "Add a line to its pg_hba.conf"),
            ("no rights", self.tcp("shop", user="stranger"), {}, 78, "Grant what docs/operations.md lists"),
            ("no schema", self.tcp("empty"), {}, 78, "eskiz database migrate"),
            ("may not make it", self.tcp("empty", user="stranger"), {"ESKIZ_DATABASE_MIGRATE": "true"}, 78, "Grant what"),
            ("not UTF-8", self.database.url("eskiz_test").replace("/shop", "/latin"), {"ESKIZ_DATABASE_MIGRATE": "true"}, 78, "createdb"),
            ("too old", self.tcp("shop", port=old.port), {}, 78, "version 14"),
            ("a certificate of somebody else", self.tcp(f"shop?sslmode=verify-full&sslrootcert={certificate}"), {}, 78, "sslrootcert"),
            ("no certificate where one is asked for", self.tcp("shop?sslmode=verify-full&sslrootcert=/nowhere"), {}, 78, "sslrootcert"),
        ]
        self.database.sql("ALTER SYSTEM SET ssl = on")
        self.database.sql("SELECT pg_reload_conf()")
        time.sleep(0.5)
        for what, url, settings, status, words in cases:
            self.check(what, self.serve(url, **settings), status, words)
        for what, wrong, right, status, words in [
            ("a standby, or read only", "ALTER DATABASE shop SET default_transaction_read_only = on",
             "ALTER DATABASE shop RESET default_transaction_read_only", 78, "target_session_attrs=read-write"),
            ("a newer schema", newer.format(7, 99), newer.format(-7, 1), 78, "Use that version here too"),
            ("a schema that lacks a part", "ALTER TABLE eskiz.schema_versions RENAME TO hidden",
             "ALTER TABLE eskiz.hidden RENAME TO schema_versions", 78, "eskiz database migrate"),
            ("no connection left", "ALTER ROLE service CONNECTION LIMIT 0", "ALTER ROLE service CONNECTION LIMIT -1", None,
             "Raise max_connections"),
        ]:
            self.wrong(wrong)
            found = self.serve(self.tcp("shop"), seconds=30 if status else 8)
            self.wrong(right)
            self.check(what, found, status, words)
        self.check("nobody there", self.serve(self.tcp("shop", port=1), seconds=8), None, "Look whether it runs")
        silent = socket.create_server(("127.0.0.1", 0))
        found = self.serve(self.tcp("shop", port=silent.getsockname()[1]), seconds=15)
        self.check("nobody who answers", found, None, "did not answer in time")

    def check(self, what, found, status, words):
        code, said = found
        # Logs write in JSON what they write; the sentence is the same.
        if code != status or words not in said:
            self.fail(f"{what}: ended with {code}, wanted {status} with «{words}»; said: {said}")
            return
        if SECRET in said:
            self.fail(f"{what}: a password was shown: {said}")
        sentence = next(line for line in said.splitlines() if words in line)
        print(f"{what}: {'waits' if code is None else code}: {sentence.strip()[:300]}", flush=True)

    def certificate(self):
        """One for another name, and the server's from now on."""
        data = f"{self.database.folder}/data"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=another.example.test",
             "-addext", "subjectAltName=DNS:another.example.test", "-keyout", f"{data}/server.key", "-out", f"{data}/server.crt"],
            check=True, capture_output=True,
        )
        os.chmod(f"{data}/server.key", 0o600)
        if os.geteuid() == 0:
            for name in ("server.key", "server.crt"):
                shutil.chown(f"{data}/{name}", "postgres", "postgres")
        copy = pathlib.Path(self.folder, "root.crt")
        shutil.copy(f"{data}/server.crt", copy)
        return copy

    # While running

    def wrong(self, sql):
        """Changes something that somebody who runs a database should not, and lets everybody connect anew."""
        self.database.sql(sql, database="postgres" if sql.startswith("ALTER DATABASE") else "shop")
        self.database.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'service'")

    def running(self):
        newer = "UPDATE eskiz.schema_versions SET version = version + {}, oldest_reader = {} WHERE component = 'messages'"
        for what, wrong, right in [
            ("the role may no longer log in", "ALTER ROLE service NOLOGIN", "ALTER ROLE service LOGIN"),
            ("its rights are gone", "REVOKE eskiz_gateway FROM service", "GRANT eskiz_gateway TO service"),
            ("no connection left", "ALTER ROLE service CONNECTION LIMIT 0", "ALTER ROLE service CONNECTION LIMIT -1"),
            ("read only", "ALTER DATABASE shop SET default_transaction_read_only = on",
             "ALTER DATABASE shop RESET default_transaction_read_only"),
            ("a newer schema", newer.format(7, 99), newer.format(-7, 1)),
            ("the schema is gone", "ALTER SCHEMA eskiz RENAME TO hidden", "ALTER SCHEMA hidden RENAME TO eskiz"),
        ]:
            self.trouble(what, lambda: self.wrong(wrong), lambda: self.wrong(right))
        self.trouble("the server is stopped", lambda: self.database.run("stop", "fast"),
                     lambda: self.database.run("start", str(os.getpid())))

    def trouble(self, what, begin, end):
        self.send()
        begin()
        body = {"to": "+" + self.phone(), "text": "Kodingiz: 482915", "lane": "otp"}
        # What was under way may still get in.
        for _ in range(100):
            status, answer = self.ask(self.gateways[0], "POST", "/v1/messages", body, timeout=60)
            if status == 503:
                break
            time.sleep(0.1)
        else:
            answer = {"detail": ""}
            self.fail(f"{what}: never refused, at last {status} {answer}")
        # It is looked at once a second.
        for _ in range(30):
            ready, _ = self.ask(self.gateways[0], "GET", "/readyz", timeout=60)
            if ready == 503:
                break
            time.sleep(0.1)
        else:
            self.fail(f"{what}: /readyz says {ready}")
        health, _ = self.ask(self.gateways[0], "GET", "/healthz", timeout=60)
        if health != 200:
            self.fail(f"{what}: /healthz says {health}: it would be restarted for nothing")
        end()
        begun = time.monotonic()
        self.send()
        while self.ask(self.gateways[0], "GET", "/readyz", timeout=60)[0] != 200:
            if time.monotonic() - begun > 15:
                self.fail(f"{what}: not ready again after {time.monotonic() - begun:.0f} s")
                return
            time.sleep(0.1)
        print(f"running, {what}: 503 «{answer['detail']}», and ready {time.monotonic() - begun:.1f} s after its end", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("eskiz")
    parser.add_argument("cluster")
    options = parser.parse_args()
    options.eskiz, options.cluster = os.path.abspath(options.eskiz), os.path.abspath(options.cluster)
    options.gateways, options.seed = 1, 1
    fleet = Refusals(options)
    fleet.starts()
    fleet.running()
    fleet.settle()
    return fleet.conclude() or int(bool(fleet.failures))


if __name__ == "__main__":
    sys.exit(main())
