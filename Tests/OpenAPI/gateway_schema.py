"""Lets schemathesis try a gateway's own API, with all its checks, by the document that the gateway serves.

    python3 -m venv venv && venv/bin/pip install -r requirements-gateway-schema.txt
    venv/bin/python gateway_schema.py http://127.0.0.1:9080

The address is a simulator's; the gateway, the built `eskiz serve`, is started here and sends through it. Fails if anything
is found, or if fewer than 5,000 requests were made. EXAMPLES in the environment is the number for each operation.
"""

import os
import pathlib
import re
import secrets
import subprocess
import sys
import tempfile

from control import base_url_argument

FOLDER = pathlib.Path(__file__).resolve().parent
ESKIZ = FOLDER.parent.parent / ".build" / "debug" / "eskiz"
FEWEST = 5_000


def serve(simulator, key, folder):
    """The running gateway and its address."""
    environment = {
        "HOME": folder, "PATH": os.environ["PATH"], "ESKIZ_EMAIL": "demo@example.test", "ESKIZ_PASSWORD": "demo-key",
        "ESKIZ_BASE_URL": f"{simulator}/api", "ESKIZ_STATE_DIR": f"{folder}/state", "ESKIZ_API_KEYS": key,
        "ESKIZ_LISTEN": "127.0.0.1:0", "ESKIZ_LOG_LEVEL": "error",
    }
    log = open(f"{folder}/serve.err", "wb")
    gateway = subprocess.Popen([ESKIZ, "serve"], cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=log)
    ready = gateway.stdout.readline().decode().split()
    if ready[:1] != ["listening"]:
        gateway.kill()
        raise SystemExit("the gateway did not start: " + pathlib.Path(log.name).read_text())
    return gateway, ready[1]


def attack(address, key, folder):
    """Runs schemathesis, and returns its exit status and what it printed."""
    command = [
        sys.executable, "-c", "from schemathesis.cli import schemathesis; schemathesis()", "run", f"{address}/openapi.json",
        "--header", f"Authorization: Bearer {key}", "--checks", "all", "--workers", "1", "--continue-on-failure",
        "--max-examples", os.environ.get("EXAMPLES", "600"), "--generation-database", "none",
        # A stream that never ends; EventTests looks at it.
        "--exclude-path", "/v1/events",
    ]
    environment = {
        "HOME": folder, "PATH": os.environ["PATH"], "PYTHONPATH": str(FOLDER), "PYTHONDONTWRITEBYTECODE": "1",
        "SCHEMATHESIS_HOOKS": "schemathesis_hooks", "NO_PROXY": "127.0.0.1", "PYTHONUTF8": "1",
    }
    run = subprocess.run(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    return run.returncode, run.stdout


def main():
    simulator = base_url_argument()
    key = "esk_" + secrets.token_hex(16)
    with tempfile.TemporaryDirectory() as folder:
        gateway, address = serve(simulator, key, folder)
        try:
            status, output = attack(address, key, folder)
            alive = gateway.poll() is None
        finally:
            gateway.terminate()
            ended = gateway.wait(30)
    made = re.search(r"(\d+) generated", output)
    made = int(made[1]) if made else 0
    problems = []
    if status != 0:
        problems.append(f"schemathesis found something (status {status})")
    if not alive or ended != 0:
        problems.append(f"the gateway ended with status {ended}")
    if made < FEWEST:
        problems.append(f"only {made} requests were made, not {FEWEST}")
    if problems:
        raise SystemExit(output + "\n" + "; ".join(problems))
    print(f"{made} requests, nothing found")


main()
