"""Drives the simulator's pages in a real browser, as a developer would.

    python inbox_page.py BINARY [--screenshots FOLDER]

BINARY is the built `eskiz`. Chromium and its driver are Debian's, the rest is in requirements-inbox-page.txt. The simulator
runs on a free port of 127.0.0.1, the browser without a window. Nothing leaves this machine.
"""

import json
import re
import subprocess
import sys
import urllib.error
import urllib.request

from browser import DESKTOP, PATIENCE, PHONE, main
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys


class Simulator:
    """The running simulator, and a client of its two APIs."""

    def __init__(self, binary):
        self.process = subprocess.Popen(
            [binary, "simulate", "--listen", "127.0.0.1:0"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.base = None
        said = []
        for line in self.process.stdout:
            said.append(line)
            found = re.search(r"http://127\.0\.0\.1:\d+", line)
            if found:
                self.base = found.group(0)
                break
        assert self.base, "the simulator did not start:\n" + "".join(said)
        self.token = None
        # A proxy of the environment must not get to see loopback traffic.
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=PATIENCE)

    def ask(self, method, path, body=None, signed=False):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data=data, method=method)
        request.add_header("Content-Type", "application/json")
        if signed:
            request.add_header("Authorization", f"Bearer {self.token}")
        try:
            with self.opener.open(request, timeout=PATIENCE) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as error:
            # The proxy in front of the provider answers in HTML.
            return error.code, error.read().decode()

    def control(self, method, path, body=None):
        status, document = self.ask(method, f"/_simulator/{path}", body)
        assert 200 <= status < 300, f"{method} {path}: {status} {document}"
        return document

    def log_in(self):
        credentials = {"email": "demo@example.test", "password": "demo-key"}
        status, document = self.ask("POST", "/api/auth/login", credentials)
        assert status == 200, document
        self.token = document["data"]["token"]

    def send(self, text, to="998901234567"):
        message = {"mobile_phone": to, "message": text, "from": "4546"}
        return self.ask("POST", "/api/message/sms/send", message, signed=True)

    def send_healing(self, text, to="998901234567"):
        """As a good client does: after a 401 it refreshes, else logs in, and sends again."""
        status, _ = self.send(text, to)
        if status == 401:
            status, document = self.ask("PATCH", "/api/auth/refresh", {}, signed=True)
            if status == 200:
                self.token = document["data"]["token"]
            else:
                self.log_in()
            status, _ = self.send(text, to)
        assert status == 200, status


def an_empty_inbox_says_how_to_begin(simulator, browser):
    browser.open("/")
    assert f"{simulator.base}/api" in browser.one(".welcome").text
    browser.axe("empty inbox")
    browser.shoot("inbox-empty")
    browser.one("[data-sample]").click()
    browser.until(lambda: browser.all(".bubble .code"), "the sample code is on a phone")
    simulator.control("POST", "reset")
    browser.until(lambda: browser.all(".welcome"), "a reset is seen without reload")


def a_message_is_watched_from_waiting_to_delivered(simulator, browser):
    simulator.control("PUT", "behaviour", {"stored_after": 1, "accepted_after": 2, "delivered_after": 3})
    simulator.log_in()
    browser.script("window.wasNotReloaded = true")
    simulator.send("Tasdiqlash kodi: 482915. Uni hech kimga aytmang.")
    seen = []

    def reaches_the_end():
        state = browser.texts(".bubble .badge")
        if state and state[-1] not in seen:
            seen.append(state[-1])
        return seen and seen[-1] == "delivered"

    browser.until(reaches_the_end, "the message is delivered")
    assert seen == ["waiting", "stored", "with the operator", "delivered"], seen
    assert browser.script("return window.wasNotReloaded === true"), "the page was reloaded"
    assert browser.driver.title.startswith("482915"), browser.driver.title
    simulator.control("DELETE", "behaviour")


def a_code_is_copied_by_one_click(_, browser):
    browser.driver.execute_cdp_cmd(
        "Browser.grantPermissions", {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}
    )
    browser.one(".bubble .code").click()
    browser.until(lambda: "is-copied" in browser.one(".bubble .code").get_attribute("class"), "the button says so")
    read = "navigator.clipboard.readText().then(arguments[arguments.length - 1], (e) => arguments[0](`${e}`))"
    assert browser.driver.execute_async_script(read) == "482915"


def a_dead_token_is_seen_to_heal(simulator, browser):
    browser.open("/calls")
    simulator_calls = len(simulator.control("GET", "ledger")["calls"])
    browser.open("/")
    browser.one("#expire").click()
    browser.until(lambda: browser.all(".toast"), "the button answers")
    simulator.send_healing("Kirish kodi: 730164")
    browser.until(lambda: browser.all("#rail-calls .episode.is-healed"), "the renewal stands beside the inbox")
    assert len(simulator.control("GET", "ledger")["calls"]) == simulator_calls + 4
    browser.open("/calls")
    flow = browser.texts("#ledger .episode .flow .badge")
    assert flow == ["send 401", "refresh 401", "login 200", "send 200"], flow
    assert browser.one("#ledger .episode strong").text == "Refused, renewed, sent again"
    statuses = browser.texts("#ledger .episode .call .call-status")
    assert statuses == ["401", "401", "200", "200"], statuses


def a_send_that_is_made_to_fail_is_seen_to_heal(simulator, browser):
    # A fault looks at no token, and the ledger does not know whose call it was.
    browser.open("/calls")
    simulator.control("POST", "faults", {"route": "message/sms/send", "outcome": 401, "times": 1})
    simulator.log_in()
    simulator.send_healing("Kirish kodi: 730165")
    browser.until(
        lambda: browser.texts("#ledger .episode:first-child .flow .badge") == ["send 401", "refresh 200", "send 200"],
        "the 401, the refresh and the second send stand together",
    )


def a_call_is_shown_word_for_word_without_its_secrets(simulator, browser):
    browser.one("#ledger .episode .call a").click()
    browser.until(lambda: browser.all("#raw-request"), "the call opens")
    page = browser.driver.page_source
    assert "POST /api/message/sms/send" in page and "Kirish kodi: 730164" in page
    assert simulator.token not in page and "demo-key" not in page
    assert f"Bearer {simulator.token[:20]}" in page or "Bearer eyJ" in page
    command = browser.one("#curl-text").text
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=PATIENCE)
    assert "HTTP/1.1 200" in done.stdout, f"{command}\n{done.stdout}{done.stderr}"


def the_controls_do_what_they_say(simulator, browser):
    browser.open("/controls")
    browser.one("#quick-failure").find_element(By.XPATH, "..").find_element(By.CSS_SELECTOR, "button").click()
    browser.until(lambda: browser.all("#fault-part .fault-list"), "the fault is listed")
    assert simulator.control("GET", "faults")[0]["outcome"] == {"status": 401}
    browser.one("#quick-up button").click()
    browser.until(lambda: browser.all("#quick-down"), "the provider is down")
    assert simulator.ask("GET", "/api/nick/me", signed=True)[0] == 503
    browser.one("#quick-down button").click()
    browser.until(lambda: browser.all("#quick-up"), "the provider is back")
    simulator.control("DELETE", "faults")
    delay = browser.one("#quick-delay")
    delay.find_element(By.CSS_SELECTOR, "option:nth-of-type(2)").click()
    browser.until(lambda: simulator.control("GET", "behaviour")["latency"].get("*"), "answers take their time")
    browser.one("#g-groupCredentials summary").click()
    browser.one("#s-old_token").find_element(By.CSS_SELECTOR, "option:nth-of-type(2)").click()
    browser.until(lambda: simulator.control("GET", "behaviour")["old_token"] == "revoked", "the switch is set")
    browser.until(lambda: "is-changed" in browser.one("#sw-old_token").get_attribute("class"), "and marked")
    field = browser.one("#s-refresh_horizon")
    field.clear()
    field.send_keys("15d", Keys.ENTER)
    browser.until(lambda: simulator.control("GET", "behaviour")["refresh_horizon"] == 1296000, "a duration is set")
    field = browser.one("#s-refresh_horizon")
    field.clear()
    field.send_keys("soon", Keys.ENTER)
    browser.until(lambda: browser.all(".toast.is-bad"), "a bad value is refused aloud")
    # The browser notes the refusal too; anything else would be a fault of the page.
    complaints = browser.complaints()
    assert len(complaints) == 1 and "status of 400" in complaints[0], complaints
    simulator.control("DELETE", "behaviour")
    before = simulator.control("GET", "clock")["advanced"]
    button = browser.one("#clock button")
    browser.script("arguments[0].scrollIntoView({ block: 'center' })", button)
    button.click()
    browser.until(lambda: simulator.control("GET", "clock")["advanced"] == before + 3600, "the clock moves")


def a_search_narrows_while_typing(simulator, browser):
    simulator.log_in()
    simulator.send("Ваш код: 551204", to="998931234567")
    simulator.send("Toʻlov kodi: 770012", to="998330000101")
    browser.open("/")
    browser.until(lambda: len(browser.all(".phone")) == 3, "three phones")
    browser.one("body").send_keys("/")
    browser.driver.switch_to.active_element.send_keys("551")
    browser.until(lambda: browser.texts(".phone-number") == ["+998 93 123 45 67"], "one is left")
    assert "q=551" in browser.driver.current_url
    assert browser.driver.switch_to.active_element.get_attribute("id") == "q", "the field keeps the focus"
    browser.one("#q").clear()
    browser.one("#q").send_keys("a", Keys.BACKSPACE)
    browser.until(lambda: len(browser.all(".phone")) == 3, "all are back")


def the_language_is_switched(_, browser):
    browser.open("/")
    for tag, title in [("uz", "Telefonlar"), ("ru", "Телефоны"), ("en", "Phones")]:
        browser.one("#menu summary").click()
        browser.one(f"[data-language={tag}]").click()
        browser.until(lambda title=title: browser.one("#phones-title").text == title, title)
        assert browser.one("html").get_attribute("lang") == tag
    browser.driver.delete_all_cookies()


def it_fits_a_phone(_, browser):
    browser.size(*PHONE)
    for path in ["/", "/?to=998901234567", "/calls", "/calls/2", "/controls", "/messages/90000001"]:
        browser.open(path)
        wide = browser.script("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{path} is {wide} pixels too wide"
    browser.open("/")
    assert browser.one(".phones").is_displayed() and not browser.one(".talk").is_displayed()
    browser.one(".phone").click()
    browser.until(lambda: browser.one(".talk").is_displayed(), "the conversation opens")
    assert not browser.one(".phones").is_displayed()
    browser.one(".back").click()
    browser.until(lambda: browser.one(".phones").is_displayed(), "and closes")
    browser.size(*DESKTOP)


def it_works_by_keyboard(_, browser):
    browser.open("/")
    reached = []
    for _step in range(14):
        browser.one("body") if not reached else None
        browser.driver.switch_to.active_element.send_keys(Keys.TAB)
        reached.append(browser.script("return document.activeElement.className || document.activeElement.id"))
    assert reached[0] == "skip" and "phone" in reached and "brand" in reached, reached


def axe_finds_nothing(_, browser):
    pages = {
        "inbox": "/?to=998901234567", "calls": "/calls", "call": "/calls/2", "controls": "/controls",
        "message": "/messages/90000001",
    }
    for theme in ["light", "dark"]:
        browser.theme(theme)
        # The dark theme has the same nodes in other colours.
        rules = ["color-contrast"] if theme == "dark" else None
        for name, path in pages.items():
            browser.open(path)
            if name == "controls":
                browser.script("for (const group of document.querySelectorAll('.group')) group.open = true")
            browser.axe(f"{name}, {theme}", rules)
            if name == "controls":
                browser.script("for (const group of document.querySelectorAll('.group')) group.open = false")
            browser.shoot(f"{name}-{theme}")
        browser.size(*PHONE)
        browser.open("/?to=998901234567")
        browser.axe(f"phone, {theme}", rules)
        browser.shoot(f"phone-{theme}")
        browser.size(*DESKTOP)
    browser.theme("light")


def it_reads_without_its_script(simulator, browser):
    browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    browser.driver.get(simulator.base + "/?to=998901234567")
    assert "482915" in browser.one("#bubbles").text
    assert browser.all(".noscript"), "the page says what it cannot do"
    browser.one("#q").send_keys("770012", Keys.ENTER)
    browser.until(lambda: "+998 33 000 01 01" in browser.one("#phones").text, "the search leads to a page")
    browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def a_hidden_page_pauses(simulator, browser):
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
    simulator.send("Koʻrinmaydi: 4321")
    browser.driver.close()
    browser.driver.switch_to.window(page)
    browser.until(lambda: browser.script("return window.states") == ["paused", "live"], "a pause, and live again")
    browser.until(lambda: browser.texts(".bubble .digits")[-1:] == ["4321"], "what came meanwhile is there")


def a_lost_connection_is_said(simulator, browser):
    browser.open("/")
    complaints = browser.complaints()
    assert not complaints, complaints
    foreign = browser.foreign_requests()
    assert not foreign, foreign
    simulator.stop()
    browser.until(lambda: browser.one("#live").text == "Connection lost", "the page says that it is cut off")


STEPS = [
    an_empty_inbox_says_how_to_begin,
    a_message_is_watched_from_waiting_to_delivered,
    a_code_is_copied_by_one_click,
    a_dead_token_is_seen_to_heal,
    a_call_is_shown_word_for_word_without_its_secrets,
    a_send_that_is_made_to_fail_is_seen_to_heal,
    the_controls_do_what_they_say,
    a_search_narrows_while_typing,
    the_language_is_switched,
    it_fits_a_phone,
    it_works_by_keyboard,
    axe_finds_nothing,
    it_reads_without_its_script,
    a_hidden_page_pauses,
    a_lost_connection_is_said,
]


if __name__ == "__main__":
    sys.exit(main(__doc__, STEPS, Simulator))
