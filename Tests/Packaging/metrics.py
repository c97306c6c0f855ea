"""Scrapes a real gateway after it has been through everything, and holds what it says against docs/operations.md, the alerting
rules and the dashboard: every metric and every label that they name is there, and nothing is there that the document hides.

    metrics.py ESKIZ
"""

import http.client
import json
import os
import pathlib
import re
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from urllib.parse import urlsplit

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
DOCUMENT = ROOT / "docs" / "operations.md"
RULES = [ROOT / "packaging" / "prometheus" / name for name in ("rules.yaml", "rules-test.yaml")]
DASHBOARD = ROOT / "packaging" / "grafana" / "eskiz.json"

# Prometheus and Grafana put these there.
OUTSIDE = {"job", "instance", "le", "alertname", "severity"}
KEYWORDS = {"by", "without", "on", "ignoring", "group_left", "group_right"}


class Server:
    def __init__(self, arguments, environment, folder):
        self.log = pathlib.Path(folder, arguments[1] + ".log")
        with self.log.open("wb") as errors:
            self.process = subprocess.Popen(
                arguments, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=errors, stdin=subprocess.DEVNULL
            )
        ready = self.process.stdout.readline().decode().split()
        if ready[:1] != ["listening"]:
            raise SystemExit(f"{arguments[1]} did not start: {self.log.read_text()}")
        self.place = urlsplit(ready[1])
        self.url = ready[1]

    def call(self, method, path, body=None, key=None):
        connection = http.client.HTTPConnection(self.place.hostname, self.place.port, timeout=30)
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {})
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        if answer.status >= 300:
            raise SystemExit(f"{method} {path}: {answer.status} {text}")
        return text

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()


def live(eskiz, folder):
    """What a gateway says of itself after it has seen each kind of good and bad day."""
    key = "esk_" + secrets.token_hex(16)
    base = {"HOME": folder, "PATH": os.environ["PATH"], "ESKIZ_LOG_LEVEL": "error"}
    simulator = Server([eskiz, "simulate", "--listen", "127.0.0.1:0"], base, folder)
    environment = base | {
        "ESKIZ_EMAIL": "demo@example.test", "ESKIZ_PASSWORD": "demo-key", "ESKIZ_BASE_URL": f"{simulator.url}/api",
        "ESKIZ_STATE_DIR": f"{folder}/state", "ESKIZ_API_KEYS": key, "ESKIZ_LISTEN": "127.0.0.1:0",
        "ESKIZ_SETTLE_TIME": "1s", "ESKIZ_TIMEOUT": "2s",
    }
    gateway = Server([eskiz, "serve"], environment, folder)
    try:
        return scrape(simulator, gateway, key)
    finally:
        for server in (gateway, simulator):
            server.end()


def scrape(simulator, gateway, key):
    def send(state, **fields):
        message = {"to": "+998901234567", "text": "Salom"} | fields
        identifier = json.loads(gateway.call("POST", "/v1/messages", message, key))["id"]
        deadline = time.monotonic() + 30
        while (seen := json.loads(gateway.call("GET", f"/v1/messages/{identifier}", key=key))["status"]) != state:
            if time.monotonic() > deadline:
                story = gateway.call("GET", f"/v1/messages/{identifier}", key=key)
                raise SystemExit(f"a message is {seen}, not {state}: {story}")
            time.sleep(0.05)

    codes(simulator, gateway, key)
    fault = {"route": "message/sms/send", "times": 1}
    for lane in ("otp", "transactional", "bulk"):
        send("delivered", lane=lane)
    send("undelivered", to="+998900000101")
    simulator.call("POST", "/_simulator/tokens/expire")
    send("delivered")
    # Taken, and the answer lost: the reconciler settles it.
    simulator.call("POST", "/_simulator/faults", fault | {"outcome": "reset_after"})
    send("delivered")
    simulator.call("POST", "/_simulator/faults", fault | {"outcome": {"status": 400, "body": "{}"}})
    send("failed")
    # Enough failures in a row to open the breaker.
    simulator.call("POST", "/_simulator/faults", fault | {"outcome": 502, "times": 20})
    for _ in range(20):
        gateway.call("POST", "/v1/messages", {"to": "+998901234567", "text": "Salom"}, key)
    deadline = time.monotonic() + 30
    while "eskiz_breaker_openings_total{" not in gateway.call("GET", "/metrics", key=key):
        if time.monotonic() > deadline:
            raise SystemExit("the circuit breaker does not open")
        time.sleep(0.1)
    # They wait now: an alert that rests on this must have something to rest on.
    text = gateway.call("GET", "/metrics", key=key)
    waited = re.search(r'eskiz_queue_oldest_seconds\{lane="transactional"\} (\S+)', text)
    if not waited or float(waited[1]) <= 0:
        raise SystemExit(f"messages wait, and the gateway says {waited and waited[0]}")
    return text


def codes(simulator, gateway, key):
    """A code that is entered after a wrong one, one that is asked for too early, and one that is checked too late."""
    phone = "+998931112233"
    gateway.call("POST", "/v1/verifications", {"to": phone}, key)
    sms = json.loads(simulator.call("GET", f"/_simulator/messages/next?to={phone[1:]}&wait=10s"))
    wrong = "135792" if sms["code"] != "135792" else "246801"
    for code in (wrong, sms["code"], sms["code"]):
        gateway.call("POST", "/v1/verifications/check", {"to": phone, "code": code}, key)
    try:
        gateway.call("POST", "/v1/verifications", {"to": phone, "purpose": "payment"}, key)
    except SystemExit as refusal:
        if ": 429 " not in str(refusal):
            raise
    else:
        raise SystemExit("a second code within seconds is sent")


def families(text):
    """Name -> (kind, labels), from the text format."""
    found = {}
    for line in text.splitlines():
        if match := re.match(r"# TYPE (\S+) (\S+)", line):
            found[match[1]] = (match[2], set())
        elif match := re.match(r"(\w+)(?:\{(.*)\})? ", line):
            name = match[1]
            family = name if name in found else re.sub(r"_(bucket|sum|count)$", "", name)
            found[family][1].update(re.findall(r'(\w+)="', match[2] or ""))
    return {name: (kind, labels - {"le"}) for name, (kind, labels) in found.items()}


def documented():
    """Name -> (kind, labels), from the table of docs/operations.md."""
    found = {}
    section = DOCUMENT.read_text(encoding="utf-8").split("\n## Metrics\n")[1].split("\n## ")[0]
    for line in section.splitlines():
        if not line.startswith("| `"):
            continue
        names, kinds = line.split(" | ")[:2]
        names = re.findall(r"`(\w+)(?:\{([\w,]*)\})?`", names)
        kinds = kinds.split(", ")
        for index, (name, labels) in enumerate(names):
            found[name] = (kinds[min(index, len(kinds) - 1)].strip(), set(labels.split(",")) - {""})
    return found


def questions():
    """Each expression of rules and dashboard, with where it stands."""
    for path in RULES:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if "eskiz_" in line:
                yield f"{path.name}:{number}", line
    dashboard = json.loads(DASHBOARD.read_text(encoding="utf-8"))
    for panel in dashboard["panels"]:
        for target in panel.get("targets", []):
            yield f"dashboard, {panel['title']}", target["expr"]
    for variable in dashboard["templating"]["list"]:
        if "definition" in variable:
            yield f"dashboard, variable {variable['name']}", variable["definition"]


def check_question(place, text, known):
    names = set(re.findall(r"\beskiz_\w+", text))
    for name in names:
        family = name if name in known else re.sub(r"_(bucket|sum|count)$", "", name)
        if family not in known or (family != name and known[family][0] != "histogram"):
            yield f"{place}: the gateway has no {name}"
            continue
        for selector in re.findall(rf"\b{name}\{{([^}}]*)\}}", text):
            unknown = set(re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", selector)) - known[family][1] - OUTSIDE
            if unknown:
                yield f"{place}: {name} has no label {', '.join(sorted(unknown))}"
    labels = set().union(*(known[n][1] for n in names if n in known), set()) | OUTSIDE
    labels = labels.union(*(known[re.sub(r"_(bucket|sum|count)$", "", n)][1] for n in names if n not in known
                            and re.sub(r"_(bucket|sum|count)$", "", n) in known), set())
    for group in re.findall(r"\b(?:by|on|without)\s*\(([^)]*)\)", text):
        unknown = {label.strip() for label in group.split(",")} - labels - {""}
        if unknown:
            yield f"{place}: grouped by {', '.join(sorted(unknown))}, which none of its metrics has"


def check_dashboard():
    """What Grafana's dashboard model asks for, and its import would silently drop or pile up."""
    dashboard = json.loads(DASHBOARD.read_text(encoding="utf-8"))
    # An id is the database's, not a file's; without these members Grafana makes up its own.
    for member in ("uid", "title", "schemaVersion", "panels", "templating", "time", "refresh", "annotations"):
        if member not in dashboard:
            yield f"dashboard: no {member}"
    if dashboard.get("id") is not None:
        yield "dashboard: the id of another Grafana's database"
    variables = {variable["name"] for variable in dashboard["templating"]["list"]}
    panels, ids, places = dashboard["panels"], set(), set()
    for panel in panels:
        title = f"dashboard, {panel.get('title') or panel.get('id')}"
        if panel["id"] in ids:
            yield f"{title}: its id is another panel's"
        ids.add(panel["id"])
        if panel["type"] not in ("row", "stat", "timeseries", "table", "gauge", "bargauge", "heatmap", "text"):
            yield f"{title}: Grafana has no panel «{panel['type']}» without a plug-in"
        place = panel["gridPos"]
        cells = {(x, y) for x in range(place["x"], place["x"] + place["w"]) for y in range(place["y"], place["y"] + place["h"])}
        if not cells or cells & places or place["x"] + place["w"] > 24:
            yield f"{title}: lies on another panel, or beside the grid of 24"
        places |= cells
        references = [target["refId"] for target in panel.get("targets", [])]
        if len(set(references)) != len(references):
            yield f"{title}: two questions of one refId"
        for part in [panel, *panel.get("targets", [])]:
            if part.get("datasource") and part["datasource"] != {"type": "prometheus", "uid": "${datasource}"}:
                yield f"{title}: a data source of another Grafana"
        used = set(re.findall(r"\$\{?(\w+)", json.dumps(panel))) - {"__rate_interval", "__interval", "__range"}
        if used - variables:
            yield f"{title}: no variable {', '.join(sorted(used - variables))}"


def main():
    eskiz = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        text = live(eskiz, folder)
    known, told = families(text), documented()
    findings = []
    for name in sorted(known.keys() | told.keys()):
        if name not in told:
            findings.append(f"docs/operations.md does not explain {name}")
        elif name not in known:
            findings.append(f"docs/operations.md explains {name}, which a gateway that has seen everything does not have")
        elif known[name] != told[name]:
            findings.append(f"{name} is {known[name]}, and {told[name]} in docs/operations.md")
    for place, question in questions():
        findings += check_question(place, question, known)
    findings += check_dashboard()
    promtool = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True, check=False)
    if promtool.returncode != 0:
        findings.append(f"promtool: {promtool.stdout}{promtool.stderr}")
    for finding in findings:
        print(finding, file=sys.stderr)
    if findings:
        raise SystemExit("Broken: metrics, document, rules and dashboard agree.")
    print(f"{len(known)} metrics: document, rules and dashboard name them all, and no other.")


main()
