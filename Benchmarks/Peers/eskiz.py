"""The gateway of this project, with the simulator of Eskiz as its sink."""

import collections
import os

import load
from Peers.contender import DELAY, TEXT, HTTPContender, Sink, ask, free_port


class Eskiz(HTTPContender):
    name = "`eskiz serve`"
    keeps = "SQLite, `synchronous=FULL`, in groups"
    kills = {"the gateway": ()}
    # A message whose sending was cut off is looked for at Eskiz, twice, before it is sent again.
    patience = 240
    method, path, body = "POST", "/v1/messages", load.message(text=TEXT)
    headers = (("Authorization", f"Bearer {load.KEY}"), ("Content-Type", "application/json"))

    def prepare(self):
        self.port = free_port()

    def start(self):
        state = self.folder / "state"
        state.mkdir(exist_ok=True)
        environment = {
            "PATH": os.environ["PATH"], "HOME": str(self.folder), "ESKIZ_STATE_DIR": str(state), "ESKIZ_LOG_LEVEL": "error",
            "ESKIZ_BASE_URL": f"http://127.0.0.1:{self.sink_http}/api", "ESKIZ_EMAIL": "demo@example.test",
            "ESKIZ_PASSWORD": "demo-key", "ESKIZ_API_KEYS": load.KEY, "ESKIZ_LISTEN": f"127.0.0.1:{self.port}", "ESKIZ_LOG_FILE": "",
        }
        self.run("eskiz", [str(self.tools.eskiz), "serve"], self.port, environment)

    def sink(self):
        command = [self.tools.eskiz, "simulate", "--listen", f"127.0.0.1:{self.sink_http}", "--log-level", "error"]
        sink = Simulator(command, self.sink_http, self.folder)
        fault = {"route": "message/sms/send", "outcome": {"delay": f"{DELAY}ms"}}
        ask(self.sink_http, "POST", "/_simulator/faults", fault, {"Content-Type": "application/json"})
        return sink


class Simulator(Sink):
    """Remembers the newest 100,000 messages."""

    def arrived(self):
        answer = ask(self.port, "GET", "/_simulator/messages?limit=100000")
        messages = answer if isinstance(answer, list) else answer["messages"]
        return collections.Counter(str(message["to"]).lstrip("+") for message in messages)
