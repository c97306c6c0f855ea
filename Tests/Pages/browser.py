"""Chromium, driven without a window, and what every test of pages does with it."""

import argparse
import contextlib
import json
import pathlib
import time

from axe_selenium_python import Axe
from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

PATIENCE = 10
DESKTOP = (1440, 900)
PHONE = (390, 844)


class Browser:
    def __init__(self, base, screenshots):
        options = Options()
        for argument in ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"]:
            options.add_argument(argument)
        options.add_experimental_option("prefs", {"intl.accept_languages": "en-US,en"})
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        options.binary_location = "/usr/bin/chromium"
        self.driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
        self.base = base
        self.screenshots = screenshots
        self.size(*DESKTOP)

    def size(self, width, height):
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)

    def theme(self, name):
        features = [{"name": "prefers-color-scheme", "value": name}]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})

    def open(self, path):
        self.driver.get(self.base + path)
        self.until(lambda: self.one("#live").get_attribute("data-state") == "live", "the page is live")

    def one(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def texts(self, selector):
        return self.script(
            "return [...document.querySelectorAll(arguments[0])].map((node) => node.textContent.trim())", selector
        )

    def script(self, text, *arguments):
        return self.driver.execute_script(text, *arguments)

    def until(self, condition, what):
        def holds(_):
            # The page may replace a node between finding it and reading it.
            with contextlib.suppress(StaleElementReferenceException):
                return condition()
            return False

        try:
            WebDriverWait(self.driver, PATIENCE, poll_frequency=0.05).until(holds)
        except Exception as error:
            shown = self.one("body").text
            raise AssertionError(f"in vain: {what}\n--- the page says:\n{shown}") from error

    def shoot(self, name):
        if self.screenshots:
            self.script("document.activeElement.blur(); scrollTo(0, 0)")
            self.script("for (const pane of document.querySelectorAll('.phones, .rail')) pane.scrollTop = 0")
            self.script("for (const note of document.querySelectorAll('.toast')) note.remove()")
            self.driver.save_screenshot(str(self.screenshots / f"{name}.png"))

    def axe(self, where, rules=None):
        axe = Axe(self.driver)
        axe.inject()
        options = {"resultTypes": ["violations"]}
        if rules:
            options["runOnly"] = {"type": "rule", "values": rules}
        found = axe.run(options=options)["violations"]
        report = [
            f"{violation['id']} ({violation['impact']}): {violation['help']}\n    "
            + "\n    ".join(node["html"] + " " + node.get("failureSummary", "") for node in violation["nodes"][:3])
            for violation in found
        ]
        assert not found, f"axe, {where}:\n" + "\n".join(report)

    def complaints(self):
        """What the browser has written to its console: a broken policy, an exception, a file that is missing."""
        return [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]

    def foreign_requests(self):
        asked = set()
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                asked.add(message["params"]["request"]["url"])
        local = (self.base, "data:", "about:", "blob:", "chrome")
        return sorted(address for address in asked if not address.startswith(local))


def main(documentation, steps, serve):
    """Runs the steps one after the other, each with what `serve` starts and one browser."""
    parser = argparse.ArgumentParser(description=documentation.split("\n")[0])
    parser.add_argument("binary", help="the built eskiz")
    parser.add_argument("--screenshots", type=pathlib.Path, help="a folder for pictures of the pages")
    arguments = parser.parse_args()
    if arguments.screenshots:
        arguments.screenshots.mkdir(parents=True, exist_ok=True)
    begin = time.monotonic()
    with contextlib.ExitStack() as stack:
        server = serve(arguments.binary)
        stack.callback(server.stop)
        browser = Browser(server.base, arguments.screenshots)
        stack.callback(browser.driver.quit)
        for step in steps:
            start = time.monotonic()
            step(server, browser)
            print(f"ok  {time.monotonic() - start:5.1f} s  {step.__name__.replace('_', ' ')}", flush=True)
    print(f"{len(steps)} steps in {time.monotonic() - begin:.1f} s")
