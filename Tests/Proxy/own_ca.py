"""A certificate of one's own before everything: verbs ask a gateway, and the gateway tells an application, through an nginx
with TLS whose root no system knows. Without that root both refuse; with it, by any of the settings, both go on.

    own_ca.py ESKIZ
"""

import http.server
import json
import os
import pathlib
import secrets
import subprocess
import sys
import tempfile
import threading

from proxy import Process, expect, free_port, nginx, wait_until

NGINX = """
server {{
    listen 127.0.0.1:{port} ssl;
    ssl_certificate {folder}/server.pem;
    ssl_certificate_key {folder}/server.key;
    location /hook {{ proxy_pass http://127.0.0.1:{hook}; }}
    location / {{ proxy_pass {gateway}; }}
}}
"""


def openssl(folder, *arguments):
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


def make_certificates(folder):
    """A root, and a certificate for this machine below it."""
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    openssl(folder, "req", "-x509", *key, "-days", "2", "-subj", "/CN=Root of our own", "-keyout", "root.key", "-out", "root.pem")
    openssl(folder, "req", *key, "-subj", "/CN=localhost", "-keyout", "server.key", "-out", "server.csr")
    pathlib.Path(folder, "names").write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\n", encoding="utf-8")
    openssl(
        folder, "x509", "-req", "-in", "server.csr", "-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial", "-days", "2",
        "-extfile", "names", "-out", "server.pem",
    )


class Application:
    """Hears webhooks."""

    def __init__(self):
        heard = self.heard = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                heard.append(json.loads(body))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def behind_tls(eskiz, folder, trust):
    """Runs a gateway with these settings behind the proxy, and says what reached whom."""
    key = "esk_" + secrets.token_hex(16)
    port = free_port()
    surroundings = {"HOME": folder, "PATH": os.environ["PATH"], "ESKIZ_LOG_LEVEL": "error", "ESKIZ_LOG_FILE": ""}
    application = Application()
    processes = []
    try:
        processes.append(Process([eskiz, "simulate", "--listen", "127.0.0.1:0"], surroundings, folder))
        settings = surroundings | {
            "ESKIZ_EMAIL": "demo@example.test", "ESKIZ_PASSWORD": "demo-key", "ESKIZ_API_KEYS": key,
            "ESKIZ_BASE_URL": f"{processes[0].address()}/api", "ESKIZ_STATE_DIR": f"{folder}/state",
            "ESKIZ_LISTEN": "127.0.0.1:0",
        } | trust
        processes.append(Process([eskiz, "serve"], settings, folder))
        gateway = processes[1].address()
        processes.append(nginx(
            NGINX.format(port=port, folder=folder, hook=application.port, gateway=gateway), surroundings, folder
        ))

        def verb(*arguments):
            return subprocess.run(
                [eskiz, *arguments, "--json"], env=settings, cwd=folder, capture_output=True, text=True, check=False
            )

        wait_until("nginx", lambda: pathlib.Path(folder, "nginx.pid").exists())
        asked = verb("doctor", "--gateway", f"https://localhost:{port}")
        # Straight to the gateway: whether its webhook gets through is another question.
        body = {"to": "+998901234567", "text": "Salom", "webhook_url": f"https://localhost:{port}/hook"}
        sent = subprocess.run(
            ["curl", "-fsS", "--noproxy", "*", "-H", f"Authorization: Bearer {key}", "-H", "Content-Type: application/json",
             "-d", json.dumps(body), f"{gateway}/v1/messages"], capture_output=True, text=True, check=True,
        )
        identifier = json.loads(sent.stdout)["id"]

        def tries():
            story = json.loads(verb("explain", identifier, "--gateway", gateway).stdout)
            return [step for step in story["timeline"] if step["event"].startswith("webhook")]

        wait_until("the application is told, or cannot be", lambda: application.heard or tries())
        return asked.returncode, len(application.heard)
    finally:
        application.server.shutdown()
        for process in reversed(processes):
            process.end()


def main():
    eskiz = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as certificates:
        make_certificates(certificates)
        root = f"{certificates}/root.pem"
        folder_of_roots = pathlib.Path(certificates, "roots")
        folder_of_roots.mkdir()
        (folder_of_roots / "own.pem").write_bytes(pathlib.Path(root).read_bytes())
        cases = [
            ({}, False), ({"ESKIZ_CA_FILE": root}, True), ({"SSL_CERT_FILE": root}, True),
            ({"SSL_CERT_DIR": str(folder_of_roots)}, True),
        ]
        for trust, reaches in cases:
            with tempfile.TemporaryDirectory() as folder:
                for name in ("server.pem", "server.key"):
                    pathlib.Path(folder, name).write_bytes(pathlib.Path(certificates, name).read_bytes())
                status, heard = behind_tls(eskiz, folder, trust)
            name = next(iter(trust), "no setting")
            expect((status == 0) == reaches, f"with {name} a verb ends with {status}")
            expect((heard > 0) == reaches, f"with {name} the application hears {heard} webhooks")
            print(f"With {name}: {'verbs and webhooks go through TLS' if reaches else 'both refuse the certificate'}.")


main()
