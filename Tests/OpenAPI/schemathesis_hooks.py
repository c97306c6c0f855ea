"""What no JSON Schema can say about the gateway's own API: for schemathesis, see gateway_schema.py."""

import datetime
import uuid

import schemathesis
from hypothesis import strategies as st

# Whether an address may be posted to is policy.
schemathesis.openapi.format(
    "webhook-address",
    st.from_regex(r"\Ahttps?://[a-z]{1,12}\.test(:[1-9][0-9]{0,3})?(/[a-z0-9/]{0,20})?\Z"),
)


@schemathesis.hook
def before_call(context, case, kwargs):
    # What is wrong on purpose stays so.
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    # The same key for two requests is refused: each of these requests is its own.
    if "Idempotency-Key" in (case.headers or {}):
        case.headers["Idempotency-Key"] = uuid.uuid4().hex
    # A time has to lie in the next 35 days.
    if isinstance(case.body, dict) and isinstance(case.body.get("send_at"), str):
        soon = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1)
        case.body["send_at"] = soon.strftime("%Y-%m-%dT%H:%M:%SZ")
