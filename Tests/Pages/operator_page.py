"""Drives the gateway's pages in a real browser, as an operator would.

    python operator_page.py BINARY [--screenshots FOLDER]

BINARY is the built `eskiz`. Chromium and its driver are Debian's, the rest is in requirements-operator-page.txt. Simulator
and gateway run on free ports of 127.0.0.1, the browser without a window. Nothing leaves this machine.
"""

import contextlib
import json
import math
import os
import random
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

from browser import DESKTOP, PATIENCE, PHONE, main
from operator_codes import CODE_STEPS
from operator_messages import MESSAGE_STEPS
from selenium.webdriver.common.by import By

ADMIN = "operator-page-admin-key-0123456789"
NARROW = (360, 780)


class Gateway:
    """A gateway that sends to a simulator, and clients of both."""

    def __init__(self, binary):
        self.binary = os.path.abspath(binary)
        self.admin = ADMIN
        self.folder = tempfile.TemporaryDirectory()
        self.processes = []
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        self.simulator = self.start("simulate")
        self.base = self.start("serve")
        self.reader = self.eskiz("keys", "add", "look", "--scope", "read", "--json")["key"]
        self.sender = self.eskiz("keys", "add", "app", "--scope", "send", "--json")["key"]

    @property
    def environment(self):
        return {
            "PATH": os.environ["PATH"],
            "HOME": self.folder.name,
            "ESKIZ_STATE_DIR": os.path.join(self.folder.name, "state"),
            "ESKIZ_BASE_URL": getattr(self, "simulator", "http://127.0.0.1:1") + "/api",
            "ESKIZ_EMAIL": "demo@example.test",
            "ESKIZ_PASSWORD": "demo-key",
            "ESKIZ_API_KEYS": ADMIN,
            "ESKIZ_LOG_FILE": "",
        }

    def start(self, verb, port=0):
        process = subprocess.Popen(
            [self.binary, verb, "--listen", f"127.0.0.1:{port}"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=self.environment,
            cwd=self.folder.name,
        )
        self.processes.append(process)
        for line in process.stdout:
            found = re.search(r"http://127\.0\.0\.1:\d+", line)
            if found:
                return found.group(0)
        raise AssertionError(f"eskiz {verb} did not start")

    def restart_with_a_week_behind(self):
        self.processes[-1].terminate()
        self.processes[-1].wait(timeout=PATIENCE)
        minute = int(time.time()) // 60
        shares = {90: 5, 91: 2, 93: 4, 94: 2, 97: 3, 88: 1, 99: 2, 33: 1}
        # Busy at noon, quiet at night, a little more each day.
        dice = random.Random(4)
        rows = []
        for back in range(8 * 1440):
            hour = (minute - back) // 60 % 24 + 5
            busy = max(0.05, math.sin((hour - 7) / 24 * 2 * math.pi) + 0.6) * (1.2 - back / 20000)
            for prefix, share in shares.items():
                accepted = int(dice.gauss(busy * share, 0.8) + 0.5)
                if accepted > 0:
                    lost = sum(dice.random() < 0.02 for _ in range(accepted))
                    steps = [min(4, max(0, int(dice.gauss(1.6, 0.9)))) for _ in range(accepted - lost)]
                    times = [steps.count(step) for step in range(5)]
                    rows.append((minute - back, prefix, accepted, accepted, accepted, accepted - lost, lost, *times))
        with contextlib.closing(sqlite3.connect(os.path.join(self.folder.name, "state", "eskiz.sqlite"))) as database:
            database.execute("DELETE FROM activity")
            database.executemany(
                "INSERT INTO activity (minute, operator, accepted, submitted, segments, delivered, undelivered, failed, expired,"
                " within_1_s, within_2_s, within_5_s, within_10_s, within_20_s, within_30_s, within_60_s, within_120_s,"
                " within_300_s, within_900_s, within_3600_s, later)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, ?, ?, ?, ?, ?, 0, 0, 0, 0, 0, 0, 0)",
                rows,
            )
            database.commit()
        self.base = self.start("serve")

    def stop(self):
        for process in reversed(self.processes):
            if process.poll() is None:
                process.terminate()
                process.wait(timeout=PATIENCE)
        self.folder.cleanup()

    def eskiz(self, *arguments):
        done = subprocess.run(
            [self.binary, *arguments], env=self.environment, cwd=self.folder.name, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def ask(self, method, address, body=None, key=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(address, data=data, method=method)
        request.add_header("Content-Type", "application/json")
        if key:
            request.add_header("Authorization", f"Bearer {key}")
        try:
            with self.opener.open(request, timeout=PATIENCE) as answer:
                content = answer.read()
                return json.loads(content) if content else None
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{method} {address}: {error.code} {error.read().decode()}") from error

    def control(self, method, path, body=None):
        return self.ask(method, f"{self.simulator}/_simulator/{path}", body)

    def send(self, text="Kodingiz: 482915", to="+998901234567", lane="otp", **fields):
        return self.ask("POST", f"{self.base}/v1/messages", {"to": to, "text": text, "lane": lane, **fields}, ADMIN)

    def message(self, sent):
        return self.ask("GET", f"{self.base}/v1/messages/{sent['id']}", key=ADMIN)


def sign_in(browser, key, path="/"):
    browser.driver.get(browser.base + path)
    browser.one("#key").send_keys(key)
    browser.one(".sign-in .button.primary").click()


def a_wrong_key_does_not_get_in(gateway, browser):
    browser.driver.get(browser.base + "/")
    assert browser.one("h1").text == "Sign in to the gateway"
    browser.axe("sign in")
    browser.shoot("operator-sign-in")
    sign_in(browser, "not-a-key-of-anybody")
    browser.until(lambda: browser.one("#key-error").text == "This key is not accepted.", "a wrong key is refused")
    sign_in(browser, gateway.sender)
    browser.until(lambda: "scope read or admin" in browser.one("#key-error").text, "a key that only sends is refused")


def a_page_that_was_asked_for_is_shown_after_signing_in(_, browser):
    browser.driver.get(browser.base + "/?range=day")
    browser.one("#key").send_keys(ADMIN)
    browser.one(".sign-in .button.primary").click()
    browser.until(lambda: "/?range=day" in browser.driver.current_url, "the page comes back")
    cookie = browser.driver.get_cookie("eskiz-gateway-session")
    assert cookie["httpOnly"] and cookie["sameSite"] == "Strict", cookie
    assert ADMIN not in cookie["value"]
    browser.open("/")


def a_message_is_watched_from_queued_to_delivered(gateway, browser):
    gateway.control("POST", "faults", {"route": "message/sms/send", "outcome": {"delay": "1500ms"}, "times": 1})
    browser.open("/")
    browser.script("window.wasNotReloaded = true")
    before = int(browser.one("#today-delivered").text)
    gateway.send()
    browser.until(lambda: browser.one("#lane-otp .number").text == "1", "the code waits")
    browser.until(lambda: browser.one("#lane-otp .number").text == "0", "the code is sent")
    browser.until(lambda: int(browser.one("#today-delivered").text) == before + 1, "and is delivered")
    assert browser.script("return window.wasNotReloaded === true"), "the page was reloaded"
    assert browser.one("#health").text.startswith("All is well"), browser.one("#health").text


def dead_tokens_are_seen_to_heal(gateway, browser):
    gateway.control("POST", "tokens/expire")
    gateway.send("Kodingiz: 730164", to="+998931234567")
    browser.until(lambda: "Eskiz had refused it" in browser.one("#last-renewal").text, "the renewal and its reason")
    assert browser.one("#token .badge").text == "valid"


def a_token_is_renewed_by_hand(gateway, browser):
    browser.one("#renew").click()
    browser.until(lambda: browser.one("#ask").is_displayed(), "the question before it")
    browser.one("#ask button[value=no]").click()
    before = gateway.control("GET", "ledger")
    browser.one("#renew").click()
    browser.until(lambda: browser.one("#ask").is_displayed(), "the question again")
    browser.one("#ask-yes").click()
    browser.until(lambda: browser.texts(".notice") == ["The token was renewed."], "it says what was done")
    after = gateway.control("GET", "ledger")
    assert after["refreshes"] + after["logins"] == before["refreshes"] + before["logins"] + 1, after
    browser.until(lambda: "somebody asked for it" in browser.one("#last-renewal").text, "and why")


def what_is_refused_waits_for_a_person(gateway, browser):
    gateway.control(
        "POST",
        "faults",
        {
            "route": "message/sms/send",
            "times": 1,
            "outcome": {"status": 400, "body": '{"status":"error","message":"Text must be approved"}'},
        },
    )
    gateway.send("Salom", to="+998331234567", lane="transactional")
    browser.open("/")
    browser.until(lambda: browser.all("#attention .attention-list li"), "the refusal is named")
    assert browser.one("#health").text.startswith("Messages go out, but something needs a person."), "and said first"
    link = browser.one("#attention .attention-list a").get_attribute("href")
    assert "/messages?status=failed&error=" in link, link


def a_provider_that_is_away_is_said(gateway, browser):
    fault = gateway.control("POST", "faults", {"route": "message/*", "outcome": "reset_before"})
    for number in range(6):
        gateway.send(f"Kodingiz: 55{number:04}", to=f"+99890123000{number}")
    away = ["does not answer", "being tried"]
    browser.until(lambda: browser.one("#provider .badge").text in away, "the breaker opens")
    browser.until(lambda: browser.one("#health").text.startswith("Eskiz d"), "and the page says so")
    browser.shoot("operator-away")
    gateway.control("DELETE", f"faults/{fault['id']}")
    gateway.send("Kodingiz: 560000", to="+998901230006")
    browser.until(lambda: browser.one("#provider .badge").text == "answers", "the next message shows that it is back")


def the_charts_have_a_range_and_a_table(_, browser):
    for name, value in [("Day", "day"), ("Week", "week")]:
        [link] = [link for link in browser.all("#ranges a") if link.text == name]
        link.click()
        browser.until(lambda value=value: f"range={value}" in browser.driver.current_url, "the range is in the address")
        assert browser.one("#ranges [aria-current]").text == name
        assert browser.all("#chart svg .column rect")
    browser.one("#chart-table summary").click()
    header = browser.texts("#chart-table thead th")
    assert header == ["Time", "Accepted", "Submitted", "Delivered", "Not delivered"], header
    assert "Beeline" in browser.texts("#pace tbody th"), browser.texts("#pace tbody th")
    browser.open("/")


def a_reader_sees_and_cannot_act(gateway, browser):
    browser.one("#sign-out").click()
    browser.until(lambda: browser.all("#key"), "signed out")
    sign_in(browser, gateway.reader)
    browser.until(lambda: browser.all("#health"), "a reader gets in")
    assert not browser.all("#renew"), "there is no button"
    browser.one("#sign-out").click()
    browser.until(lambda: browser.all("#key"), "signed out")
    sign_in(browser, ADMIN)
    browser.until(lambda: browser.all("#renew"), "and the operator is back")


def whoever_is_signed_out_is_asked_to_sign_in(_, browser):
    complaints = [text for text in browser.complaints() if "403" not in text]
    assert not complaints, complaints
    browser.open("/messages?status=failed")
    page = browser.driver.current_window_handle
    browser.driver.switch_to.new_window("tab")
    browser.open("/")
    browser.one("#sign-out").click()
    browser.until(lambda: browser.all("#key"), "signed out")
    browser.driver.close()
    browser.driver.switch_to.window(page)
    browser.until(lambda: browser.all("#key"), "the other tab does not pretend that the connection is lost")
    browser.one("#key").send_keys(ADMIN)
    browser.one(".sign-in .button.primary").click()
    browser.until(lambda: "/messages?status=failed" in browser.driver.current_url, "and comes back to where it was")
    # That the events were refused is noted by the browser, and wanted.
    complaints = [text for text in browser.complaints() if "401" not in text]
    assert not complaints, complaints


def the_language_is_switched(_, browser):
    browser.open("/")
    for tag, title in [("uz", "Navbat"), ("ru", "Очередь"), ("en", "Queue")]:
        browser.one("#menu summary").click()
        browser.one(f"[data-language={tag}]").click()
        browser.until(lambda title=title: browser.one("#queue-title").text == title, title)
        assert browser.one("html").get_attribute("lang") == tag


def a_theme_is_chosen(_, browser):
    ground = "return getComputedStyle(document.body).backgroundColor"
    browser.driver.get(browser.base + "/?theme=dark")
    dark = browser.script(ground)
    browser.driver.get(browser.base + "/")
    assert browser.script(ground) == dark, "the theme is remembered"
    browser.driver.get(browser.base + "/?theme=light")
    assert browser.script(ground) != dark
    browser.driver.get(browser.base + "/?theme=auto")


def it_fits_a_phone(_, browser):
    for size in [PHONE, NARROW]:
        browser.size(*size)
        for path in ["/", "/?range=week&lang=ru", "/?lang=uz", "/?lang=en"]:
            browser.open(path)
            wide = browser.script("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, f"{path} is {wide} pixels too wide at {size[0]}"
    browser.size(*DESKTOP)


def it_works_by_keyboard(_, browser):
    browser.open("/")
    reached = []
    for _step in range(30):
        browser.driver.switch_to.active_element.send_keys("\ue004")
        reached.append(browser.script("return document.activeElement.id || document.activeElement.className"))
    assert reached[0] == "skip" and "tab-messages" in reached and "renew" in reached, reached


def axe_finds_nothing(_, browser):
    for theme in ["light", "dark"]:
        browser.theme(theme)
        # The dark theme has the same nodes in other colours.
        rules = ["color-contrast"] if theme == "dark" else None
        for name, path in {"overview": "/", "overview-day": "/?range=day"}.items():
            browser.open(path)
            browser.axe(f"{name}, {theme}", rules)
            browser.shoot(f"operator-{name}-{theme}")
        browser.size(*NARROW)
        browser.open("/")
        browser.axe(f"phone, {theme}", rules)
        browser.shoot(f"operator-phone-{theme}")
        browser.size(*DESKTOP)
    browser.theme("light")


def it_reads_without_its_script(_, browser):
    browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    browser.driver.get(browser.base + "/")
    assert browser.one("#live").text == "Reload to update"
    browser.one("#renew").click()
    browser.until(lambda: browser.one(".notice").text == "The token was renewed.", "a form needs no script")
    browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def a_hidden_page_pauses(_, browser):
    browser.open("/")
    browser.script(
        """
        window.states = [];
        const note = () => window.states.push(document.querySelector("#live").dataset.state);
        new MutationObserver(note).observe(document.querySelector("#live"), { attributeFilter: ["data-state"] });
        """
    )
    page = browser.driver.current_window_handle
    browser.driver.switch_to.new_window("tab")
    browser.driver.close()
    browser.driver.switch_to.window(page)
    browser.until(lambda: browser.script("return window.states") == ["paused", "live"], "a pause, and live again")


def nothing_of_a_message_is_on_the_page(_, browser):
    page = browser.driver.page_source
    for secret in ["998901234567", "90 123 45 67", "482915", ADMIN, "demo-key"]:
        assert secret not in page, secret
    complaints = [text for text in browser.complaints() if "403" not in text]
    assert not complaints, complaints
    foreign = browser.foreign_requests()
    assert not foreign, foreign


def a_week_is_drawn(gateway, browser):
    """A week of traffic is written into the database, because nobody can wait for one: for the pictures, and for the eye."""
    gateway.restart_with_a_week_behind()
    # A session outlives the process.
    browser.base = gateway.base
    for theme in ["light", "dark"]:
        browser.theme(theme)
        for name, path, size in [("day", "/?range=day", DESKTOP), ("week", "/?range=week", DESKTOP), ("week-phone", "/", NARROW)]:
            browser.size(*size)
            browser.open(path)
            tall = browser.script("return document.documentElement.scrollHeight")
            browser.size(size[0], tall if size == DESKTOP else size[1])
            browser.shoot(f"operator-{name}-{theme}")
    browser.size(*DESKTOP)
    browser.theme("light")
    browser.open("/?range=week")
    drawn = browser.script(
        "return [...document.querySelectorAll('.bar-accepted')].filter((bar) => bar.getAttribute('height') !== '0.0').length"
    )
    assert drawn >= 50, f"{drawn} of 56 columns"
    names = browser.texts("#pace tbody th")
    assert names[:2] == ["Beeline", "Ucell"], names


def a_lost_connection_is_said_and_found_again(gateway, browser):
    browser.open("/")
    gateway.processes[-1].terminate()
    gateway.processes[-1].wait(timeout=PATIENCE)
    browser.until(lambda: browser.one("#live").text == "Connection lost", "the page says that it is cut off")
    gateway.start("serve", port=gateway.base.rsplit(":", 1)[1])
    browser.until(lambda: browser.one("#live").text == "Live", "and when it is back")


STEPS = [
    a_wrong_key_does_not_get_in,
    a_page_that_was_asked_for_is_shown_after_signing_in,
    a_message_is_watched_from_queued_to_delivered,
    dead_tokens_are_seen_to_heal,
    a_token_is_renewed_by_hand,
    what_is_refused_waits_for_a_person,
    a_provider_that_is_away_is_said,
    the_charts_have_a_range_and_a_table,
    *MESSAGE_STEPS,
    *CODE_STEPS,
    a_reader_sees_and_cannot_act,
    whoever_is_signed_out_is_asked_to_sign_in,
    the_language_is_switched,
    a_theme_is_chosen,
    it_fits_a_phone,
    it_works_by_keyboard,
    axe_finds_nothing,
    it_reads_without_its_script,
    a_hidden_page_pauses,
    nothing_of_a_message_is_on_the_page,
    a_week_is_drawn,
    a_lost_connection_is_said_and_found_again,
]

if __name__ == "__main__":
    sys.exit(main(__doc__, STEPS, Gateway))
