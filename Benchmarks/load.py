"""Loads a server with wrk, which is far cheaper than what it loads, and says what each request cost the server.

Where there are two processors the server has one of them and wrk the other: `SERVER` and `LOAD` are the numbers of these.
"""

import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time

SERVER, LOAD = (0, 1) if (os.cpu_count() or 1) > 1 else (0, 0)
CLIENTS = 64
KEY = "benchmark-key-0123456789abcdef"
TICKS = os.sysconf("SC_CLK_TCK")

# A thread of wrk counts its phones up, so no two requests are for one phone. `delay` is wanted only where a rate is.
SCRIPT = """
local threads = 0
function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end
function init(_)
  count = tonumber(os.getenv("LOAD_FIRST"))
  wrk.method = os.getenv("LOAD_METHOD")
  for line in string.gmatch(os.getenv("LOAD_HEADERS"), "[^\\n]+") do
    local name, value = string.match(line, "^([^:]+): (.*)$")
    wrk.headers[name] = value
  end
  body = os.getenv("LOAD_BODY")
  path = os.getenv("LOAD_PATH")
end
-- Spread over operators and blocks of numbers, as people's are: what is counted by block meets few of each.
local operators = {"90", "91", "93", "94", "95", "97", "98", "99"}
local function phone()
  local place = number * 600000 + math.floor(count / 8)
  return "998" .. operators[1 + count % 8] .. string.format("%07d", place * 6150007 % 10000000)
end
function request()
  count = count + 1
  local digits = phone()
  return wrk.format(nil, (string.gsub(path, "PHONE", digits)), nil, (string.gsub(body, "PHONE", digits)))
end
function response(status, _, text)
  if status >= 300 then
    failed = (failed or 0) + 1
    if failed < 3 then io.stderr:write(status .. " " .. text .. "\\n") end
  end
end
"""
DELAY = """
function delay()
  return tonumber(os.getenv("LOAD_DELAY"))
end
"""


class Process:
    """A server that says `listening` when it is ready."""

    def __init__(self, arguments, environment=None, folder=None):
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            arguments, env=environment, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        for line in self.process.stdout:
            if line.startswith(b"listening"):
                self.address = line.split()[1].decode()
                break
        else:
            raise SystemExit(f"{arguments[:2]} did not start")
        threading.Thread(target=lambda: [None for _ in self.process.stdout], daemon=True).start()

    def memory(self, kind="VmRSS"):
        """Resident memory in MiB; of one kind, as /proc names it."""
        for line in open(f"/proc/{self.process.pid}/status"):
            if line.startswith(kind + ":"):
                return int(line.split()[1]) / 1024

    def end(self, how=signal.SIGKILL):
        if self.process.poll() is None:
            self.process.send_signal(how)
        self.process.wait()


class Result:
    """What wrk saw: requests, requests a second, and milliseconds by percentile; and processor time of the servers."""

    def __init__(self, text, seconds, cpu):
        self.rate = float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1])
        self.count = int(re.search(r"(\d+) requests in", text)[1])
        units = {"us": 1e-3, "ms": 1.0, "s": 1e3}
        self.milliseconds = {
            float(share): float(value) * units[unit]
            for share, value, unit in re.findall(r"([\d.]+)%\s+([\d.]+)(us|ms|s)\b", text)
        }
        self.cpu = cpu
        self.seconds = seconds

    @property
    def p50(self):
        return self.milliseconds[50]

    @property
    def p99(self):
        return self.milliseconds[99]

    @property
    def cpu_each(self):
        """Microseconds of processor time of the servers for each request."""
        return self.cpu / self.count * 1e6


def descendants(pid):
    """A process and all that it has started."""
    found = [pid]
    for task in pathlib.Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            for child in task.read_text().split():
                found += descendants(int(child))
        except OSError:
            pass
    return found


def cpu_seconds(pids):
    """Processor time that processes and their children have taken so far."""
    total = 0
    for pid in {each for pid in pids for each in descendants(pid)}:
        try:
            fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        # Its own, and that of its children that have ended.
        total += sum(map(int, fields[11:15]))
    return total / TICKS


def pinned(command, core=SERVER):
    """A command that stays on one processor."""
    return ["taskset", "-c", str(core), *map(str, command)] if shutil.which("taskset") else list(map(str, command))


def wrk(address, path, body, *, seconds, headers=(), method="POST", clients=CLIENTS, first=0, rate=None, threads=1, servers=()):
    """Sends requests for some seconds. `PHONE` in path and body is another phone each time.

    With a `rate` each client waits before each request, so that all together send about as many a second; its percentiles are
    those of the requests alone, without the waiting. An answer that is no success, or none at all, ends the run.
    """
    environment = os.environ | {
        "LOAD_FIRST": str(first), "LOAD_METHOD": method, "LOAD_PATH": path, "LOAD_BODY": body,
        "LOAD_HEADERS": "\n".join(f"{name}: {value}" for name, value in headers),
        "LOAD_DELAY": str(round(clients / rate * 1000)) if rate else "0",
    }
    with tempfile.TemporaryDirectory() as folder:
        script = pathlib.Path(folder) / "load.lua"
        script.write_text(SCRIPT + (DELAY if rate else ""))
        before = cpu_seconds(servers)
        command = ["wrk", f"-t{threads}", f"-c{clients}", f"-d{seconds}s", "--timeout", "30s", "--latency", "-s", script, address]
        done = subprocess.run(pinned(command, LOAD), env=environment, capture_output=True, text=True, check=True)
        after = cpu_seconds(servers)
    if "Non-2xx" in done.stdout or "Socket errors" in done.stdout:
        raise SystemExit(f"{path}: {done.stdout}{done.stderr}")
    return Result(done.stdout, seconds, after - before)


def phone(count):
    """The phone of a request, as the script of wrk makes it for its only thread."""
    return f"998{(90, 91, 93, 94, 95, 97, 98, 99)[count % 8]}{count // 8 * 6_150_007 % 10_000_000:07d}"


def message(**fields):
    """A message as the API of the gateway takes it."""
    return json.dumps({"to": "+PHONE", "text": "Buyurtmangiz qabul qilindi. Rahmat!", **fields})
