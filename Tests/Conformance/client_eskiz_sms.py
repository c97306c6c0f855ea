"""Drives the unpatched Python client eskiz-sms 1.0.1 against a running simulator, or a gateway before it.

    python3 -m venv venv && venv/bin/pip install -r requirements-eskiz-sms.txt
    venv/bin/python client_eskiz_sms.py http://127.0.0.1:9080 [ESKIZ]

Logs in, sends, sends a batch, reads everything the client can read, and survives the death of every token, alone and with
ten threads at once. Exits 0 when all of it was seen.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from control import TASHKENT, Control, Provider, Receiver, Steps, provider_arguments
from eskiz import AsyncEskizSMS, EskizSMS
from eskiz.exceptions import EskizBadRequest, EskizHTTPError, InvalidCredentials
from eskiz.models import BatchMessage

PHONE = "998901234567"
EMAIL = Provider.EMAIL


def send_and_read(client, provider, control, steps):
    sent = client.sms.send(mobile_phone="+998 90 123-45-67", message="Kodingiz: 123456")
    steps.check("send answers waiting", sent.status == "waiting" and sent.id, sent)
    inbox = control.wait_until_delivered(PHONE)
    steps.check("the inbox has the message and its code", inbox[0]["code"] == "123456", inbox)
    status = client.sms.status(sent.id)
    steps.check("status by UUID", status.request_id == sent.id and status.to == PHONE, status)
    steps.check("status by integer id", client.sms.status(status.id).request_id == sent.id)

    batch = client.sms.send_batch(
        messages=[
            BatchMessage(user_sms_id="1", to="998901234567", text="Salom"),
            BatchMessage(user_sms_id="2", to="998901234568", text="Salom"),
        ],
        dispatch_id=7001,
    )
    steps.check("batch status is a list", batch.status == ["waiting", "waiting"], batch)
    control.wait_until_delivered("998901234568")

    start, end = datetime.now(TASHKENT) - timedelta(days=2), datetime.now(TASHKENT) + timedelta(days=2)
    page = client.sms.list_messages(start_date=start, to_date=end)
    steps.check("list of messages", page.total == 3 and len(page.result) == 3, page)
    page = client.sms.list_by_dispatch(dispatch_id=7001)
    steps.check("list by dispatch", page.total == 2, page)
    me = client.auth.me()
    steps.check("account", me.email == EMAIL and me.role == "user", me)
    rows = client.sms.dispatch_status(dispatch_id=7001, user_id=me.id)
    steps.check("dispatch status", [(row.status, row.total) for row in rows] == [("DELIVERED", 2)], rows)
    steps.check("nicknames", client.sms.nicks() == ["4546", "Example"])
    special = client.sms.normalize("Narxi €100")
    steps.check("normalizer", [(c.char, c.position) for c in special] == [("€", 6)], special)
    check = client.sms.check("Salom")
    steps.check("check", len(check.info) == 7 and not check.info[0].is_error, check)
    sent = client.sms.send_global(mobile_phone="15550100", message="Hello", country_code="US")
    steps.check("send-global", sent.status == "waiting", sent)
    log = client.reports.logs(status.id)
    if provider.is_gateway:
        requests = [entry.full_message for entry in log.messages if "callbacks%2Feskiz%2F" in entry.full_message]
        steps.check("logs, without the gateway's secret", requests and all("eskiz%2F****" in r for r in requests), log)
    else:
        steps.check("logs", any("CallbackURL" in entry.message for entry in log.messages), log)
    rows = client.reports.by_range(start_date=start, to_date=end)
    steps.check("by range", len(rows) > 0, rows)


def reports(client, steps):
    now = datetime.now(TASHKENT)
    steps.check("balance", client.reports.balance().balance > 0)
    steps.check("prices", len(client.reports.prices().local) == 7)
    steps.check("totals", client.reports.totals(year=now.year, month=now.month) is not None)
    steps.check("by month", client.reports.by_month(now.year) is not None)
    steps.check("by operator", client.reports.by_smsc(year=now.year, month=now.month) is not None)
    steps.check("export", "998901234567" in str(client.reports.export(year=now.year, month=now.month)))
    created = client.templates.create("Kodingiz: 111111")
    steps.check("template", created.template == "Kodingiz: 111111", created)
    listed = client.templates.list_all()
    steps.check("templates", listed.success and listed.result[0].status == "moderation", listed)


def token_deaths(client, provider, control, steps):
    before = control.ledger()
    control.expire_tokens()
    client.sms.send(mobile_phone=PHONE, message="Ikkinchi")
    after = control.ledger()
    steps.check(
        "an expired token is renewed by login, and the message sent once",
        after["logins"] - before["logins"] == 1 and after["sends_accepted"] - before["sends_accepted"] == 1,
        after,
    )
    before = control.ledger()
    control.expire_tokens()
    with ThreadPoolExecutor(10) as threads:
        list(threads.map(lambda n: client.sms.send(mobile_phone=PHONE, message=f"Xabar {n}"), range(10)))
    after = control.ledger()
    steps.check(
        "ten threads after a storm: one login, ten messages",
        after["logins"] - before["logins"] == 1 and after["sends_accepted"] - before["sends_accepted"] == 10,
        after,
    )
    control.behave(refresh_expired="allow")
    before = after
    control.expire_tokens()
    client.sms.send(mobile_phone=PHONE, message="Uchinchi")
    after = control.ledger()
    steps.check(
        "refresh of an expired token where the switch allows it",
        after["refreshes"] - before["refreshes"] == 1 and after["logins"] == before["logins"],
        after,
    )
    control.request("DELETE", "behaviour")


def refusals(provider, client, steps):
    try:
        client.sms.send(mobile_phone="12", message="Salom")
        raise AssertionError("a bad number was taken")
    except EskizBadRequest as error:
        steps.check("a bad number is a bad request", error.status_code == 400, error)
    with EskizSMS(email=EMAIL, password="wrong", base_url=f"{provider.base_url}/api") as stranger:
        try:
            stranger.auth.me()
            raise AssertionError("a wrong key was taken")
        except InvalidCredentials as error:
            steps.check("a wrong key is invalid credentials", error.status_code == 401, error)
    if provider.is_gateway:
        # It has one account.
        return
    with EskizSMS(email="test@example.test", password="test-key", base_url=f"{provider.base_url}/api") as tester:
        steps.check("test account: its phrase", tester.sms.send(mobile_phone=PHONE, message="Bu Eskiz dan test").id)
        try:
            tester.sms.send(mobile_phone=PHONE, message="Boshqa matn")
            raise AssertionError("a test account sent another text")
        except EskizBadRequest as error:
            steps.check("test account: no other text", "Для теста можно использовать" in str(error), error)


def callbacks(provider, control, steps):
    """The client's own numbers and address: what it gave is what it gets back, whoever stands between."""
    receiver = Receiver()
    with EskizSMS(
        email=EMAIL, password=provider.key, base_url=f"{provider.base_url}/api", allow_insecure_callback=True
    ) as client:
        client.sms.send_batch(
            messages=[BatchMessage(user_sms_id="77001", to="998901110077", text="Hisobot")],
            dispatch_id=7002,
            callback_url=receiver.url,
        )
        report = receiver.next()
        while report["status"] not in ("DELIVRD", "DELIVERED"):
            report = receiver.next()
        steps.check("a report has the client's number", str(report["user_sms_id"]) == "77001", report)
        rows = client.sms.list_by_dispatch(dispatch_id=7002).result
        steps.check("and so has the list", [str(row["user_sms_id"]) for row in rows] == ["77001"], rows)


def impatience(provider, control, steps):
    """A client that hangs up before the answer: as with Eskiz itself, its message has been taken, and is sent once."""
    phone = "998901110078"
    before = control.ledger()
    control.request(
        "POST", "faults", {"route": "message/sms/send", "outcome": {"delay": "1s"}, "times": 1}
    )
    with EskizSMS(email=EMAIL, password=provider.key, base_url=f"{provider.base_url}/api", timeout=0.3) as client:
        try:
            client.sms.send(mobile_phone=phone, message="Shoshilinch")
            raise AssertionError("the answer came too early for this check")
        except EskizHTTPError:
            pass
    control.wait_until_delivered(phone)
    after = control.ledger()
    steps.check("a client that hung up: its message is sent once", after["sends_accepted"] - before["sends_accepted"] == 1)


async def asynchronous(provider, control, steps):
    async with AsyncEskizSMS(email=EMAIL, password=provider.key, base_url=f"{provider.base_url}/api") as client:
        await client.sms.send(mobile_phone=PHONE, message="Async")
        before = control.ledger()
        control.expire_tokens()
        await asyncio.gather(*(client.sms.send(mobile_phone=PHONE, message=f"Async {n}") for n in range(10)))
        after = control.ledger()
        steps.check(
            "ten tasks after a storm: one login, ten messages",
            after["logins"] - before["logins"] == 1 and after["sends_accepted"] - before["sends_accepted"] == 10,
            after,
        )


def main():
    simulator, provider = provider_arguments()
    control, steps = Control(simulator), Steps()
    control.reset()
    with provider:
        with EskizSMS(email=EMAIL, password=provider.key, base_url=f"{provider.base_url}/api") as client:
            send_and_read(client, provider, control, steps)
            reports(client, steps)
            token_deaths(client, provider, control, steps)
            refusals(provider, client, steps)
        callbacks(provider, control, steps)
        impatience(provider, control, steps)
        asyncio.run(asynchronous(provider, control, steps))
        provider.check(steps)
    control.reset()
    print(f"eskiz-sms 1.0.1: {steps.count} checks passed")


if __name__ == "__main__":
    main()
