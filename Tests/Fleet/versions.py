"""The version before works beside this one, and a migration stops nobody.

    versions.py ESKIZ CLUSTER [--before OLD_ESKIZ] [--seed N]
    versions.py ESKIZ CLUSTER --record      # with ESKIZ of the version that becomes "before": writes Tests/Fleet/before

Tests/Fleet/before holds the tables of the version before and every statement that it was seen to run. Without OLD_ESKIZ: those
tables are migrated by this version, twice, with somebody reading them in a long transaction; then the server has to understand
each of the old statements as before. And the last steps of the migration are taken back and taken again while two gateways send.

With OLD_ESKIZ, a binary of the version before: two of its gateways send while this version migrates; then one after the other
is replaced, one is put back, and both versions send on one database. The simulator is the witness.

What is promised: no accept waits longer than two seconds for a migration, none is lost, none arrives twice. Standard library
only, psql and pg_dump; talks to loopback only.
"""

import argparse
import concurrent.futures
import os
import pathlib
import random
import re
import subprocess
import sys
import threading
import time

from codes import codes
from fleet import Fleet

BEFORE = pathlib.Path(__file__).with_name("before")
# What the last step of each part has made beyond the tables of the version before.
TAKE_BACK = """
DROP TABLE eskiz.shared_answers;
UPDATE eskiz.schema_versions SET version = 1 WHERE component = 'fleet';
"""
LONGEST_WAIT = 2.0


class Versions(Fleet):
    def grow_up(self):
        pass

    def command(self, *arguments, database="shop", eskiz=None):
        url = self.database.url("eskiz_test").replace("/shop?", f"/{database}?")
        environment = self.base | {"ESKIZ_DATABASE_URL": url, "ESKIZ_OUTBOX_URL": url, "ESKIZ_STATE_DIR": self.folder}
        return subprocess.run(
            [eskiz or self.options.eskiz, *arguments], env=environment, cwd=self.folder, capture_output=True, text=True
        )

    def migrate(self, database="shop"):
        begun = time.monotonic()
        done = self.command("database", "migrate", database=database)
        if done.returncode != 0:
            raise SystemExit(f"database migrate ended with {done.returncode}: {done.stderr}")
        return time.monotonic() - begun

    # The tables and statements of the version before

    def fixture(self):
        self.database.sql("CREATE DATABASE before", database="postgres")
        self.database.sql((BEFORE / "schema.sql").read_text(), database="before")
        if self.command("database", "status", database="before").returncode == 0:
            raise SystemExit("tables of the version before are said to be those of this one")
        reader = subprocess.Popen(
            ["psql", "-X", "-qAt", "-h", self.database.folder, "-p", self.database.port, "-U", "eskiz_test", "-d", "before"],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
        )
        reader.stdin.write("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM eskiz.messages;\n")
        reader.stdin.flush()
        time.sleep(0.5)
        first, second = self.migrate("before"), self.migrate("before")
        reader.stdin.close()
        reader.wait(10)
        if self.command("database", "status", database="before").returncode != 0:
            raise SystemExit("after the migration the tables are said not to fit")
        statements = [line for line in (BEFORE / "statements.sql").read_text().split("\n") if line.startswith("PREPARE")]
        said = subprocess.run(
            ["psql", "-X", "-qAt", "-h", self.database.folder, "-p", self.database.port, "-U", "eskiz_test", "-d", "before"],
            input="SET search_path = pg_catalog;\n" + "\n".join(statements), capture_output=True, text=True,
        )
        if said.stderr:
            raise SystemExit(f"the version before could not go on: {said.stderr}")
        print(
            f"tables of the version before: migrated in {first:.2f} s beside a long transaction, a second time in {second:.2f} s; "
            f"{len(statements)} of its statements are understood", flush=True,
        )

    # While gateways send

    def sending(self, body):
        """Does something while applications send; the longest that one of them had to wait for an answer."""
        is_over = threading.Event()
        waits = []

        def application():
            while not is_over.is_set():
                begun = time.monotonic()
                self.send()
                waits.append(time.monotonic() - begun)
                time.sleep(random.random() * 0.02)

        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            applications = [pool.submit(application) for _ in range(4)]
            try:
                time.sleep(1)
                found = body()
                time.sleep(1)
            finally:
                is_over.set()
            for running in applications:
                running.result()
        return found, max(waits)

    def again(self):
        """The last steps are taken back and taken again, three times."""
        def body():
            times = []
            for _ in range(3):
                self.database.sql(TAKE_BACK)
                if self.command("database", "status").returncode == 0:
                    raise SystemExit("steps that were taken back are said to be there")
                times.append(self.migrate())
            return max(times)

        slowest, longest = self.sending(body)
        print(f"migrated three times while two gateways sent: at most {slowest:.2f} s, longest accept {longest:.2f} s", flush=True)
        if longest > LONGEST_WAIT:
            raise SystemExit(f"an accept waited {longest:.2f} s for a migration")

    def rolling(self):
        """Two gateways of the version before are replaced one after the other, and one is put back meanwhile."""
        def body():
            took = self.migrate()
            # Each old one goes on, and so does one that is started now.
            for number, eskiz in ((0, new), (1, new), (1, old), (1, new)):
                self.gateways[number].end()
                self.options.eskiz = eskiz
                self.gateways[number] = self.start(number)
                self.options.eskiz = new
                time.sleep(3)
            return took

        new, old = self.options.eskiz, self.options.before
        took, longest = self.sending(body)
        print(f"rolling upgrade: migrated in {took:.2f} s, longest accept {longest:.2f} s, gateways replaced among them", flush=True)

    # For the next version

    def record(self):
        """Writes down the tables, and what gateways of this version say to them."""
        BEFORE.mkdir(exist_ok=True)
        dumped = subprocess.run(
            ["pg_dump", "-h", self.database.folder, "-p", self.database.port, "-U", "eskiz_test", "-d", "shop", "--schema=eskiz",
             "--no-owner", "--no-privileges"],
            check=True, capture_output=True, text=True,
        ).stdout
        kept = [line for line in dumped.splitlines() if line and not re.match(r"--|SET |\\[^.]|SELECT pg_catalog.set_config", line)]
        # Two versions of pg_dump differ in what they set; the tables are the same.
        pathlib.Path(BEFORE, "schema.sql").write_text("-- The tables of the version before.\nSET check_function_bodies = off;\n" + self.inserts(kept) + "\n")
        self.database.sql("ALTER ROLE service SET log_statement = 'all'")
        for gateway in self.gateways:
            gateway.end()
        self.gateways = [self.start(number) for number in range(self.options.gateways)]
        time.sleep(2)
        codes(self)
        self.sending(lambda: time.sleep(5))
        for path in ("/v1/doctor", "/v1/messages?status=unknown", "/v1/messages?to=998900000001", "/readyz", "/v1/suppressions",
                     "/v1/verifications/statistics", "/v1/account", "/v1/statistics"):
            self.ask(self.gateways[0], "GET", path)
        self.gateways[1].kill()
        time.sleep(12)
        self.gateways[1] = self.start(1)
        self.settle()
        seen = re.findall(r"LOG:  execute [^:]*: ((?:.|\n\t)*?)\n(?=\d{4}-|$)", pathlib.Path(self.database.folder, "log").read_text(errors="replace"))
        statements = sorted({" ".join(text.split()) for text in seen if "eskiz." in text})
        lines = []
        for number, text in enumerate(statements):
            lines.append(self.prepared(number, text))
        pathlib.Path(BEFORE, "statements.sql").write_text("-- What the version before says to its tables, as it was seen to.\n" + "\n".join(lines) + "\n")
        print(f"{len(lines)} statements, {len(kept)} lines of the tables")

    def inserts(self, lines):
        """The rows of a dump as statements: what follows COPY would need a file of its own."""
        out, table = [], None
        for line in lines:
            if (found := re.match(r"COPY (\S+) \((.*)\) FROM stdin;", line)) is not None:
                table = found
            elif table is not None and line == "\\.":
                table = None
            elif table is not None:
                if table[1] == "eskiz.schema_versions":
                    values = ", ".join("NULL" if value == "\\N" else "'" + value.replace("'", "''") + "'" for value in line.split("\t"))
                    out.append(f"INSERT INTO {table[1]} ({table[2]}) VALUES ({values});")
            else:
                out.append(line)
        return "\n".join(out)

    def prepared(self, number, text):
        """A statement with the types of its values, as far as the server does not find them itself."""
        count = max([0, *(int(found) for found in re.findall(r"\$(\d+)", text))])
        types = ["unknown"] * count
        for _ in range(count + 1):
            line = f"PREPARE before_{number}" + (f"({', '.join(types)})" if count else "") + f" AS {text};"
            done = subprocess.run(
                ["psql", "-X", "-qAt", "-h", self.database.folder, "-p", self.database.port, "-U", "eskiz_test", "-d", "shop"],
                input="SET search_path = pg_catalog;\n" + line, capture_output=True, text=True,
            )
            found = re.search(r"could not determine data type of parameter \$(\d+)", done.stderr)
            if not found:
                if done.stderr:
                    raise SystemExit(f"{line}: {done.stderr}")
                return line
            types[int(found[1]) - 1] = "bigint"
        return line


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("eskiz")
    parser.add_argument("cluster")
    parser.add_argument("--before", help="a binary of the version before")
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    options = parser.parse_args()
    options.eskiz, options.cluster = os.path.abspath(options.eskiz), os.path.abspath(options.cluster)
    options.gateways = 2
    random.seed(options.seed)
    new = options.eskiz
    if options.before:
        options.before = os.path.abspath(options.before)
        # Tables and gateways of the version before.
        options.eskiz = options.before
    fleet = Versions(options)
    options.eskiz = new
    if options.record:
        fleet.record()
    elif options.before:
        fleet.rolling()
    else:
        fleet.fixture()
        fleet.again()
    fleet.settle()
    return fleet.conclude()


if __name__ == "__main__":
    sys.exit(main())
