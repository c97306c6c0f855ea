"""The gateway beside others that keep messages: the same message, durable as each offers it, and what kill -9 loses.

Used by measure.py. By itself, with a gateway that is built already:

    python3 Benchmarks/peers.py --eskiz .build/release/eskiz [--only NAME] [--rounds 3] [--seconds 6] [--messages 2000] [--smoke]
"""

import argparse
import collections
import pathlib
import signal
import statistics
import subprocess
import sys
import threading
import time

from Peers.contender import CannotRun
from Peers.celery_redis import CeleryRedis
from Peers.eskiz import Eskiz
from Peers.jasmin import Jasmin
from Peers.kannel import Kannel
from Peers.procrastinate_postgres import Procrastinate

import load

ROOT = pathlib.Path(__file__).resolve().parent.parent
CONTENDERS = [Eskiz, Kannel, Jasmin, CeleryRedis, Procrastinate]


class Tools:
    """The gateway, and interpreters with what a contender needs."""

    def __init__(self, eskiz):
        self.eskiz = pathlib.Path(eskiz).resolve()

    def python(self, requirements):
        """The interpreter of an environment with what a requirements file names."""
        name = requirements.stem.removeprefix("requirements-")
        done = subprocess.run(
            [ROOT / "scripts" / "python-environment", name, requirements], capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise CannotRun(f"{requirements.name} cannot be installed: {done.stderr.strip()[-500:]}")
        return done.stdout.strip()


class Loss:
    """What became of the messages that were accepted before a kill."""

    def __init__(self, accepted, arrived):
        self.accepted = len(accepted)
        self.lost = sum(1 for phone in accepted if phone not in arrived)
        self.twice = sum(1 for phone in accepted if arrived.get(phone, 0) > 1)

    def __add__(self, other):
        total = Loss((), {})
        for name in ("accepted", "lost", "twice"):
            setattr(total, name, getattr(self, name) + getattr(other, name))
        return total


def speed(contender, tools, seconds):
    """What it accepts with its sink away, so that nothing is sent meanwhile."""
    with contender(tools) as peer:
        peer.start()
        peer.load(1)
        return peer.load(seconds)


def loss(contender, tools, killed, messages):
    """Kills under load after so many accepts, starts it again, and waits until no more messages arrive."""
    with contender(tools) as peer, peer.sink() as sink:
        peer.start()
        peer.send()
        accepted, stop = [], threading.Event()
        accepting = threading.Thread(target=peer.accept, args=(accepted, stop))
        accepting.start()
        while len(accepted) < messages and accepting.is_alive():
            time.sleep(0.01)
        peer.kill(killed)
        stop.set()
        accepting.join()
        if len(accepted) < messages:
            raise CannotRun(f"only {len(accepted)} of {messages} messages were accepted")
        peer.start()
        peer.send()
        # What is accepted now shows that it works again: nothing is lost because it cannot send.
        again = accept_some(peer)
        arrived = drained(sink, accepted + again, peer.patience)
        if not any(phone in arrived for phone in again):
            raise CannotRun("it sends nothing after the restart, not even what it accepts then")
        return Loss(accepted, arrived)


def accept_some(peer):
    """A few messages that are accepted; servers may take a moment until they do that."""
    for _ in range(60):
        accepted, stop = [], threading.Event()
        accepting = threading.Thread(target=peer.accept, args=(accepted, stop))
        accepting.start()
        while not accepted and accepting.is_alive():
            time.sleep(0.01)
        stop.set()
        accepting.join()
        if accepted:
            return accepted
        time.sleep(0.5)
    raise CannotRun("it accepts nothing after the restart")


def drained(sink, accepted, patience):
    """What has arrived once all of it has, or once nothing came for long."""
    wanted, before, since = set(accepted), -1, time.monotonic()
    while True:
        arrived = sink.arrived()
        total = sum(arrived.values())
        if total != before:
            before, since = total, time.monotonic()
        # When all is there, a little longer: what comes twice comes late.
        if time.monotonic() - since > (10 if wanted <= arrived.keys() else patience):
            return arrived
        time.sleep(0.5)


def measure(tools, contenders, progress, rounds=3, seconds=6, messages=2_000):
    """Loads and kills each contender in turn, and says what became of it in two tables."""
    # Servers that it has started end with it, however it ends.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    figures, losses, reasons = collections.defaultdict(list), collections.defaultdict(lambda: Loss((), {})), {}

    def attempt(contender, work):
        """A contender that cannot run is out from then on, and its reason is told."""
        if contender in reasons:
            return None
        try:
            return work()
        except (CannotRun, SystemExit, OSError, subprocess.SubprocessError) as error:
            reasons[contender] = " ".join(str(error).split())
            progress(f"{contender.name} cannot run: {reasons[contender]}")
            return None

    for number in range(rounds):
        for contender in contenders if number % 2 == 0 else reversed(contenders):
            found = attempt(contender, lambda: speed(contender, tools, seconds))
            if found:
                figures[contender].append(found)
                progress(f"peers: {contender.name}: {found.rate:,.0f}/s, {found.servers:,.0f} µs")
        for contender in contenders if number % 2 == 0 else reversed(contenders):
            for what, killed in contender.kills.items():
                found = attempt(contender, lambda: loss(contender, tools, killed, messages))
                if found:
                    losses[contender, what] += found
                    counts = f"{found.lost:,} of {found.accepted:,} lost, {found.twice:,} twice"
                    progress(f"peers: {contender.name}, kill -9 of {what}: {counts}")
    return "\n".join(table(contenders, figures, losses, reasons, rounds, seconds))


def versions():
    """What Debian's packages are."""
    packages = ["kannel", "rabbitmq-server", "redis-server", "postgresql-1[5-9]"]
    form = "${db:Status-Status} ${Package} ${Version}\n"
    done = subprocess.run(["dpkg-query", "--show", f"--showformat={form}", *packages], capture_output=True, text=True)
    found = [line.split()[1:] for line in done.stdout.splitlines() if line.startswith("installed ")]
    return "Debian's " + ", ".join(f"{name} {version.split(':')[-1]}" for name, version in found) + "."


def table(contenders, figures, losses, reasons, rounds, seconds):
    """The figures, and the losses."""
    median = statistics.median
    ours = [found.rate for found in figures.get(Eskiz, [])]

    def why(contender):
        return "could not be run: " + reasons.get(contender, "unknown")[:300].replace("|", "/")

    lines = [
        f"{load.CLIENTS} clients for {seconds} s each, medians of {rounds} interleaved rounds, the sink away. {versions()}",
        "",
        "| Contender | keeps what it accepts | loaded by | accepts/s | `eskiz serve` is | CPU each, servers | CPU each, producer |",
        "|---|---|---|--:|--:|--:|--:|",
    ]
    for contender in contenders:
        start = f"| {contender.name} | {contender.keeps} | {contender.loaded} |"
        found = figures.get(contender)
        if not found:
            lines.append(f"{start} {why(contender)} | | | |")
            continue
        rate = median(each.rate for each in found)
        times = f"{median(ours) / rate:.1f} ×" if ours and contender is not Eskiz else "–"
        producer = "–" if found[0].producer is None else f"{median(each.producer for each in found):,.0f} µs"
        lines.append(f"{start} {rate:,.0f} | {times} | {median(each.servers for each in found):,.0f} µs | {producer} |")
    lines += [
        "",
        "Killed with kill -9 under load, started again, and drained to the sink; all rounds together.",
        "",
        "| Contender | killed | accepted before | never arrived | arrived twice |",
        "|---|---|--:|--:|--:|",
    ]
    for contender in contenders:
        for what in contender.kills:
            if (contender, what) in losses:
                loss = losses[contender, what]
                lines.append(f"| {contender.name} | {what} | {loss.accepted:,} | {loss.lost:,} | {loss.twice:,} |")
            else:
                lines.append(f"| {contender.name} | {what} | {why(contender)} | | |")
    return lines


def main():
    parser = argparse.ArgumentParser(description="The gateway beside others that keep messages.")
    parser.add_argument("--eskiz", default=ROOT / ".build" / "release" / "eskiz", help="the gateway (.build/release/eskiz)")
    parser.add_argument("--only", action="append", default=[], help="a contender whose name has this; may be repeated")
    parser.add_argument("--rounds", type=int, default=3, help="interleaved rounds; the median counts (3)")
    parser.add_argument("--seconds", type=int, default=6, help="how long each is loaded (6)")
    parser.add_argument("--messages", type=int, default=2_000, help="how many are accepted before a kill (2000)")
    parser.add_argument("--smoke", action="store_true", help="one round of two seconds and 500 messages")
    options = parser.parse_args()
    if options.smoke:
        options.rounds, options.seconds, options.messages = 1, 2, 500
    words = [word.lower() for word in options.only] or [""]
    chosen = [each for each in CONTENDERS if any(word in each.name.lower() for word in words)]
    if not chosen:
        parser.error(f"no such contender; there are: {', '.join(each.name for each in CONTENDERS)}")

    def progress(text):
        print(text, file=sys.stderr, flush=True)

    print(measure(Tools(options.eskiz), chosen, progress, options.rounds, options.seconds, options.messages))


if __name__ == "__main__":
    main()
