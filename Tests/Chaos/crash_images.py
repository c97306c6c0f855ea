"""Cuts the power of a real gateway at any moment, on paper: no message that was acknowledged may be lost.

    crash_images.py ESKIZ [--images 400] [--messages 600] [--seed N] [--mode full|normal|off|all]

A preloaded library (record_writes.c) writes down every write to the database and every sync while the gateway takes and
sends messages. An image of the disk at some moment keeps what had been synced by then, and of everything else any part,
torn at 512 bytes. Each image is opened by SQLite, and every message whose 202 had arrived before that moment has to be in it.

`normal` and `off` judge the same recording as if SQLite did not sync its log, or nothing at all: then messages have to be
missing, or this tool would find nothing. Standard library only; talks to loopback only.
"""

import argparse
import collections
import concurrent.futures
import http.client
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from chaos import KEY, Server, call, free_port  # noqa: E402

SECTOR = 512
HERE = os.path.dirname(os.path.abspath(__file__))
Record = collections.namedtuple("Record", "kind time offset data covers path")


def recording(path):
    """What the library wrote, in order. SIGKILL may have cut the last record short: that call never came back."""
    records = []
    with open(path, "rb") as log:
        while (line := log.readline()).endswith(b"\n"):
            kind, moment, offset, length, covers, name = line.decode().rstrip("\n").split(" ", 5)
            data = log.read(int(length))
            end = log.read(1)
            if not end:
                break
            assert end == b"\n", "the recording is damaged"
            records.append(Record(kind, int(moment), int(offset), data, int(covers), name))
    return records


class File:
    """One file of an image: what is certainly on the disk, and what may be."""

    def __init__(self):
        self.durable = bytearray()
        # (index of the record, offset or None for a truncation, bytes or size)
        self.pending = []

    def apply(self, content, offset, data):
        if offset is None:
            if data < len(content):
                del content[data:]
            else:
                content.extend(bytes(data - len(content)))
            return
        if len(content) < offset + len(data):
            content.extend(bytes(offset + len(data) - len(content)))
        content[offset:offset + len(data)] = data

    def sync(self, covers):
        kept = []
        for index, offset, data in self.pending:
            if index < covers:
                self.apply(self.durable, offset, data)
            else:
                kept.append((index, offset, data))
        self.pending = kept

    def image(self, chance, draw):
        """The durable part and any part of the rest: `chance` is how likely a sector got there."""
        content = bytearray(self.durable)
        for _, offset, data in self.pending:
            if offset is None:
                # The size of a file is not torn.
                if draw.random() < chance:
                    self.apply(content, None, data)
                continue
            start = 0
            while start < len(data):
                # Sectors begin at multiples of their size in the file.
                end = min(len(data), start + SECTOR - (offset + start) % SECTOR)
                if draw.random() < chance:
                    self.apply(content, offset + start, data[start:end])
                start = end
        return content


def is_heeded(record, mode):
    """Whether a sync counts in a mode of SQLite's."""
    return mode == "full" or (mode == "normal" and not record.path.endswith("-wal"))


class Gateway:
    """A gateway and a simulator, and who sends through them."""

    def __init__(self, eskiz, folder):
        self.eskiz, self.folder = os.path.abspath(eskiz), folder
        self.gateway_port, self.simulator_port = free_port(), free_port()
        self.acknowledged = {}
        self.database = os.path.join(folder, "state", "eskiz.sqlite")
        self.log = os.path.join(folder, "writes")
        base = {"PATH": os.environ["PATH"], "HOME": folder, "ESKIZ_LOG_LEVEL": "warning"}
        self.simulator = Server(
            [self.eskiz, "simulate", "--listen", f"127.0.0.1:{self.simulator_port}"],
            base, folder, os.path.join(folder, "simulator.log"),
        )
        assert self.simulator.wait_ready(), "the simulator did not start"
        self.environment = {
            **base,
            "ESKIZ_BASE_URL": f"http://127.0.0.1:{self.simulator_port}/api",
            "ESKIZ_EMAIL": "demo@example.test",
            "ESKIZ_PASSWORD": "demo-key",
            "ESKIZ_STATE_DIR": os.path.join(folder, "state"),
            "ESKIZ_DATABASE_URL": f"sqlite://{self.database}",
            "ESKIZ_LISTEN": f"127.0.0.1:{self.gateway_port}",
            "ESKIZ_API_KEYS": KEY,
        }

    def serve(self, **extra):
        server = Server(
            [self.eskiz, "serve"], {**self.environment, **extra}, self.folder, os.path.join(self.folder, "gateway.log")
        )
        assert server.wait_ready(), f"the gateway did not start; see {self.folder}/gateway.log"
        return server

    def post(self, number):
        body = {
            "to": f"+99890{number // 1000 % 10}111{number % 1000:03d}",
            "text": f"Image {number}: kod {number:06d}",
            "lane": ["otp", "transactional", "bulk"][number % 3],
        }
        try:
            status, answer = call(self.gateway_port, "POST", "/v1/messages", body, timeout=30)
        except (OSError, http.client.HTTPException, ValueError):
            return
        if status == 202:
            # Later than the gateway knew it: what the image owes us, it owes us for certain.
            self.acknowledged[answer["id"]] = time.monotonic_ns()

    def record(self, library, messages):
        server = self.serve(LD_PRELOAD=library, RECORD_WRITES=self.log, RECORD_WRITES_OF=self.database)
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            list(pool.map(self.post, range(messages)))
        # What is under way goes on a little, so that there are images with nothing but reports in them.
        time.sleep(0.5)
        server.kill(signal.SIGKILL)
        assert len(self.acknowledged) == messages, f"{len(self.acknowledged)} of {messages} were accepted"

    def answers(self, image, identifiers):
        """Starts a gateway on an image and asks it for messages; those that it does not know."""
        state = os.path.join(self.folder, "again")
        shutil.rmtree(state, ignore_errors=True)
        os.makedirs(state, 0o700)
        for name, content in image.items():
            with open(os.path.join(state, name), "wb") as file:
                file.write(content)
            os.chmod(os.path.join(state, name), 0o600)
        server = self.serve(ESKIZ_STATE_DIR=state, ESKIZ_DATABASE_URL="sqlite://" + os.path.join(state, "eskiz.sqlite"))
        try:
            return [i for i in identifiers if call(self.gateway_port, "GET", f"/v1/messages/{i}")[0] != 200]
        finally:
            server.kill(signal.SIGKILL)


def images(records, moments, mode, draw):
    """An image of the disk for each number of records in `moments`, which ascends."""
    files = {}
    moments = collections.deque(moments)
    for index, record in enumerate(records):
        while moments and moments[0] == index:
            moments.popleft()
            chance = draw.choice([0, 1, 0.5, draw.random()])
            yield index, {os.path.basename(path): file.image(chance, draw) for path, file in files.items()}
        file = files.setdefault(record.path, File())
        if record.kind == "write":
            file.pending.append((index, record.offset, record.data))
        elif record.kind == "truncate":
            file.pending.append((index, None, record.offset))
        elif record.kind == "sync":
            if is_heeded(record, mode):
                file.sync(record.covers)
        else:
            del files[record.path]


def missing(folder, image, expected):
    """The messages that are not in an image; None if it is no database any more."""
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    for name, content in image.items():
        with open(os.path.join(folder, name), "wb") as file:
            file.write(content)
    try:
        database = sqlite3.connect(os.path.join(folder, "eskiz.sqlite"))
        try:
            if database.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                return None
            have = {str(row[0]) for row in database.execute("SELECT id FROM messages")}
        finally:
            database.close()
    except sqlite3.DatabaseError as error:
        # A database without tables has lost everything, and is whole.
        return list(expected) if "no such table" in str(error) else None
    return [identifier for identifier in expected if identifier not in have]


def judge(mode, records, gateway, count, seed, folder):
    """Looks at so many images; how many had lost something, and how many were damaged."""
    draw = random.Random(f"{seed} {mode}")
    begin = next(i for i, record in enumerate(records) if record.time > min(gateway.acknowledged.values()))
    moments = sorted(draw.randrange(begin, len(records)) for _ in range(count))
    acknowledged = sorted((moment, identifier) for identifier, moment in gateway.acknowledged.items())
    lost = damaged = worst = looked = 0
    last = None
    for index, image in images(records, moments, mode, draw):
        expected = [identifier for moment, identifier in acknowledged if moment < records[index - 1].time]
        gone = missing(folder, image, expected)
        looked += 1
        if gone is None:
            damaged += 1
        elif gone:
            lost += 1
            worst = max(worst, len(gone))
            if mode == "full":
                print(f"lost at record {index}: {len(gone)} of {len(expected)}, for example {gone[0]}")
        last = (image, expected)
    print(f"{mode}: {looked} images, {lost} lost messages (at most {worst}), {damaged} damaged")
    return lost, damaged, last


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("eskiz", help="the built command")
    parser.add_argument("--images", type=int, default=400)
    parser.add_argument("--messages", type=int, default=600)
    parser.add_argument("--mode", choices=["full", "normal", "off", "all"], default="all")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    options = parser.parse_args()
    print(f"seed {options.seed}")
    started = time.monotonic()
    folder = tempfile.mkdtemp(prefix="eskiz-images-")
    library = os.path.join(folder, "record_writes.so")
    subprocess.run(
        ["cc", "-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror", "-o", library,
         os.path.join(HERE, "record_writes.c"), "-ldl"],
        check=True,
    )
    gateway = Gateway(options.eskiz, folder)
    problems = []
    try:
        gateway.record(library, options.messages)
        records = recording(gateway.log)
        kinds = collections.Counter((record.kind, os.path.basename(record.path)) for record in records)
        print(f"{len(gateway.acknowledged)} messages, {len(records)} records: {dict(kinds)}")
        scratch = os.path.join(folder, "image")
        for mode in ["full", "normal", "off"] if options.mode == "all" else [options.mode]:
            lost, damaged, last = judge(mode, records, gateway, options.images, options.seed, scratch)
            if mode == "full":
                if lost or damaged:
                    problems.append(f"{lost} images lost messages, {damaged} were damaged")
                # The real gateway reads what SQLite has read.
                gone = gateway.answers(*last)
                if gone:
                    problems.append(f"the gateway does not know {len(gone)} messages of the last image")
            elif not lost + damaged:
                problems.append(f"with synchronous {mode.upper()} nothing was found: this tool is blind")
    finally:
        gateway.simulator.kill(signal.SIGTERM)
    print(f"took {time.monotonic() - started:.0f} s")
    if problems:
        print("\n".join(problems))
        print(f"FAILED; everything is in {folder}; replay with --seed {options.seed}")
        sys.exit(1)
    shutil.rmtree(folder)
    print("ok: no acknowledged message is lost, whenever the power goes")


if __name__ == "__main__":
    main()
