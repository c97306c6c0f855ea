"""Asks a gateway below a path (ESKIZ_BASE_PATH) through a real nginx: one that strips the path, and one that does not.

    base_path.py ESKIZ

Page, files, redirects, cookies, APIs, streams and Eskiz's delivery reports come through the proxy, as from outside.
"""

import html
import http.client
import json
import os
import pathlib
import re
import secrets
import subprocess
import sys
import tempfile
import time
from urllib.parse import urlencode, urlsplit

from proxy import Process, expect, free_port, nginx, wait_until

BASE = "/sms"
NGINX = """
server {{
    listen 127.0.0.1:{port};
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_set_header Host $http_host;
    proxy_set_header X-Forwarded-Proto $scheme;
    proxy_buffering off;
    location = {base} {{ return 308 {base}/; }}
    # With a path in proxy_pass nginx puts it in the place of the location's; without one it passes all on.
    location {base}/ {{ proxy_pass {gateway}{strip}; }}
}}
"""


class Outside:
    """Somebody who knows the proxy's address only."""

    def __init__(self, port):
        self.port = port
        self.cookies = {}

    def open(self, method, path, body=None, headers=None, timeout=30):
        headers = dict(headers or {})
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            pair, *attributes = cookie.split("; ")
            name, value = pair.split("=", 1)
            expect(f"Path={BASE}" in attributes, f"the cookie {name} is for {attributes}")
            if "Max-Age=0" in attributes:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value
        return connection, answer

    def ask(self, method, path, body=None, headers=None):
        connection, answer = self.open(method, path, body, headers)
        text = answer.read().decode()
        connection.close()
        return answer.status, answer.headers, text

    def get(self, path, status=200):
        seen, headers, text = self.ask("GET", path, headers={"Accept": "text/html"})
        expect(seen == status, f"GET {path}: {seen} instead of {status}")
        return headers, text

    def form(self, path, **fields):
        """What a browser sends from a page of ours; it has to lead to another one below the path."""
        status, headers, text = self.ask(
            "POST", path, urlencode(fields),
            {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://127.0.0.1:{self.port}"},
        )
        expect(status == 303, f"POST {path}: {status} {re.sub('<[^>]*>', ' ', text)[:400]}")
        expect(headers["Location"].startswith(f"{BASE}/"), f"POST {path} leads to {headers['Location']}")
        return headers["Location"]

    def call(self, method, path, body=None, token=None, status=200):
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        seen, headers, text = self.ask(method, path, None if body is None else json.dumps(body), headers)
        expect(seen == status, f"{method} {path}: {seen} {text}")
        return headers, json.loads(text)


def links(page):
    found = re.findall(r'\s(?:href|action|src|data-events)="([^"]*)"', page)
    return [html.unescape(link) for link in found if not link.startswith("#")]


def pages(browser, key, message):
    headers, _ = browser.get(BASE, 308)
    expect(urlsplit(headers["Location"]).path == f"{BASE}/", f"without its slash it leads to {headers['Location']}")
    headers, _ = browser.get(f"{BASE}/messages?lane=bulk", 303)
    _, form = browser.get(headers["Location"])
    expect(f"{BASE}/sign-in" in links(form), "the form that asks for a key leads elsewhere")
    back = browser.form(f"{BASE}/sign-in", key=key, next="/messages?lane=bulk")
    expect(back == f"{BASE}/messages?lane=bulk", f"after signing in one is at {back}")
    known, waiting = set(), [f"{BASE}/", back, f"{BASE}/messages/{message}", f"{BASE}/audit"]
    while waiting and len(known) < 150:
        address = waiting.pop()
        # Actions and streams are not looked at; language and theme are the same page once more.
        if address in known or re.search(r"/(live|sign-out|token/renew|bulk|codes/prefix)$|[?&](lang|theme)=", address):
            continue
        known.add(address)
        headers, text = browser.get(address)
        if headers["Content-Type"].startswith("text/html"):
            expect(all(link.startswith(f"{BASE}/") for link in links(text)), f"{address} leads to {links(text)}")
            waiting += links(text)
    expect({"icon.svg", "gateway.css", "gateway.js"} <= {urlsplit(a).path.rsplit("/", 1)[1] for a in known}, "files of the page")
    connection, answer = browser.open("GET", f"{BASE}/live")
    expect(b"event: change" in answer.read(40), "the page hears nothing")
    connection.close()
    page = browser.get(f"{BASE}/")[1]
    csrf = re.search(r'name="csrf" value="([^"]+)"', page)[1]
    browser.form(f"{BASE}/token/renew", csrf=csrf, back="/?range=day")
    browser.form(f"{BASE}/sign-out", csrf=csrf)
    expect("eskiz-gateway-session" not in browser.cookies, "signed out, and the cookie is there")
    return len(known)


def apis(outside, key):
    _, ticket = outside.call("POST", f"{BASE}/v1/events/ticket", {}, key)
    connection, stream = outside.open("GET", f"{BASE}/v1/events?ticket={ticket['ticket']}")
    expect(stream.status == 200, f"the stream of events: {stream.status}")
    headers, message = outside.call(
        "POST", f"{BASE}/v1/messages", {"to": "+998901234567", "text": "Salom", "lane": "bulk"}, key, 202
    )
    expect(headers["Location"] == f"{BASE}/v1/messages/{message['id']}", f"the message is said to be at {headers['Location']}")
    heard = ""
    while '"delivered"' not in heard:
        heard += stream.readline().decode()
    connection.close()
    _, story = outside.call("GET", headers["Location"], token=key)
    expect(story["status"] == "delivered", f"it is {story['status']}")
    _, description = outside.call("GET", f"{BASE}/openapi.json", token=key)
    expect(description["servers"] == [{"url": BASE}], f"openapi.json: {description['servers']}")
    # A client of Eskiz's own API, which follows the links of its answers.
    _, login = outside.call("POST", f"{BASE}/api/auth/login", {"email": "a@example.test", "password": key})
    token = login["data"]["token"]
    outside.call("POST", f"{BASE}/api/message/sms/send", {"mobile_phone": "998901234567", "message": "Salom", "from": "4546"}, token)
    day = time.strftime("%Y-%m-%d")
    _, listed = outside.call(
        "POST", f"{BASE}/api/message/sms/get-user-messages",
        {"start_date": f"{day} 00:00", "end_date": f"{day} 23:59", "page_size": 20}, token,
    )
    home = f"http://127.0.0.1:{outside.port}{BASE}/api/message/sms/get-user-messages"
    expect(listed["data"]["path"] == home, f"the list says of itself {listed['data']['path']}")
    return message["id"]


def behind(eskiz, folder, strip):
    key = "esk_" + secrets.token_hex(16)
    port = free_port()
    surroundings = {"HOME": folder, "PATH": os.environ["PATH"], "ESKIZ_LOG_LEVEL": "warning"}
    processes = []

    def start(arguments, environment=surroundings):
        processes.append(Process(arguments, environment, folder))
        return processes[-1]

    try:
        simulator = start([eskiz, "simulate", "--listen", "127.0.0.1:0"]).address()
        settings = surroundings | {
            "ESKIZ_EMAIL": "demo@example.test", "ESKIZ_PASSWORD": "demo-key", "ESKIZ_BASE_URL": f"{simulator}/api",
            "ESKIZ_STATE_DIR": f"{folder}/state", "ESKIZ_API_KEYS": key, "ESKIZ_LISTEN": "127.0.0.1:0",
            "ESKIZ_BASE_PATH": BASE, "ESKIZ_CALLBACK_URL": f"http://127.0.0.1:{port}",
        }
        gateway = start([eskiz, "serve"], settings).address()
        processes.append(nginx(
            NGINX.format(port=port, base=BASE, gateway=gateway, strip="/" if strip else ""), surroundings, folder
        ))
        outside = Outside(port)

        def is_up():
            try:
                return outside.ask("GET", f"{BASE}/healthz")[0] == 200
            except OSError:
                return False

        wait_until("nginx", is_up)
        message = apis(outside, key)
        count = pages(outside, key, message)
        verb = subprocess.run(
            [eskiz, "explain", message, "--json", "--gateway", f"http://127.0.0.1:{port}{BASE}"],
            env=settings, cwd=folder, capture_output=True, text=True, check=False,
        )
        expect(verb.returncode == 0 and json.loads(verb.stdout)["status"] == "delivered", f"explain: {verb.stderr}")
        reports = re.findall(r'"POST (\S*)/callbacks/eskiz/\S+ \S+" (\d+)', pathlib.Path(folder, "access.log").read_text())
        expect(reports and set(reports) == {(BASE, "200")}, f"reports came as {set(reports)}")
        return count
    finally:
        for process in reversed(processes):
            process.end()


def main():
    eskiz = os.path.abspath(sys.argv[1])
    for strip in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            count = behind(eskiz, folder, strip)
        print(f"Behind an nginx that {'strips' if strip else 'passes on'} {BASE}: {count} pages and files, both APIs, "
              "events and delivery reports.")


main()
