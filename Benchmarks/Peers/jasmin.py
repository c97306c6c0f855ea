"""Jasmin with RabbitMQ, which has its queue, and Redis, which has its delivery reports."""

import os
import pathlib
import socket
import urllib.parse

from Peers.contender import TEXT, CannotRun, HTTPContender, free_port

HERE = pathlib.Path(__file__).resolve().parent
RABBITMQ = "/usr/lib/rabbitmq/bin/rabbitmq-server"
PASSWORD = "bench"
# Always this path. It outlives kill -9, and then no jasmind starts until somebody removes it.
LOCK = pathlib.Path("/tmp/jasmind.lock")


class Jasmin(HTTPContender):
    name = "Jasmin 0.11.1 with RabbitMQ and Redis"
    keeps = "in the memory of RabbitMQ: it declares no durable queue and asks for no confirmation"
    kills = {"jasmind": ("jasmind",), "jasmind, RabbitMQ, Redis": ()}

    def prepare(self):
        self.python = pathlib.Path(self.tools.python(HERE / "requirements-jasmin.txt"))
        if not os.access(RABBITMQ, os.X_OK):
            raise CannotRun("RabbitMQ is not installed")
        self.port, self.redis, self.amqp, self.epmd, self.console = (free_port() for _ in range(5))
        query = {"username": "bench", "password": PASSWORD, "from": "4546", "content": TEXT}
        self.path = f"/send?{urllib.parse.urlencode(query)}&to=PHONE"
        specification = next(self.python.parent.parent.glob("lib/*/site-packages/txamqp/specs/standard/amqp0-9-1.stripped.xml"))
        text = (HERE / "jasmin.cfg.in").read_text()
        values = {
            "FOLDER": self.folder, "SMPP": free_port(), "SMPP_PB": free_port(), "CLIENTS_PB": free_port(),
            "ROUTER_PB": free_port(), "AMQP": self.amqp, "PORT": self.port, "REDIS": self.redis, "JCLI": self.console,
            "SPECIFICATION": specification,
        }
        for name, value in values.items():
            text = text.replace(f"@{name}@", str(value))
        (self.folder / "jasmin.cfg").write_text(text)
        (self.folder / "store").mkdir()
        (self.folder / "plugins").write_text("[].\n")

    def start(self):
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "LANG": "C.UTF-8"}
        command = ["redis-server", "--bind", "127.0.0.1", "--port", str(self.redis), "--dir", str(self.folder)]
        self.run("redis", command, self.redis)
        # The names of Erlang's nodes: in the foreground, or it would outlive us.
        self.run("epmd", ["epmd", "-port", str(self.epmd), "-address", "127.0.0.1"], self.epmd, environment)
        self.run("rabbitmq", [RABBITMQ], self.amqp, environment | {
            "RABBITMQ_NODENAME": f"peers{self.amqp}@localhost", "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.amqp), "RABBITMQ_DIST_PORT": str(free_port()),
            "RABBITMQ_MNESIA_BASE": str(self.folder / "mnesia"), "RABBITMQ_LOG_BASE": str(self.folder / "rabbitmq-logs"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "plugins"), "RABBITMQ_CONFIG_FILE": str(self.folder / "rabbitmq"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
            "ERL_EPMD_PORT": str(self.epmd), "ERL_EPMD_ADDRESS": "127.0.0.1",
        })
        new = "jasmind" not in self.servers
        command = [str(self.python), str(self.python.with_name("jasmind.py"))]
        log = environment | {"LOG_PATH": str(self.folder)}
        self.run("jasmind", [*command, "--config", str(self.folder / "jasmin.cfg")], self.console, log)
        if new:
            self.provision()

    def kill(self, names=()):
        """Does what an operator has to do as well: takes the lock of the dead away."""
        was_ours = "jasmind" in self.servers and self.servers["jasmind"].poll() is None
        super().kill(names)
        if was_ours and LOCK.exists():
            for path in LOCK.parent.iterdir():
                if path.exists() and path.samefile(LOCK) and path != LOCK:
                    path.unlink()
            LOCK.unlink()

    def provision(self):
        """Makes a user and a route to the sink, as its console is told, and keeps both for the next start."""
        commands = [
            "group -a", "gid bench", "ok",
            "user -a", "username bench", f"password {PASSWORD}", "gid bench", "uid bench", "ok",
            "smppccm -a", "cid sink", "host 127.0.0.1", f"port {self.sink_smpp}", "username bench", "password bench",
            "submit_throughput 0", "con_loss_delay 1", "con_fail_delay 1", "loglevel 40", "ok",
            "smppccm -1 sink",
            "mtrouter -a", "type DefaultRoute", "connector smppc(sink)", "rate 0.00", "ok",
            "persist",
        ]
        with socket.create_connection(("127.0.0.1", self.console), timeout=30) as connection:
            self.answer(connection, b"Session ref")
            for command in commands:
                connection.sendall(command.encode() + b"\r\n")
                answer = self.answer(connection, b"jcli :", b">")
                if "rror" in answer or "nknown" in answer or "nvalid" in answer:
                    raise CannotRun(f"Jasmin answers {command!r} with {answer!r}")

    @staticmethod
    def answer(connection, *ends):
        """What the console says until it waits for the next command."""
        received = b""
        while not any(end in received[-20:] for end in ends):
            part = connection.recv(4096)
            if not part:
                raise CannotRun(f"Jasmin's console ended: {received.decode(errors='replace')}")
            received += part
        return received.decode(errors="replace")
