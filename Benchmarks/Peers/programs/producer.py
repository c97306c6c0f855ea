"""Hands messages over as fast as it can, and says how many, or each of them. Shared by the producers of the peers."""

import itertools
import json
import os
import sys
import threading
import time

CLIENTS = int(os.environ["CLIENTS"])
TEXT = os.environ["TEXT"]


class Producer:
    """Counts what was handed over.

    With `--seconds N` it prints `ready` when it begins, and one JSON line at the end. With `--until-refused` it prints the phone
    of each message once it was handed over, until one cannot be.
    """

    def __init__(self):
        self.seconds = int(sys.argv[2]) if sys.argv[1] == "--seconds" else None
        self.numbers = itertools.count(1_000_000)
        self.count = 0
        self.stopped = False
        self.lock = threading.Lock()

    def phone(self):
        return f"99890{next(self.numbers)}"

    def begin(self):
        self.started, self.cpu = time.monotonic(), time.process_time()
        self.until = self.started + self.seconds if self.seconds else float("inf")
        print("ready", flush=True)

    def goes_on(self):
        return not self.stopped and time.monotonic() < self.until

    def accepted(self, phone):
        with self.lock:
            self.count += 1
            if self.seconds is None:
                sys.stdout.write(phone + "\n")
                sys.stdout.flush()

    def refused(self, error):
        """The end of a load that was to be interrupted; a mistake in any other."""
        self.stopped = True
        if self.seconds is not None:
            print(repr(error), file=sys.stderr, flush=True)
            os._exit(1)

    def end(self):
        if self.seconds is not None:
            seconds, cpu = time.monotonic() - self.started, time.process_time() - self.cpu
            print(json.dumps({"count": self.count, "seconds": seconds, "cpu": cpu}), flush=True)
