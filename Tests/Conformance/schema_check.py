"""Checks a running simulator against the community's OpenAPI schema.

    python3 -m venv venv && venv/bin/pip install -r requirements-schema-check.txt
    venv/bin/python schema_check.py http://127.0.0.1:9080

Calls every operation of eskiz-community-openapi.json, those with a body in the three encodings, and validates each answer.
The schema's members have no "required", so the check adds what the guide shows: every member of the schema must be there,
with the schema's type. Where the guide says that reality differs from the schema, the table EXCEPTIONS says so; docs/simulator.md
repeats it.
"""

import copy
import json
import pathlib
import urllib.parse
import urllib.request
import uuid
from datetime import datetime, timedelta

from control import TASHKENT, Control, Steps, base_url_argument
from jsonschema import Draft202012Validator

SCHEMA_FILE = pathlib.Path(__file__).with_name("eskiz-community-openapi.json")
ENCODINGS = ("multipart/form-data", "application/x-www-form-urlencoded", "application/json")

# (schema, member) -> (what is allowed instead, paragraph of the API guide, why). docs/simulator.md has the same table.
EXCEPTIONS = {
    ("MessagePart", "accept"): ("absent", "eskiz-api.md §6.1", "the old shape of a part; the new one is the default"),
    ("MessagePart", "status"): ("absent", "eskiz-api.md §6.1", "old shape"),
    ("MessagePart", "submit"): ("absent", "eskiz-api.md §6.1", "old shape"),
    ("MessagePart", "delivery"): ("absent", "eskiz-api.md §6.1", "old shape"),
    ("MessageItem", "user_sms_id"): ("null", "eskiz-api.md §6.1", "nullable: a message without one"),
    ("MessageItem", "submit_sm_resp_at"): ("null", "eskiz-api.md §6.1", "times are nullable: not yet handed over"),
    ("MessageItem", "delivery_sm_at"): ("null", "eskiz-api.md §6.1", "times are nullable: not delivered"),
    ("SmsStatusData", "country_id"): ("null", "eskiz-api.md §6.1", "null stands for Uzbekistan"),
    ("SmsStatusData", "submit_sm_resp_at"): ("null", "eskiz-api.md §6.1", "times are nullable: not yet handed over"),
    ("SmsStatusData", "delivery_sm_at"): ("null", "eskiz-api.md §6.1", "times are nullable: not delivered"),
    ("SmsStatusPart", "accept_time"): ("null", "eskiz-api.md §6.1", "times are nullable"),
    ("SmsStatusPart", "dlr_time"): ("null", "eskiz-api.md §6.1", "times are nullable"),
}


def load_schemas():
    """The schemas as JSON Schema: nullable spelt as a type, members required, exceptions applied."""
    document = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    schemas = copy.deepcopy(document["components"]["schemas"])
    for name, schema in schemas.items():
        schemas[name] = translate(schema)
        if schema.get("type") == "object" and "properties" in schema:
            schemas[name]["required"] = [
                member for member in schema["properties"] if EXCEPTIONS.get((name, member), ("",))[0] != "absent"
            ]
        for member in schema.get("properties", {}):
            if EXCEPTIONS.get((name, member), ("",))[0] == "null":
                member_schema = schemas[name]["properties"][member]
                schemas[name]["properties"][member] = {"anyOf": [member_schema, {"type": "null"}]}
    return document["paths"], schemas


def translate(schema):
    if isinstance(schema, list):
        return [translate(element) for element in schema]
    if not isinstance(schema, dict):
        return schema
    result = {key: translate(value) for key, value in schema.items() if key not in ("nullable", "example")}
    if schema.get("nullable") and "type" in result:
        result["type"] = [result["type"], "null"]
    return result


class Client:
    def __init__(self, base_url):
        self.base_url = base_url
        self.token = None
        self.opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def call(self, method, path, fields=None, encoding=None):
        headers, data = {}, None
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if fields is not None:
            data, headers["Content-Type"] = encode(fields, encoding)
        request = urllib.request.Request(self.base_url + path, data=data, method=method, headers=headers)
        with self.opener.open(request, timeout=30) as response:
            return response.status, response.headers.get_content_type(), response.read()


def encode(fields, encoding):
    if encoding == "application/json":
        return json.dumps(fields).encode(), encoding
    if encoding == "application/x-www-form-urlencoded":
        return urllib.parse.urlencode(fields).encode(), encoding
    boundary = uuid.uuid4().hex
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    return "".join([*parts, f"--{boundary}--\r\n"]).encode(), f"{encoding}; boundary={boundary}"


def bodies():
    """What each operation is called with: query, then fields of the body, None where there is none."""
    now = datetime.now(TASHKENT)
    period = {"year": str(now.year), "month": str(now.month)}
    days = {
        "start_date": (now - timedelta(days=1)).strftime("%Y-%m-%d %H:%M"),
        "to_date": (now + timedelta(days=1)).strftime("%Y-%m-%d %H:%M"),
    }
    seconds = {
        "start": (now - timedelta(days=1)).strftime("%Y-%m-%d %H:%M:%S"),
        "end": (now + timedelta(days=1)).strftime("%Y-%m-%d %H:%M:%S"),
    }
    batch = {
        "messages": [
            {"user_sms_id": "1001", "to": 998900000001, "text": "Salom"},
            {"user_sms_id": "1002", "to": 998900000002, "text": "Salom"},
        ],
        "from": "4546",
        "dispatch_id": 7001,
        "callback_url": "",
    }
    return {
        "login": ("", {"email": "demo@example.test", "password": "demo-key"}),
        "refreshToken": ("", None),
        "getUserInfo": ("", None),
        "sendSms": ("", {"mobile_phone": "998901234567", "message": "Salom", "from": "4546", "callback_url": ""}),
        "sendSmsBatch": ("", batch),
        "sendSmsGlobal": (
            "",
            {"mobile_phone": "15550100", "message": "Hello", "country_code": "US", "callback_url": "", "unicode": "0"},
        ),
        "getUserMessages": ("?status=", {**days, "page_size": "20", "count": "0", "is_ad": ""}),
        "getUserMessagesByDispatch": ("?status=", {"dispatch_id": "7001", "count": "0", "is_ad": ""}),
        "getDispatchStatus": ("", {"user_id": "101", "dispatch_id": "7001"}),
        "normalizeSms": ("", {"message": "Narxi €100 | Привет"}),
        "getNicknames": ("", None),
        "getSmsStatusById": ("", None),
        "getSmsLogs": ("", None),
        "getUserLimit": ("", None),
        "sendTemplate": ("", {"template": "Kodingiz: 111111"}),
        "getUserTemplates": ("", None),
        "getUserTotals": ("", {**period, "is_global": "0"}),
        "getTotalByMonth": (f"?year={now.year}", None),
        "getTotalBySmsc": ("", period),
        "getTotalByRange": ("?status=", {**days, "is_ad": ""}),
        "getTotalByDispatch": ("?status=", {"dispatch_id": "7001", "is_ad": ""}),
        "exportMessages": ("?status=all", {**period, **seconds}),
    }


# Empty lists would validate against anything.
NEVER_EMPTY = {
    "getUserMessages": lambda body: body["data"]["result"],
    "getUserMessagesByDispatch": lambda body: body["data"]["result"],
    "getDispatchStatus": lambda body: body["data"],
    "getUserTemplates": lambda body: body["result"],
    "getUserTotals": lambda body: body["data"],
    "getTotalByMonth": lambda body: body["data"],
    "getTotalBySmsc": lambda body: body["data"],
    "getTotalByRange": lambda body: body["data"],
    "getTotalByDispatch": lambda body: body["data"],
    "getSmsLogs": lambda body: body["messages"],
    "normalizeSms": lambda body: body["special_characters"] and body["recommendations"],
    "getNicknames": lambda body: body,
}


def encodings(operation, fields):
    if fields is None:
        return (None,)
    # Form-encoded nested lists are not known to work anywhere (eskiz-api.md §3.2): a form carries the list as JSON text.
    return ENCODINGS


def form_fields(fields, encoding):
    if encoding == "application/json":
        return fields
    return {name: json.dumps(value) if isinstance(value, list) else value for name, value in fields.items()}


def validate(operation, details, schemas, answer, steps, label):
    status, content_type, body = answer
    content = details["responses"]["200"]["content"]
    steps.check(f"{label}: 200 {content_type}", status == 200 and content_type in content, (status, content_type, body))
    if content_type != "application/json":
        steps.check(f"{label}: rows", body.count(b"\n") > 1, body)
        return None
    document = json.loads(body)
    schema = {**content[content_type]["schema"], "components": {"schemas": schemas}}
    errors = [f"{error.json_path}: {error.message}" for error in Draft202012Validator(schema).iter_errors(document)]
    steps.check(f"{label}: valid", not errors, errors)
    if operation in NEVER_EMPTY:
        steps.check(f"{label}: not empty", NEVER_EMPTY[operation](document), document)
    return document


def main():
    base_url = base_url_argument()
    control, steps, client = Control(base_url), Steps(), Client(base_url)
    control.reset()
    paths, schemas = load_schemas()
    operations = {
        details["operationId"]: (method.upper(), path, details)
        for path, item in paths.items()
        for method, details in item.items()
        if method != "parameters"
    }
    plan = bodies()
    steps.check("every operation of the schema is called", set(plan) == set(operations), set(plan) ^ set(operations))
    sent = {}
    # The order of the plan: log in, send, then read what was sent.
    for operation, (query, fields) in plan.items():
        method, path, details = operations[operation]
        if operation == "getUserMessages":
            control.wait_until_delivered("998901234567", 3)
            control.wait_until_delivered("998900000002", 3)
        for encoding in encodings(operation, fields):
            url = path.replace("{id}", sent.get("id", "")) + query
            body = None if fields is None else form_fields(fields, encoding)
            label = f"{method} {path} {encoding or ''}".strip()
            document = validate(operation, details, schemas, client.call(method, url, body, encoding), steps, label)
            if operation in ("login", "refreshToken"):
                client.token = document["data"]["token"]
            if operation == "sendSms":
                sent = document
    pending_rows(control, client, operations, schemas, steps)
    old_parts(control, client, operations, schemas, steps)
    control.reset()
    print(f"schema: {steps.count} checks passed, {len(EXCEPTIONS)} exceptions in the table")


def pending_rows(control, client, operations, schemas, steps):
    """A message that is not delivered yet, and one that never will be."""
    control.behave(delivery="never", stored_after=0, accepted_after="1h")
    method, path, details = operations["sendSms"]
    fields = {"mobile_phone": "998901234567", "message": "Salom", "from": "4546"}
    document = json.loads(client.call(method, path, fields, "application/json")[2])
    method, path, details = operations["getSmsStatusById"]
    answer = client.call(method, path.replace("{id}", document["id"]))
    validate("getSmsStatusById", details, schemas, answer, steps, "status of a message on its way")


def old_parts(control, client, operations, schemas, steps):
    """The old shape of a part, as the schema has it for lists."""
    control.request("DELETE", "behaviour")
    control.behave(parts_shape="old")
    method, path, details = operations["getUserMessages"]
    strict = copy.deepcopy(schemas)
    strict["MessagePart"]["required"] = list(strict["MessagePart"]["properties"])
    fields = {"page_size": "20"}
    page = json.loads(client.call(method, path + "?status=delivered", fields, "application/json")[2])
    for row in page["data"]["result"]:
        for part in row["parts"].values():
            schema = {"$ref": "#/components/schemas/MessagePart", "components": {"schemas": strict}}
            errors = [error.message for error in Draft202012Validator(schema).iter_errors(part)]
            steps.check("old shape of a part: valid", not errors, errors)


if __name__ == "__main__":
    main()
