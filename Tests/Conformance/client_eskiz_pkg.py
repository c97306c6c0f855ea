"""Drives the unpatched Python client eskiz-pkg 2.0.1 against a running simulator, or a gateway before it.

    python3 -m venv venv && venv/bin/pip install -r requirements-eskiz-pkg.txt
    venv/bin/python client_eskiz_pkg.py http://127.0.0.1:9080 [ESKIZ]

Only ever with the right key: with a wrong one this client calls login and refresh in turn without end. It reads lists by GET
with a multipart body, which the provider answers with 404 as far as is known, so the switch reads_by_get is set for that part; a
gateway asks again by POST.
Its batch after an expiry is not checked: the client replays it with a stale header.
"""

import asyncio
import logging
from datetime import datetime, timedelta

from control import TASHKENT, Control, Provider, Steps, provider_arguments
from eskiz.client.async_client import AsyncClient
from eskiz.client.sync import ClientSync
from requests.exceptions import HTTPError

PHONE = 998901234567
EMAIL = Provider.EMAIL


def synchronous(provider, control, steps):
    client = ClientSync(email=EMAIL, password=provider.key, network=provider.base_url)
    sent = client.send_sms(phone_number=PHONE, message="Kodingiz: 123456")
    steps.check("send answers waiting", sent.status == "waiting", sent)
    inbox = control.wait_until_delivered(PHONE)
    steps.check("the inbox has the message and its code", inbox[0]["code"] == "123456", inbox)
    status = client.get_message_status(sent.id)
    steps.check("status", status.data.status == "DELIVERED" and status.data.parts_count == 1, status)
    batch = client.send_batch_sms(
        messages=[
            {"user_sms_id": "1", "to": PHONE, "text": "Salom"},
            {"user_sms_id": "2", "to": PHONE + 1, "text": "Salom"},
        ]
    )
    steps.check("batch status is a list", batch.status == ["waiting", "waiting"], batch)
    control.wait_until_delivered(PHONE, 2)
    control.wait_until_delivered(PHONE + 1)
    steps.check("account", client.user().data.email == EMAIL)
    steps.check("balance", client.get_balance() > 0)
    sent = client.send_global_sms(mobile_phone="15550100", message="Hello", country_code="US")
    steps.check("send-global", sent.success, sent)
    steps.check("templates", client.get_templates() is not None)

    before = control.ledger()
    control.expire_tokens()
    client.send_sms(phone_number=PHONE, message="Ikkinchi")
    after = control.ledger()
    steps.check(
        "an expired token is renewed by login, and the message sent once",
        after["logins"] - before["logins"] == 1 and after["sends_accepted"] - before["sends_accepted"] == 1,
        after,
    )
    control.wait_until_delivered(PHONE, 3)
    return client


def reads_by_get(client, provider, control, steps):
    start = (datetime.now(TASHKENT) - timedelta(days=2)).strftime("%Y-%m-%d %H:%M")
    end = (datetime.now(TASHKENT) + timedelta(days=2)).strftime("%Y-%m-%d %H:%M")
    control.wait_until_delivered("15550100")
    if not provider.is_gateway:
        try:
            client.get_user_messages(start_date=start, end_date=end)
            raise AssertionError("a list was read by GET although the switch is off")
        except HTTPError as error:
            steps.check("a list by GET is 404 by default", error.response.status_code == 404, error)
        control.behave(reads_by_get="accept")
    page = client.get_user_messages(start_date=start, end_date=end)
    steps.check("a list by GET", page.data.total == 5 and len(page.data.result) == 5, page)


async def asynchronous(provider, control, steps):
    async with AsyncClient(email=EMAIL, password=provider.key, network=provider.base_url) as client:
        sent = await client.send_sms(phone_number=PHONE, message="Async")
        steps.check("async send", sent.status == "waiting", sent)
        before = control.ledger()
        control.expire_tokens()
        await client.send_sms(phone_number=PHONE, message="Async 2")
        after = control.ledger()
        steps.check(
            "async: an expired token is renewed, and the message sent once",
            after["logins"] - before["logins"] == 1 and after["sends_accepted"] - before["sends_accepted"] == 1,
            after,
        )
        steps.check("async balance", await client.get_balance() > 0)


def main():
    logging.disable(logging.CRITICAL)
    simulator, provider = provider_arguments()
    control, steps = Control(simulator), Steps()
    control.reset()
    with provider:
        client = synchronous(provider, control, steps)
        reads_by_get(client, provider, control, steps)
        asyncio.run(asynchronous(provider, control, steps))
        provider.check(steps)
    control.reset()
    print(f"eskiz-pkg 2.0.1: {steps.count} checks passed")


if __name__ == "__main__":
    main()
