"""The disk of the database is full while two gateways send: first that of its tables, then all of it. A real one: a small file
system in memory, which needs the right to mount; without that nothing is tried, and it says so.

    full_disk.py ESKIZ CLUSTER [--seed N]

What is promised: whoever sends meanwhile is told that it cannot be kept and when to come back (503 with `Retry-After`), what was
accepted is sent, and all goes on by itself when there is room again. Where the log of the database has no room either, PostgreSQL
ends itself; its owner makes room and starts it. Standard library only, and psql; talks to loopback only.
"""

import argparse
import atexit
import concurrent.futures
import os
import pathlib
import random
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter

from fleet import Fleet
from outbox import Database


def mount(folder, mebibytes):
    """A file system in memory; what keeps it from being made, or None."""
    pathlib.Path(folder).mkdir(mode=0o711)
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m,mode=711", "tmpfs", folder], capture_output=True, text=True
    )
    if done.returncode != 0:
        os.rmdir(folder)
        return done.stderr.strip()
    shutil.chown(folder, "postgres", "postgres")
    atexit.register(subprocess.run, ["umount", "--lazy", folder], stderr=subprocess.DEVNULL)
    return None


class FullDisk(Fleet):
    """With its tables, or all that the database has, on a disk of its own."""

    def make_database(self):
        self.answers = Counter()
        self.codes = Counter()
        self.disk = f"/tmp/eskiz-disk-{os.getpid()}"
        self.filler = pathlib.Path(self.disk, "filler")
        if self.options.what == "tables":
            obstacle = mount(self.disk, 48)
        else:
            # The folder that the cluster is going to be made in.
            self.disk = f"/tmp/eskiz-outbox-{os.getpid()}"
            self.filler = pathlib.Path(self.disk, "filler")
            obstacle = mount(self.disk, 220)
        if obstacle:
            print(f"not tried, a disk of its own cannot be made: {obstacle}")
            sys.exit(0)
        database = Database(self.options.cluster)
        if self.options.what == "tables":
            database.sql(f"CREATE TABLESPACE small LOCATION '{self.disk}'", database="postgres")
            database.sql("ALTER SYSTEM SET default_tablespace = 'small'", database="postgres")
            database.sql("SELECT pg_reload_conf()", database="postgres")
        return database

    def grow_up(self):
        pass

    def ask(self, gateway, method, path, body=None, headers=None, timeout=60):
        status, answer = super().ask(gateway, method, path, body, headers, timeout)
        with self.lock:
            self.answers[status] += 1
            if status == 503 and answer:
                self.codes[f"{answer['code']}: {answer['detail']}"] += 1
        return status, answer

    def fill(self):
        """Nothing is left on the disk, not even a byte."""
        with open(self.filler, "wb", buffering=0) as file:
            for size in (1 << 20, 1 << 12, 1):
                try:
                    while file.write(b"\0" * size):
                        pass
                except OSError:
                    continue

    def trial(self):
        is_over = threading.Event()

        def application():
            while not is_over.is_set():
                self.send()
                time.sleep(random.random() * 0.02)

        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            applications = [pool.submit(application) for _ in range(6)]
            try:
                time.sleep(2)
                with self.lock:
                    before = self.answers[503]
                self.fill()
                deadline = time.monotonic() + 40
                while self.answers[503] - before < 20:
                    if time.monotonic() > deadline:
                        raise SystemExit(f"nobody was refused: {dict(self.answers)}")
                    time.sleep(0.1)
                time.sleep(2)
                refused = self.answers[503] - before
                accepted = len(self.accepted)
                self.filler.unlink()
                begun = time.monotonic()
                if self.options.what == "all":
                    # It may have ended itself, or may be about to.
                    time.sleep(1)
                    if self.database.sql("SELECT 1", check=False) != "1":
                        self.database.run("stop", "immediate") if self.is_running() else None
                        self.database.run("start", str(os.getpid()))
                while len(self.accepted) == accepted:
                    if time.monotonic() - begun > 30:
                        raise SystemExit(f"there is room, and nothing was accepted within half a minute, see {self.folder}")
                    time.sleep(0.05)
                recovery = time.monotonic() - begun
                time.sleep(2)
            finally:
                is_over.set()
            for running in applications:
                running.result()
        return refused, recovery

    def is_running(self):
        return pathlib.Path(self.disk, "data/postmaster.pid").exists()

    def stop(self):
        endings = super().stop()
        subprocess.run(["umount", "--lazy", self.disk], check=True)
        return endings


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("eskiz")
    parser.add_argument("cluster")
    parser.add_argument("--what", choices=["tables", "all"])
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    options = parser.parse_args()
    if options.what is None:
        # Each in a process of its own: its database is named by it.
        for what in ("tables", "all"):
            done = subprocess.run([sys.executable, "-B", *sys.argv, "--what", what])
            if done.returncode != 0:
                return done.returncode
        return 0
    options.eskiz, options.cluster = os.path.abspath(options.eskiz), os.path.abspath(options.cluster)
    options.gateways = 2
    random.seed(options.seed)
    fleet = FullDisk(options)
    refused, recovery = fleet.trial()
    fleet.settle()
    return fleet.conclude(
        f"full disk of {options.what}: {refused} refused, accepted again {recovery:.1f} s after there was room",
        *(f"  {count} × 503 {code}" for code, count in fleet.codes.most_common(4)),
    )


if __name__ == "__main__":
    sys.exit(main())
