"""Celery with Redis, which writes each command to disk before it answers."""

import pathlib

from Peers.contender import TaskContender, free_port

REQUIREMENTS = pathlib.Path(__file__).resolve().parent.parent / "Clients" / "requirements-celery.txt"


class CeleryRedis(TaskContender):
    name = "Celery 5.5.3 with Redis"
    keeps = "`appendonly`, `appendfsync always`; acknowledged late"
    loaded = "its own producer: 64 threads"
    kills = {"Redis and the workers": ()}
    producer = "celery_producer.py"
    # Above the time after which it hands out again what a killed worker had.
    patience = 60

    def prepare(self):
        self.python = self.tools.python(REQUIREMENTS)
        self.port = free_port()
        self.variables = {"BROKER": f"redis://127.0.0.1:{self.port}/0"}

    def start(self):
        self.run(
            "redis",
            [
                "redis-server", "--bind", "127.0.0.1", "--port", str(self.port), "--dir", str(self.folder), "--save", "",
                "--appendonly", "yes", "--appendfsync", "always",
            ],
            self.port,
        )

    def send(self):
        self.run(
            "worker",
            [self.python, "-m", "celery", "-A", "celery_tasks", "worker", "-c", "8", "-l", "ERROR"],
            environment=self.environment(),
        )
