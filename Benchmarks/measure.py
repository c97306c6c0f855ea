"""Measures what docs/benchmarks.md reports. Started by scripts/bench, which builds first."""

import argparse
import base64
import datetime
import json
import os
import pathlib
import platform
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

import accepts
import gateway
import peers

ROOT = pathlib.Path(__file__).resolve().parent.parent
RELEASE = ROOT / ".build" / "release"
CLIENTS = ROOT / "Benchmarks" / "Clients"
DOCUMENT = ROOT / "docs" / "benchmarks.md"
CONCURRENCY = 64


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench")
    parser.add_argument("parts", nargs="*", metavar="send|keeper|command|accepts|gateway|codes|fleet|peers")
    parser.add_argument("--rounds", type=int, default=7, help="interleaved rounds; the median counts (7)")
    parser.add_argument("--messages", type=int, default=20_000, help="messages a round; Python sends a tenth (20000)")
    parser.add_argument("--seconds", type=int, default=8, help="of load for each contender in a round (8)")
    parser.add_argument("--finished", type=int, default=10_000_000, help="messages in a fleet's tables (10000000)")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/benchmarks.md")
    parser.add_argument("--binaries", type=pathlib.Path, default=RELEASE, help="the folder with `eskiz` (.build/release)")
    options = parser.parse_args()
    measurements = {
        "send": measure_sends, "keeper": measure_keeper, "command": measure_command,
        "accepts": measure_accepts, "gateway": measure_gateway, "codes": measure_codes, "fleet": measure_fleet,
        "peers": measure_peers,
    }
    unknown = set(options.parts) - set(measurements)
    if unknown:
        parser.error(f"unknown part: {', '.join(sorted(unknown))}")

    for part, measure in measurements.items():
        if options.parts and part not in options.parts:
            continue
        section = f"{machine()}\n\n{measure(options)}\n"
        print(f"\n{section}", flush=True)
        if options.write:
            write(part, section)


def machine():
    cpu = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "?")
    swift = subprocess.run(["swift", "--version"], capture_output=True, text=True, check=True).stdout
    version = swift.split("Swift version ")[1].split()[0]
    load = os.getloadavg()[0]
    return (
        f"{datetime.date.today()}, {os.cpu_count()} × {cpu}, Linux {platform.release().split('-')[0]}, "
        f"Swift {version}, Python {platform.python_version()}; load before the start {load:.1f}."
    )


def progress(text):
    print(text, file=sys.stderr, flush=True)


# Sends a second


class Server:
    """nginx on a free port with fixed answers; always stopped."""

    def __enter__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="eskiz-bench-"))
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        configuration = (ROOT / "Benchmarks" / "nginx.conf.in").read_text()
        for name, value in {"PORT": str(self.port), "FOLDER": str(self.folder), "TOKEN": token()}.items():
            configuration = configuration.replace(f"@{name}@", value)
        (self.folder / "nginx.conf").write_text(configuration)
        program = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
        self.process = subprocess.Popen(
            [program, "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")],
            stdin=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.address = f"http://127.0.0.1:{self.port}"
        try:
            self.wait()
        except BaseException:
            self.__exit__()
            raise
        return self

    def wait(self):
        for _ in range(100):
            try:
                request = urllib.request.Request(f"{self.address}/api/message/sms/send", data=b"a=b", method="POST")
                opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
                assert json.load(opener.open(request, timeout=5))["status"] == "waiting"
                return
            except OSError:
                if self.process.poll() is not None:
                    raise SystemExit(f"nginx did not start: {(self.folder / 'error.log').read_text()}")
                time.sleep(0.05)
        raise SystemExit("nginx does not answer")

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
        shutil.rmtree(self.folder)


def token():
    """A token as Eskiz makes them, good for 30 days. Nobody here checks the signature."""

    def part(value):
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    claims = {"exp": int(time.time()) + 30 * 86_400, "iat": int(time.time()), "role": "user", "sub": "1"}
    return ".".join([part({"alg": "HS256", "typ": "JWT"}), part(claims), "c2lnbmF0dXJl" * 3 + "c2lnbg"])


def environment(name):
    """The interpreter of an environment with what the client needs: the conformance checks use the same two."""
    folders = [CLIENTS, ROOT / "Tests" / "Conformance"]
    requirements = next(path for folder in folders if (path := folder / f"requirements-{name}.txt").exists())
    done = subprocess.run(
        [ROOT / "scripts" / "python-environment", name, requirements], stdout=subprocess.PIPE, text=True, check=True
    )
    return done.stdout.strip()


def measure_sends(options):
    swift, python = str(RELEASE / "eskiz-send-rate"), options.messages // 10
    interpreters = {name: environment(name) for name in ["eskiz-sms", "eskiz-pkg", "requests"]}

    def script(interpreter, name):
        return [interpreters[interpreter], str(CLIENTS / f"{name}.py")]

    contenders = {
        "AsyncHTTPClient, bare": ([swift, "bare"], options.messages, "/api"),
        "`EskizClient`": ([swift, "eskiz"], options.messages, "/api"),
        "eskiz-sms 1.0.1, sync": (script("eskiz-sms", "eskiz_sms_sync"), python, ""),
        "eskiz-pkg 2.0.1, async": (script("eskiz-pkg", "eskiz_pkg_async"), python, ""),
        "eskiz-pkg 2.0.1, sync": (script("eskiz-pkg", "eskiz_pkg_sync"), python, ""),
        "`requests.post` per message": (script("requests", "requests_without_session"), python, ""),
    }

    def run(command, messages, address):
        done = subprocess.run(
            [*command, address, str(messages), str(CONCURRENCY)],
            env={"PATH": os.environ["PATH"], "HOME": tempfile.gettempdir()},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
        )
        if done.returncode != 0:
            raise SystemExit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr[-2000:]}")
        return json.loads(done.stdout.splitlines()[-1])

    rates, cpu, peaks = ({name: [] for name in contenders} for _ in range(3))
    with Server() as server:
        for number in range(options.rounds):
            progress(f"sends: round {number + 1} of {options.rounds}")
            # Every other round goes backwards, so that nobody is always first.
            names = list(contenders) if number % 2 == 0 else list(reversed(contenders))
            for name in names:
                command, messages, path = contenders[name]
                result = run(command, messages, server.address + path)
                rates[name].append(result["messages"] / result["seconds"])
                cpu[name].append(result["cpu_seconds"] / result["messages"] * 1e6)
                peaks[name].append(result["peak_kib"])
        progress("sends: 100,000 messages for the memory")
        long = run([swift, "eskiz"], 100_000, server.address + "/api")

    ours = rates["`EskizClient`"]
    lines = [
        f"{CONCURRENCY} sends at a time to nginx on the same machine, median of {options.rounds} interleaved rounds "
        f"of {options.messages:,} messages ({python:,} for Python).",
        "",
        "| Client | sends/s | lowest – highest | `EskizClient` is | CPU a send | peak memory |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for name in contenders:
        ratio = statistics.median(mine / other for mine, other in zip(ours, rates[name]))
        times = "–" if name == "`EskizClient`" else f"{ratio:.2f} ×" if ratio < 2 else f"{ratio:.0f} ×"
        lines.append(
            f"| {name} | {statistics.median(rates[name]):,.0f} | {min(rates[name]):,.0f} – {max(rates[name]):,.0f} "
            f"| {times} | {statistics.median(cpu[name]):,.0f} µs | {max(peaks[name]) / 1024:.0f} MiB |"
        )
    lines += ["", f"A client that sends 100,000 messages holds at most {long['peak_kib'] / 1024:.0f} MiB (`VmHWM`)."]
    return "\n".join(lines)


# The token keeper


def measure_keeper(options):
    """The program prints `name|value|unit` lines; the median of the rounds is reported."""
    values, units = {}, {}
    for number in range(options.rounds):
        progress(f"keeper: round {number + 1} of {options.rounds}")
        done = subprocess.run(
            [RELEASE / "eskiz-keeper-benchmarks"], stdout=subprocess.PIPE, text=True, timeout=300, check=True
        )
        for line in done.stdout.splitlines():
            name, value, unit = line.split("|")
            values.setdefault(name, []).append(float(value))
            units[name] = unit
    lines = [
        f"With a network in memory; median of {options.rounds} runs of the program.",
        "",
        "| Token keeper | median | lowest – highest |",
        "|---|--:|--:|",
    ]
    for name, all_values in values.items():
        low, middle, high = (f"{value:,.4g}" for value in (min(all_values), statistics.median(all_values), max(all_values)))
        lines.append(f"| {name} | {middle} {units[name]}".rstrip() + f" | {low} – {high} |")
    return "\n".join(lines)


# The command


def measure_command(options):
    starts = 200
    command = [RELEASE / "eskiz", "segments", "x"]
    times = []
    # Roots of its own, where the machine names some, would be read each time.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SSL_CERT_")}
    progress(f"command: {starts} starts")
    for _ in range(starts):
        started = time.perf_counter()
        subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=True)
        times.append((time.perf_counter() - started) * 1000)
    times.sort()
    return "\n".join(
        [
            f"{starts} starts, one after another.",
            "",
            "| Command | median | 95 % below |",
            "|---|--:|--:|",
            f"| `eskiz segments x`, start to exit | {statistics.median(times):.1f} ms | {times[starts * 95 // 100]:.1f} ms |",
        ]
    )


def measure_accepts(options):
    return accepts.measure(options.binaries.resolve(), free_port, progress, options)


def measure_gateway(options):
    python = environment("celery")
    return gateway.measure(RELEASE, free_port, progress, options, python)


def measure_codes(options):
    return run("verify.py", options)


def measure_fleet(options):
    return run("fleet.py", options, "--finished", str(options.finished))


def run(script, options, *arguments):
    """What a program beside this one prints: a table."""
    rounds = min(options.rounds, 3)
    command = [
        sys.executable, "-B", ROOT / "Benchmarks" / script, "--eskiz", options.binaries / "eskiz",
        "--rounds", str(rounds), "--seconds", str(options.seconds), *arguments,
    ]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def measure_peers(options):
    """A tenth of the messages is accepted before each kill: the sinks are slow."""
    tools = peers.Tools(options.binaries / "eskiz")
    return peers.measure(
        tools, peers.CONTENDERS, progress, rounds=min(options.rounds, 3), seconds=options.seconds, messages=options.messages // 10
    )


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def write(part, section):
    """Replaces what stands between the marks of a part in the document."""
    text = DOCUMENT.read_text()
    begin, end = f"<!-- {part} -->\n", f"<!-- /{part} -->"
    before, rest = text.split(begin)
    _, after = rest.split(end)
    DOCUMENT.write_text(before + begin + section + end + after)


if __name__ == "__main__":
    main()
