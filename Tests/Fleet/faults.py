"""Two gateways on a PostgreSQL that refuses: statements that time out, deadlocks, transactions that cannot be serialized, a full
disk, and commits that fail, while applications send. The simulator is the witness.

    faults.py ESKIZ CLUSTER [--seconds 3] [--share 0.2] [--seed N]

Each kind comes in two ways where the server can be brought to it by itself: made by a rival (backends that are cancelled, rows
locked in another order, a stricter isolation), and raised by triggers on the messages, at a statement and at the commit.
What is promised: a message that was accepted arrives once, or ends with a reason; whoever is refused is told when to come back;
and all goes on as soon as the database does. Standard library only, and psql; talks to loopback only.
"""

import argparse
import concurrent.futures
import os
import random
import subprocess
import sys
import threading
import time

from fleet import Fleet

# SQLSTATE: what it is.
KINDS = {
    "57014": "statements that time out",
    "40001": "transactions that cannot be serialized",
    "40P01": "deadlocks",
    "55P03": "locks that are not to be had",
    "53100": "a full disk",
    "53200": "too little memory",
    "57P01": "an end by the administrator",
}

TRIGGERS = """
CREATE TABLE public.fault (state text, at_commit boolean, share float8);
GRANT SELECT ON public.fault TO service;
CREATE FUNCTION public.fault() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE kind text;
BEGIN
    SELECT state INTO kind FROM public.fault WHERE at_commit = (TG_ARGV[0] = 'commit') AND random() < share;
    IF kind IS NOT NULL THEN
        RAISE EXCEPTION 'the trial wants it so' USING ERRCODE = kind;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER fault_of_statement AFTER INSERT OR UPDATE ON eskiz.messages
    FOR EACH STATEMENT EXECUTE FUNCTION public.fault('statement');
CREATE CONSTRAINT TRIGGER fault_of_commit AFTER INSERT OR UPDATE ON eskiz.messages
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.fault('commit');
"""

# Locks the counts, which the gateways lock last, and then the messages, which they lock first; whoever waits longer than a
# hundredth of a second looks whether it waits in a circle.
RIVAL = """
SET deadlock_timeout = '10ms';
DO $$
BEGIN
    PERFORM FROM eskiz.counts FOR UPDATE;
    PERFORM pg_sleep(0.05);
    PERFORM FROM eskiz.messages WHERE state IN ('queued', 'sending') FOR UPDATE;
EXCEPTION WHEN deadlock_detected OR lock_not_available THEN NULL;
END $$;
"""


class Faults(Fleet):
    def grow_up(self):
        self.database.sql(TRIGGERS)
        self.database.sql("ALTER SYSTEM SET deadlock_timeout = '20ms'")
        self.database.sql("SELECT pg_reload_conf()")

    def sending(self, body):
        """Applications send while something is done; how many were accepted meanwhile."""
        is_over = threading.Event()
        before = len(self.accepted)

        def application():
            while not is_over.is_set():
                self.send()
                time.sleep(random.random() * 0.03)

        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            applications = [pool.submit(application) for _ in range(4)]
            try:
                body()
                # And again as before.
                self.database.sql("DELETE FROM public.fault")
                time.sleep(1)
            finally:
                is_over.set()
            for running in applications:
                running.result()
        return len(self.accepted) - before

    def refuse(self, state, at_commit):
        def body():
            self.database.sql(f"INSERT INTO public.fault VALUES ('{state}', {at_commit}, {self.options.share})")
            time.sleep(self.options.seconds)

        return self.sending(body)

    def counted(self, name):
        return int(self.database.sql(f"SELECT {name} FROM pg_stat_database WHERE datname = 'shop'"))

    def cancel(self):
        """Backends in the middle of a statement are told to stop."""
        cancelled = 0

        def body():
            nonlocal cancelled
            ends = time.monotonic() + self.options.seconds
            while time.monotonic() < ends:
                said = self.database.sql(
                    "SELECT count(*) FROM (SELECT pg_cancel_backend(pid) FROM pg_stat_activity "
                    "WHERE usename = 'service' AND state <> 'idle' AND random() < 0.5) AS c"
                )
                cancelled += int(said)

        accepted = self.sending(body)
        return accepted, cancelled

    def deadlock(self):
        before = self.counted("deadlocks")

        def body():
            ends = time.monotonic() + self.options.seconds
            while time.monotonic() < ends:
                rivals = [
                    subprocess.Popen(
                        ["psql", "-X", "-qAt", "-h", self.database.folder, "-p", self.database.port, "-U", "eskiz_test",
                         "-d", "shop", "-c", RIVAL],
                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                    )
                    for _ in range(2)
                ]
                for rival in rivals:
                    rival.wait(60)

        accepted = self.sending(body)
        time.sleep(1)
        return accepted, self.counted("deadlocks") - before

    def serialize(self):
        """All transactions of the gateways are serializable, although they do not ask for it."""
        before = self.counted("xact_rollback")

        def isolate(level):
            self.database.sql(f"ALTER ROLE service SET default_transaction_isolation = '{level}'")
            # Who is connected has what was set before.
            self.database.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'service'")

        def body():
            isolate("serializable")
            time.sleep(self.options.seconds)
            isolate("read committed")

        accepted = self.sending(body)
        time.sleep(1)
        return accepted, self.counted("xact_rollback") - before


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("eskiz")
    parser.add_argument("cluster")
    parser.add_argument("--seconds", type=float, default=3, help="how long each kind lasts (3)")
    parser.add_argument("--share", type=float, default=0.2, help="of the statements that a trigger refuses (0.2)")
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    options = parser.parse_args()
    options.eskiz, options.cluster = os.path.abspath(options.eskiz), os.path.abspath(options.cluster)
    options.gateways = 2
    random.seed(options.seed)
    fleet = Faults(options)
    for state, kind in KINDS.items():
        during = [fleet.refuse(state, at_commit) for at_commit in (False, True)]
        print(f"{state}, {kind}: {during[0]} accepted with some at statements, {during[1]} with some at commits", flush=True)
    accepted, cancelled = fleet.cancel()
    print(f"{cancelled} backends cancelled: {accepted} accepted", flush=True)
    accepted, deadlocks = fleet.deadlock()
    print(f"{deadlocks} deadlocks with a rival: {accepted} accepted", flush=True)
    accepted, undone = fleet.serialize()
    print(f"serializable, {undone} transactions undone: {accepted} accepted", flush=True)
    if cancelled == 0 or deadlocks == 0 or undone == 0:
        raise SystemExit("what was to go wrong did not")
    fleet.settle()
    return fleet.conclude()


if __name__ == "__main__":
    sys.exit(main())
