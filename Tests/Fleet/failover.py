"""A standby is promoted while two gateways send: what that costs, with synchronous replication and without.

    failover.py ESKIZ CLUSTER [--asynchronous] [--seed N]

With a synchronous standby nothing that was accepted may be lost, and nothing arrive twice; without one the figures are printed.
Prints how long it took from the end of the primary to the first message that was accepted after it. Standard library only,
psql and PostgreSQL's own programs; talks to sockets and loopback only.
"""

import argparse
import concurrent.futures
import os
import pathlib
import random
import shutil
import subprocess
import sys
import threading
import time

from fleet import Fleet


class Failover(Fleet):
    def grow_up(self):
        self.tools = str(sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/postgres"))[-1].parent)
        self.first = (self.database.folder, self.database.port)
        self.second = (f"{self.database.folder}-standby", str(int(self.database.port) + 1))
        with open(f"{self.first[0]}/data/pg_hba.conf", "a") as rules:
            rules.write("local replication all trust\n")
        self.database.sql("SELECT pg_reload_conf()")
        pathlib.Path(self.second[0]).mkdir(mode=0o711)
        if os.geteuid() == 0:
            shutil.chown(self.second[0], "postgres", "postgres")
        source = f"host={self.first[0]} port={self.first[1]} user=eskiz_test application_name=standby"
        self.run("pg_basebackup", "-d", source, "-D", f"{self.second[0]}/data", "-R", "-X", "stream", "-c", "fast")
        self.control("start", "-l", f"{self.second[0]}/log", "-o", f"-p {self.second[1]} -k {self.second[0]}")
        if not self.options.asynchronous:
            self.database.sql("ALTER SYSTEM SET synchronous_standby_names = 'standby'")
            self.database.sql("SELECT pg_reload_conf()")
        for _ in range(100):
            if self.database.sql("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'") == "1":
                return
            time.sleep(0.1)
        raise SystemExit("the standby does not stream")

    def run(self, program, *arguments):
        command = [f"{self.tools}/{program}", *arguments]
        if os.geteuid() == 0:
            command = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command]
        done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, cwd="/tmp")
        if done.returncode != 0:
            raise SystemExit(f"{program}: {done.stderr}")

    def control(self, command, *arguments):
        # With files for what it says: the server would keep a pipe open.
        line = [f"{self.tools}/pg_ctl", command, "-w", "-s", "-D", f"{self.second[0]}/data", *arguments]
        if os.geteuid() == 0:
            line = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *line]
        subprocess.run(line, check=True, cwd="/tmp", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)

    def stop(self):
        endings = [gateway.end() for gateway in self.gateways]
        self.simulator.end()
        # What was the standby is the only one that runs.
        self.control("stop", "-m", "immediate")
        shutil.rmtree(self.second[0])
        return endings

    def way(self, number):
        hosts, ports = zip(self.first, self.second)
        address = f"postgresql://service@/shop?host={','.join(hosts)}&port={','.join(ports)}"
        return {"ESKIZ_DATABASE_URL": address + "&target_session_attrs=read-write"}

    def promote(self):
        """Lets the primary die while applications send; the seconds until one is answered again."""
        is_over = threading.Event()
        moments = []

        def application():
            while not is_over.is_set():
                self.send()
                moments.append(time.monotonic())
                time.sleep(random.random() * 0.02)

        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            applications = [pool.submit(application) for _ in range(6)]
            try:
                time.sleep(3)
                self.database.run("stop", "immediate")
                died = time.monotonic()
                self.control("promote")
                promoted = time.monotonic()
                self.database.folder, self.database.port = self.second
                # The new primary has nobody to wait for.
                self.database.sql("ALTER SYSTEM RESET synchronous_standby_names")
                self.database.sql("SELECT pg_reload_conf()")
                time.sleep(8)
            finally:
                is_over.set()
            for running in applications:
                running.result()
        after = [moment for moment in moments if moment > promoted]
        if not after:
            raise SystemExit("nothing was accepted after the promotion")
        return promoted - died, min(after) - died


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("eskiz")
    parser.add_argument("cluster")
    parser.add_argument("--asynchronous", action="store_true")
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    options = parser.parse_args()
    options.eskiz, options.cluster = os.path.abspath(options.eskiz), os.path.abspath(options.cluster)
    options.gateways = 2
    random.seed(options.seed)
    fleet = Failover(options)
    promotion, recovery = fleet.promote()
    fleet.settle()
    kind = "asynchronous" if options.asynchronous else "synchronous"
    return fleet.conclude(
        f"{kind} standby, promoted after {promotion:.1f} s, accepted again after {recovery:.1f} s", may_lose=options.asynchronous
    )


if __name__ == "__main__":
    sys.exit(main())
