"""Messages on the gateway's pages, as an operator deals with them: steps of operator_page.py."""

import datetime
import http.server
import threading

from browser import DESKTOP

NARROW = (360, 780)


class Application:
    """Somebody's application that hears webhooks: it refuses all of them for good until it is told to listen."""

    def __init__(self):
        application = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                self.send_response(200 if application.listens else 410)
                self.send_header("Content-Length", "0")
                self.end_headers()
                if application.listens:
                    application.heard += 1

            def log_message(self, *_):
                pass

        self.listens = False
        self.heard = 0
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self.server.server_port}/hook"


def later():
    """A time that does not come while this runs."""
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")


def rows(browser):
    return [row.get_attribute("id")[2:] for row in browser.all("#message-list > li")]


def notice(browser, text):
    browser.until(lambda: browser.texts(".notice") == [text], text)


def a_message_is_watched_in_the_list(gateway, browser):
    gateway.control("POST", "faults", {"route": "message/sms/send", "outcome": {"delay": "1500ms"}, "times": 1})
    browser.open("/messages")
    browser.script("window.wasNotReloaded = true")
    sent = gateway.send(reference="order 4711")
    seen = []

    def reaches_the_end():
        state = browser.texts(f"#m-{sent['id']} .badge")
        if state and state[0] not in seen:
            seen.append(state[0])
        return seen and seen[-1] == "delivered"

    browser.until(reaches_the_end, "the message appears and is delivered")
    assert seen[0] in ["queued", "sending"], seen
    assert browser.script("return window.wasNotReloaded === true"), "the page was reloaded"
    assert browser.one(f"#m-{sent['id']} .message-phone").text == "+998 90 *** ** 67"
    assert rows(browser)[0] == sent["id"], "newest first"


def a_filter_lives_in_the_address(gateway, browser):
    other = gateway.send("Salom", to="+998931112233", lane="bulk", send_at=later(), reference="<b>&amp;")
    browser.open("/messages")
    browser.one("#q").send_keys("93 111 22 33")
    browser.one("#filters .button.primary").click()
    browser.until(lambda: rows(browser) == [other["id"]], "the message to this phone")
    browser.until(lambda: "q=93" in browser.driver.current_url, "the phone is in the address")
    browser.one("#s-scheduled").click()
    browser.until(lambda: "status=scheduled" in browser.driver.current_url, "and so is the state")
    assert rows(browser) == [other["id"]]
    address = browser.driver.current_url[len(browser.base) :]
    browser.open(address)
    assert rows(browser) == [other["id"]], "the address finds the same again"
    assert browser.one(f"#m-{other['id']} .chip").text == "<b>&amp;", "a hostile reference is only text"
    browser.open("/messages?status=delivered&lane=bulk")
    assert "Nothing matches" in browser.one("#list").text
    browser.open("/messages?q=order+4711")
    assert len(rows(browser)) == 1


def a_phone_is_unmasked_once_and_that_is_written_down(gateway, browser):
    sent = gateway.send(reference="order 4712")
    browser.open(f"/messages/{sent['id']}")
    assert browser.one("#phone").text == "+998 90 *** ** 67"
    browser.one("#unmask").click()
    browser.until(lambda: browser.one("#phone").text == "+998901234567", "the number is shown")
    browser.open(f"/messages/{sent['id']}")
    assert browser.one("#phone").text == "+998 90 *** ** 67", "once"
    assert "looked at a number" in browser.one("#people").text
    browser.open("/audit")
    assert "looked at a number" in browser.texts("#audit tbody tr")[0]
    assert "901234567" not in browser.driver.page_source


def a_timeline_tells_what_happened(gateway, browser):
    sent = gateway.send(reference="order 4713")
    browser.open(f"/messages/{sent['id']}")
    browser.until(lambda: "delivered" in browser.texts("#state .badge"), "the page follows the message")
    story = browser.one("#life").text
    for step in ["Accepted and on disk", "Attempt 1: Eskiz took it", "Report: "]:
        assert step in story, story
    stamp = browser.one("#life time").get_attribute("datetime")
    assert stamp.endswith("Z") and browser.one("#life time").get_attribute("title") == stamp
    browser.shoot("operator-message")


def a_waiting_message_is_cancelled(gateway, browser):
    sent = gateway.send("Salom", lane="bulk", send_at=later())
    browser.open(f"/messages/{sent['id']}")
    browser.one("#cancel-message").click()
    notice(browser, "The message is cancelled.")
    assert browser.texts("#state .badge") == ["cancelled"]
    assert not browser.all("#cancel-message")
    assert gateway.message(sent)["status"] == "cancelled"


def an_unknown_outcome_is_settled(gateway, browser):
    # Eskiz takes it and never answers, and its list does not answer either.
    lists = gateway.control("POST", "faults", {"route": "message/sms/get-user-messages", "outcome": {"status": 500}})
    gateway.control("POST", "faults", {"route": "message/sms/send", "outcome": {"status": 500}, "times": 1})
    sent = gateway.send("Salom", lane="bulk")
    browser.open("/messages?unsettled=yes")
    browser.until(lambda: sent["id"] in rows(browser), "it waits for a person")
    browser.open(f"/messages/{sent['id']}")
    assert len(browser.all("#settle input[type=radio]")) == 4
    browser.axe("settle")
    browser.shoot("operator-settle")
    browser.one("#settle input[value=not_sent]").click()
    browser.one("#settle .button.primary").click()
    notice(browser, "The outcome is settled.")
    assert gateway.message(sent)["status"] == "failed"
    gateway.control("DELETE", f"faults/{lists['id']}")


def webhooks_that_were_given_up_are_sent_again(gateway, browser):
    application = Application()
    sent = gateway.send("Salom", lane="bulk", send_at=later(), webhook_url=application.address)
    gateway.ask("POST", f"{gateway.base}/v1/messages/{sent['id']}/cancel", {}, gateway.admin)
    browser.open("/messages?webhook=dead")
    browser.until(lambda: rows(browser) == [sent["id"]], "the webhook was given up")
    application.listens = True
    browser.one(f"#m-{sent['id']} a").click()
    browser.until(lambda: browser.all("#replay"), "the message has a button")
    browser.one("#replay").click()
    notice(browser, "Webhooks sent again: 1.")
    browser.until(lambda: "was heard" in browser.one("#life").text, "the application has heard it")
    assert application.heard == 1


def what_waits_is_cancelled_in_bulk(gateway, browser):
    sent = [gateway.send("Salom", lane="bulk", send_at=later(), reference="sale") for _ in range(7)]
    browser.open("/messages?reference=sale")
    browser.one("#bulk-menu summary").click()
    [link] = [link for link in browser.all("#bulk-menu a") if link.text == "Cancel what waits"]
    link.click()
    browser.until(lambda: browser.texts("#matches") == ["Messages that match: 7"], "it is asked about first")
    # One goes its own way before the answer.
    gateway.ask("POST", f"{gateway.base}/v1/messages/{sent[0]['id']}/cancel", {}, gateway.admin)
    browser.axe("bulk")
    browser.shoot("operator-bulk")
    browser.one("#bulk-yes").click()
    notice(browser, "Done: 6.")
    assert {gateway.message(message)["status"] for message in sent} == {"cancelled"}
    browser.open("/audit")
    assert "6 done; filter: reference=sale" in browser.texts("#audit tbody tr")[0]


def messages_fit_a_phone(gateway, browser):
    [newest] = gateway.ask("GET", f"{gateway.base}/v1/messages?limit=1", key=gateway.admin)["data"]
    paths = ["/messages", f"/messages/{newest['id']}", "/audit", "/bulk?action=cancel"]
    browser.size(*NARROW)
    for path in paths:
        for language in ["uz", "ru", "en"]:
            browser.open(f"{path}{'&' if '?' in path else '?'}lang={language}")
            wide = browser.script("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, f"{path} in {language} is {wide} pixels too wide"
    browser.size(*DESKTOP)


def axe_finds_nothing_about_messages(gateway, browser):
    gateway.send(reference="order 4714")
    delivered = gateway.ask("GET", f"{gateway.base}/v1/messages?status=delivered&limit=1", key=gateway.admin)["data"][0]
    paths = {
        "messages": "/messages", "filtered": "/messages?status=failed,cancelled&reference=sale&webhook=dead",
        "message": f"/messages/{delivered['id']}", "audit": "/audit",
    }
    for theme in ["light", "dark"]:
        browser.theme(theme)
        rules = ["color-contrast"] if theme == "dark" else None
        for name, path in paths.items():
            for size in [DESKTOP, NARROW]:
                browser.size(*size)
                browser.open(path)
                browser.axe(f"{name}, {theme}, {size[0]}", rules)
                browser.shoot(f"operator-{name}-{theme}-{size[0]}")
        browser.size(*DESKTOP)
    browser.theme("light")


def messages_are_read_and_acted_on_without_the_script(gateway, browser):
    sent = gateway.send("Salom", lane="bulk", send_at=later())
    browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    browser.driver.get(f"{browser.base}/messages")
    assert rows(browser)[0] == sent["id"]
    browser.driver.get(f"{browser.base}/messages/{sent['id']}")
    browser.one("#cancel-message").click()
    browser.until(lambda: browser.one(".notice").text == "The message is cancelled.", "a form needs no script")
    browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


MESSAGE_STEPS = [
    a_message_is_watched_in_the_list,
    a_filter_lives_in_the_address,
    a_phone_is_unmasked_once_and_that_is_written_down,
    a_timeline_tells_what_happened,
    a_waiting_message_is_cancelled,
    an_unknown_outcome_is_settled,
    webhooks_that_were_given_up_are_sent_again,
    what_waits_is_cancelled_in_bulk,
    messages_fit_a_phone,
    axe_finds_nothing_about_messages,
    messages_are_read_and_acted_on_without_the_script,
]
