"""What all contenders share: servers in a folder of their own, on one processor, that end by their ids."""

import http.client
import itertools
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

import load

# What load.message says as well.
TEXT = "Buyurtmangiz qabul qilindi. Rahmat!"
PROGRAMS = pathlib.Path(__file__).resolve().parent / "programs"
# Milliseconds that the sink takes for each message.
DELAY = 10


class CannotRun(Exception):
    """Why a contender cannot be measured here."""


def free_port():
    """A port below those that clients get, so that no connection takes it while its server is down."""
    while True:
        port = random.randrange(10_000, 30_000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue


class Figures:
    """Accepts a second, and microseconds of processor time for each: of the servers, and of the program that sends."""

    def __init__(self, rate, servers, producer=None):
        self.rate, self.servers, self.producer = rate, servers, producer


class Contender:
    """A way to take messages and keep them. A subclass starts its servers in `start`, as often as it is asked to."""

    name = ""
    # How what it has accepted is kept, for the table.
    keeps = ""
    # What wrk or the producer does, for the table.
    loaded = "wrk"
    # What is killed, in words, and the servers that are: none means all.
    kills = {"all of it": ()}
    # Seconds without a message after which no more are expected.
    patience = 30

    def __init__(self, tools):
        self.tools = tools
        self.servers = {}
        self.counter = itertools.count()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="eskiz-peers-"))
        self.folder.chmod(0o711)
        self.sink_http, self.sink_smpp = free_port(), free_port()

    def __enter__(self):
        try:
            self.prepare()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def prepare(self):
        """Writes its settings, and chooses its ports."""
        raise NotImplementedError

    def start(self):
        """Starts what is not running."""
        raise NotImplementedError

    def send(self):
        """Lets it send what it has accepted; the sink is there by now."""

    def load(self, seconds):
        """Accepts for some seconds."""
        raise NotImplementedError

    def accept(self, accepted, stop):
        """Accepts until `stop` is set or nobody answers, and adds the phones of what was accepted to `accepted`."""
        raise NotImplementedError

    # The servers.

    def run(self, name, command, port=None, environment=None, seconds=60):
        """Starts a server, unless it runs, and waits until it listens."""
        if name in self.servers and self.servers[name].poll() is None:
            return
        if not shutil.which(command[0]):
            raise CannotRun(f"{command[0]} is not installed")
        log = self.folder / f"{name}.log"
        with log.open("ab") as output:
            process = self.servers[name] = subprocess.Popen(
                load.pinned(command), env=environment, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=output,
                stderr=output, start_new_session=True,
            )
        if port is None:
            return
        for _ in range(seconds * 20):
            if process.poll() is not None:
                break
            if listens(port):
                return
            time.sleep(0.05)
        raise CannotRun(f"{name} does not listen: {log.read_text(errors='replace')[-1500:]}")

    def once(self, *command, environment=None):
        """Runs a command that ends."""
        done = subprocess.run(
            list(map(str, command)), env=environment, cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True, text=True
        )
        if done.returncode != 0:
            raise CannotRun(f"{command[0]} ended with {done.returncode}: {(done.stdout + done.stderr)[-1500:]}")

    def pids(self, names=()):
        return [process.pid for name, process in self.servers.items() if not names or name in names]

    def kill(self, names=()):
        """Ends servers and all that they have started with SIGKILL, all at the same time."""
        chosen = [process for name, process in self.servers.items() if not names or name in names]
        alive = [process.pid for process in chosen if process.poll() is None]
        for pid in sorted({each for pid in alive for each in load.descendants(pid)}):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        for process in chosen:
            process.wait()

    # The sink.

    def sink(self):
        """Starts the sink, which is nobody's server: it outlives what is killed."""
        command = [sys.executable, str(pathlib.Path(__file__).with_name("sink.py")), self.sink_http, self.sink_smpp, DELAY]
        return Sink(command, self.sink_http, self.folder)


class Sink:
    """A process that messages arrive at."""

    def __init__(self, command, port, folder):
        with (folder / "sink.log").open("ab") as output:
            self.process = subprocess.Popen(
                list(map(str, command)), stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
            )
        self.port = port
        while not listens(port):
            if self.process.poll() is not None:
                raise CannotRun(f"the sink does not listen: {(folder / 'sink.log').read_text()[-1500:]}")
            time.sleep(0.05)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def arrived(self):
        """How often a message came for each phone."""
        return ask(self.port, "GET", "/arrived")


def ask(port, method, path, body=None, headers=None):
    """One request, and what its JSON answer holds."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request(method, path, None if body is None else json.dumps(body), headers or {})
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    if answer.status >= 300:
        raise CannotRun(f"{path} was answered {answer.status}: {content[:500]!r}")
    return json.loads(content)


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class HTTPContender(Contender):
    """A contender that takes messages by HTTP, each in a request. `PHONE` stands for the phone in path and body."""

    method, path, body, headers, port = "GET", "", "", (), 0

    def load(self, seconds):
        result = load.wrk(
            f"http://127.0.0.1:{self.port}", self.path, self.body, seconds=seconds, headers=self.headers, method=self.method,
            first=next(self.counter) * 1_000_000, servers=self.pids(),
        )
        return Figures(result.rate, result.cpu_each)

    def accept(self, accepted, stop):
        def client():
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            try:
                while not stop.is_set():
                    phone = f"99890{1_000_000 + next(self.counter)}"
                    body = self.body.replace("PHONE", phone) or None
                    connection.request(self.method, self.path.replace("PHONE", phone), body, dict(self.headers))
                    answer = connection.getresponse()
                    answer.read()
                    if answer.status < 300:
                        accepted.append(phone)
            except (OSError, http.client.HTTPException):
                pass
            finally:
                connection.close()

        clients = [threading.Thread(target=client) for _ in range(load.CLIENTS)]
        for thread in clients:
            thread.start()
        for thread in clients:
            thread.join()


class TaskContender(Contender):
    """A queue of tasks, which has no HTTP: a program hands messages over, as an application does."""

    loaded = "its own producer"
    producer, python, variables = "", "", {}

    def command(self, *arguments):
        return load.pinned([self.python, PROGRAMS / self.producer, *arguments], load.LOAD)

    def environment(self):
        return {
            "PATH": os.environ["PATH"], "HOME": str(self.folder), "PYTHONPATH": str(PROGRAMS), "PYTHONDONTWRITEBYTECODE": "1",
            "SINK": f"http://127.0.0.1:{self.sink_http}/", "TEXT": TEXT, "CLIENTS": str(load.CLIENTS), **self.variables,
        }

    def load(self, seconds):
        """The program says when it begins and when it ends, so that its own start is not counted."""
        process = subprocess.Popen(
            self.command("--seconds", seconds), env=self.environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True,
        )
        if process.stdout.readline() != "ready\n":
            raise CannotRun(f"{self.producer}: {process.communicate()[1][-1500:]}")
        before = load.cpu_seconds(self.pids())
        line = process.stdout.readline()
        after = load.cpu_seconds(self.pids())
        _, errors = process.communicate()
        if process.returncode != 0 or not line:
            raise CannotRun(f"{self.producer}: {errors[-1500:]}")
        result = json.loads(line)
        count = result["count"]
        return Figures(count / result["seconds"], (after - before) / count * 1e6, result["cpu"] / count * 1e6)

    def accept(self, accepted, stop):
        """Each phone is a line of the program's, once it was handed over."""
        process = subprocess.Popen(
            self.command("--until-refused"), env=self.environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True,
        )
        for line in process.stdout:
            # A line that was cut off by the kill is no phone.
            if line.startswith("998") and line.endswith("\n"):
                accepted.append(line.strip())
            if stop.is_set():
                process.kill()
        process.wait()
