"""What no JSON Schema can say about the gateway's own API: for schemathesis, see gateway_schema.py."""

import datetime
import os
import random
import uuid

import schemathesis
from hypothesis import strategies as st

RECEIVER = os.environ["WEBHOOK_RECEIVER"]
MESSAGES = os.environ["MESSAGES_TO_TRY"].split(",")

# Whether an address may be posted to is policy. This one is, and nobody else hears of these messages.
schemathesis.openapi.format(
    "webhook-address",
    st.from_regex(r"\A/[a-z0-9/]{0,20}\Z").map(lambda path: RECEIVER + path),
)


# How many segments a text has, no schema can say. These have one.
schemathesis.openapi.format("message-text", st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9 ]{0,60}\Z"))

# Which templates there are is a setting. This one there always is.
schemathesis.openapi.format("verify-template", st.just("default"))


@schemathesis.hook
def before_call(context, case, kwargs):
    # What is wrong on purpose stays so.
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    # The same key for two requests is refused: each of these requests is its own.
    if "Idempotency-Key" in (case.headers or {}):
        case.headers["Idempotency-Key"] = uuid.uuid4().hex
    # A time has to lie in the next 35 days.
    if isinstance(case.body, dict):
        if isinstance(case.body.get("send_at"), str):
            soon = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1)
            case.body["send_at"] = soon.strftime("%Y-%m-%dT%H:%M:%SZ")
        if isinstance(case.body.get("webhook_url"), str):
            case.body["webhook_url"] = RECEIVER + "/hook"
        if isinstance(case.body.get("template"), str):
            case.body["template"] = "default"
        # A phone on the list gets no message. Those on it are of one block, and none of them is sent to.
        for number, item in enumerate(case.body.get("suppressions") or []):
            if isinstance(item, dict):
                item["to"] = f"+9989000{number:05}"
        for item in [case.body, *(case.body.get("messages") or [])]:
            if isinstance(item, dict) and isinstance(item.get("to"), str):
                if "9989000" in "998" + "".join(filter(str.isdigit, item["to"]))[-9:]:
                    item["to"] = "+998901234567"
    # Half of the made-up ids become ones that exist. What a link of a former answer brought stays.
    if context.operation is not None and "id" in (case.path_parameters or {}) and random.random() < 0.5:
        if len(case.path_parameters["id"]) < 10:
            case.path_parameters["id"] = random.choice(MESSAGES)
