"""Kills the gateway, lets the provider misbehave, and sets clocks while messages are sent. The simulator's inbox is the witness.

    chaos.py ESKIZ [--kills 200] [--faults 20] [--steps 20] [--provider-ahead 150] [--seed N] [--messages 6]

The provider's clock is off all the time. The gateway's is set forward and back while it runs and while it is down: a library that
is compiled here and preloaded shifts the wall clock of a process, and nothing else.

What is promised, and checked after all of it: a message that was accepted (202) arrives once, or ends with a reason; none
arrives twice; none is unknown for ever: where it cannot be found out, a person is asked, looks it up in the inbox and settles it.
Of each end the application is told. Standard library only; talks to loopback only.
"""

import argparse
import concurrent.futures
import http.client
import http.server
import json
import mmap
import os
import pathlib
import random
import signal
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict

# Named points of a message's way at which the gateway kills itself (debug builds).
STEPS = ["accept", "claim", "writing", "written", "answered", "report"]
KEY = "chaos-key-0123456789abcdef"
FINAL = {"delivered", "undelivered", "failed", "expired", "cancelled"}

# What the provider does to sends, one at a time: (name, fault, whether it may have been processed).
FAULTS = {
    "reset before": "reset_before",
    "reset after": "reset_after",
    "silence": "silence",
    "silence after": "silence_after",
    "502 page": 502,
    "502 after": {"status": 502, "after_processing": True},
    "503 retry": {"status": 503, "headers": {"Retry-After": "1"}, "body": "{}"},
    "429": {"status": 429, "headers": {"Retry-After": "1"}},
    "garbage": "garbage",
    "truncated": "truncated",
    "slow": {"delay": "1500ms"},
    "401 storm": "401_storm",
}


# How far the gateway's clock is set, in seconds: an NTP step, a clock in local time, a day.
STEPS_OF_CLOCK = [2, -2, 30, -30, 300, -600, 3600, -3600, 5 * 3600, -5 * 3600, 86400, -86400]


def compile_clock_shift(folder):
    """Builds the library to preload."""
    source = pathlib.Path(__file__).with_name("clock_shift.c")
    library = os.path.join(folder, "clock_shift.so")
    compiler = shutil.which("clang") or shutil.which("cc")
    if compiler is None:
        raise SystemExit("chaos.py needs clang or cc for the library that shifts a clock")
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror", "-o", library, source, "-ldl"], check=True)
    return library


class Clock:
    """The wall clock of one process, and of those that take its place."""

    def __init__(self, library, path):
        with open(path, "wb") as file:
            file.write(struct.pack("=q", 0))
        self.environment = {"LD_PRELOAD": library, "CLOCK_SHIFT_FILE": path}
        self.file = open(path, "r+b")
        self.memory = mmap.mmap(self.file.fileno(), 8)
        self.shift = 0

    def set(self, seconds):
        """Sets it to so far ahead of the true time."""
        self.shift = seconds
        # One store of eight bytes, as the reader sees it.
        self.memory[0:8] = struct.pack("=q", int(seconds * 1e9))

    def move(self, seconds):
        self.set(self.shift + seconds)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def call(port, method, path, body=None, timeout=10, headers=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        data = None if body is None else json.dumps(body).encode()
        fields = {"Authorization": f"Bearer {KEY}", **(headers or {})}
        if data is not None:
            fields["Content-Type"] = "application/json"
        connection.request(method, path, data, fields)
        answer = connection.getresponse()
        content = answer.read()
        return answer.status, json.loads(content) if content else None
    finally:
        connection.close()


class Receiver:
    """The application that is told of its messages: which states of which, by webhook."""

    def __init__(self):
        told = self.told = defaultdict(set)

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                told[event["data"]["id"]].add(event["type"].removeprefix("message."))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


class Server:
    """A process that prints `listening …` when it is ready."""

    def __init__(self, arguments, environment, folder, log):
        self.log = open(log, "ab")
        self.process = subprocess.Popen(
            arguments, env=environment, cwd=folder, stdout=subprocess.PIPE, stderr=self.log, stdin=subprocess.DEVNULL
        )
        self.ready = threading.Event()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            if line.startswith(b"listening "):
                self.ready.set()
        self.ready.set()

    def wait_ready(self, seconds=30):
        self.ready.wait(seconds)
        return self.process.poll() is None

    def kill(self, how=signal.SIGKILL):
        if self.process.poll() is None:
            self.process.send_signal(how)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        self.log.close()
        return self.process.returncode


class Chaos:
    def __init__(self, eskiz, seed, messages, provider_ahead):
        self.eskiz = os.path.abspath(eskiz)
        self.random = random.Random(seed)
        self.messages = messages
        self.folder = tempfile.mkdtemp(prefix="eskiz-chaos-")
        self.gateway_port, self.simulator_port = free_port(), free_port()
        self.accepted = {}
        self.receiver = Receiver()
        # Messages that a person had to settle.
        self.asked = {}
        self.number = 0
        self.ends = Counter()
        base = {"PATH": os.environ["PATH"], "HOME": self.folder, "ESKIZ_LOG_LEVEL": "warning"}
        library = compile_clock_shift(self.folder)
        self.clock = Clock(library, os.path.join(self.folder, "gateway-clock"))
        self.provider_clock = Clock(library, os.path.join(self.folder, "provider-clock"))
        self.provider_clock.set(provider_ahead)
        self.simulator = Server(
            [self.eskiz, "simulate", "--listen", f"127.0.0.1:{self.simulator_port}"],
            {**base, **self.provider_clock.environment}, self.folder, os.path.join(self.folder, "simulator.log"),
        )
        assert self.simulator.wait_ready(), "the simulator did not start"
        self.environment = {
            **base,
            **self.clock.environment,
            "ESKIZ_BASE_URL": f"http://127.0.0.1:{self.simulator_port}/api",
            "ESKIZ_EMAIL": "demo@example.test",
            "ESKIZ_PASSWORD": "demo-key",
            "ESKIZ_STATE_DIR": os.path.join(self.folder, "state"),
            "ESKIZ_LISTEN": f"127.0.0.1:{self.gateway_port}",
            "ESKIZ_API_KEYS": KEY,
            "ESKIZ_TIMEOUT": "1s",
            "ESKIZ_SETTLE_TIME": "1s",
            "ESKIZ_GRACE": "3s",
        }

    def gateway(self, **extra):
        server = Server(
            [self.eskiz, "serve"], {**self.environment, **extra}, self.folder, os.path.join(self.folder, "gateway.log")
        )
        return server

    def control(self, method, path, body=None):
        status, answer = call(self.simulator_port, method, f"/_simulator/{path}", body)
        assert status < 300, (path, status, answer)
        return answer

    def post(self, number):
        # A digit three times over among the last seven, so that nobody's number is meant, and none of the simulator's
        # magic ones (0000101 and so on).
        phone = f"+99890{number // 1000 % 10}111{number % 1000:03d}"
        body = {"to": phone, "text": f"Chaos {number}: kod {number:06d}", "reference": f"chaos-{number}",
                "webhook_url": self.receiver.url}
        lane = self.lanes[number % len(self.lanes)]
        body["lane"] = lane
        if lane == "otp":
            body["expires_in"] = 3600
        try:
            status, answer = call(
                self.gateway_port, "POST", "/v1/messages", body, headers={"Idempotency-Key": f"chaos-{number}"}
            )
        except (OSError, http.client.HTTPException, ValueError):
            return
        if status == 202:
            self.accepted[answer["id"]] = number
        elif status not in (503, 429):
            raise AssertionError(f"a good message was answered {status}: {answer}")

    lanes = ["otp", "transactional"]

    def burst(self, count):
        numbers = range(self.number, self.number + count)
        self.number += count
        with concurrent.futures.ThreadPoolExecutor(count) as pool:
            list(pool.map(self.post, numbers))

    def kill_once(self, index):
        # Every seventh dies at a random moment, the others at each point in turn.
        step = None if index % 7 == 0 else STEPS[index % len(STEPS)]
        server = self.gateway(**({"DIE_AT_QUEUE_STEP": step} if step else {}))
        if not server.wait_ready():
            # It met its step while it took up what was left, before it listened.
            self.ends[f"{step} at start"] += 1
            server.kill()
            return
        delay = self.random.uniform(0, 0.25)
        killer = None
        if step is None:
            killer = threading.Timer(delay, lambda: server.process.poll() is None and server.process.kill())
            killer.start()
        self.burst(self.messages)
        try:
            server.process.wait(1.5)
            self.ends[step or "random"] += 1
        except subprocess.TimeoutExpired:
            self.ends[f"{step} not met"] += 1
        server.kill()
        if killer:
            killer.cancel()

    def fault_once(self, server, index):
        names = list(FAULTS)
        if index < len(names):
            chosen = [names[index]]
        else:
            chosen = self.random.sample(names, 3)
        for name in chosen:
            self.control("POST", "faults", {
                "route": "message/sms/send", "outcome": FAULTS[name], "times": self.random.randint(1, 4),
                "probability": 1 if index < len(names) else 0.6,
            })
            self.ends[name] += 1
        self.burst(self.messages)
        time.sleep(self.random.uniform(0, 0.5))

    def step_once(self, index):
        """Sets the gateway's clock while sends are slow and fail, and now and then while it is down."""
        name = self.random.choice(["slow", "reset before", "429", "slow"])
        self.control("POST", "faults", {
            "route": "message/sms/send", "outcome": FAULTS[name], "times": self.random.randint(1, 4), "probability": 0.8,
        })
        # With patience slow sends are under way while the clock is set; without it their outcome is unknown.
        server = self.gateway(ESKIZ_TIMEOUT=self.random.choice(["1s", "10s"]))
        assert server.wait_ready(), "the gateway does not start any more"
        steps = [STEPS_OF_CLOCK[index % len(STEPS_OF_CLOCK)], self.random.choice(STEPS_OF_CLOCK)]
        mover = threading.Timer(self.random.uniform(0, 0.4), lambda: self.clock.move(steps[0]))
        mover.start()
        self.burst(self.messages)
        time.sleep(self.random.uniform(0.2, 1.5))
        mover.join()
        server.kill(signal.SIGKILL if self.random.random() < 0.5 else signal.SIGTERM)
        self.ends[f"clock {steps[0]:+} s"] += 1
        if self.random.random() < 0.3:
            self.clock.move(steps[1])
            self.ends["clock set while down"] += 1
        # It never gets further from the truth than a clock that was set wrongly does.
        if abs(self.clock.shift) > 2 * 86400:
            self.clock.set(0)

    def settle(self, seconds):
        """Waits until nothing is under way, and returns each accepted message as the gateway has it."""
        deadline = time.monotonic() + seconds
        while True:
            states = {}
            open_ones = []
            for identifier in self.accepted:
                status, message = call(self.gateway_port, "GET", f"/v1/messages/{identifier}")
                assert status == 200, f"message {identifier} was accepted and is gone ({status})"
                states[identifier] = message
                if message["status"] == "unknown" and "final_at" in message and identifier not in self.asked:
                    self.settle_by_hand(identifier)
                    open_ones.append((identifier, "asked"))
                elif message["status"] not in FINAL:
                    open_ones.append((identifier, message["status"]))
            if not open_ones or time.monotonic() > deadline:
                return states, open_ones
            time.sleep(1)

    def settle_by_hand(self, identifier):
        """What a person does: looks whether Eskiz has the message, and says so."""
        inbox = self.control("GET", "messages?limit=100000")
        outcome = "submitted" if any(message["user_sms_id"] == identifier for message in inbox) else "failed"
        status, answer = call(self.gateway_port, "POST", f"/v1/messages/{identifier}/resolve", {"as": outcome})
        assert status == 200, f"message {identifier} cannot be settled by hand: {status} {answer}"
        self.asked[identifier] = outcome

    def untold(self, states, seconds):
        """Messages of whose end the application does not hear in time."""
        deadline = time.monotonic() + seconds
        while True:
            untold = [i for i, m in states.items() if m["status"] in FINAL and m["status"] not in self.receiver.told[i]]
            if not untold or time.monotonic() > deadline:
                return untold
            time.sleep(1)

    def judge(self, seconds):
        states, open_ones = self.settle(seconds)
        untold = self.untold(states, seconds=60)
        inbox = self.control("GET", "messages?limit=100000")
        arrived = Counter(message["user_sms_id"] for message in inbox)
        twice = [number for number, count in arrived.items() if count > 1]
        lost = [i for i, m in states.items() if m["status"] in ("delivered", "submitted") and arrived[i] == 0]
        missing = [i for i, m in states.items() if arrived[i] == 0 and i not in self.asked]
        lying = [i for i, m in states.items() if m["status"] in ("failed", "expired", "cancelled") and arrived[i]]
        # Nobody is told of what did not happen.
        lying += [i for i, told in self.receiver.told.items() if {"submitted", "delivered"} & told and not arrived[i]]
        summary = Counter(message["status"] for message in states.values())
        print(f"accepted {len(self.accepted)} of {self.number} tried; at the provider {sum(arrived.values())}")
        print(f"states {dict(summary)}")
        print(f"ends {dict(self.ends)}")
        print(f"lost {len(lost) + len(missing)}, sent twice {len(twice)}, not settled {len(open_ones)}, wrongly ended {len(lying)}, "
              f"not told {len(untold)}, settled by a person {len(self.asked)} {dict(Counter(self.asked.values()))}")
        assert self.accepted, "nothing was accepted"
        problems = {"lost": lost, "never arrived": missing, "twice": twice, "open": open_ones, "wrong": lying, "untold": untold}
        return {name: found for name, found in problems.items() if found}

    def story(self, identifier):
        return json.dumps(call(self.gateway_port, "GET", f"/v1/messages/{identifier}")[1], indent=1)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("eskiz", help="the built command (a debug build knows the named points)")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--faults", type=int, default=20)
    parser.add_argument("--steps", type=int, default=24, help="how often the gateway's clock is set")
    parser.add_argument("--provider-ahead", type=float, default=150, help="seconds by which the provider's clock is off")
    parser.add_argument("--messages", type=int, default=6)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    options = parser.parse_args()
    print(f"seed {options.seed}")
    chaos = Chaos(options.eskiz, options.seed, options.messages, options.provider_ahead)
    problems = {}
    started = time.monotonic()
    try:
        for index in range(options.kills):
            chaos.kill_once(index)
        print(f"{options.kills} kills in {time.monotonic() - started:.0f} s")
        for index in range(options.steps):
            chaos.step_once(index)
        print(f"{options.steps} steps of the clock, the provider {options.provider_ahead:+} s off")
        server = chaos.gateway()
        assert server.wait_ready(), "the gateway does not start any more"
        for index in range(options.faults):
            chaos.fault_once(server, index)
        chaos.control("DELETE", "faults")
        problems = chaos.judge(seconds=90)
        for name, found in problems.items():
            for item in found[:3]:
                print(f"{name}: {item}\n{chaos.story(item if isinstance(item, str) else item[0])}")
        code = server.kill(signal.SIGTERM)
        if code != 0:
            problems["ended"] = code
            print(f"SIGTERM ended the gateway with {code}")
    finally:
        chaos.simulator.kill(signal.SIGTERM)
    print(f"took {time.monotonic() - started:.0f} s")
    if problems:
        print(f"FAILED; the logs are in {chaos.folder}; replay with --seed {options.seed}")
        sys.exit(1)
    print("ok: nothing lost, nothing sent twice, everything settled and told")


if __name__ == "__main__":
    main()
