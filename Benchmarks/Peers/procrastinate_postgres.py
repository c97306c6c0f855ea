"""procrastinate, whose jobs are rows of PostgreSQL."""

import os
import pathlib
import pwd
import subprocess
import time

from Peers.contender import CannotRun, TaskContender, free_port

REQUIREMENTS = pathlib.Path(__file__).with_name("requirements-procrastinate.txt")
PASSWORD = "bench"


class Procrastinate(TaskContender):
    name = "procrastinate 3.10.0 with PostgreSQL"
    keeps = "`synchronous_commit = on`, a transaction each"
    loaded = "its own producer: 64 connections"
    kills = {"PostgreSQL and the worker": ()}
    producer = "procrastinate_producer.py"
    # Above the time after which a killed worker counts as dead.
    patience = 60

    def prepare(self):
        self.python = self.tools.python(REQUIREMENTS)
        self.port = free_port()
        self.variables = {"DATABASE": f"postgresql://bench:{PASSWORD}@127.0.0.1:{self.port}/postgres"}
        folders = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))
        if not folders:
            raise CannotRun("PostgreSQL is not installed")
        self.tools_folder = folders[-1]
        self.data = self.folder / "database" / "data"

    def postgres(self, program, *arguments):
        """A command of PostgreSQL, which refuses to be root."""
        become = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
        return [*become, str(self.tools_folder / program), *map(str, arguments)]

    def start(self):
        new = not self.data.exists()
        if new:
            self.make()
        self.run(
            "postgres",
            self.postgres("postgres", "-D", self.data, "-p", self.port, "-h", "127.0.0.1", "-k", "", "-c", "max_connections=100"),
            self.port,
        )
        # After a kill it listens while it still reads its log.
        asked = self.postgres("pg_isready", "--quiet", "--host=127.0.0.1", f"--port={self.port}")
        while subprocess.run(asked, cwd=self.folder).returncode != 0:
            if self.servers["postgres"].poll() is not None:
                raise CannotRun(f"PostgreSQL ended: {(self.folder / 'postgres.log').read_text()[-1500:]}")
            time.sleep(0.1)
        if new:
            self.once(self.python, "-m", "procrastinate", "--app=procrastinate_tasks.app", "schema", "--apply",
                      environment=self.environment())

    def make(self):
        """A database whose only user is let in with a password."""
        self.data.parent.mkdir()
        password = self.data.parent / "password"
        password.write_text(PASSWORD)
        if os.geteuid() == 0:
            for path in (self.data.parent, password):
                os.chown(path, pwd.getpwnam("postgres").pw_uid, pwd.getpwnam("postgres").pw_gid)
        self.once(*self.postgres(
            "initdb", "-D", self.data, "-U", "bench", "-A", "scram-sha-256", f"--pwfile={password}", "-E", "UTF8", "--locale=C"
        ))

    def send(self):
        self.run(
            "worker",
            [self.python, "-m", "procrastinate", "--app=procrastinate_tasks.app", "worker", "--concurrency=8"],
            environment=self.environment(),
        )

