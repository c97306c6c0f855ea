"""What the trials behind nginx have in common: processes, ports, waiting, and what is expected."""

import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def wait_until(what, condition):
    deadline = time.monotonic() + 30
    while not (found := condition()):
        if time.monotonic() > deadline:
            raise SystemExit(f"in vain waited for: {what}")
        time.sleep(0.05)
    return found


class Process:
    def __init__(self, arguments, environment, folder):
        self.log = pathlib.Path(folder, f"{arguments[1].strip('-')}.err")
        with self.log.open("wb") as errors:
            self.process = subprocess.Popen(
                arguments, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=errors, stdin=subprocess.DEVNULL
            )

    def address(self):
        ready = self.process.stdout.readline().decode().split()
        if ready[:1] != ["listening"]:
            raise SystemExit(f"it did not start: {self.log.read_text()}")
        return ready[1]

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def expect(condition, otherwise):
    if not condition:
        raise SystemExit(f"Broken: {otherwise}")


def nginx(configuration, environment, folder):
    """Starts an nginx with a configuration of its own."""
    program = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin")
    if program is None:
        raise SystemExit("There is no nginx: scripts/install-packages test")
    path = pathlib.Path(folder, "nginx.conf")
    head = f"daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; worker_processes 1;\n"
    places = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in ("proxy", "fastcgi", "uwsgi", "scgi"))
    path.write_text(
        f"{head}events {{ worker_connections 256; }}\nhttp {{\naccess_log {folder}/access.log;\n"
        f"client_body_temp_path {folder}/body;\n{places}{configuration}}}\n", encoding="utf-8",
    )
    return Process([program, "-e", f"{folder}/error.log", "-p", folder, "-c", str(path)], environment, folder)
