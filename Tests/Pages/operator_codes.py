"""One-time codes on the gateway's pages, as an operator deals with them: steps of operator_page.py."""

from browser import DESKTOP
from operator_messages import NARROW, notice

PHONE_OF_A_USER = "+998935550101"


def ask_for_a_code(gateway, phone, purpose="login"):
    """The verification, or the rule that refused it."""
    body = {"to": phone, "purpose": purpose}
    try:
        return gateway.ask("POST", f"{gateway.base}/v1/verifications", body, gateway.admin)
    except AssertionError as refusal:
        return str(refusal)


def enter_the_code(gateway, phone):
    sms = gateway.control("GET", f"messages/next?to={phone[1:]}&wait=10s")
    answer = gateway.ask(
        "POST", f"{gateway.base}/v1/verifications/check", {"to": phone, "purpose": "login", "code": sms["code"]},
        gateway.admin,
    )
    assert answer["valid"] is True, answer
    return sms["code"]


def conversion_is_watched(gateway, browser):
    browser.open("/codes")
    browser.script("window.wasNotReloaded = true")
    before = int(browser.one("#codes-sent").text)
    ask_for_a_code(gateway, PHONE_OF_A_USER)
    browser.until(lambda: int(browser.one("#codes-sent").text) == before + 1, "the code is counted")
    code = enter_the_code(gateway, PHONE_OF_A_USER)
    browser.until(lambda: int(browser.one("#codes-entered").text) == 1, "and that it was entered")
    assert browser.script("return window.wasNotReloaded === true"), "the page was reloaded"
    assert "Ucell" in browser.texts("#codes-operators tbody th"), browser.texts("#codes-operators tbody th")
    assert browser.texts("#codes-templates tbody th") == ["default"]
    source = browser.driver.page_source
    assert code not in source and "935550101" not in source, "neither the code nor the phone is on the page"
    # Too soon for another purpose of this phone.
    assert ": 429 " in ask_for_a_code(gateway, PHONE_OF_A_USER, "payment")
    browser.open("/codes")
    assert browser.one("#rule-phone_interval").text == "1"


def a_prefix_is_blocked_and_let_through(gateway, browser):
    browser.open("/codes")
    browser.one("#prefix").send_keys("+998 93 555")
    browser.one("#prefix-block").click()
    notice(browser, "It holds from now on.")
    assert "blocked" in browser.one("#rule-of-99893555").text
    refused = ask_for_a_code(gateway, "+998935550202")
    assert ": 403 " in refused and '"limit":"prefix"' in refused, refused
    browser.open("/audit")
    assert "blocked codes to a prefix" in browser.texts("#audit tbody tr")[0]
    browser.open("/codes")
    browser.one("#prefix").send_keys("998 93 555 01")
    browser.one("#prefix-allow").click()
    notice(browser, "A prefix is 2 to 8 digits with the country code, for example 998 90 123.")
    browser.one("#rule-of-99893555 button").click()
    notice(browser, "The rule is lifted.")
    assert not browser.all("#rules")
    assert "id" in ask_for_a_code(gateway, "+998935550202")


def a_phone_is_suppressed_and_gets_nothing(gateway, browser):
    browser.open("/codes")
    browser.one("#to-suppressions").click()
    browser.until(lambda: browser.all("#phones"), "the list")
    browser.one("#phones").send_keys("90 555 01 03, bulk, asked by phone\n905550104")
    browser.one("#reason").send_keys("<b>&amp;")
    browser.one("#suppress").click()
    notice(browser, "New: 2. Changed: 0.")
    shown = browser.texts("#list li")
    assert len(shown) == 2 and "asked by phone" in shown[1] and "<b>&amp;" in shown[0], shown
    assert "5550103" not in browser.driver.page_source.replace(" ", ""), "phones are masked"
    assert ": 422 " in refused_message(gateway, "+998905550104", "otp")
    assert ": 422 " in refused_message(gateway, "+998905550103", "bulk")
    assert "id" in refused_message(gateway, "+998905550103", "otp")
    browser.one("#q").send_keys("90 555 01 04\n")
    browser.until(lambda: len(browser.all("#list li")) == 1, "a phone is found")
    browser.one("#list li button").click()
    notice(browser, "Taken off the list.")
    assert "id" in refused_message(gateway, "+998905550104", "otp")
    browser.open("/audit")
    assert "took phones off the list" in browser.texts("#audit tbody tr")[0]


def refused_message(gateway, phone, lane):
    try:
        return gateway.send("Kodingiz: 482915", to=phone, lane=lane)
    except AssertionError as refusal:
        return str(refusal)


def codes_fit_a_phone_and_axe_finds_nothing(_, browser):
    for theme in ["light", "dark"]:
        browser.theme(theme)
        rules = ["color-contrast"] if theme == "dark" else None
        for name, path in {"codes": "/codes", "suppressions": "/suppressions"}.items():
            for size in [DESKTOP, NARROW]:
                browser.size(*size)
                for language in ["uz", "ru", "en"]:
                    browser.open(f"{path}?lang={language}")
                    wide = browser.script(
                        "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
                    )
                    assert wide <= 0, f"{path} in {language} is {wide} pixels too wide at {size[0]}"
                browser.axe(f"{name}, {theme}, {size[0]}", rules)
                browser.shoot(f"operator-{name}-{theme}-{size[0]}")
    browser.size(*DESKTOP)
    browser.theme("light")


CODE_STEPS = [
    conversion_is_watched,
    a_prefix_is_blocked_and_let_through,
    a_phone_is_suppressed_and_gets_nothing,
    codes_fit_a_phone_and_axe_finds_nothing,
]
